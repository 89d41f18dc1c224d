using System.Collections.Immutable;
using Rung.Control.Audit;
using Rung.Core.Prices;

namespace Rung.Control.Tests.Audit;

/// <summary>Sites as an audit finds them.</summary>
internal static class SomeSite
{
    public const string Opus = "claude-opus-5-5";
    public const string Sonnet = "claude-sonnet-5-5";
    public const string Haiku = "claude-haiku-5-5";

    public static readonly DateTimeOffset Day = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A site of which nothing is known but its tokens: 1,000 calls to the frontier, each with 1,000 tokens in and 200 out.</summary>
    public static CallSite Named(string tag, SiteStatistics? statistics = null, string? role = null, bool isTagged = true) => new()
    {
        Tag = tag, IsTagged = isTagged, Confidence = isTagged ? 1 : 0.9, GroupedBy = isTagged ? "tag" : "prompt template", Fingerprint = $"f-{tag}", Role = role, Skeleton = "", Statistics = statistics ?? Plain(),
    };

    public static SiteStatistics Plain(params ModelUse[] uses) => Of(uses.Length == 0 ? [Use(Opus)] : uses);

    public static SiteStatistics Of(IReadOnlyList<ModelUse> uses) => new()
    {
        Calls = uses.Sum(use => use.Calls), Models = [.. uses], Period = (Day.AddHours(-2), Day.AddHours(-1)),
        Input = new Spread(uses.Sum(use => use.Calls), 1000, 1500), Output = new Spread(uses.Sum(use => use.Calls), 200, 500),
    };

    /// <summary>Sums at one model, billed by the price book.</summary>
    public static ModelUse Use(string model, long calls = 1000, long input = 1_000_000, long output = 200_000, long read = 0, long written = 0, long reasoning = 0, string provider = "anthropic")
    {
        var price = PriceBook.Embedded.Find(provider, model)?.At(Day);
        var usage = new Core.Spans.TokenUsage { Input = input, Output = output, CacheRead = read, CacheWrite = written };
        return new ModelUse
        {
            Provider = provider, Model = model, Calls = calls, UnknownPriceCalls = price is null ? calls : 0,
            // The price of a long request must not be taken for the sum of many.
            CostNanoUsd = price is null ? 0 : Cost.OfTokens(usage, price with { Tiers = [] }, Day), ReportedCalls = 0, ReportedCostNanoUsd = 0,
            InputTokens = input, CacheReadTokens = read, CacheWriteTokens = written, OutputTokens = output, ReasoningTokens = reasoning,
        };
    }

    /// <summary>1,000 answers that are one of six labels.</summary>
    public static SiteStatistics Labels(SiteStatistics site) => site with
    {
        Shapes = Shapes((OutputShape.Label, 1000)), DistinctLabels = 6, LabelEntropyBits = 2.1, Output = new Spread(site.Calls, 3, 6),
    };

    public static SiteStatistics FreeText(SiteStatistics site) => site with { Shapes = Shapes((OutputShape.Text, 1000)) };

    public static ImmutableSortedDictionary<OutputShape, long> Shapes(params (OutputShape Shape, long Answers)[] shapes) =>
        shapes.ToImmutableSortedDictionary(pair => pair.Shape, pair => pair.Answers);

    public static ModelLadder Ladder(params CallSite[] sites) => ModelLadder.Propose(sites, PriceBook.Embedded, Day, []);

    public static SiteReview Review(CallSite site, AuditAssumptions? assumptions = null) =>
        NecessityReview.Of([site], Ladder(site, Named("frontier-work")), assumptions ?? new AuditAssumptions(), Day)[0];
}
