using Rung.Control.Audit;
using Rung.Core.Prices;
using static Rung.Control.Tests.Audit.SomeSite;

namespace Rung.Control.Tests.Audit;

public class ModelLadderTests
{
    private static ModelLadder Propose(CallSite[] sites, params string[] overrides) =>
        ModelLadder.Propose(sites, PriceBook.Embedded, Day, [.. overrides.Select(TierOverride.Parse)]);

    private static string[] Models(ModelLadder ladder) => [.. ladder.Tiers.Select(tier => $"{tier.Name}={tier.Model}")];

    [Theory]
    [InlineData("anthropic", "claude-opus-5-5", "small=claude-haiku-5-5 mid=claude-sonnet-5-5 frontier=claude-opus-5-5")]
    [InlineData("anthropic", "claude-fable-5-1", "small=claude-haiku-5-5 mid=claude-sonnet-5-5 frontier=claude-fable-5-1")]
    [InlineData("openai", "gpt-6-astra", "small=gpt-6-luna mid=gpt-6.1-sol frontier=gpt-6-astra")]
    [InlineData("openai", "gpt-4o-2024-08-06", "frontier=gpt-4o")]
    [InlineData("azure", "gpt-6-astra", "small=gpt-6-luna mid=gpt-6.1-sol frontier=gpt-6-astra")]
    [InlineData("cohere", "command-a-plus-05-2026", "frontier=command-a-plus-05-2026")]
    public void One_model_everywhere_gets_the_newest_cheaper_ones_of_its_provider(string provider, string model, string expected)
    {
        var use = Use(model, provider: provider == "azure" ? "openai" : provider) with { Provider = provider };
        var ladder = Propose([Named("a", Plain(use))]);

        if (model.StartsWith("gpt-4o", StringComparison.Ordinal)) Assert.Equal("frontier=gpt-4o", Models(ladder)[^1]);
        else Assert.Equal(expected, string.Join(' ', Models(ladder)));
        Assert.Equal("frontier", ladder.ReferenceTier);
        Assert.All(ladder.Tiers, tier => Assert.NotEmpty(tier.Why));
        Assert.All(ladder.Tiers, tier => Assert.Equal(provider, tier.Provider));
    }

    [Fact]
    public void Models_in_use_come_before_the_book()
    {
        var ladder = Propose([Named("a"), Named("b", Plain(Use("claude-sonnet-5", calls: 200))), Named("c", Plain(Use("claude-haiku-4-5")))]);

        Assert.Equal(["small=claude-haiku-5-5", "mid=claude-sonnet-5", "frontier=claude-opus-5-5"], Models(ladder));
        Assert.True(ladder.Tier("mid")!.IsInUse);
        Assert.Contains("in use already, 200 calls", ladder.Tier("mid")!.Why, StringComparison.Ordinal);
        Assert.False(ladder.Tier("small")!.IsInUse);
    }

    [Fact]
    public void A_model_that_hardly_anything_is_spent_on_is_not_the_reference()
    {
        var ladder = Propose([Named("a"), Named("b", Plain(Use("claude-opus-5", calls: 2, input: 2000, output: 400)))]);

        Assert.Equal(Opus, ladder.Reference!.Model);
        Assert.Equal("frontier", ladder.TierOf("anthropic", "claude-opus-5")!.Name);
    }

    [Fact]
    public void Overrides_win_and_must_rise_in_price()
    {
        Assert.Equal(["small=gpt-6-luna", "mid=claude-sonnet-5-5", "frontier=claude-opus-5-5"], Models(Propose([Named("a")], "small=openai/gpt-6-luna")));
        Assert.Equal("frontier=claude-fable-5-1", Models(Propose([Named("a")], "frontier=anthropic/claude-fable-5-1"))[^1]);
        Assert.Contains("not cheaper", Assert.Throws<LadderException>(() => Propose([Named("a")], "small=anthropic/claude-fable-5-1")).Message, StringComparison.Ordinal);
        Assert.Contains("no chat model", Assert.Throws<LadderException>(() => Propose([Named("a")], "small=anthropic/claude-none")).Message, StringComparison.Ordinal);
        Assert.Contains("2 times", Assert.Throws<LadderException>(() => Propose([Named("a")], "mid=openai/gpt-5", "mid=openai/gpt-5")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("small")]
    [InlineData("small=gpt")]
    [InlineData("tiny=openai/gpt-5")]
    [InlineData("=openai/gpt-5")]
    [InlineData("small=openai/")]
    public void An_override_of_another_form_is_refused(string text) => Assert.Throws<FormatException>(() => TierOverride.Parse(text));

    [Fact]
    public void Without_a_known_price_there_is_no_ladder()
    {
        var ladder = Propose([Named("a", Plain(Use("my-own-model", provider: "vllm")))]);

        Assert.Empty(ladder.Tiers);
        Assert.Null(ladder.ReferenceTier);
        Assert.Contains("known price", ladder.CannotBeSaid, StringComparison.Ordinal);
        Assert.NotNull(Propose([]).CannotBeSaid);
    }

    [Fact]
    public void A_model_stands_where_its_price_is_nearest_and_one_of_another_provider_nowhere()
    {
        var ladder = Propose([Named("a")]);

        Assert.Equal("frontier", ladder.TierOf("anthropic", "claude-opus-4-8")!.Name);
        Assert.Equal("mid", ladder.TierOf("anthropic", "claude-haiku-4-5-20251001")!.Name);
        Assert.Equal("frontier", ladder.TierOf("anthropic", "claude-sonnet-4-6")!.Name);
        Assert.Null(ladder.TierWith("anthropic", "claude-opus-4-8"));
        Assert.Null(ladder.TierOf("openai", "gpt-5"));
        Assert.Null(ladder.TierOf("anthropic", "claude-unheard-of"));
        Assert.Null(ladder.TierOf("", ""));
    }

    [Fact]
    public void The_order_of_the_sites_does_not_matter()
    {
        CallSite[] sites = [Named("a"), Named("b", Plain(Use(Sonnet))), Named("c", Plain(Use("gpt-5", provider: "openai"))), Named("d", Plain(Use("claude-haiku-4-5")))];

        Assert.Equal(Models(Propose(sites)), Models(Propose([.. sites.Reverse()])));
    }
}
