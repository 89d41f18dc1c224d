using Rung.Core.Alerts;
using Rung.Storage.Alerts;

namespace Rung.Storage.Sqlite;

/// <summary>Silences. Rows are added, and ended early once; never deleted.</summary>
internal static class SilenceTable
{
    private const string Columns = "id, key, tag, kind, from_us, until_us, who, why, ended_at_us, ended_by";

    /// <summary>Adds one.</summary>
    public static AlertSilence Add(Connection connection, SilenceDraft draft)
    {
        connection.Execute("BEGIN IMMEDIATE");
        try
        {
            using (var row = new Statement(connection, "INSERT INTO silence (key, tag, kind, from_us, until_us, who, why) VALUES (?, ?, ?, ?, ?, ?, ?)"))
            {
                row.Bind(1, draft.Key);
                row.Bind(2, draft.Tag);
                row.Bind(3, (long?)draft.Kind);
                row.Bind(4, UnixMicros.From(draft.From));
                row.Bind(5, UnixMicros.From(draft.Until));
                row.Bind(6, draft.Who);
                row.Bind(7, draft.Why);
                row.Run();
            }
            using var added = new Statement(connection, $"SELECT {Columns} FROM silence ORDER BY id DESC LIMIT 1");
            added.Next();
            var silence = Read(added);
            added.Reset();
            connection.Execute("COMMIT");
            return silence;
        }
        catch
        {
            connection.RollBack();
            throw;
        }
    }

    /// <summary>Ends one early; null when there is none of that number, or it is over already.</summary>
    public static AlertSilence? End(Connection connection, long id, string who, DateTimeOffset now)
    {
        connection.Execute("BEGIN IMMEDIATE");
        try
        {
            using (var row = new Statement(connection, "UPDATE silence SET ended_at_us = ?1, ended_by = ?2 WHERE id = ?3 AND ended_at_us IS NULL AND until_us > ?1"))
            {
                row.Bind(1, UnixMicros.From(now));
                row.Bind(2, who);
                row.Bind(3, id);
                row.Run();
            }
            var ended = connection.Changes > 0 ? Find(connection, id) : null;
            connection.Execute("COMMIT");
            return ended;
        }
        catch
        {
            connection.RollBack();
            throw;
        }
    }

    /// <summary>One; null when there is none of that number.</summary>
    public static AlertSilence? Find(Connection connection, long id)
    {
        using var row = new Statement(connection, $"SELECT {Columns} FROM silence WHERE id = ?");
        row.Bind(1, id);
        return row.Next() ? Read(row) : null;
    }

    /// <summary>Those that have not ended by an instant, the oldest first.</summary>
    public static List<AlertSilence> NotOver(Connection connection, DateTimeOffset now)
    {
        using var rows = new Statement(connection, $"SELECT {Columns} FROM silence WHERE until_us > ? AND ended_at_us IS NULL ORDER BY id");
        rows.Bind(1, UnixMicros.From(now));
        var silences = new List<AlertSilence>();
        while (rows.Next()) silences.Add(Read(rows));
        return silences;
    }

    private static AlertSilence Read(Statement row) => new()
    {
        Id = row.Integer(0), Key = row.TextOrNull(1), Tag = row.TextOrNull(2), Kind = (AlertKind?)row.IntegerOrNull(3), From = UnixMicros.ToInstant(row.Integer(4)),
        Until = UnixMicros.ToInstant(row.Integer(5)), Who = row.Text(6), Why = row.Text(7),
        EndedAt = row.IntegerOrNull(8) is { } ended ? UnixMicros.ToInstant(ended) : null, EndedBy = row.TextOrNull(9),
    };
}
