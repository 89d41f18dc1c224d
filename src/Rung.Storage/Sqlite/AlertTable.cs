using Rung.Core.Alerts;
using Rung.Storage.Alerts;

namespace Rung.Storage.Sqlite;

/// <summary>Alerts as they stand, and everything that happened to them.</summary>
internal static class AlertTable
{
    private const string Columns = """
        key, kind, severity, tag, summary, cause, next, since_us, for_us, state, pending_at_us, firing_at_us, ended_at_us, seen_at_us, told_at_us
        """;

    private const string EventColumns = "id, key, at_us, change, kind, severity, tag, summary, told, since_us";

    /// <summary>Stores alerts that changed, and what happened, all of it or nothing.</summary>
    /// <returns>Number of the last event there is now.</returns>
    public static long Save(Connection connection, IReadOnlyList<Alert> changed, IReadOnlyList<AlertTransition> transitions)
    {
        using var alerts = new Statement(connection, $"INSERT OR REPLACE INTO alert ({Columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        using var events = new Statement(connection, "INSERT INTO alert_event (key, at_us, change, kind, severity, tag, summary, told, since_us) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
        connection.Execute("BEGIN IMMEDIATE");
        try
        {
            foreach (var alert in changed)
            {
                Bind(alerts, alert);
                alerts.Run();
            }
            foreach (var transition in transitions)
            {
                Bind(events, transition);
                events.Run();
            }
            var last = LastEvent(connection);
            connection.Execute("COMMIT");
            return last;
        }
        catch
        {
            connection.RollBack();
            throw;
        }
    }

    /// <summary>Number of the last event; 0 when there is none.</summary>
    public static long LastEvent(Connection connection)
    {
        using var row = new Statement(connection, "SELECT max(id) FROM alert_event");
        return row.Next() ? row.Integer(0) : 0;
    }

    /// <summary>Alerts that are pending or firing, in order of their keys; and those that ended since an instant, the latest first.</summary>
    public static List<Alert> List(Connection connection, DateTimeOffset? endedSince)
    {
        var alerts = new List<Alert>();
        using (var open = new Statement(connection, $"SELECT {Columns} FROM alert WHERE state < 2 ORDER BY key"))
        {
            while (open.Next()) alerts.Add(Read(open));
        }
        if (endedSince is not { } since) return alerts;
        using var ended = new Statement(connection, $"SELECT {Columns} FROM alert WHERE state >= 2 AND ended_at_us >= ? ORDER BY ended_at_us DESC, key");
        ended.Bind(1, UnixMicros.From(since));
        while (ended.Next()) alerts.Add(Read(ended));
        return alerts;
    }

    /// <summary>One alert; null when none of that key was ever seen.</summary>
    public static Alert? Find(Connection connection, string key)
    {
        using var row = new Statement(connection, $"SELECT {Columns} FROM alert WHERE key = ?");
        row.Bind(1, key);
        return row.Next() ? Read(row) : null;
    }

    /// <summary>What happened to one alert, the latest first.</summary>
    public static List<AlertEvent> History(Connection connection, string key, int most)
    {
        using var rows = new Statement(connection, $"SELECT {EventColumns} FROM alert_event WHERE key = ? ORDER BY id DESC LIMIT ?");
        rows.Bind(1, key);
        rows.Bind(2, most);
        return ReadEvents(rows);
    }

    /// <summary>What happened in [from, to), or began to hold in it and fired at whatever time: the latest first.</summary>
    public static List<AlertEvent> Between(Connection connection, DateTimeOffset from, DateTimeOffset to, int most)
    {
        // Two searches of an index each; with OR in one of them SQLite might read the whole table.
        using var rows = new Statement(connection, $"""
            SELECT {EventColumns} FROM alert_event WHERE id IN (
                SELECT id FROM alert_event WHERE at_us >= ?1 AND at_us < ?2
                UNION SELECT id FROM alert_event WHERE change = 1 AND since_us >= ?1 AND since_us < ?2)
            ORDER BY id DESC LIMIT ?3
            """);
        rows.Bind(1, UnixMicros.From(from));
        rows.Bind(2, UnixMicros.From(to));
        rows.Bind(3, most);
        return ReadEvents(rows);
    }

    /// <summary>Times that alerts fired, of those that touch [from, to): the latest begun first.</summary>
    public static List<AlertFiring> Firings(Connection connection, DateTimeOffset from, DateTimeOffset to, int most)
    {
        // What fired (1) ends with the next event of its key that says so (4); the worst of the events between is what it mattered.
        using var rows = new Statement(connection, """
            SELECT fired.key, fired.kind, fired.tag, fired.summary, fired.at_us, over.at_us,
                (SELECT max(told.severity) FROM alert_event told WHERE told.key = fired.key AND told.id BETWEEN fired.id AND coalesce(over.id, 9223372036854775807) AND told.at_us < ?2)
            FROM alert_event fired
            LEFT JOIN alert_event over ON over.id = (SELECT min(later.id) FROM alert_event later WHERE later.key = fired.key AND later.id > fired.id AND later.change = 4)
            WHERE fired.change = 1 AND fired.at_us < ?2 AND (over.at_us IS NULL OR over.at_us >= ?1)
            ORDER BY fired.id DESC LIMIT ?3
            """);
        rows.Bind(1, UnixMicros.From(from));
        rows.Bind(2, UnixMicros.From(to));
        rows.Bind(3, most);
        var firings = new List<AlertFiring>();
        while (rows.Next())
        {
            firings.Add(new AlertFiring
            {
                Key = rows.Text(0), Kind = (AlertKind)rows.Integer(1), Tag = rows.TextOrNull(2), Summary = rows.Text(3), FiredAt = UnixMicros.ToInstant(rows.Integer(4)), EndedAt = Instant(rows.IntegerOrNull(5)),
                Severity = (AlertSeverity)rows.Integer(6),
            });
        }
        return firings;
    }

    private static List<AlertEvent> ReadEvents(Statement rows)
    {
        var events = new List<AlertEvent>();
        while (rows.Next())
        {
            events.Add(new AlertEvent
            {
                Id = rows.Integer(0), Key = rows.Text(1), At = UnixMicros.ToInstant(rows.Integer(2)), Change = (AlertChange)rows.Integer(3), Kind = (AlertKind)rows.Integer(4),
                Severity = (AlertSeverity)rows.Integer(5), Tag = rows.TextOrNull(6), Summary = rows.Text(7), IsTold = rows.Integer(8) != 0, Since = Instant(rows.IntegerOrNull(9)),
            });
        }
        return events;
    }

    private static void Bind(Statement row, Alert alert)
    {
        row.Bind(1, alert.Key);
        row.Bind(2, (long)alert.Kind);
        row.Bind(3, (long)alert.Severity);
        row.Bind(4, alert.Tag);
        row.Bind(5, alert.Summary);
        row.Bind(6, alert.Cause);
        row.Bind(7, alert.Next);
        row.Bind(8, UnixMicros.From(alert.Since));
        row.Bind(9, alert.For.Ticks / TimeSpan.TicksPerMicrosecond);
        row.Bind(10, (long)alert.State);
        row.Bind(11, UnixMicros.From(alert.PendingAt));
        row.Bind(12, Micros(alert.FiringAt));
        row.Bind(13, Micros(alert.EndedAt));
        row.Bind(14, UnixMicros.From(alert.SeenAt));
        row.Bind(15, Micros(alert.ToldAt));
    }

    private static void Bind(Statement row, AlertTransition transition)
    {
        row.Bind(1, transition.Alert.Key);
        row.Bind(2, UnixMicros.From(transition.At));
        row.Bind(3, (long)transition.Change);
        row.Bind(4, (long)transition.Alert.Kind);
        row.Bind(5, (long)transition.Alert.Severity);
        row.Bind(6, transition.Alert.Tag);
        row.Bind(7, transition.Alert.Summary);
        row.Bind(8, transition.IsTold ? 1 : 0);
        row.Bind(9, UnixMicros.From(transition.Alert.Since));
    }

    private static Alert Read(Statement row) => new()
    {
        Key = row.Text(0), Kind = (AlertKind)row.Integer(1), Severity = (AlertSeverity)row.Integer(2), Tag = row.TextOrNull(3), Summary = row.Text(4),
        Cause = row.TextOrNull(5), Next = row.TextOrNull(6), Since = UnixMicros.ToInstant(row.Integer(7)), For = TimeSpan.FromMicroseconds(row.Integer(8)),
        State = (AlertState)row.Integer(9), PendingAt = UnixMicros.ToInstant(row.Integer(10)), FiringAt = Instant(row.IntegerOrNull(11)),
        EndedAt = Instant(row.IntegerOrNull(12)), SeenAt = UnixMicros.ToInstant(row.Integer(13)), ToldAt = Instant(row.IntegerOrNull(14)),
    };

    private static long? Micros(DateTimeOffset? instant) => instant is { } at ? UnixMicros.From(at) : null;

    private static DateTimeOffset? Instant(long? micros) => micros is { } at ? UnixMicros.ToInstant(at) : null;
}
