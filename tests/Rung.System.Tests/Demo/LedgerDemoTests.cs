using System.CommandLine;
using System.Text.Json;
using Rung.Commands;
using Rung.Core.Alerts;
using Rung.Core.Rollouts;
using Rung.Demo.Ledgers;
using Rung.Storage;
using Rung.Storage.Content;
using Rung.Storage.Reports;
using Rung.Storage.Revisions;
using Rung.Storage.Rollups;
using Rung.Storage.Rollouts;

namespace Rung.Tests.Demo;

/// <summary>One made-up data directory for all tests of this class: 20 days, so that the whole story is in it.</summary>
public sealed class MadeUpLedger : IAsyncLifetime
{
    internal static readonly DateTimeOffset Now = new(2026, 11, 20, 15, 0, 0, TimeSpan.Zero); // A Friday, so that the week has calls to review.

    private readonly DemoFolder _folder = new();

    internal string Data => Path.Combine(_folder.Path, "data");

    internal LedgerDemoSummary Summary { get; private set; } = null!;

    public async Task InitializeAsync() => Summary = await MakeAsync(Data, seed: 1);

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    internal static Task<LedgerDemoSummary> MakeAsync(string folder, long seed, int calls = 9_000, int days = 20) =>
        new LedgerDemo(new LedgerDemoOptions { Folder = folder, Calls = calls, Days = days, Seed = seed }, new Stopped(), new Progress<long>()).WriteAsync(CancellationToken.None);

    internal sealed class Stopped : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}

public sealed class LedgerDemoTests(MadeUpLedger made) : IClassFixture<MadeUpLedger>
{
    [Fact]
    public async Task Its_sums_are_those_of_the_ledger()
    {
        await using var ledger = Ledger.OpenReadOnly(made.Data, TimeProvider.System);
        var report = await ledger.ReportAsync(new ReportQuery { By = ReportGrouping.Tag }, CancellationToken.None);
        var asked = report.Rows.Where(row => row.Key is { } key && (key.StartsWith("eval.", StringComparison.Ordinal) || key == "judge-answers")).ToList(); // Of evals: booked beside the agents' calls.

        Assert.Equal(made.Summary.Calls, report.Totals.Calls);
        Assert.Equal(made.Summary.Attempts, report.Totals.Attempts);
        Assert.Equal(made.Summary.CostNanoUsd, report.Totals.CostNanoUsd);
        Assert.Equal(made.Summary.UnknownPriceAttempts, report.Totals.UnknownPriceAttempts);
        Assert.True(made.Summary.UnknownPriceAttempts > 0);
        Assert.InRange(made.Summary.Calls - asked.Sum(row => row.Calls), 8_000, 10_000);
        Assert.True(report.Rows.Count >= 14);
    }

    [Fact]
    public async Task Nothing_waits_to_be_rolled_up()
    {
        await using var ledger = Ledger.OpenReadOnly(made.Data, TimeProvider.System);

        var reading = await ledger.ReadRollupAsync(new RollupQuery { From = MadeUpLedger.Now.AddDays(-21), To = MadeUpLedger.Now.AddDays(1) }, CancellationToken.None);

        Assert.Equal(0, reading.Pending);
        Assert.Null(reading.MissingBefore);
        Assert.Equal((await ledger.ReportAsync(new ReportQuery { By = ReportGrouping.Tag }, CancellationToken.None)).Totals.CostNanoUsd, reading.Spend.Sum(row => row.Sums.CostNanoUsd));
    }

    [Fact]
    public async Task A_tag_was_demoted_by_the_loop_or_by_hand_and_came_back()
    {
        await using var ledger = Ledger.OpenReadOnly(made.Data, TimeProvider.System);
        var revisions = await ledger.ListRevisionsAsync(CancellationToken.None);

        Assert.Contains(revisions, revision => revision.Origin == RevisionOrigin.Automatic && revision.Reason.Contains("rollout", StringComparison.Ordinal));
        Assert.True(revisions.Count(revision => revision.Origin == RevisionOrigin.Person) >= 6);
        var newest = (await ledger.GetRevisionAsync((await ledger.NewestRevisionAsync(CancellationToken.None))!.Number, CancellationToken.None))!;
        Assert.Equal(newest.Text, await File.ReadAllTextAsync(Path.Combine(made.Data, LedgerDemo.PolicyName)));
        var story = WorldPolicies.Compile(newest.Text, new DateOnly(2026, 11, 20)).Compilation.Snapshot!.Tags[WorldTroubles.Story];
        Assert.Equal("small", story.Tier.Name);
    }

    [Fact]
    public async Task Rollouts_ended_in_every_way_and_one_is_open_with_readings_that_can_be_read()
    {
        await using var ledger = Ledger.OpenReadOnly(made.Data, TimeProvider.System);
        var rollouts = await ledger.ListRolloutsAsync(openOnly: false, CancellationToken.None);

        Assert.Equal(4, rollouts.Count);
        Assert.Contains(rollouts, rollout => rollout.Last.Kind == RolloutEventKind.Completed);
        Assert.Contains(rollouts, rollout => rollout.Last.Kind == RolloutEventKind.RolledBack);
        var open = Assert.Single(rollouts, rollout => rollout.IsOpen);
        var readings = await ledger.ListReadingsAsync(open.Id, 1_000, CancellationToken.None);
        Assert.True(readings.Count > 10);
        Assert.All(readings, reading => Assert.Equal(open.Plan.Guards.Length, RolloutPlanJson.ReadVerdict(reading.Verdict).Guards.Length));
    }

    [Fact]
    public async Task Alerts_fire_and_are_over_and_one_silence_holds()
    {
        await using var ledger = Ledger.OpenReadOnly(made.Data, TimeProvider.System);
        var alerts = await ledger.ListAlertsAsync(DateTimeOffset.MinValue, CancellationToken.None);

        Assert.Contains(alerts, alert => alert.State == AlertState.Firing);
        Assert.Contains(alerts, alert => alert.State == AlertState.Resolved);
        Assert.True(alerts.Select(alert => alert.Kind).Distinct().Count() >= 3);
        Assert.Single(await ledger.ListSilencesAsync(MadeUpLedger.Now, CancellationToken.None));
    }

    [Fact]
    public async Task Content_is_redacted_and_evals_and_reviews_are_there()
    {
        await using var content = ContentStore.Open(made.Data, key: null, new MadeUpLedger.Stopped());
        var captured = await content.ListCapturesAsync(new CaptureQuery { Tag = "classify-ticket" }, CancellationToken.None);
        Assert.NotEmpty(captured);
        Assert.All(captured, entry => Assert.True(entry.Redactions > 0));
        var one = (await content.FindCaptureAsync(captured[0].CallId, CancellationToken.None))!;
        Assert.DoesNotContain("@example.com", System.Text.Encoding.UTF8.GetString(one.Request.Span), StringComparison.Ordinal);

        var runs = await content.ListEvalRunsAsync(CancellationToken.None);
        Assert.Equal(2, runs.Count);
        Assert.All(runs, run => Assert.NotNull(run.EndedAt));
        Assert.Equal(3, (await content.ReadAnchorRunsAsync("draft-reply", CancellationToken.None)).Count);
        var progress = await content.ReadReviewProgressAsync(null, CancellationToken.None);
        Assert.True(progress.Sum(plan => plan.Judged) > 10);
        Assert.True(progress.Sum(plan => plan.Items) > progress.Sum(plan => plan.Judged));
    }

    [Fact]
    public async Task Imported_calls_wait_for_an_audit_and_it_says_of_itself_that_it_is_made_up()
    {
        await using var ledger = Ledger.OpenReadOnly(made.Data, TimeProvider.System);

        Assert.True((await ledger.ImportedSourcesAsync(null, null, CancellationToken.None)).Count > 0);
        Assert.Contains("SIMULATED", await File.ReadAllTextAsync(Path.Combine(made.Data, "README.md")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_past_and_another_one_another()
    {
        using var folder = new DemoFolder();
        var first = await MadeUpLedger.MakeAsync(Path.Combine(folder.Path, "first"), seed: 3, calls: 1_000, days: 10);
        var again = await MadeUpLedger.MakeAsync(Path.Combine(folder.Path, "again"), seed: 3, calls: 1_000, days: 10);
        var other = await MadeUpLedger.MakeAsync(Path.Combine(folder.Path, "other"), seed: 4, calls: 1_000, days: 10);

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        Assert.Equal(await IdsAsync("first"), await IdsAsync("again"));

        async Task<List<string>> IdsAsync(string name)
        {
            await using var ledger = Ledger.OpenReadOnly(Path.Combine(folder.Path, name), TimeProvider.System);
            var ids = new List<string>();
            await foreach (var call in ledger.ReadAsync(new CallQuery { Tag = "edit-file" }, CancellationToken.None)) ids.Add($"{call.Id} {call.CostNanoUsd} {call.Arm} {call.Reason}");
            return ids;
        }
    }

    [Fact]
    public async Task A_directory_that_holds_something_is_left_alone()
    {
        using var folder = new DemoFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "mine.txt"), "mine");
        var error = new StringWriter();

        var code = await DemoLedgerCommand.Create().Parse(["--out", folder.Path]).InvokeAsync(new InvocationConfiguration { Output = TextWriter.Null, Error = error });

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("not empty", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--calls", "12")]
    [InlineData("--days", "3")]
    public async Task A_past_that_is_too_small_is_refused(string option, string value)
    {
        var error = new StringWriter();

        Assert.Equal(ExitCode.Usage, await DemoLedgerCommand.Create().Parse(["--out", Path.Combine(Path.GetTempPath(), "not-there"), option, value]).InvokeAsync(new InvocationConfiguration { Output = TextWriter.Null, Error = error }));
        Assert.Contains($"{option} {value}", error.ToString(), StringComparison.Ordinal);
    }
}
