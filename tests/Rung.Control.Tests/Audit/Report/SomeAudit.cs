using System.Collections.Immutable;
using Rung.Control.Audit;
using Rung.Control.Imports;
using Rung.Control.Tests.Audit.Rating;

namespace Rung.Control.Tests.Audit.Report;

/// <summary>Audits of calls that a test writes down; sites are their tags, and what the review says is up to the test.</summary>
internal static class SomeAudit
{
    public static readonly AuditFrame Frame = new()
    {
        PricesCompiled = new DateOnly(2026, 11, 1), Ladder = [new AuditTier("small", "acme", "small", "The cheapest."), new AuditTier("frontier", "acme", "big", "In use.")],
        Assumptions = ["The small model gets 8 % of the calls wrong, and they climb."],
    };

    public static AuditReport Of(IEnumerable<ImportedCall> calls, Func<CallSite, SiteReview>? review = null, AuditFrame? frame = null, (DateTimeOffset?, DateTimeOffset?) window = default)
    {
        var sites = new TagSites();
        var run = new AuditRun(new CallRater(Priced.Book, fixedDate: null), window, sites.Add);
        foreach (var call in calls) run.Take(call);
        run.Complete();
        return AuditReport.Of(run, [.. sites.Complete().Select(review ?? Unmoved)], frame ?? Frame);
    }

    public static SiteReview Unmoved(CallSite site) => new()
    {
        Site = site, Class = NecessityClass.Planning, Reasons = ["It opens 100 % of its runs."], Model = site.Statistics.Models[0].Model, Tier = "frontier", ProposedTier = "frontier",
    };

    public static SiteReview Moved(CallSite site) => Unmoved(site) with
    {
        Class = NecessityClass.Mechanical, Reasons = ["98 % of its answers are one of 6 labels (n = 10).", "Temperature is 0."], ProposedTier = "small",
        SavingNanoUsd = site.Statistics.CostNanoUsd * 8 / 10, SavingInterval = (site.Statistics.CostNanoUsd * 6 / 10, site.Statistics.CostNanoUsd * 9 / 10),
        Prove = "An eval of 200 answers, judged against big's.",
    };

    /// <summary>Groups calls by their tag and model, and adds up.</summary>
    private sealed class TagSites
    {
        private readonly Dictionary<string, Dictionary<string, ModelUse>> _sites = [];

        public void Add(ImportedCall call, CallRating rating)
        {
            var tag = call.Tag ?? "untagged";
            if (!_sites.TryGetValue(tag, out var models)) _sites[tag] = models = [];
            var use = models.GetValueOrDefault(call.Model) ?? new ModelUse
            {
                Provider = call.Provider, Model = call.Model, Calls = 0, UnknownPriceCalls = 0, CostNanoUsd = 0, ReportedCostNanoUsd = 0, ReportedCalls = 0, InputTokens = 0,
                CacheReadTokens = 0, CacheWriteTokens = 0, OutputTokens = 0, ReasoningTokens = 0,
            };
            models[call.Model] = use with
            {
                Calls = use.Calls + call.Requests,
                UnknownPriceCalls = use.UnknownPriceCalls + (rating.CostNanoUsd is null ? call.Requests : 0),
                CostNanoUsd = use.CostNanoUsd + (rating.CostNanoUsd ?? 0),
                InputTokens = use.InputTokens + call.Usage.Input,
                CacheReadTokens = use.CacheReadTokens + call.Usage.CacheRead,
                OutputTokens = use.OutputTokens + call.Usage.Output,
            };
        }

        public IEnumerable<CallSite> Complete() => _sites.Select(site => new CallSite
        {
            Tag = site.Key, IsTagged = site.Key != "untagged", Confidence = site.Key == "untagged" ? 0.87 : 1, GroupedBy = "its system prompt", Fingerprint = $"s-{site.Key}",
            Skeleton = "One system prompt of 900 characters, no tools.", Example = "You sort tickets.",
            Statistics = new SiteStatistics
            {
                Calls = site.Value.Values.Sum(use => use.Calls), Models = [.. site.Value.Values.OrderByDescending(use => use.CostNanoUsd)], Period = (Priced.Start, Priced.Start),
                LatencyMs = new Spread(10, 1200, 4000),
            },
        });
    }
}
