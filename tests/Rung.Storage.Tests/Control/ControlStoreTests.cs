using System.Collections.Immutable;
using Rung.Core.Spans;
using Rung.Storage.Control;
using Rung.Storage.Revisions;
using Rung.Storage.Sqlite;

namespace Rung.Storage.Tests.Control;

public sealed class ControlStoreTests : IDisposable
{
    private static readonly ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> s_noFiles = ImmutableSortedDictionary<string, ReadOnlyMemory<byte>>.Empty;
    private static readonly CancellationToken s_none = CancellationToken.None;

    private readonly TemporaryDirectory _directory = new();
    private readonly FixedClock _clock = FixedClock.AtNoon();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_lease_is_held_by_one_until_it_ends_or_is_given_back()
    {
        await using var one = Ledger.Open(_directory.Path, _clock);
        await using var two = Ledger.Open(_directory.Path, _clock);
        Assert.Null(await one.FindLeaseAsync("control", s_none));
        Assert.True(await one.TryHoldLeaseAsync("control", "one", _clock.Now.AddMinutes(3), s_none));
        Assert.False(await two.TryHoldLeaseAsync("control", "two", _clock.Now.AddMinutes(3), s_none));
        Assert.True(await two.TryHoldLeaseAsync("other", "two", _clock.Now.AddMinutes(3), s_none));
        _clock.Now = _clock.Now.AddMinutes(2);
        Assert.True(await one.TryHoldLeaseAsync("control", "one", _clock.Now.AddMinutes(3), s_none)); // Prolonged.
        _clock.Now = _clock.Now.AddMinutes(2);
        Assert.False(await two.TryHoldLeaseAsync("control", "two", _clock.Now.AddMinutes(3), s_none));
        _clock.Now = _clock.Now.AddMinutes(1);
        Assert.True(await two.TryHoldLeaseAsync("control", "two", _clock.Now.AddMinutes(3), s_none)); // The other one is gone.
        Assert.Equal(new Lease("control", "two", _clock.Now.AddMinutes(3)), await one.FindLeaseAsync("control", s_none));
        await one.ReleaseLeaseAsync("control", "one", s_none); // Not one's own: nothing happens.
        Assert.False(await one.TryHoldLeaseAsync("control", "one", _clock.Now.AddMinutes(3), s_none));
        await two.ReleaseLeaseAsync("control", "two", s_none);
        Assert.True(await one.TryHoldLeaseAsync("control", "one", _clock.Now.AddMinutes(3), s_none));
    }

    [Fact]
    public async Task Of_many_that_ask_for_a_lease_at_once_one_gets_it()
    {
        await using var one = Ledger.Open(_directory.Path, _clock);
        await using var two = Ledger.Open(_directory.Path, _clock);
        var held = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Task.Run(() => (i % 2 == 0 ? one : two).TryHoldLeaseAsync("control", $"holder {i}", _clock.Now.AddMinutes(1), s_none))));
        Assert.Equal(1, held.Count(yes => yes));
    }

    [Fact]
    public async Task A_freeze_holds_until_its_end_or_until_somebody_lets_go()
    {
        await using var ledger = Ledger.Open(_directory.Path, _clock);
        Assert.Null(await ledger.ReadFreezeAsync(s_none));
        var until = _clock.Now.AddHours(2);
        await ledger.FreezeAsync(new ControlFreeze { At = _clock.Now, Frozen = true, Until = until, By = "ana", Why = "launch day" }, s_none);

        var freeze = (await ledger.ReadFreezeAsync(s_none))!;
        Assert.Equal((true, "ana", "launch day", until), (freeze.HoldsAt(_clock.Now), freeze.By, freeze.Why, freeze.Until));
        Assert.False(freeze.HoldsAt(until));
        await ledger.FreezeAsync(new ControlFreeze { At = _clock.Now, Frozen = false, By = "bo", Why = "over" }, s_none);
        Assert.False((await ledger.ReadFreezeAsync(s_none))!.HoldsAt(_clock.Now));
        Assert.Equal(["bo", "ana"], (await ledger.ListFreezesAsync(10, s_none)).Select(turn => turn.By));
    }

    [Fact]
    public async Task A_demotion_is_there_with_its_revision_or_not_at_all()
    {
        await using var ledger = Ledger.Open(_directory.Path, _clock);
        await ledger.PublishRevisionAsync("aaa", "a", s_noFiles, "ana", "first", s_none);
        var action = new ControlAction { At = _clock.Now, Kind = ControlActionKind.Demoted, Tag = "classify", From = "small", To = "mid", Why = "0.951 ± 0.012, floor 0.97" };
        var revision = new AutomaticRevision { Hash = "bbb", Text = "b", Files = s_noFiles, Reason = "quality below the floor", FileHash = "aaa", After = 1 };

        Assert.Null(await ledger.PublishAutomaticAsync(revision with { After = 0 }, action, s_none));
        Assert.Empty(await ledger.ListControlActionsAsync(_clock.Now.AddDays(-1), s_none));
        var published = (await ledger.PublishAutomaticAsync(revision, action, s_none))!;
        Assert.Null(await ledger.PublishAutomaticAsync(revision, action, s_none)); // Another is in force by now: this very one.
        await ledger.AppendControlActionAsync(action with { At = _clock.Now.AddHours(1), Kind = ControlActionKind.Proposed }, s_none);

        Assert.Equal((2L, "aaa", RevisionOrigin.Automatic), (published.Number, published.FileHash, published.Origin));
        Assert.Equal(
            [action with { Revision = 2 }, action with { At = _clock.Now.AddHours(1), Kind = ControlActionKind.Proposed }],
            await ledger.ListControlActionsAsync(_clock.Now, s_none));
        Assert.Single(await ledger.ListControlActionsAsync(_clock.Now.AddMinutes(1), s_none));
    }

    [Fact]
    public async Task A_follower_finds_the_calls_that_are_new_to_it()
    {
        await using var ledger = Ledger.Open(_directory.Path, _clock);
        var calls = AnyCall.Fixed(AnyCall.Tame, 40).OrderBy(call => call.Id, StringComparer.Ordinal).ToArray();
        await ledger.AppendAsync(calls, s_none);

        var ids = await ledger.ListCallIdsAsync(calls[10].StartedAt, null, s_none);
        Assert.Equal(calls.Skip(10).Select(call => call.Id), ids);
        Assert.Equal(calls.Skip(10).Take(5).Select(call => call.Id), await ledger.ListCallIdsAsync(calls[10].StartedAt, calls[15].StartedAt, s_none));
        var found = await ledger.FindCallsAsync([calls[20].Id, "none", calls[3].Id], s_none);
        Assert.Equal([calls[3].Id, calls[20].Id], found.Select(call => call.Id));
        Assert.Equal(calls[20].Attempts.Count, found[1].Attempts.Count);
        Assert.Empty(await ledger.FindCallsAsync([], s_none));
    }

    [Fact]
    public async Task Calls_of_a_rollout_are_read_apart_from_those_of_others()
    {
        await using var ledger = Ledger.Open(_directory.Path, _clock);
        string?[] arms = ["1:candidate", "11:candidate", null, "1:current", "2:candidate", "1:holdback"];
        await ledger.AppendAsync([.. arms.Select((arm, i) => new CallRecord
        {
            Id = AnyCall.IdOf(_clock.Now.AddSeconds(i), Guid.Empty), StartedAt = _clock.Now.AddSeconds(i), Route = "t", Arm = arm, PolicyRevision = 1, PolicyHash = "h", Status = CallStatus.Answered,
        })], s_none);

        Assert.Equal(["1:candidate", "1:current", "1:holdback"], await ledger.ReadAsync(new CallQuery { Rollout = 1 }, s_none).Select(call => call.Arm).ToListAsync());
    }

    [Fact]
    public async Task Older_ledgers_keep_their_revisions_as_those_of_people()
    {
        using (var connection = Connection.OpenWriter(_directory[Ledger.FileName]))
        {
            SchemaMigrations.Apply(connection, [.. SchemaMigrations.All.Take(4)], _clock);
            connection.Execute("INSERT INTO revision (number, hash, text, author, reason, published_at_us) VALUES (1, 'aaa', 'a', 'ana', 'first', 5)");
        }

        await using var ledger = Ledger.Open(_directory.Path, _clock);

        var newest = (await ledger.NewestRevisionAsync(s_none))!;
        Assert.Equal((1L, "aaa", RevisionOrigin.Person, null), (newest.Number, newest.Hash, newest.Origin, newest.FileHash));
        Assert.Equal("a", (await ledger.GetRevisionAsync(1, s_none))!.Text);
        Assert.Empty(await ledger.ListRolloutsAsync(openOnly: true, s_none));
    }
}
