using FsCheck;
using FsCheck.Fluent;
using Rung.Control.Audit;
using Rung.Control.Audit.Sites;
using Rung.Control.Imports;
using Rung.Core.Spans;

namespace Rung.Control.Tests.Audit.Sites;

public sealed class SiteStatisticsTests
{
    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithReplay(20261122, 13).WithMaxTest(200);
    private static readonly ImportedCall Call = new()
    {
        Source = "test",
        Key = "k",
        StartedAt = DateTimeOffset.UnixEpoch,
        Provider = "openai",
        Model = "gpt-5-mini",
        Tag = "job",
        TagSource = ImportedTagSource.Given,
        Usage = new TokenUsage { Input = 100, Output = 10 },
    };

    private static CallSite Site(params ImportedCall[] calls)
    {
        var finder = new SiteFinder(SiteNames.Empty);
        foreach (var call in calls) finder.Add(call, TraitReader.Read(call, keepOpening: true), new CallRating(10));
        return Assert.Single(finder.Complete());
    }

    private static ImportedCall Saying(string prompt, string answer, string? session = null) =>
        Call with { Session = session, Content = new CallContent { Messages = [("user", prompt)], Answer = answer } };

    [Fact]
    public void A_share_counts_only_calls_of_which_the_log_tells()
    {
        var statistics = Site(
            Call with { Status = ImportedStatus.Failed, Temperature = 0, FinishReason = "length", RunPosition = 0, EndsRun = false },
            Call with { Status = ImportedStatus.Answered, Temperature = 0.7, FinishReason = "stop", Tools = ["a"], EndsRun = true },
            Call with { Tools = [], Output = RequestedOutput.Json },
            Call with { Output = RequestedOutput.Text }).Statistics;
        Assert.Equal(new Share(1, 2), statistics.Failed);
        Assert.Equal(new Share(1, 2), statistics.AtZeroTemperature);
        Assert.Equal(new Share(1, 2), statistics.Truncated);
        Assert.Equal(new Share(1, 2), statistics.WithTools);
        Assert.Equal(new Share(1, 2), statistics.AsksForStructure);
        Assert.Equal(new Share(1, 1), statistics.FirstOfRun);
        Assert.Equal(new Share(1, 2), statistics.LastOfRun);
        Assert.Null(statistics.AskedAgain.Value);
    }

    [Fact]
    public void A_call_that_repeats_the_one_before_in_its_session_was_asked_again_unless_that_one_failed()
    {
        var statistics = Site(
            Saying("a", "1", "s"), Saying("a", "2", "s"), Saying("b", "3", "s"), Saying("a", "4", "s"),
            Saying("b", "5", "t") with { Status = ImportedStatus.Failed }, Saying("b", "6", "t"),
            Saying("a", "7")).Statistics;
        Assert.Equal(new Share(1, 6), statistics.AskedAgain);
        Assert.Equal(2, statistics.Sessions);
    }

    [Fact]
    public void Steps_that_check_an_answer_are_seen_by_their_names()
    {
        var statistics = Site(
            Call with { FollowedBy = "validate_invoice" }, Call with { FollowedBy = "validate_invoice" }, Call with { FollowedBy = "run_tests" },
            Call with { FollowedBy = "send_mail" }, Call with { EndsRun = true }, Call).Statistics;
        Assert.Equal(new Share(3, 5), statistics.Validated);
        Assert.Equal(["validate_invoice", "run_tests"], statistics.Validators.AsEnumerable());
    }

    [Fact]
    public void Judgements_are_averaged_and_those_of_people_counted_apart()
    {
        var statistics = Site(
            Call with { Verdicts = [new("thumbs", 0, true), new("judge", 1, false)] },
            Call with { Verdicts = [new("thumbs", 1, true)] },
            Call with { Verdicts = [new("judge", 0.5, false)] }).Statistics;
        Assert.Equal(new Share(1, 2), statistics.CorrectedByPeople);
        Assert.Equal(4, statistics.Verdicts);
        Assert.Equal(0.625, statistics.MeanVerdict!.Value, 6);
    }

    [Fact]
    public void Labels_have_an_entropy_and_objects_a_share_of_the_most_frequent_keys()
    {
        var statistics = Site(
            Saying("a", "billing"), Saying("b", "Billing."), Saying("c", "refund"), Saying("d", "refund"),
            Saying("e", "{\"a\":1}"), Saying("f", "{\"a\":2}"), Saying("g", "{\"b\":2}"), Call).Statistics;
        Assert.Equal((2, 1.0), (statistics.DistinctLabels, Math.Round(statistics.LabelEntropyBits!.Value, 9)));
        Assert.Equal(new Share(2, 3), statistics.SameKeys);
        Assert.Equal((4, 3, 7), (statistics.Shapes[OutputShape.Label], statistics.Shapes[OutputShape.Json], statistics.ContentSeen));
        Assert.DoesNotContain(OutputShape.Unknown, statistics.Shapes.Keys);
    }

    [Fact]
    public void A_bucket_counts_its_requests_and_has_no_figures_of_a_call()
    {
        var site = Site(Call with { Granularity = ImportGranularity.Bucket, Requests = 40, ReportedCostNanoUsd = 9 }, Call with { LatencyMicros = 5_000_000 });
        Assert.Equal((41, 1, 5_000.0), (site.Statistics.Calls, site.Statistics.LatencyMs.Count, Math.Round(site.Statistics.LatencyMs.P50 / 100) * 100));
        Assert.Equal((40, 9), (site.Statistics.Models[0].ReportedCalls, site.Statistics.Models[0].ReportedCostNanoUsd));
    }

    [Fact]
    public void Sums_without_a_tag_are_sites_by_team_and_model()
    {
        var finder = new SiteFinder(SiteNames.Empty);
        var sum = Call with { Tag = null, Granularity = ImportGranularity.Bucket, Requests = 7 };
        foreach (var call in new[] { sum with { Team = "search" }, sum with { Team = "search", Model = "gpt-5" }, sum }) finder.Add(call, new CallTraits(), default);
        Assert.Equal(["sums-gpt-5-mini", "sums-search-gpt-5", "sums-search-gpt-5-mini"], finder.Complete().Select(site => site.Tag).Order());
    }

    [Fact]
    public void An_example_is_shown_only_from_what_the_traits_carry()
    {
        Assert.Equal("a question", Site(Saying("a question", "x")).Example);
        var finder = new SiteFinder(SiteNames.Empty);
        finder.Add(Saying("a question", "x"), TraitReader.Read(Saying("a question", "x"), keepOpening: false), default);
        var site = Assert.Single(finder.Complete());
        Assert.Null(site.Example);
        Assert.DoesNotContain("question", site.Skeleton, StringComparison.Ordinal);
    }

    [Fact]
    public void A_quantile_is_within_one_percent_of_the_exact_one() => Prop.ForAll(
        Gen.Choose(0, 2_000_000).Select(n => (double)n).NonEmptyListOf().ToArbitrary(), Gen.Elements(0.5, 0.95).ToArbitrary(), (values, q) =>
        {
            var (sketch, other) = (new QuantileSketch(), new QuantileSketch());
            for (var i = 0; i < values.Count; i++) (i % 2 == 0 ? sketch : other).Add(values[i]);
            sketch.Add(other);
            var exact = values.Order().ElementAt((int)Math.Ceiling(q * values.Count) - 1);
            return Math.Abs(sketch.Quantile(q) - exact) <= (0.01 * exact) + 1e-9;
        }).Check(Fixed);

    [Theory]
    [InlineData(9_999, 0)]
    [InlineData(50_000, 0.06)]
    [InlineData(300_000, 0.06)]
    public void Sessions_are_counted_exactly_to_ten_thousand_and_then_closely(int sessions, double error)
    {
        var (one, two) = (new DistinctCount(), new DistinctCount());
        for (var i = 0; i < sessions; i++)
        {
            one.Add((ulong)i);
            (i % 2 == 0 ? two : one).Add((ulong)i);
        }
        two.Add(one);
        Assert.InRange(one.Value, sessions * (1 - error), sessions * (1 + error));
        Assert.Equal(one.Value, two.Value);
    }
}
