using FsCheck;
using FsCheck.Fluent;
using Rung.Control.Audit;
using Rung.Control.Audit.Sites;
using Rung.Control.Imports;
using Rung.Core.Spans;

namespace Rung.Control.Tests.Audit.Sites;

/// <summary>What holds for any calls whatever.</summary>
public sealed class SiteFinderLaws
{
    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithReplay(20261122, 11).WithMaxTest(150);

    private static readonly Gen<ImportedCall> Call =
        from tag in Gen.Elements(null, null, "a", "b", "other")
        from source in Gen.Elements(ImportedTagSource.Given, ImportedTagSource.Inferred)
        from bucket in Gen.Choose(0, 9)
        from requests in Gen.Choose(1, 50)
        from agent in Gen.Elements(null, "planner", "a")
        from step in Gen.Elements(null, "chat gpt-5", "plan", "b")
        from system in Gen.Elements(null, "You sort mail.", "You sort mail. You are kind to all people here.", "Write. Much. Code.", "")
        from user in Gen.Elements(null, "Hello there", "Classify this: a long letter about nothing.", "x")
        from tokens in Gen.Choose(0, 5_000)
        from session in Gen.Elements(null, "s1", "s2")
        from cap in Gen.Elements<int?>(null, 10, 1000)
        select new ImportedCall
        {
            Source = "test",
            Key = "k",
            StartedAt = DateTimeOffset.UnixEpoch.AddMinutes(tokens),
            Provider = "p",
            Model = "m" + (tokens % 3),
            Granularity = bucket == 0 ? ImportGranularity.Bucket : ImportGranularity.Call,
            Requests = bucket == 0 ? requests : 1,
            Usage = new TokenUsage { Input = tokens, Output = tokens / 2 },
            Tag = tag,
            TagSource = tag is null ? ImportedTagSource.None : source,
            Agent = agent,
            Step = step,
            Session = session,
            MaxTokens = cap,
            Content = system is null && user is null ? null : new CallContent { System = system, Messages = user is null ? [] : [("user", user)], Answer = "ok" },
        };

    private static readonly Arbitrary<(ImportedCall Call, long? Cost)[]> Calls =
        (from call in Call from cost in Gen.Elements<long?>(null, 0, 7, 1_000_000_007) select (call, cost)).ArrayOf().ToArbitrary();

    private static IReadOnlyList<CallSite> Sites(IEnumerable<(ImportedCall Call, long? Cost)> calls)
    {
        var finder = new SiteFinder(SiteNames.Empty);
        foreach (var (call, cost) in calls) finder.Add(call, TraitReader.Read(call, keepOpening: false), new CallRating(cost));
        return finder.Complete();
    }

    private static (long, long, long, long) Totals(IEnumerable<CallSite> sites) => sites.Aggregate((0L, 0L, 0L, 0L), (sum, site) =>
        (sum.Item1 + site.Statistics.Calls, sum.Item2 + site.Statistics.CostNanoUsd, sum.Item3 + site.Statistics.UnknownPriceCalls, sum.Item4 + site.Statistics.Models.Sum(use => use.InputTokens)));

    [Fact]
    public void Sums_over_sites_are_the_sums_of_the_calls() => Prop.ForAll(Calls, calls =>
        Totals(Sites(calls)) == (calls.Sum(one => one.Call.Requests), calls.Sum(one => one.Cost ?? 0), calls.Where(one => one.Cost is null).Sum(one => one.Call.Requests), calls.Sum(one => one.Call.Usage.Input)))
        .Check(Fixed);

    [Fact]
    public void Another_order_of_the_calls_keeps_every_total() => Prop.ForAll(Calls, calls => Totals(Sites(calls)) == Totals(Sites(calls.Reverse()))).Check(Fixed);

    [Fact]
    public void The_same_calls_give_the_same_sites() => Prop.ForAll(Calls, calls =>
        Sites(calls).Select(site => (site.Tag, site.Fingerprint, site.Statistics.Calls)).SequenceEqual(Sites(calls).Select(site => (site.Tag, site.Fingerprint, site.Statistics.Calls)))).Check(Fixed);

    [Fact]
    public void Tags_are_unique_and_confidences_are_shares() => Prop.ForAll(Calls, calls =>
    {
        var sites = Sites(calls);
        return sites.Select(site => site.Tag).Distinct().Count() == sites.Count && sites.All(site => site.Confidence is >= 0 and <= 1 && TagText.IsTag(site.Tag));
    }).Check(Fixed);

    [Fact]
    public void However_many_jobs_there_are_the_number_of_sites_is_bounded_and_the_rest_says_so()
    {
        var calls = Enumerable.Range(0, 6_000).Select(i => (new ImportedCall { Source = "t", Key = "k", StartedAt = default, Provider = "p", Model = "m", Tag = i % 2 == 0 ? "tag" + (i / 2) : null, TagSource = ImportedTagSource.Given, Step = "step" + (char)('a' + (i % 23)) + (char)('a' + (i / 23 % 25)) + (char)('a' + (i / 600)) }, (long?)5)).ToList();
        var sites = Sites(calls);
        Assert.Equal(SiteFinder.MostSites + 1, sites.Count);
        Assert.Contains("not one job", sites.Single(site => site.Tag.StartsWith("other", StringComparison.Ordinal)).GroupedBy, StringComparison.Ordinal);
        Assert.Equal((6_000, 30_000, 0, 0), Totals(sites));
    }

    [Fact]
    public void A_complete_audit_takes_no_more_calls()
    {
        var finder = new SiteFinder(SiteNames.Empty);
        finder.Complete();
        var call = new ImportedCall { Source = "t", Key = "k", StartedAt = default, Provider = "p", Model = "m" };
        Assert.Throws<InvalidOperationException>(() => finder.Add(call, new CallTraits(), default));
    }
}
