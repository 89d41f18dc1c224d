using FsCheck;
using FsCheck.Fluent;
using Rung.Control.Audit;
using Rung.Core.Prices;
using Rung.Core.Spans;
using static Rung.Control.Tests.Audit.SomeSite;

namespace Rung.Control.Tests.Audit;

public class SavingProjectionLawTests
{
    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(20_261_122, 7);
    private static readonly Arbitrary<int> Seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();
    private static readonly (string Provider, string Model)[] Models =
    [
        ("anthropic", Opus), ("anthropic", Sonnet), ("anthropic", Haiku), ("anthropic", "claude-sonnet-4-5"), ("anthropic", "claude-fable-5-1"), ("openai", "gpt-6-astra"),
        ("openai", "gpt-6.1-sol"), ("openai", "gpt-6-luna"), ("openai", "gpt-5-nano"), ("deepseek", "deepseek-v4-pro"), ("google", "gemini-3.8-flash"), ("groq", "openai/gpt-oss-20b"),
    ];

    [Fact]
    public void A_replay_of_the_same_tokens_lies_strictly_within_the_interval() => Prop.ForAll(Seeds, seed =>
    {
        var random = new Random(seed);
        var to = Models[random.Next(Models.Length)];
        var from = Models.Where(model => model != to).ElementAt(random.Next(Models.Length - 1));
        var calls = Calls(random).ToList();
        var permille = random.Next(4) switch { 0 => 500, 1 => 6000, _ => 1000 };
        var site = Site(from, calls, permille);
        var target = PriceBook.Embedded.Find(to.Provider, to.Model)!;
        var ladder = Ladder(Named("a"));
        var projection = SavingProjection.Of(site, new PlannedMove(to.Provider, target, PriceBook.Embedded.Find("anthropic", Opus), new AuditAssumptions().ClimbInstruction, IsJudged: true), ladder, new AuditAssumptions())!;

        var atList = calls.Sum(call => Cost.OfTokens(call.Usage, target.At(call.At)!, call.At));
        var onSameTerms = calls.Sum(call => ((Cost.OfTokens(call.Usage, target.At(call.At)!, call.At) * permille) + 500) / 1000);
        Inside(projection, atList, "at list");
        // Where the own price depends on the length, the hour or the day of each call, the sums cannot tell a discount from another mix of calls.
        if (PriceBook.Embedded.Find(from.Provider, from.Model)!.Periods is [{ Tiers.IsEmpty: true, Peak: null }]) Inside(projection, onSameTerms, "on the same terms");
        Inside(projection, projection.PlainNanoUsd, "by the sums");
        Assert.InRange(projection.MiddleNanoUsd, projection.CostNanoUsd.Best, projection.CostNanoUsd.Worst);
        Assert.InRange(projection.Saving, projection.Interval.Low, projection.Interval.High);
        Assert.Equal(site.CostNanoUsd, projection.CurrentNanoUsd);
    }).Check(Fixed);

    [Fact]
    public void More_tokens_never_lower_the_cost() => Prop.ForAll(Seeds, seed =>
    {
        var random = new Random(seed);
        var (from, to) = (Models[random.Next(Models.Length)], Models[random.Next(Models.Length)]);
        var (input, output) = (random.Next(1, 1_000_000), random.Next(1, 1_000_000));
        var less = Plain(Use(from.Model, 100, input, output, input / 3, provider: from.Provider));
        var more = Plain(Use(from.Model, 100, input + random.Next(1_000_000), output + random.Next(1_000_000), input / 3, provider: from.Provider));
        if (Project(less, to) is not { } few || Project(more, to) is not { } many || from == to) return;
        Assert.True(many.CostNanoUsd.Best >= few.CostNanoUsd.Best && many.CostNanoUsd.Worst >= few.CostNanoUsd.Worst && many.MiddleNanoUsd >= few.MiddleNanoUsd && many.PlainNanoUsd >= few.PlainNanoUsd);
    }).Check(Fixed);

    [Fact]
    public void Calls_without_a_known_price_are_in_neither_side() => Prop.ForAll(Seeds, seed =>
    {
        var random = new Random(seed);
        var known = Site(("anthropic", Opus), [.. Calls(random)], 1000);
        var stranger = Use("nobody-knows", calls: random.Next(1, 1000), provider: "vllm");
        var mixed = known with { Models = [.. known.Models, stranger], Calls = known.Calls + stranger.Calls };

        Assert.Equal(Project(known, ("anthropic", Haiku)), Project(mixed, ("anthropic", Haiku)));
        Assert.Null(Project(known with { Models = [stranger] }, ("anthropic", Haiku)));
    }).Check(Fixed);

    [Fact]
    public void Of_sums_that_are_half_unknown_half_the_tokens_count()
    {
        var use = Use(Opus);
        var half = Project(Plain(use with { UnknownPriceCalls = 500, CostNanoUsd = use.CostNanoUsd / 2 }), ("anthropic", Haiku))!;

        Assert.Equal(Project(Plain(use), ("anthropic", Haiku))!.PlainNanoUsd, half.PlainNanoUsd * 2);
    }

    [Fact]
    public void Calls_that_are_already_there_cost_what_they_cost()
    {
        var use = Use(Haiku);

        Assert.Equal(SavingProjection.Nothing(use.CostNanoUsd), Project(Plain(use), ("anthropic", Haiku)));
    }

    [Fact]
    public void The_arithmetic_of_one_case_by_hand()
    {
        // 1,000 calls, 1M tokens in and 200k out: $4 + $4 on opus, $2 + $2 on sonnet. A climb costs both.
        var assumptions = new AuditAssumptions { Rounding = 0 };
        var projection = SavingProjection.Of(
            Plain(Use(Opus)), new PlannedMove("anthropic", PriceBook.Embedded.Find("anthropic", Sonnet)!, PriceBook.Embedded.Find("anthropic", Opus), new AssumedRange(0, 100, 200), IsJudged: false), Ladder(Named("a")), assumptions)!;

        Assert.Equal(8_000_000_000, projection.CurrentNanoUsd);
        Assert.Equal(4_000_000_000L, projection.PlainNanoUsd);
        Assert.Equal(4_000_000_000L + 800_000_000, projection.MiddleNanoUsd);
        // Best: answers a tenth shorter, no climbs. Worst: a fifth longer, and every fifth call costs that on opus, too. One nano-dollar beyond at each end.
        Assert.Equal((3_800_000_000L - 1, 4_400_000_000 + 1_760_000_000 + 1), projection.CostNanoUsd);
        Assert.Equal(3_200_000_000L, projection.Saving);
    }

    [Fact]
    public void A_judge_reads_the_call_and_writes_its_verdict()
    {
        var move = new PlannedMove("anthropic", PriceBook.Embedded.Find("anthropic", Sonnet)!, PriceBook.Embedded.Find("anthropic", Opus), AssumedRange.None, IsJudged: true);
        var projection = SavingProjection.Of(Plain(Use(Opus)), move, Ladder(Named("a")), new AuditAssumptions())!;

        // 5 % of: 1.2M tokens read at $4 and 100k written at $20.
        Assert.Equal(4_000_000_000L + ((4_800_000_000 + 2_000_000_000) / 20), projection.MiddleNanoUsd);
    }

    [Theory]
    [InlineData("claude-opus-5-5", "claude-haiku-4-5", true)]
    [InlineData("openai/gpt-oss-20b", "gpt-5", true)]
    [InlineData("claude-opus-5-5", "gpt-5", false)]
    public void Families_are_told_by_the_first_word(string left, string right, bool isSame) =>
        Assert.Equal(isSame, SavingProjection.Family(left) == SavingProjection.Family(right));

    [Fact]
    public void Every_assumption_is_in_words_and_a_range_must_rise()
    {
        Assert.True(new AuditAssumptions().InWords.Count >= 8);
        Assert.Contains("0 to 20 % (middle 8 %)", string.Join(' ', new AuditAssumptions().InWords), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new AuditAssumptions { Judged = new AssumedRange(10, 5, 20) });
        Assert.Throws<ArgumentOutOfRangeException>(() => new AuditAssumptions { ClimbMechanical = new AssumedRange(0, 5, 2000) });
    }

    private static void Inside(SavingProjection projection, long cost, string what) => Assert.True(
        cost > projection.CostNanoUsd.Best && cost < projection.CostNanoUsd.Worst, $"{what}: {cost} is not within {projection.CostNanoUsd}.");

    private static SavingProjection? Project(SiteStatistics site, (string Provider, string Model) to) => SavingProjection.Of(
        site, new PlannedMove(to.Provider, PriceBook.Embedded.Find(to.Provider, to.Model)!, null, AssumedRange.None, IsJudged: false), Ladder(Named("a")), new AuditAssumptions());

    private static IEnumerable<(DateTimeOffset At, TokenUsage Usage)> Calls(Random random)
    {
        var largest = random.Next(3) switch { 0 => 500_000, 1 => 120_000, _ => 8_000 };
        var count = random.Next(30, 200);
        for (var i = 0; i < count; i++)
        {
            var input = random.Next(10) == 0 ? random.Next(1, largest) : random.Next(1, largest / 8);
            var read = random.Next(2) == 0 ? random.Next(input) : 0;
            yield return (Day.AddDays(-random.Next(0, 60)).AddMinutes(-random.Next(1440)), new TokenUsage
            {
                Input = input, CacheRead = read, CacheWrite = random.Next(3) == 0 ? random.Next(input - read) : 0, Output = random.Next(1, 2000),
            });
        }
    }

    private static SiteStatistics Site((string Provider, string Model) model, List<(DateTimeOffset At, TokenUsage Usage)> calls, int permille)
    {
        var price = PriceBook.Embedded.Find(model.Provider, model.Model)!;
        return new SiteStatistics
        {
            Calls = calls.Count,
            Period = (calls.Min(call => call.At), calls.Max(call => call.At)),
            Input = Spread(calls.Select(call => call.Usage.Input)), Output = Spread(calls.Select(call => call.Usage.Output)), LongestInput = calls.Max(call => call.Usage.Input),
            Models =
            [
                new ModelUse
                {
                    Provider = model.Provider, Model = model.Model, Calls = calls.Count, UnknownPriceCalls = 0, ReportedCalls = 0, ReportedCostNanoUsd = 0,
                    CostNanoUsd = calls.Sum(call => ((Cost.OfTokens(call.Usage, price.At(call.At)!, call.At) * permille) + 500) / 1000),
                    InputTokens = calls.Sum(call => call.Usage.Input), CacheReadTokens = calls.Sum(call => call.Usage.CacheRead), CacheWriteTokens = calls.Sum(call => call.Usage.CacheWrite),
                    OutputTokens = calls.Sum(call => call.Usage.Output), ReasoningTokens = 0,
                },
            ],
        };
    }

    private static Spread Spread(IEnumerable<long> values)
    {
        var sorted = values.Order().ToList();
        return new Spread(sorted.Count, sorted[sorted.Count / 2], sorted[(int)(sorted.Count * 0.95)]);
    }
}
