using System.Collections.Immutable;
using Rung.Core.Rollouts;
using Rung.Storage.Rollouts;

namespace Rung.Storage.Sqlite;

/// <summary>Rollouts and what happened to them. Rows are only ever added; of the readings of the last hour each stays, of an hour before that the last one.</summary>
internal static class RolloutTable
{
    // Open as Rollout.IsOpen has it, so that a gateway that asks every second reads no history.
    private const string OnlyOpen = """
        WHERE (SELECT e.kind FROM rollout_event e WHERE e.rollout = r.id ORDER BY e.ordinal DESC LIMIT 1) NOT IN (7, 8)
          AND NOT (r.holdback = 0 AND EXISTS (SELECT 1 FROM rollout_event e WHERE e.rollout = r.id AND e.kind = 6))
        """;

    /// <summary>Adds a rollout with its first event, unless an open one covers a tag of it. One transaction: of two starts at once, one is refused.</summary>
    public static RolloutStart Start(Connection connection, long candidate, long @base, RolloutPlan plan, RolloutEvent started)
    {
        connection.Execute("BEGIN IMMEDIATE");
        try
        {
            if (List(connection, openOnly: true).FirstOrDefault(open => Overlap(open.Plan, plan)) is { } inTheWay)
            {
                connection.RollBack();
                return new RolloutStart(null, inTheWay);
            }
            var id = NextId(connection);
            Insert(connection, id, candidate, @base, plan);
            InsertEvent(connection, id, started);
            connection.Execute("COMMIT");
            return new RolloutStart(Find(connection, id), null);
        }
        catch
        {
            connection.RollBack();
            throw;
        }
    }

    /// <summary>Adds an event behind the last one, when its ordinal is the next and the rollout is open; false when it is not.</summary>
    public static bool Append(Connection connection, long id, RolloutEvent happened)
    {
        connection.Execute("BEGIN IMMEDIATE");
        try
        {
            var added = AppendWithin(connection, id, happened);
            connection.Execute("COMMIT");
            return added;
        }
        catch
        {
            connection.RollBack();
            throw;
        }
    }

    /// <summary>As <see cref="Append"/>, within the caller's transaction.</summary>
    public static bool AppendWithin(Connection connection, long id, RolloutEvent happened)
    {
        if (Find(connection, id) is not { IsOpen: true } rollout || rollout.Events.Length != happened.Ordinal) return false;
        InsertEvent(connection, id, happened);
        return true;
    }

    /// <summary>Rollouts in order of their numbers.</summary>
    public static List<Rollout> List(Connection connection, bool openOnly)
    {
        using var rows = new Statement(connection, $"SELECT r.id, r.candidate, r.base, r.plan FROM rollout r {(openOnly ? OnlyOpen : "")} ORDER BY r.id");
        var rollouts = new List<Rollout>();
        while (rows.Next()) rollouts.Add(Read(connection, rows));
        return rollouts;
    }

    /// <summary>One rollout; null when there is none of that number.</summary>
    public static Rollout? Find(Connection connection, long id)
    {
        using var row = new Statement(connection, "SELECT r.id, r.candidate, r.base, r.plan FROM rollout r WHERE r.id = ?");
        row.Bind(1, id);
        return row.Next() ? Read(connection, row) : null;
    }

    /// <summary>Stores what the guards said; an earlier one of the same minute gives way, and one of an hour ago to the last of its hour.</summary>
    public static void Record(Connection connection, RolloutReading reading)
    {
        var minute = reading.At.ToUnixTimeSeconds() / 60;
        using (var row = new Statement(connection, "INSERT OR REPLACE INTO rollout_reading (rollout, minute, at_us, stage, verdict) VALUES (?, ?, ?, ?, ?)"))
        {
            row.Bind(1, reading.Rollout);
            row.Bind(2, minute);
            row.Bind(3, UnixMicros.From(reading.At));
            row.Bind(4, reading.Stage);
            row.Bind(5, reading.Verdict);
            row.Run();
        }
        using var older = new Statement(connection, """
            DELETE FROM rollout_reading WHERE rollout = ?1 AND minute < ?2
                AND EXISTS (SELECT 1 FROM rollout_reading AS later WHERE later.rollout = ?1 AND later.minute > rollout_reading.minute AND later.minute < (rollout_reading.minute / 60 + 1) * 60)
            """);
        older.Bind(1, reading.Rollout);
        older.Bind(2, minute - 60);
        older.Run();
    }

    /// <summary>The readings of a rollout, the newest first.</summary>
    public static List<RolloutReading> Readings(Connection connection, long id, int most)
    {
        using var rows = new Statement(connection, "SELECT at_us, stage, verdict FROM rollout_reading WHERE rollout = ? ORDER BY minute DESC LIMIT ?");
        rows.Bind(1, id);
        rows.Bind(2, most);
        var readings = new List<RolloutReading>();
        while (rows.Next()) readings.Add(new RolloutReading(id, UnixMicros.ToInstant(rows.Integer(0)), (int)rows.Integer(1), rows.Text(2)));
        return readings;
    }

    private static bool Overlap(RolloutPlan one, RolloutPlan other) =>
        one.Tags.IsEmpty || other.Tags.IsEmpty || one.Tags.Any(tag => other.Tags.Contains(tag, StringComparer.Ordinal));

    private static long NextId(Connection connection)
    {
        using var row = new Statement(connection, "SELECT coalesce(max(id), 0) + 1 FROM rollout");
        row.Next();
        return row.Integer(0);
    }

    private static void Insert(Connection connection, long id, long candidate, long @base, RolloutPlan plan)
    {
        using var row = new Statement(connection, "INSERT INTO rollout (id, candidate, base, holdback, plan) VALUES (?, ?, ?, ?, ?)");
        row.Bind(1, id);
        row.Bind(2, candidate);
        row.Bind(3, @base);
        row.Bind(4, plan.Holdback);
        row.Bind(5, RolloutPlanJson.Write(plan));
        row.Run();
    }

    private static void InsertEvent(Connection connection, long id, RolloutEvent happened)
    {
        using var row = new Statement(connection,
            "INSERT INTO rollout_event (rollout, ordinal, at_us, kind, stage, by_whom, why, numbers) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
        row.Bind(1, id);
        row.Bind(2, happened.Ordinal);
        row.Bind(3, UnixMicros.From(happened.At));
        row.Bind(4, (long)happened.Kind);
        row.Bind(5, happened.Stage);
        row.Bind(6, happened.By);
        row.Bind(7, happened.Why);
        row.Bind(8, happened.Numbers);
        row.Run();
    }

    private static Rollout Read(Connection connection, Statement row) => new()
    {
        Id = row.Integer(0), Candidate = row.Integer(1), Base = row.Integer(2), Plan = RolloutPlanJson.Read(row.Text(3)), Events = Events(connection, row.Integer(0)),
    };

    private static ImmutableArray<RolloutEvent> Events(Connection connection, long id)
    {
        using var rows = new Statement(connection, "SELECT ordinal, at_us, kind, stage, by_whom, why, numbers FROM rollout_event WHERE rollout = ? ORDER BY ordinal");
        rows.Bind(1, id);
        var events = ImmutableArray.CreateBuilder<RolloutEvent>();
        while (rows.Next())
        {
            events.Add(new RolloutEvent
            {
                Ordinal = (int)rows.Integer(0), At = UnixMicros.ToInstant(rows.Integer(1)), Kind = (RolloutEventKind)rows.Integer(2),
                Stage = (int)rows.Integer(3), By = rows.Text(4), Why = rows.Text(5), Numbers = rows.TextOrNull(6),
            });
        }
        return events.ToImmutable();
    }
}
