using Rung.Core.Spans;
using Rung.Storage.Calls;

namespace Rung.Storage.Tests.Calls;

/// <summary>The search finds what a look at every call finds, page after page.</summary>
public sealed class CallSearchTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FixedClock _clock = FixedClock.AtNoon();
    private readonly CallRecord[] _calls = AnyCall.Fixed(AnyCall.Tame, 300);

    public void Dispose() => _directory.Dispose();

    public static TheoryData<string> Filters => new(Searches.Keys);

    private static readonly Dictionary<string, (CallSearch Search, Func<CallRecord, bool> Matches)> Searches = new(StringComparer.Ordinal)
    {
        ["all"] = (new(), _ => true),
        ["tag"] = (new() { Tag = "a" }, call => call.Tag == "a"),
        ["untagged"] = (new() { Untagged = true }, call => call.Tag is null),
        ["role"] = (new() { Role = "worker" }, call => call.Role == "worker"),
        ["session"] = (new() { Session = "s2" }, call => call.Session == "s2"),
        ["session and tag"] = (new() { Session = "s1", Tag = "b" }, call => call is { Session: "s1", Tag: "b" }),
        ["no such session"] = (new() { Session = "s9" }, _ => false),
        ["model"] = (new() { Model = "model-1" }, call => call.Model == "model-1" || call.Attempts.Any(attempt => attempt.Model == "model-1")),
        ["tier"] = (new() { Tier = "small" }, call => call.Tier == "small" || call.Attempts.Any(attempt => attempt.Tier == "small")),
        ["status"] = (new() { Status = CallStatus.CutShort }, call => call.Status == CallStatus.CutShort),
        ["escalated"] = (new() { Escalated = true }, call => call.Attempts.Any(attempt => attempt.Kind == AttemptKind.Escalation)),
        ["failed over, not escalated"] = (new() { FailedOver = true, Escalated = false }, call => call.Attempts.Any(attempt => attempt.Kind == AttemptKind.Failover) && call.Attempts.All(attempt => attempt.Kind != AttemptKind.Escalation)),
        ["slow"] = (new() { MinLatencyMicros = 700_000 }, call => call.LatencyMicros >= 700_000),
        ["revision"] = (new() { Revision = 2 }, call => call.PolicyRevision == 2),
        ["arm"] = (new() { Arm = "1:candidate" }, call => call.Arm == "1:candidate"),
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task Pages_are_what_a_look_at_every_call_finds_rolled_up_or_not(string name)
    {
        var (search, matches) = Searches[name];
        await using var ledger = Ledger.Open(_directory.Path, _clock);
        await ledger.AppendAsync(_calls[..200], CancellationToken.None);
        await ledger.RollUpAsync(1_000, CancellationToken.None);
        await ledger.AppendAsync(_calls[200..], CancellationToken.None);
        var expected = _calls.Where(matches).Select(call => call.Id).OrderDescending(StringComparer.Ordinal);

        var found = new List<string>();
        var after = (string?)null;
        do
        {
            var page = await ledger.SearchCallsAsync(search with { Limit = 7, After = after }, CancellationToken.None);
            Assert.True(page.Calls.Count <= 7);
            found.AddRange(page.Calls.Select(call => call.Id));
            after = page.Next;
        }
        while (after is not null);

        Assert.Equal(expected, found);
    }

    [Fact]
    public async Task A_window_takes_the_first_instant_and_not_the_last()
    {
        await using var ledger = Ledger.Open(_directory.Path, _clock);
        await ledger.AppendAsync(_calls, CancellationToken.None);
        var sorted = _calls.OrderBy(call => call.StartedAt).ToArray();

        var page = await ledger.SearchCallsAsync(new CallSearch { Since = sorted[50].StartedAt, Until = sorted[80].StartedAt, Limit = 100 }, CancellationToken.None);

        Assert.Equal(sorted[50..80].Select(call => call.Id).Order(StringComparer.Ordinal), page.Calls.Select(call => call.Id).Order(StringComparer.Ordinal));
        Assert.Null(page.Next);
    }

    [Fact]
    public async Task A_rare_kind_is_looked_for_in_parts_that_say_how_far_they_came()
    {
        await using var ledger = Ledger.Open(_directory.Path, new Hurried());
        foreach (var part in Enumerable.Range(0, 6_000).Chunk(2_000)) await ledger.AppendAsync([.. part.Select(Plain)], CancellationToken.None);

        var page = await ledger.SearchCallsAsync(new CallSearch { MinCostNanoUsd = 1 }, CancellationToken.None);
        Assert.Empty(page.Calls);
        Assert.True(page.IsCutShort);
        Assert.Equal(5_000, page.Looked);
        Assert.Equal(Plain(1_000).StartedAt, page.LookedBackTo);

        var rest = await ledger.SearchCallsAsync(new CallSearch { MinCostNanoUsd = 1, After = page.Next }, CancellationToken.None);
        Assert.Null(rest.Next);
        Assert.Equal(1_000, rest.Looked);
    }

    [Fact]
    public async Task A_page_has_one_call_at_least_and_five_hundred_at_most()
    {
        await using var ledger = Ledger.Open(_directory.Path, _clock);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => ledger.SearchCallsAsync(new CallSearch { Limit = 0 }, CancellationToken.None));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => ledger.SearchCallsAsync(new CallSearch { Limit = CallSearch.MostLimit + 1 }, CancellationToken.None));
    }

    private static CallRecord Plain(int second) => new()
    {
        Id = AnyCall.IdOf(FixedClock.AtNoon().Now.AddSeconds(second), new Guid(second, 0, 0, new byte[8])), StartedAt = FixedClock.AtNoon().Now.AddSeconds(second), Route = "default", PolicyRevision = 1, PolicyHash = "hash",
        Status = CallStatus.Answered,
    };

    /// <summary>A clock by which everything takes a second.</summary>
    private sealed class Hurried : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks += TimeSpan.TicksPerSecond;
    }
}
