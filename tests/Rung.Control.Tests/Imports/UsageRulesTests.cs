using FsCheck;
using FsCheck.Fluent;
using Rung.Control.Imports;
using Rung.Core.Spans;

namespace Rung.Control.Tests.Imports;

public sealed class UsageRulesTests
{
    [Theory]
    [InlineData(PartRule.Inside, 1000L, 600L, 100L, 1000L, UsageRule.AsStated)]
    [InlineData(PartRule.Inside, 100L, 600L, 0L, 700L, UsageRule.CacheAddedBySize)]
    [InlineData(PartRule.Inside, 600L, 600L, 0L, 600L, UsageRule.AsStated)]
    [InlineData(PartRule.Beside, 1000L, 600L, 100L, 1700L, UsageRule.CacheAddedByFormat)]
    [InlineData(PartRule.Beside, 1000L, 0L, 0L, 1000L, UsageRule.AsStated)]
    [InlineData(PartRule.SurelyInside, 100L, 600L, 0L, 100L, UsageRule.AsStated)]
    public void Cached_input_ends_up_inside_the_input(PartRule cache, long input, long read, long written, long expected, UsageRule rule)
    {
        var usage = UsageRules.Reconcile(new UsageFigures { Input = input, CacheRead = read, CacheWrite = written, Output = 5 }, cache, PartRule.Inside, out var fired);
        Assert.Equal((expected, rule), (usage.Input, fired));
    }

    [Fact]
    public void A_total_tells_what_was_counted_beside()
    {
        // 100 + 40 cached beside + 10 = 150.
        Assert.Equal(140, UsageRules.Reconcile(new UsageFigures { Input = 100, CacheRead = 40, Output = 10, Total = 150 }, PartRule.Inside, PartRule.Inside, out var rule).Input);
        Assert.Equal(UsageRule.CacheAddedByTotal, rule);
        // 100 + 10 + 5 of reasoning beside the output = 115.
        Assert.Equal(15, UsageRules.Reconcile(new UsageFigures { Input = 100, Output = 10, Reasoning = 5, Total = 115 }, PartRule.Inside, PartRule.Inside, out rule).Output);
        Assert.Equal(UsageRule.ReasoningAddedByTotal, rule);
    }

    [Fact]
    public void Reasoning_larger_than_the_output_was_counted_beside_it()
    {
        var usage = UsageRules.Reconcile(new UsageFigures { Input = 1, Output = 10, Reasoning = 64 }, PartRule.Inside, PartRule.Inside, out var rule);
        Assert.Equal((74L, 64L, UsageRule.ReasoningAddedBySize), (usage.Output, usage.Reasoning, rule));
    }

    [Fact]
    public void A_log_that_tells_nothing_gives_nothing() => Assert.Equal(UsageSource.None, UsageRules.Reconcile(new UsageFigures(), PartRule.Inside, PartRule.Inside, out _).Source);

    [Fact]
    public void Parts_never_exceed_their_whole_whatever_the_log_says() =>
        Prop.ForAll(ArbMap.Default.ArbFor<long[]>().Filter(numbers => numbers.Length >= 7), ArbMap.Default.ArbFor<byte>(), (numbers, rules) =>
        {
            var figures = new UsageFigures { Input = numbers[0], CacheRead = numbers[1], CacheWrite = numbers[2], CacheWriteLong = numbers[3], Output = numbers[4], Reasoning = numbers[5], Total = numbers[6] };
            var usage = UsageRules.Reconcile(figures, (PartRule)(rules % 3), (PartRule)(rules / 3 % 3), out _);
            return usage.CacheRead + usage.CacheWrite + usage.CacheWriteLong <= usage.Input && usage.Reasoning <= usage.Output && usage.Input >= 0 && usage.Output >= 0
                && usage is { CacheRead: >= 0, CacheWrite: >= 0, CacheWriteLong: >= 0, Reasoning: >= 0 };
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Langfuses_map_counts_its_keys_beside_each_other_and_OpenAIs_names_inside()
    {
        var own = new LangfuseUsage();
        foreach (var (key, count) in ((string, long)[])[("input", 100), ("cache_read_input_tokens", 50), ("cache_creation_input_tokens", 20), ("input_audio_tokens", 5), ("output", 10), ("output_reasoning_tokens", 4), ("total", 189)]) own.Add(key, count);
        Assert.Equal(new TokenUsage { Input = 175, CacheRead = 50, CacheWrite = 20, AudioInput = 5, Output = 14, Reasoning = 4, Source = UsageSource.Provider }, own.Complete(out _));

        var openAi = new LangfuseUsage();
        foreach (var (key, count) in ((string, long)[])[("prompt_tokens", 100), ("completion_tokens", 20), ("total_tokens", 120), ("cached_tokens", 64), ("reasoning_tokens", 16)]) openAi.Add(key, count);
        Assert.Equal(new TokenUsage { Input = 100, CacheRead = 64, Output = 20, Reasoning = 16, Source = UsageSource.Provider }, openAi.Complete(out _));
    }

    [Theory]
    [InlineData("Classify Intent!", "classify-intent-")]
    [InlineData("Sort & Mail", "sort---mail")]
    [InlineData(" /team/Search/ ", "team-search")]
    [InlineData("already.good_1", "already.good_1")]
    [InlineData("  ", null)]
    [InlineData("Été", "-t-")]
    [InlineData(null, null)]
    public void Names_become_the_tags_that_the_gateway_makes_of_them(string? name, string? expected) => Assert.Equal(expected, LogText.Tag(name));

    [Theory]
    [InlineData("end_turn", "stop")]
    [InlineData("MAX_TOKENS", "length")]
    [InlineData("tool-calls", "tool_calls")]
    [InlineData("SAFETY", "content_filter")]
    [InlineData("pause_turn", "pause_turn")]
    [InlineData("", null)]
    public void Reasons_to_stop_are_told_in_OpenAIs_words(string reason, string? expected) => Assert.Equal(expected, LogText.FinishReason(reason));
}
