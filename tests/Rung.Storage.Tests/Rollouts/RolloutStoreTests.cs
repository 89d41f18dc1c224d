using System.Collections.Immutable;
using Rung.Core.Rollouts;
using Rung.Storage.Revisions;
using Rung.Storage.Rollouts;
using Rung.Storage.Sqlite;

namespace Rung.Storage.Tests.Rollouts;

public sealed class RolloutStoreTests : IDisposable
{
    private static readonly ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> s_noFiles = ImmutableSortedDictionary<string, ReadOnlyMemory<byte>>.Empty;
    private static readonly CancellationToken s_none = CancellationToken.None;

    private readonly TemporaryDirectory _directory = new();
    private readonly FixedClock _clock = FixedClock.AtNoon();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_candidate_is_never_the_revision_in_force()
    {
        await using var ledger = Ledger.Open(_directory.Path, _clock);
        Assert.Null(await ledger.NewestRevisionAsync(s_none));
        var first = await PublishAsync(ledger, "aaa");
        var candidate = await PublishAsync(ledger, "bbb", RevisionOrigin.Candidate);

        Assert.Equal((1L, 2L, RevisionOrigin.Candidate), (first.Number, candidate.Number, candidate.Origin));
        Assert.Equal(1, (await ledger.NewestRevisionAsync(s_none))!.Number);
        Assert.Equal(1, (await PublishAsync(ledger, "aaa")).Number); // Still the one in force: given back.
        Assert.Equal(2, (await PublishAsync(ledger, "bbb", RevisionOrigin.Candidate)).Number); // The same candidate again.
        var adopted = await PublishAsync(ledger, "bbb"); // A person takes the candidate's text as the policy: a revision of its own.
        Assert.Equal((3L, RevisionOrigin.Person), (adopted.Number, adopted.Origin));
        Assert.Equal([RevisionOrigin.Person, RevisionOrigin.Candidate, RevisionOrigin.Person], (await ledger.ListRevisionsAsync(s_none)).Select(entry => entry.Origin));
    }

    [Fact]
    public async Task A_rollout_comes_back_whole_with_its_plan_and_events()
    {
        await using var ledger = await LedgerWithTwoAsync();
        var plan = Plan("a", "b") with
        {
            Stages = [500, RolloutPlan.Whole], MinTime = TimeSpan.FromHours(3.5), MinSample = 7, Unit = RolloutUnit.User, Holdback = 250, Alpha = 0.01,
            VerdictLag = TimeSpan.FromMinutes(10), Shadow = new ShadowTerms(0.25, 5_000_000_000, 200),
            Guards = [new Guard(GuardMetric.Judge, 0.03), new Guard(GuardMetric.CostPerCall, 0.1) { CapNanoUsd = 12_345 }],
        };

        var start = await ledger.StartRolloutAsync(2, 1, plan, Event(0, RolloutEventKind.Started, -1, "ana", "cheaper"), s_none);
        Assert.True(await ledger.AppendRolloutEventAsync(start.Started!.Id, Event(1, RolloutEventKind.ShadowEnded, 0, "rung", "200 judged", "{\"n\":200}"), s_none));

        var read = (await ledger.FindRolloutAsync(1, s_none))!;
        Assert.Equal((1L, 2L, 1L), (read.Id, read.Candidate, read.Base));
        Assert.Equal(["a", "b"], read.Plan.Tags.ToArray());
        Assert.Equal([500, RolloutPlan.Whole], read.Plan.Stages.ToArray());
        Assert.Equal(plan.Guards.ToArray(), read.Plan.Guards.ToArray());
        Assert.Equal(plan with { Tags = [], Stages = [], Guards = [] }, read.Plan with { Tags = [], Stages = [], Guards = [] });
        Assert.Equal(Event(1, RolloutEventKind.ShadowEnded, 0, "rung", "200 judged", "{\"n\":200}"), read.Last);
        Assert.Equal((true, false, 500), (read.IsOpen, read.IsShadow, read.Share));
        Assert.Null(await ledger.FindRolloutAsync(2, s_none));
    }

    [Theory]
    [InlineData("a", "b", false)]
    [InlineData("a,b", "b,c", true)]
    [InlineData("", "b", true)]
    [InlineData("a", "", true)]
    public async Task Two_open_rollouts_never_cover_one_tag(string one, string other, bool refused)
    {
        await using var ledger = await LedgerWithTwoAsync();
        await ledger.StartRolloutAsync(2, 1, Plan(Split(one)), Event(0, RolloutEventKind.Started, 0), s_none);

        var second = await ledger.StartRolloutAsync(2, 1, Plan(Split(other)), Event(0, RolloutEventKind.Started, 0), s_none);

        Assert.Equal(refused ? 1L : null, second.InTheWay?.Id);
        Assert.Equal(refused ? null : 2L, second.Started?.Id);
        await ledger.AppendRolloutEventAsync(1, Event(1, RolloutEventKind.RolledBack, -1), s_none);
        if (refused) Assert.NotNull((await ledger.StartRolloutAsync(2, 1, Plan(Split(other)), Event(0, RolloutEventKind.Started, 0), s_none)).Started);

        static string[] Split(string tags) => tags.Length == 0 ? [] : tags.Split(',');
    }

    [Fact]
    public async Task Of_two_processes_that_act_at_once_one_is_refused()
    {
        await using var one = await LedgerWithTwoAsync();
        await using var two = Ledger.Open(_directory.Path, _clock);
        var starts = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => (i % 2 == 0 ? one : two).StartRolloutAsync(2, 1, Plan("a"), Event(0, RolloutEventKind.Started, 0), s_none))));
        Assert.Equal(1, starts.Count(start => start.Started is not null));

        var appended = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => (i % 2 == 0 ? one : two).AppendRolloutEventAsync(1, Event(1, RolloutEventKind.Advanced, 1), s_none))));
        Assert.Equal(1, appended.Count(added => added));
        Assert.Equal(2, (await two.FindRolloutAsync(1, s_none))!.Events.Length);
    }

    [Fact]
    public async Task What_has_ended_takes_no_more_events_and_is_not_listed_as_open()
    {
        await using var ledger = await LedgerWithTwoAsync();
        foreach (var (tag, holdback) in new[] { ("a", 0), ("b", 500), ("c", 0), ("d", 0) })
            await ledger.StartRolloutAsync(2, 1, Plan(tag) with { Holdback = holdback }, Event(0, RolloutEventKind.Started, 0), s_none);
        await ledger.AppendRolloutEventAsync(1, Event(1, RolloutEventKind.Completed, 3), s_none);
        await ledger.AppendRolloutEventAsync(2, Event(1, RolloutEventKind.Completed, 3), s_none); // With a holdback: the comparison goes on.
        await ledger.AppendRolloutEventAsync(3, Event(1, RolloutEventKind.RolledBack, -1), s_none);

        Assert.Equal([2L, 4L], (await ledger.ListRolloutsAsync(openOnly: true, s_none)).Select(rollout => rollout.Id));
        Assert.Equal([1L, 2L, 3L, 4L], (await ledger.ListRolloutsAsync(openOnly: false, s_none)).Select(rollout => rollout.Id));
        Assert.False(await ledger.AppendRolloutEventAsync(1, Event(2, RolloutEventKind.RolledBack, -1), s_none));
        Assert.False(await ledger.AppendRolloutEventAsync(3, Event(2, RolloutEventKind.Advanced, 1), s_none));
        Assert.False(await ledger.AppendRolloutEventAsync(4, Event(2, RolloutEventKind.Advanced, 1), s_none)); // Skips one that the caller has not seen.
        Assert.True(await ledger.AppendRolloutEventAsync(2, Event(2, RolloutEventKind.Closed, 3), s_none));
        Assert.All(await ledger.ListRolloutsAsync(openOnly: false, s_none), rollout => Assert.Equal(rollout.Id == 4, rollout.IsOpen));
    }

    [Fact]
    public async Task A_completion_is_there_with_its_revision_or_not_at_all()
    {
        await using var ledger = await LedgerWithTwoAsync();
        await ledger.StartRolloutAsync(2, 1, Plan("a"), Event(0, RolloutEventKind.Started, 3), s_none);
        var done = Event(1, RolloutEventKind.Completed, 3);

        Assert.Null(await ledger.CompleteRolloutAsync(1, done, Automatic("bbb", after: 7), s_none)); // Decided on another revision than the one in force.
        Assert.Null(await ledger.CompleteRolloutAsync(1, done with { Ordinal = 2 }, Automatic("bbb", after: 1), s_none)); // Somebody was faster.
        Assert.Equal(2, (await ledger.ListRevisionsAsync(s_none)).Count);

        // A process that dies between the two: what it had written is gone.
        LedgerTests.Scalar(_directory[Ledger.FileName], "CREATE TRIGGER dies BEFORE INSERT ON rollout_event BEGIN SELECT raise(ABORT, 'killed'); END");
        await Assert.ThrowsAsync<LedgerException>(() => ledger.CompleteRolloutAsync(1, done, Automatic("bbb", after: 1), s_none));
        Assert.Equal(2, (await ledger.ListRevisionsAsync(s_none)).Count);
        LedgerTests.Scalar(_directory[Ledger.FileName], "DROP TRIGGER dies");

        var published = (await ledger.CompleteRolloutAsync(1, done, Automatic("bbb", after: 1), s_none))!;
        Assert.Equal((3L, RevisionOrigin.Automatic, "rung", "file"), (published.Number, published.Origin, published.Author, published.FileHash));
        Assert.Equal(RolloutEventKind.Completed, (await ledger.FindRolloutAsync(1, s_none))!.Last.Kind);
        Assert.Equal(3, (await ledger.NewestRevisionAsync(s_none))!.Number);
    }

    [Fact]
    public async Task A_writer_that_dies_in_the_middle_leaves_nothing_and_blocks_nobody()
    {
        await using var ledger = await LedgerWithTwoAsync();
        using (var dying = Connection.OpenWriter(_directory[Ledger.FileName]))
            dying.Execute("BEGIN IMMEDIATE; INSERT INTO rollout (id, candidate, base, holdback, plan) VALUES (1, 2, 1, 0, '{}')");

        Assert.Empty(await ledger.ListRolloutsAsync(openOnly: false, s_none));
        Assert.Equal(1, (await ledger.StartRolloutAsync(2, 1, Plan("a"), Event(0, RolloutEventKind.Started, 0), s_none)).Started!.Id);
    }

    [Fact]
    public async Task A_rollout_of_a_revision_that_does_not_exist_is_refused()
    {
        await using var ledger = await LedgerWithTwoAsync();
        await Assert.ThrowsAsync<LedgerException>(() => ledger.StartRolloutAsync(9, 1, Plan("a"), Event(0, RolloutEventKind.Started, 0), s_none));
        Assert.Empty(await ledger.ListRolloutsAsync(openOnly: false, s_none));
    }

    [Fact]
    public async Task Of_the_last_hour_every_reading_stays_and_of_an_hour_before_it_the_last_one()
    {
        await using var ledger = await LedgerWithTwoAsync();
        await ledger.StartRolloutAsync(2, 1, Plan("a"), Event(0, RolloutEventKind.Started, 0), s_none);
        for (var minute = 0; minute < 180; minute++)
            await ledger.RecordReadingAsync(new RolloutReading(1, _clock.Now.AddMinutes(minute), 0, $"{{\"minute\":{minute}}}"), s_none);

        var kept = Enumerable.Range(0, 61).Select(ago => 179 - ago).Append(59);
        Assert.Equal(kept.Select(minute => $"{{\"minute\":{minute}}}"), (await ledger.ListReadingsAsync(1, 100, s_none)).Select(reading => reading.Verdict));
        Assert.Equal(_clock.Now.AddMinutes(179), Assert.Single(await ledger.ListReadingsAsync(1, 1, s_none)).At);
    }

    private async Task<Ledger> LedgerWithTwoAsync()
    {
        var ledger = Ledger.Open(_directory.Path, _clock);
        await PublishAsync(ledger, "aaa");
        await PublishAsync(ledger, "bbb", RevisionOrigin.Candidate);
        return ledger;
    }

    private static Task<PolicyRevision> PublishAsync(Ledger ledger, string hash, RevisionOrigin origin = RevisionOrigin.Person) =>
        ledger.PublishRevisionAsync(hash, hash, s_noFiles, "ana", "because", s_none, origin);

    private static AutomaticRevision Automatic(string hash, long after) =>
        new() { Hash = hash, Text = hash, Files = s_noFiles, Reason = "rollout 1 is complete", FileHash = "file", After = after };

    private static RolloutPlan Plan(params string[] tags) => new() { Salt = "salt", Tags = [.. tags], Guards = [new Guard(GuardMetric.Judge, 0.03)] };

    private RolloutEvent Event(int ordinal, RolloutEventKind kind, int stage, string by = "ana", string why = "", string? numbers = null) =>
        new() { Ordinal = ordinal, At = _clock.Now, Kind = kind, Stage = stage, By = by, Why = why, Numbers = numbers };
}
