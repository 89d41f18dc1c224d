using System.Globalization;
using System.Text;
using Rung.Core.Spans;
using Rung.Storage.Calls;

namespace Rung.Storage.Sqlite;

/// <summary>
/// Looks for calls, the newest first, by walking back over their ids: no filter has an index of its own, which every written call would pay for. A page stops after so many calls or so much
/// time, and says how far it has come. Only a session is found by its time, which the roll-ups know.
/// </summary>
internal static class CallFinder
{
    // Calls that are looked at between two looks at the clock, and for one page. Two hundred thousand take about 150 ms.
    private const int Stride = 5_000;
    private const int MostLooked = 200_000;
    private static readonly TimeSpan MostTime = TimeSpan.FromMilliseconds(200);

    // Sessions whose calls all wait still have no time: so many waiting calls are looked at one by one.
    private const int MostPending = 4096;

    private sealed record Walk(Connection Connection, CallSearch Search, TimeProvider Clock);

    public static CallSearchPage Find(Connection connection, CallSearch search, TimeProvider clock)
    {
        var walk = new Walk(connection, search, clock);
        var window = IdWindow.Of(search.Since, search.Until).Before(search.After is { } after && string.CompareOrdinal(after, IdWindow.Of(search.Since, search.Until).ToId) < 0 ? after : null);
        var waiting = new List<string>();
        if (search.Session is { } session && !Narrow(walk, session, ref window, waiting)) window = window with { ToId = window.FromId };

        var found = new List<string>();
        var (looked, isOver) = Look(walk, window, found, out var place);
        if (waiting.Count > 0) AddWaiting(walk, waiting, found, isOver ? "" : place);

        found.Sort((one, other) => string.CompareOrdinal(other, one));
        var isFull = found.Count > search.Limit;
        if (isFull) found.RemoveRange(search.Limit, found.Count - search.Limit);
        var next = isFull ? found[^1] : isOver ? null : found.Count == search.Limit ? found[^1] : place;
        return new CallSearchPage
        {
            Calls = [.. CallReader.FindAll(connection, found).AsEnumerable().Reverse()], Next = next, Looked = looked, LookedBackTo = next is null ? null : InstantOf(next),
            IsBudgetUsed = next is not null && found.Count < search.Limit,
        };
    }

    // Walks back; gives the ids that match, one more than the limit at most, and the last one that was looked at.
    private static (long Looked, bool IsOver) Look(Walk walk, IdWindow window, List<string> found, out string place)
    {
        var begun = walk.Clock.GetTimestamp();
        place = window.ToId;
        var looked = 0L;
        using var rows = new Statement(walk.Connection, $"SELECT id, {Matches(walk.Search)} FROM call WHERE id > ?1 AND id < ?2 ORDER BY id DESC LIMIT {Stride}");
        while (string.CompareOrdinal(window.FromId, place) < 0)
        {
            (window with { ToId = place }).Bind(rows);
            Bind(rows, walk.Search);
            var strode = 0;
            while (rows.Next())
            {
                strode++;
                looked++;
                var matches = rows.Integer(1) != 0;
                if (!matches && strode < Stride) continue;
                place = rows.Text(0);
                if (!matches) continue;
                found.Add(place);
                if (found.Count <= walk.Search.Limit) continue;
                rows.Reset();
                return (looked, false);
            }
            if (strode < Stride) return (looked, true);
            if (looked >= MostLooked || walk.Clock.GetElapsedTime(begun) >= MostTime) return (looked, false);
        }
        return (looked, true);
    }

    // The time of a session, from its sums; false when it has none there and no older calls are missing in them.
    private static bool Narrow(Walk walk, string session, ref IdWindow window, List<string> waiting)
    {
        var state = RollupState.Read(walk.Connection);
        var pending = RollupPending.Read(walk.Connection, MostPending);
        if (state.BeforeId is not null || pending.CallsLeft > 0) return true; // It may lie anywhere.
        waiting.AddRange(pending.Ids);
        using var span = new Statement(walk.Connection, "SELECT min(first_at_us), max(last_at_us) FROM rollup_unit WHERE session = ?");
        span.Bind(1, session);
        if (!span.Next() || span.IsNull(0)) return false;
        var own = IdWindow.Of(UnixMicros.ToInstant(span.Integer(0)), UnixMicros.ToInstant(span.Integer(1) + 1));
        span.Reset();
        if (string.CompareOrdinal(own.FromId, window.FromId) > 0) window = window with { FromId = own.FromId };
        if (string.CompareOrdinal(own.ToId, window.ToId) < 0) window = window with { ToId = own.ToId };
        return string.CompareOrdinal(window.FromId, window.ToId) < 0;
    }

    // Calls that wait lie outside the time of their session, as its sums know it.
    private static void AddWaiting(Walk walk, List<string> waiting, List<string> found, string place)
    {
        using var row = new Statement(walk.Connection, $"SELECT {Matches(walk.Search)} FROM call WHERE id = ?1 AND ?2 IS NOT NULL");
        var until = IdWindow.Of(walk.Search.Since, walk.Search.Until);
        var known = found.ToHashSet(StringComparer.Ordinal);
        foreach (var id in waiting)
        {
            if (known.Contains(id) || string.CompareOrdinal(id, place) <= 0 || walk.Search.After is { } after && string.CompareOrdinal(id, after) >= 0) continue;
            (until with { FromId = id, ToId = "" }).Bind(row);
            Bind(row, walk.Search);
            if (row.Next() && row.Integer(0) != 0) found.Add(id);
            row.Reset();
        }
    }

    // CASE looks at the next condition only when those before hold: attempts are read of few calls.
    private static string Matches(CallSearch search)
    {
        var sql = new StringBuilder("CASE WHEN started_at_us < ?3 OR started_at_us >= ?4 THEN 0");
        void Unless(bool asked, string condition)
        {
            if (asked) sql.Append(" WHEN NOT ifnull(").Append(condition).Append(", 0) THEN 0");
        }
        Unless(search.Untagged, "tag IS NULL");
        Unless(search.Tag is not null, "tag = ?5");
        Unless(search.Role is not null, "role = ?6");
        Unless(search.Route is not null, "route = ?7");
        Unless(search.Session is not null, "session = ?8");
        Unless(search.User is not null, "user = ?9");
        Unless(search.Status is not null, "status = ?10");
        Unless(search.Arm is not null, "arm = ?11");
        Unless(search.Revision is not null, "policy_revision = ?12");
        Unless(search.MinCostNanoUsd is not null, "cost_nano_usd >= ?13");
        Unless(search.MinLatencyMicros is not null, "latency_us >= ?14");
        Unless(search.UnknownPrice is not null, search.UnknownPrice == true ? "unknown_price_attempts > 0" : "unknown_price_attempts = 0");
        Unless(search.Model is not null, "(model = ?15 OR EXISTS (SELECT 1 FROM attempt a WHERE a.call_id = call.id AND a.model = ?15))");
        Unless(search.Tier is not null, "(tier = ?16 OR EXISTS (SELECT 1 FROM attempt a WHERE a.call_id = call.id AND a.tier = ?16))");
        Unless(search.Escalated is not null, Has(search.Escalated == true, AttemptKind.Escalation));
        Unless(search.FailedOver is not null, Has(search.FailedOver == true, AttemptKind.Failover));
        return sql.Append(" ELSE 1 END").ToString();
    }

    private static string Has(bool has, AttemptKind kind) =>
        string.Create(CultureInfo.InvariantCulture, $"{(has ? "" : "NOT ")}EXISTS (SELECT 1 FROM attempt a WHERE a.call_id = call.id AND a.kind = {(byte)kind})");

    // Only what is asked for has a parameter; those behind the last one that has do not exist.
    private static void Bind(Statement rows, CallSearch search)
    {
        if (search.Tag is { } tag) rows.Bind(5, tag);
        if (search.Role is { } role) rows.Bind(6, role);
        if (search.Route is { } route) rows.Bind(7, route);
        if (search.Session is { } session) rows.Bind(8, session);
        if (search.User is { } user) rows.Bind(9, user);
        if (search.Status is { } status) rows.Bind(10, (long)status);
        if (search.Arm is { } arm) rows.Bind(11, arm);
        if (search.Revision is { } revision) rows.Bind(12, revision);
        if (search.MinCostNanoUsd is { } cost) rows.Bind(13, cost);
        if (search.MinLatencyMicros is { } latency) rows.Bind(14, latency);
        if (search.Model is { } model) rows.Bind(15, model);
        if (search.Tier is { } tier) rows.Bind(16, tier);
    }

    private static DateTimeOffset? InstantOf(string id) => new RollupState(id, 0).MissingBefore is { } instant && instant < DateTimeOffset.MaxValue ? instant.AddMilliseconds(-1) : null;
}
