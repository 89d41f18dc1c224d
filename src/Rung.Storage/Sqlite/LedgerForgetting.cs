using Rung.Storage.Content;

namespace Rung.Storage.Sqlite;

/// <summary>Takes session and user out of calls. That the call was made, by which policy and at what cost, stays.</summary>
internal static class LedgerForgetting
{
    private const string Named = "AND (session IS NOT NULL OR user IS NOT NULL)";

    /// <summary>The calls that a deletion is about, by their ids; imported ones too.</summary>
    /// <param name="connection">Where.</param>
    /// <param name="request">What is to be forgotten.</param>
    /// <param name="namedOnly">Only those that still have a session or a user.</param>
    public static HashSet<string> Matches(Connection connection, ForgetRequest request, bool namedOnly)
    {
        var named = namedOnly ? Named : "";
        using var rows = new Statement(connection, $"""
            SELECT id FROM call {ForgetFilter.Where("tag")} {named}
            UNION SELECT id FROM imported_call {ForgetFilter.Where("coalesce(site_tag, tag)")} {named}
            """);
        ForgetFilter.Bind(rows, request);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        while (rows.Next()) ids.Add(rows.Text(0));
        return ids;
    }

    /// <summary>Forgets who made these calls, in one transaction.</summary>
    /// <returns>How many calls changed.</returns>
    public static int Forget(Connection connection, IReadOnlyList<string> ids)
    {
        connection.Execute("PRAGMA secure_delete = ON"); // From here on for this connection: what it overwrites is zeroed.
        connection.Execute("BEGIN IMMEDIATE");
        try
        {
            using var call = new Statement(connection, $"UPDATE call SET session = NULL, user = NULL WHERE id = ? {Named}");
            // A key that is made of a session would tell it. The id, a hash of the old key, stays: the same log imported again adds nothing.
            using var imported = new Statement(connection, $"""
                UPDATE imported_call SET session = NULL, user = NULL,
                    key = CASE WHEN instr(key, coalesce(nullif(session, ''), key || '.')) > 0 OR instr(key, coalesce(nullif(user, ''), key || '.')) > 0 THEN 'forgotten/' || id ELSE key END,
                    run = CASE WHEN instr(run, coalesce(nullif(session, ''), run || '.')) > 0 OR instr(run, coalesce(nullif(user, ''), run || '.')) > 0 THEN NULL ELSE run END
                WHERE id = ? {Named}
                """);
            var changed = 0;
            foreach (var id in ids)
            {
                changed += Run(connection, call, id) + Run(connection, imported, id);
            }
            connection.Execute("COMMIT");
            return changed;
        }
        catch
        {
            connection.RollBack();
            throw;
        }
    }

    private static int Run(Connection connection, Statement update, string id)
    {
        update.Bind(1, id);
        update.Run();
        return connection.Changes;
    }
}
