using Rung.Core.Spans;
using Rung.Storage.Verdicts;

namespace Rung.Storage.Sqlite;

/// <summary>Reads what checks said of the answers that clients got.</summary>
internal static class CheckedCalls
{
    // Checks judge attempt after attempt; the last judged one is the answer that was served. Failed, rejected and cut-short calls have no answer to judge.
    private static readonly string Answers = $"{(byte)CallStatus.Answered}, {(byte)CallStatus.AnsweredUnverified}";

    /// <summary>Checked calls in order of their ids.</summary>
    public static List<CheckedCall> Page(Connection connection, string? tag, DateTimeOffset? since, DateTimeOffset? until, string? after, int most)
    {
        using var rows = new Statement(connection, $"""
            SELECT c.id, c.session, c.tag, c.model, min(v.score), avg(v.own_score), c.status
            FROM call c JOIN verdict v ON v.call_id = c.id AND v.kind = 'check'
            WHERE c.id > ?1 AND c.id < ?2 AND c.started_at_us >= ?3 AND c.started_at_us < ?4 AND (?5 IS NULL OR c.tag = ?5) AND c.status IN ({Answers})
              AND v.attempt = (SELECT max(last.attempt) FROM verdict last WHERE last.call_id = c.id AND last.kind = 'check')
            GROUP BY c.id ORDER BY c.id LIMIT ?6
            """);
        IdWindow.Of(since, until).Behind(after).Bind(rows);
        rows.Bind(5, tag);
        rows.Bind(6, most);
        var page = new List<CheckedCall>();
        while (rows.Next())
        {
            page.Add(new CheckedCall(
                rows.Text(0), rows.TextOrNull(1), rows.TextOrNull(2), rows.TextOrNull(3),
                rows.Real(4) >= 0.5 && rows.Integer(6) == (byte)CallStatus.Answered, rows.RealOrNull(5) is { } score ? Math.Clamp(score, 0, 1) : null));
        }
        return page;
    }
}
