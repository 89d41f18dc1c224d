using System.Text;
using Rung.Core.Measurement;

namespace Rung.Storage.Sqlite;

/// <summary>What waits to be rolled up.</summary>
/// <param name="Ids">Calls, those that were appended first in front.</param>
/// <param name="LastSeq">The last row of <c>rollup_pending</c> that they come from; 0 when none.</param>
/// <param name="CallsLeft">Calls that wait beside them.</param>
/// <param name="Verdicts">Verdicts; none as long as calls are left.</param>
/// <param name="VerdictsLeft">Verdicts that wait beside them.</param>
internal sealed record RollupPending(List<string> Ids, long LastSeq, long CallsLeft, List<RollupPending.Verdict> Verdicts, long VerdictsLeft)
{
    /// <summary>A verdict that waits.</summary>
    /// <param name="Id">Its id.</param>
    /// <param name="CallId">Its call; null: about a session.</param>
    /// <param name="Session">Its session.</param>
    /// <param name="Said">What it says; null when that is no quality.</param>
    internal readonly record struct Verdict(string Id, string? CallId, string? Session, ObservedVerdict? Said);

    /// <summary>Reads about so many, at least one row of calls. Verdicts come when no call is left: then every call that is in no older one's place has been added.</summary>
    public static RollupPending Read(Connection connection, int most)
    {
        var ids = new List<string>();
        var last = 0L;
        using (var rows = new Statement(connection, "SELECT seq, calls, ids FROM rollup_pending ORDER BY seq"))
        {
            while (ids.Count < most && rows.Next())
            {
                var calls = (int)rows.Integer(1);
                if (ids.Count > 0 && ids.Count + calls > most) break;
                last = rows.Integer(0);
                Split(rows.Bytes(2), calls, ids);
            }
        }
        var left = One(connection, "SELECT ifnull(sum(calls), 0) FROM rollup_pending") - ids.Count;
        var waiting = One(connection, "SELECT count(*) FROM rollup_pending_verdict");
        var verdicts = new List<Verdict>();
        if (left == 0 && waiting > 0 && most > ids.Count) ReadVerdicts(connection, most - ids.Count, verdicts);
        return new RollupPending(ids, last, left, verdicts, waiting - verdicts.Count);
    }

    /// <summary>Deletes what was rolled up.</summary>
    public void Delete(Connection connection)
    {
        using var calls = new Statement(connection, "DELETE FROM rollup_pending WHERE seq <= ?");
        calls.Bind(1, LastSeq);
        calls.Run();
        using var verdict = new Statement(connection, "DELETE FROM rollup_pending_verdict WHERE id = ?");
        foreach (var one in Verdicts)
        {
            verdict.Bind(1, one.Id);
            verdict.Run();
        }
    }

    /// <summary>Adds them. A verdict whose call is not in the sums is only taken from the queue: it is added with its call.</summary>
    public void AddTo(RollupDelta delta, RollupSource source, string? beforeId)
    {
        foreach (var id in Ids)
        {
            if (source.Find(id) is { } call) delta.Add(call);
        }
        foreach (var (_, callId, session, said) in Verdicts)
        {
            if (said is not { } verdict) continue;
            if (callId is not null)
            {
                var waits = beforeId is not null && string.CompareOrdinal(callId, beforeId) < 0;
                if (!waits && source.Find(callId) is { } call) delta.Add(verdict, call);
            }
            else if (session is not null)
            {
                delta.AddToSession(verdict, session);
            }
        }
    }

    private static void ReadVerdicts(Connection connection, int most, List<Verdict> verdicts)
    {
        using var rows = new Statement(connection, """
            SELECT p.id, v.call_id, v.session, v.tag, v.kind, v.score, v.weight FROM rollup_pending_verdict p LEFT JOIN quality_verdict v ON v.id = p.id LIMIT ?
            """);
        rows.Bind(1, (long)most);
        while (rows.Next())
        {
            var (callId, session) = (rows.TextOrNull(1), rows.TextOrNull(2));
            verdicts.Add(new Verdict(rows.Text(0), callId, session, RollupSource.Observed(rows.Integer(4), rows.Real(5), rows.Real(6), callId, session, rows.TextOrNull(3))));
        }
    }

    private static void Split(ReadOnlySpan<byte> bytes, int calls, List<string> ids)
    {
        if (calls == 1)
        {
            ids.Add(Encoding.UTF8.GetString(bytes));
            return;
        }
        foreach (var part in bytes.Split((byte)'\n')) ids.Add(Encoding.UTF8.GetString(bytes[part]));
    }

    private static long One(Connection connection, string sql)
    {
        using var row = new Statement(connection, sql);
        row.Next();
        return row.Integer(0);
    }
}

/// <summary>How far the roll-ups have come.</summary>
/// <param name="BeforeId">Calls of a lesser id are in no sum, and in no queue; null: there are none.</param>
/// <param name="MinutesFrom">The first minute of which there are sums of minutes.</param>
internal readonly record struct RollupState(string? BeforeId, long MinutesFrom)
{
    /// <summary>Calls from before this instant are in no sum; null: all are.</summary>
    public DateTimeOffset? MissingBefore => BeforeId is null ? null
        : BeforeId.Length >= 12 && long.TryParse(BeforeId.AsSpan(0, 12), System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture, out var milliseconds)
            && milliseconds < DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
        ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds + 1) : DateTimeOffset.MaxValue;

    public static RollupState Read(Connection connection)
    {
        using var row = new Statement(connection, "SELECT before_id, minutes_from FROM rollup_state");
        row.Next();
        return new RollupState(row.TextOrNull(0), row.Integer(1));
    }

    public void Write(Connection connection)
    {
        using var row = new Statement(connection, "UPDATE rollup_state SET before_id = ?, minutes_from = ?");
        row.Bind(1, BeforeId);
        row.Bind(2, MinutesFrom);
        row.Run();
    }
}
