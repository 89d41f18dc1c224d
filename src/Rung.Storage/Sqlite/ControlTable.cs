using Rung.Storage.Control;

namespace Rung.Storage.Sqlite;

/// <summary>What the control loop did, whether it is frozen, and which process holds a lease.</summary>
internal static class ControlTable
{
    /// <summary>Adds what was done.</summary>
    public static void Insert(Connection connection, ControlAction action)
    {
        using var row = new Statement(connection,
            "INSERT INTO control_action (at_us, kind, tag, from_tier, to_tier, revision, why) VALUES (?, ?, ?, ?, ?, ?, ?)");
        row.Bind(1, UnixMicros.From(action.At));
        row.Bind(2, (long)action.Kind);
        row.Bind(3, action.Tag);
        row.Bind(4, action.From);
        row.Bind(5, action.To);
        row.Bind(6, action.Revision);
        row.Bind(7, action.Why);
        row.Run();
    }

    /// <summary>What was done since an instant, in order.</summary>
    public static List<ControlAction> Actions(Connection connection, DateTimeOffset since)
    {
        using var rows = new Statement(connection,
            "SELECT at_us, kind, tag, from_tier, to_tier, revision, why FROM control_action WHERE at_us >= ? ORDER BY id");
        rows.Bind(1, UnixMicros.From(since));
        var actions = new List<ControlAction>();
        while (rows.Next())
        {
            actions.Add(new ControlAction
            {
                At = UnixMicros.ToInstant(rows.Integer(0)), Kind = (ControlActionKind)rows.Integer(1), Tag = rows.Text(2), From = rows.Text(3),
                To = rows.Text(4), Revision = rows.IntegerOrNull(5), Why = rows.Text(6),
            });
        }
        return actions;
    }

    /// <summary>Adds a turn of the switch.</summary>
    public static void Freeze(Connection connection, ControlFreeze freeze)
    {
        using var row = new Statement(connection, "INSERT INTO control_freeze (at_us, frozen, until_us, by_whom, why) VALUES (?, ?, ?, ?, ?)");
        row.Bind(1, UnixMicros.From(freeze.At));
        row.Bind(2, freeze.Frozen ? 1L : 0L);
        row.Bind(3, freeze.Until is { } until ? UnixMicros.From(until) : (long?)null);
        row.Bind(4, freeze.By);
        row.Bind(5, freeze.Why);
        row.Run();
    }

    /// <summary>Turns of the switch, the newest first.</summary>
    public static List<ControlFreeze> Freezes(Connection connection, int most)
    {
        using var rows = new Statement(connection, "SELECT at_us, frozen, until_us, by_whom, why FROM control_freeze ORDER BY id DESC LIMIT ?");
        rows.Bind(1, most);
        var freezes = new List<ControlFreeze>();
        while (rows.Next())
        {
            freezes.Add(new ControlFreeze
            {
                At = UnixMicros.ToInstant(rows.Integer(0)), Frozen = rows.Integer(1) != 0,
                Until = rows.IntegerOrNull(2) is { } until ? UnixMicros.ToInstant(until) : null, By = rows.Text(3), Why = rows.Text(4),
            });
        }
        return freezes;
    }

    /// <summary>Takes or prolongs a lease; false while another holds it.</summary>
    public static bool Hold(Connection connection, string name, string holder, DateTimeOffset until, DateTimeOffset now)
    {
        // One statement, which SQLite runs as one transaction: of two that ask at once, one changes the row and the other finds it changed.
        using var row = new Statement(connection, """
            INSERT INTO lease (name, holder, until_us) VALUES (?1, ?2, ?3)
            ON CONFLICT (name) DO UPDATE SET holder = ?2, until_us = ?3 WHERE holder = ?2 OR until_us <= ?4
            """);
        row.Bind(1, name);
        row.Bind(2, holder);
        row.Bind(3, UnixMicros.From(until));
        row.Bind(4, UnixMicros.From(now));
        row.Run();
        return connection.Changes > 0;
    }

    /// <summary>Gives a lease back, so that another need not wait for its end.</summary>
    public static void Release(Connection connection, string name, string holder)
    {
        using var row = new Statement(connection, "DELETE FROM lease WHERE name = ? AND holder = ?");
        row.Bind(1, name);
        row.Bind(2, holder);
        row.Run();
    }

    /// <summary>Who holds a lease and until when; null when nobody ever did or it was given back.</summary>
    public static Lease? FindLease(Connection connection, string name)
    {
        using var row = new Statement(connection, "SELECT holder, until_us FROM lease WHERE name = ?");
        row.Bind(1, name);
        return row.Next() ? new Lease(name, row.Text(0), UnixMicros.ToInstant(row.Integer(1))) : null;
    }
}
