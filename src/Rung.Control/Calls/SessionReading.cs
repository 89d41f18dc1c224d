using Rung.Core.Spans;
using Rung.Storage;
using Rung.Storage.Calls;
using Rung.Storage.Verdicts;

namespace Rung.Control.Calls;

/// <summary>A session's calls as the run of an agent: what each role and each of its jobs cost, and when.</summary>
public sealed record SessionReading
{
    /// <summary>Calls of one session that are read, the newest: a page with more is no help.</summary>
    public const int MostCalls = 1_000;

    /// <summary>How long after its last call signals about a session are still looked for.</summary>
    public static readonly TimeSpan VerdictsWithin = TimeSpan.FromDays(7);

    // Signals of one session that are read.
    private const int MostVerdicts = 1_000;

    // A session of long ago in a large ledger is looked for in parts: so many of them for one page.
    private const int MostParts = 8;

    /// <summary>From which pause on the run is said to have stood still.</summary>
    public static readonly TimeSpan LeastGap = TimeSpan.FromSeconds(1);

    /// <summary>The session, as the client named it. It may hold any characters.</summary>
    public required string Session { get; init; }
    /// <summary>When the first of its calls began, UTC.</summary>
    public required DateTimeOffset From { get; init; }
    /// <summary>When the last of its calls ended, UTC.</summary>
    public required DateTimeOffset To { get; init; }
    /// <summary>All its calls together.</summary>
    public required SessionSums Total { get; init; }
    /// <summary>Its roles, in the order in which each first came.</summary>
    public required IReadOnlyList<SessionRole> Roles { get; init; }
    /// <summary>Its calls in order of time.</summary>
    public required IReadOnlyList<SessionCall> Calls { get; init; }
    /// <summary>Time in which at least one call was running, in microseconds.</summary>
    public required long BusyMicros { get; init; }
    /// <summary>Signals about the session and its calls, the oldest first.</summary>
    public required IReadOnlyList<VerdictRecord> Verdicts { get; init; }

    /// <summary>From the beginning of the first call to the end of the last, in microseconds; at least 1.</summary>
    public long LengthMicros => Math.Max(1, Micros(To - From));
    /// <summary>Time in which no call was running: tools, people, the program itself; in microseconds.</summary>
    public long IdleMicros => Math.Max(0, LengthMicros - BusyMicros);

    /// <summary>Reads a session.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="session">The session.</param>
    /// <param name="after">Goes on before this place (<see cref="SessionLook.Next"/>); null: its newest calls.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LedgerException">The ledger cannot be read.</exception>
    public static async Task<SessionLook> ReadAsync(Ledger ledger, string session, string? after, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(session);
        var calls = new List<CallRecord>();
        DateTimeOffset? lookedBackTo = null;
        for (var part = 0; part < MostParts && calls.Count < MostCalls; part++)
        {
            var page = await ledger.SearchCallsAsync(new CallSearch { Session = session, Limit = Math.Min(CallSearch.MostLimit, MostCalls - calls.Count), After = after }, cancellationToken);
            calls.AddRange(page.Calls);
            (after, lookedBackTo) = (page.Next, page.LookedBackTo);
            if (after is null) break;
        }
        var reading = calls.Count == 0 ? null : Of(session, calls, await VerdictsAsync(ledger, session, calls, cancellationToken));
        return new SessionLook(reading, after, after is null ? null : lookedBackTo);
    }

    /// <summary>Reads a session from its calls.</summary>
    /// <param name="session">The session.</param>
    /// <param name="calls">Its calls, at least one, in any order.</param>
    /// <param name="verdicts">Signals about it and its calls.</param>
    public static SessionReading Of(string session, IReadOnlyCollection<CallRecord> calls, IReadOnlyList<VerdictRecord> verdicts)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(calls);
        ArgumentNullException.ThrowIfNull(verdicts);
        ArgumentOutOfRangeException.ThrowIfZero(calls.Count, nameof(calls));
        // Ids begin with the time, so that two calls of one instant stand as they came.
        var inOrder = calls.OrderBy(call => call.StartedAt).ThenBy(call => call.Id, StringComparer.Ordinal).ToList();
        var total = SessionSums.Of(inOrder);
        var (lines, busy) = Lines(inOrder, verdicts);
        return new SessionReading
        {
            Session = session,
            From = inOrder[0].StartedAt,
            To = inOrder.Max(End),
            Total = total,
            Roles =
            [
                .. lines.GroupBy(line => line.Call.Role).Select(role => new SessionRole(
                    role.Key, SessionSums.Of([.. role.Select(line => line.Call)]), ShareOf(role, total),
                    [.. role.GroupBy(line => line.Call.Tag).Select(tag => new SessionJob(tag.Key, SessionSums.Of([.. tag.Select(line => line.Call)]), ShareOf(tag, total), [.. tag]))])),
            ],
            Calls = lines,
            BusyMicros = busy,
            Verdicts = verdicts,
        };
    }

    // Signals come within days; a window keeps the look-up from walking through those of a year.
    private static async Task<IReadOnlyList<VerdictRecord>> VerdictsAsync(Ledger ledger, string session, List<CallRecord> calls, CancellationToken cancellationToken)
    {
        var verdicts = new List<VerdictRecord>();
        var query = new VerdictQuery { Session = session, Since = calls.Min(call => call.StartedAt), Until = calls.Max(End) + VerdictsWithin };
        await foreach (var verdict in ledger.ReadVerdictsAsync(query, cancellationToken))
        {
            verdicts.Add(verdict);
            if (verdicts.Count == MostVerdicts) break;
        }
        return verdicts;
    }

    private static (List<SessionCall> Lines, long Busy) Lines(List<CallRecord> inOrder, IReadOnlyList<VerdictRecord> verdicts)
    {
        var judged = verdicts.Where(verdict => verdict.CallId is not null).GroupBy(verdict => verdict.CallId!, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
        var first = inOrder[0].StartedAt;
        var lines = new List<SessionCall>(inOrder.Count);
        var (busy, free) = (0L, first); // Until when some earlier call was running.
        foreach (var call in inOrder)
        {
            var gap = call.StartedAt - free;
            var end = End(call);
            lines.Add(new SessionCall(lines.Count + 1, call, Micros(call.StartedAt - first), gap >= LeastGap ? gap : null, judged.GetValueOrDefault(call.Id)));
            if (end <= free) continue;
            busy += Micros(end - (call.StartedAt > free ? call.StartedAt : free));
            free = end;
        }
        return (lines, busy);
    }

    private static double? ShareOf(IEnumerable<SessionCall> lines, SessionSums total) =>
        total.CostNanoUsd > 0 ? (double)lines.Sum(line => line.Call.CostNanoUsd) / total.CostNanoUsd : null;

    private static DateTimeOffset End(CallRecord call) => call.StartedAt.AddTicks(call.LatencyMicros * TimeSpan.TicksPerMicrosecond);

    private static long Micros(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;
}

/// <summary>What was found of a session.</summary>
/// <param name="Reading">Its calls; null: none was found.</param>
/// <param name="Next">Where to go on looking for older calls, which are in none of the figures; null: there are none.</param>
/// <param name="LookedBackTo">How far back was looked, UTC; null: to the beginning of the ledger.</param>
public sealed record SessionLook(SessionReading? Reading, string? Next, DateTimeOffset? LookedBackTo);

/// <summary>What one role did in a session.</summary>
/// <param name="Role">The role; null: calls without one.</param>
/// <param name="Sums">Its calls together.</param>
/// <param name="Share">Its part of the session's known cost, 0 to 1; null when that is zero.</param>
/// <param name="Jobs">Its tags, in the order in which each first came.</param>
public sealed record SessionRole(string? Role, SessionSums Sums, double? Share, IReadOnlyList<SessionJob> Jobs);

/// <summary>What one role did under one tag.</summary>
/// <param name="Tag">The tag; null: calls without one.</param>
/// <param name="Sums">Its calls together.</param>
/// <param name="Share">Its part of the session's known cost, 0 to 1; null when that is zero.</param>
/// <param name="Calls">Its calls in order of time.</param>
public sealed record SessionJob(string? Tag, SessionSums Sums, double? Share, IReadOnlyList<SessionCall> Calls);

/// <summary>One call of a session.</summary>
/// <param name="Number">Its place in the session, from 1.</param>
/// <param name="Call">The call.</param>
/// <param name="OffsetMicros">When it began, in microseconds after the session.</param>
/// <param name="GapBefore">How long no call had been running before it; null below <see cref="SessionReading.LeastGap"/>.</param>
/// <param name="Verdicts">Signals about it.</param>
public sealed record SessionCall(int Number, CallRecord Call, long OffsetMicros, TimeSpan? GapBefore, int Verdicts);
