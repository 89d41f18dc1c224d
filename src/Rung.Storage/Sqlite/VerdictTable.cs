using System.Globalization;
using Rung.Core.Spans;
using Rung.Storage.Verdicts;

namespace Rung.Storage.Sqlite;

/// <summary>The quality signals that come after an answer. Rows are only added; of a forgotten session its name is taken out.</summary>
internal static class VerdictTable
{
    /// <summary>Where a page ended: the instant and the id of its last row.</summary>
    internal readonly record struct Place(long GivenAtMicros, string Id);

    // A row's own word first: the sender may know better (a judge says which of several models it judged).
    private const string Columns = """
        v.id, v.given_at_us, v.call_id, coalesce(v.session, c.session, i.session), coalesce(v.tag, c.tag, i.site_tag, i.tag),
        coalesce(v.model, c.model, nullif(i.model, '')), v.kind, v.name, v.score, v.weight, v.judged_by, v.probability
        """;

    /// <summary>The place of a row.</summary>
    public static Place PlaceOf(VerdictRecord verdict) => new(UnixMicros.From(verdict.At), verdict.Id);

    private const string Joined = """
        quality_verdict v LEFT JOIN call c ON c.id = v.call_id LEFT JOIN imported_call i ON i.id = v.call_id AND c.id IS NULL
        """;

    /// <summary>Adds what is new of a batch, all of it or nothing.</summary>
    /// <returns>How many were new.</returns>
    public static int Append(Connection connection, IReadOnlyList<VerdictRecord> batch)
    {
        using var row = new Statement(connection, """
            INSERT OR IGNORE INTO quality_verdict
              (id, given_at_us, call_id, session, tag, model, kind, name, score, weight, judged_by, probability)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """);
        using var pending = new Statement(connection, "INSERT OR IGNORE INTO rollup_pending_verdict (id) VALUES (?)");
        connection.Execute("BEGIN IMMEDIATE");
        try
        {
            var added = 0;
            foreach (var verdict in batch)
            {
                Bind(row, verdict);
                row.Run();
                if (connection.Changes == 0) continue;
                added++;
                pending.Bind(1, verdict.Id);
                pending.Run();
            }
            connection.Execute("COMMIT");
            return added;
        }
        catch
        {
            connection.RollBack();
            throw;
        }
    }

    /// <summary>Signals in order of their time, then of their ids.</summary>
    /// <param name="connection">Where.</param>
    /// <param name="query">Which.</param>
    /// <param name="after">The row behind which to go on; null to begin.</param>
    /// <param name="most">At most so many.</param>
    public static List<VerdictRecord> Page(Connection connection, VerdictQuery query, Place? after, int most)
    {
        using var rows = new Statement(connection, $"""
            SELECT {Columns} FROM {Joined}
            WHERE (v.given_at_us, v.id) > (?1, ?2) AND v.given_at_us < ?3{Conditions(query)}
            ORDER BY v.given_at_us, v.id LIMIT ?4
            """);
        var window = IdWindow.Of(query.Since, query.Until);
        var place = after ?? new Place(window.FromMicros, ""); // No id is empty, so this lies before the first one of its instant.
        rows.Bind(1, place.GivenAtMicros);
        rows.Bind(2, place.Id);
        rows.Bind(3, window.ToMicros);
        rows.Bind(4, most);
        if (query.Tag is not null) rows.Bind(5, query.Tag);
        if (query.CallId is not null) rows.Bind(6, query.CallId);
        if (query.Session is not null) rows.Bind(7, query.Session);

        var page = new List<VerdictRecord>();
        while (rows.Next()) page.Add(Read(rows));
        return page;
    }

    /// <summary>Tags of the calls of every session that a signal is about as a whole, without a tag of its own. One pass over the calls.</summary>
    /// <returns>Session and tag, once each, in their order; calls without a tag are left out.</returns>
    public static List<SessionTag> SessionTags(Connection connection)
    {
        using var rows = new Statement(connection, """
            SELECT DISTINCT session, tag FROM call
            WHERE tag IS NOT NULL AND session IN (SELECT session FROM quality_verdict WHERE call_id IS NULL AND tag IS NULL AND session IS NOT NULL)
            ORDER BY session, tag
            """);
        var tags = new List<SessionTag>();
        while (rows.Next()) tags.Add(new SessionTag(rows.Text(0), rows.Text(1)));
        return tags;
    }

    /// <summary>
    /// Takes out who signals come from, for calls or a session that are to be forgotten: the session, and the name of a user who gave it. The numbers
    /// stay, as the calls themselves do.
    /// </summary>
    /// <returns>How many signals had something taken out.</returns>
    public static int Forget(Connection connection, IReadOnlyCollection<string> callIds, string? session)
    {
        // The kinds that users give; a judge, a reviewer and a system are no end users.
        var taken = $"""
            UPDATE quality_verdict SET session = NULL,
              judged_by = CASE WHEN kind IN ({Codes(UsersOwn)}) THEN 'user' ELSE judged_by END
            WHERE (session IS NOT NULL OR (judged_by <> 'user' AND kind IN ({Codes(UsersOwn)})))
            """;
        var changed = 0;
        using (var byCall = new Statement(connection, taken + " AND call_id = ?"))
        {
            foreach (var id in callIds)
            {
                byCall.Bind(1, id);
                byCall.Run();
                changed += connection.Changes;
            }
        }
        if (session is null) return changed;
        using var bySession = new Statement(connection, taken + " AND session = ?");
        bySession.Bind(1, session);
        bySession.Run();
        return changed + connection.Changes;
    }

    private static readonly VerdictKind[] UsersOwn =
    [
        VerdictKind.Thumbs, VerdictKind.Score, VerdictKind.Override, VerdictKind.TaskCompleted, VerdictKind.Escalated, VerdictKind.ConversationLength,
    ];

    // Only what is asked for: a condition on a call or a session is then answered from its index.
    private static string Conditions(VerdictQuery query) => string.Concat(
        query.Tag is null ? "" : " AND coalesce(v.tag, c.tag, i.site_tag, i.tag) = ?5",
        query.CallId is null ? "" : " AND v.call_id = ?6",
        query.Session is null ? "" : " AND coalesce(v.session, c.session, i.session) = ?7",
        query.Kinds is null ? "" : $" AND v.kind IN ({Codes(query.Kinds)})",
        query.Imported switch { true => " AND i.id IS NOT NULL", false => " AND i.id IS NULL", null => "" });

    private static string Codes(IEnumerable<VerdictKind> kinds) => string.Join(", ", kinds.Select(kind => ((byte)kind).ToString(CultureInfo.InvariantCulture)));

    private static void Bind(Statement row, VerdictRecord verdict)
    {
        row.Bind(1, verdict.Id);
        row.Bind(2, UnixMicros.From(verdict.At));
        row.Bind(3, verdict.CallId);
        row.Bind(4, verdict.Session);
        row.Bind(5, verdict.Tag);
        row.Bind(6, verdict.Model);
        row.Bind(7, (long)verdict.Kind);
        row.Bind(8, verdict.Name);
        row.Bind(9, verdict.Score);
        row.Bind(10, verdict.Weight);
        row.Bind(11, verdict.By);
        row.Bind(12, verdict.SampledAt);
    }

    // In the order of Columns.
    private static VerdictRecord Read(Statement row) => new()
    {
        Id = row.Text(0),
        At = UnixMicros.ToInstant(row.Integer(1)),
        CallId = row.TextOrNull(2),
        Session = row.TextOrNull(3),
        Tag = row.TextOrNull(4),
        Model = row.TextOrNull(5),
        Kind = (VerdictKind)row.Integer(6),
        Name = row.TextOrNull(7),
        Score = row.Real(8),
        Weight = row.Real(9),
        By = row.Text(10),
        SampledAt = row.RealOrNull(11),
    };
}
