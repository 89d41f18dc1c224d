using Rung.Storage.Content;

namespace Rung.Storage.Sqlite;

/// <summary>Takes session and user out of calls. That the call was made, by which policy and at what cost, stays.</summary>
internal static class LedgerForgetting
{
    private const string Named = "AND (session IS NOT NULL OR user IS NOT NULL)";

    /// <summary>The calls that a deletion is about, by their ids; imported ones too.</summary>
    public static HashSet<string> Matches(Connection connection, ForgetRequest request) => Read(connection, request, $"""
        SELECT id FROM call {ForgetFilter.Where("tag")} UNION SELECT id FROM imported_call {ForgetFilter.Where("coalesce(site_tag, tag)")}
        """);

    /// <summary>The sessions that are forgotten as a whole: the one that is named, or all of a user's.</summary>
    public static HashSet<string> Sessions(Connection connection, ForgetRequest request)
    {
        if (request is { CallId: not null } or { Before: not null } or { Tag: not null }) return []; // A part of a session: the rest keeps its name.
        var sessions = request.User is null ? [] : Read(connection, request, $"""
            SELECT session FROM call {ForgetFilter.Where("tag")} AND session IS NOT NULL UNION SELECT session FROM imported_call {ForgetFilter.Where("tag")} AND session IS NOT NULL
            """);
        if (request.Session is { } named) sessions.Add(named);
        return sessions;
    }

    /// <summary>Forgets who made these calls, and what the details of their checks quote. Within the caller's transaction.</summary>
    /// <returns>How many calls had a session or a user.</returns>
    public static int Forget(Connection connection, IReadOnlyList<string> ids)
    {
        using var call = new Statement(connection, $"UPDATE call SET session = NULL, user = NULL WHERE id = ? {Named}");
        using var details = new Statement(connection, "UPDATE verdict SET detail = NULL WHERE call_id = ? AND detail IS NOT NULL");
        // A key that is made of a session would tell it. The id, a hash of the old key, stays: the same log imported again adds nothing.
        using var imported = new Statement(connection, $"""
            UPDATE imported_call SET session = NULL, user = NULL,
                key = CASE WHEN {Tells("key")} THEN 'forgotten/' || id ELSE key END,
                run = CASE WHEN {Tells("run")} THEN NULL ELSE run END
            WHERE id = ? {Named}
            """);
        var changed = 0;
        ForgetUnits(connection, ids);
        foreach (var id in ids)
        {
            Run(connection, details, id);
            changed += Run(connection, call, id) + Run(connection, imported, id);
        }
        return changed;
    }

    /// <summary>Takes a session's name out of the roll-ups; what it came to stays in their sums. Within the caller's transaction.</summary>
    public static int ForgetUnit(Connection connection, string session)
    {
        using var delete = new Statement(connection, "DELETE FROM rollup_unit WHERE session = ?");
        delete.Bind(1, session);
        delete.Run();
        return connection.Changes;
    }

    // A session of which no call is left with its name has no business to be named. Calls that are not rolled up yet are not counted in it.
    private static void ForgetUnits(Connection connection, IReadOnlyList<string> ids)
    {
        var before = RollupState.Read(connection).BeforeId;
        using var count = new Statement(connection, """
            UPDATE rollup_unit SET forgotten = forgotten + 1
            WHERE session = (SELECT session FROM call WHERE id = ?1) AND tag = (SELECT n.id FROM rollup_tag_name n WHERE n.tag IS (SELECT tag FROM call WHERE id = ?1))
            """);
        using var delete = new Statement(connection, "DELETE FROM rollup_unit WHERE session = (SELECT session FROM call WHERE id = ?1) AND forgotten >= calls");
        foreach (var id in ids)
        {
            if (before is not null && string.CompareOrdinal(id, before) < 0) continue;
            if (Run(connection, count, id) > 0) Run(connection, delete, id);
        }
    }

    private static string Tells(string column) => $"(coalesce(session, '') <> '' AND instr({column}, session) > 0 OR coalesce(user, '') <> '' AND instr({column}, user) > 0)";

    private static HashSet<string> Read(Connection connection, ForgetRequest request, string sql)
    {
        using var rows = new Statement(connection, sql);
        ForgetFilter.Bind(rows, request);
        var found = new HashSet<string>(StringComparer.Ordinal);
        while (rows.Next()) found.Add(rows.Text(0));
        return found;
    }

    private static int Run(Connection connection, Statement update, string id)
    {
        update.Bind(1, id);
        update.Run();
        return connection.Changes;
    }
}
