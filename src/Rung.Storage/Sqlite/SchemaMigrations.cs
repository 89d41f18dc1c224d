using System.Globalization;
using System.Reflection;

namespace Rung.Storage.Sqlite;

/// <summary>Brings the schema up to date: numbered files, forward only, one transaction each. A failure stops start-up.</summary>
internal static class SchemaMigrations
{
    private const string ResourcePrefix = "Rung.Storage.Migrations.";

    /// <summary>The migrations of the ledger, in order.</summary>
    public static IReadOnlyList<Migration> All { get; } = ReadAll(typeof(SchemaMigrations).Assembly, ResourcePrefix + "Sqlite.");

    /// <summary>The migrations of the store of content, in order.</summary>
    public static IReadOnlyList<Migration> OfContent { get; } = ReadAll(typeof(SchemaMigrations).Assembly, ResourcePrefix + "Content.");

    /// <summary>Runs what has not run yet.</summary>
    /// <exception cref="LedgerException">The schema is newer than this program, or a migration failed.</exception>
    public static void Apply(Connection connection, IReadOnlyList<Migration> migrations, TimeProvider clock)
    {
        connection.Execute("""
            CREATE TABLE IF NOT EXISTS schema_migration (
                number        INTEGER NOT NULL PRIMARY KEY,
                name          TEXT    NOT NULL,
                applied_at_us INTEGER NOT NULL
            )
            """);
        RefuseNewer(connection, migrations);
        foreach (var migration in migrations) Apply(connection, migration, clock);
    }

    /// <summary>For a reader, which may change nothing: the schema must be this program's.</summary>
    /// <exception cref="LedgerException">The schema is newer or older than this program.</exception>
    public static void RequireCurrent(Connection connection, IReadOnlyList<Migration> migrations)
    {
        RefuseNewer(connection, migrations);
        if (NewestApplied(connection) < migrations[^1].Number)
        {
            throw new LedgerException(connection.Path, "the ledger was made by an older version of Rung.",
                "Start `rung serve` of this version on it once: that brings it up to date.");
        }
    }

    private static void RefuseNewer(Connection connection, IReadOnlyList<Migration> migrations)
    {
        var newest = NewestApplied(connection);
        if (newest <= migrations[^1].Number) return;
        throw new LedgerException(connection.Path,
            $"the ledger has schema {newest}, but this version of Rung knows only schemas up to {migrations[^1].Number}.",
            "Use the newer version of Rung that made it, or name another data directory with --data.");
    }

    private static void Apply(Connection connection, Migration migration, TimeProvider clock)
    {
        // Immediate: of two processes that start at once, the second waits here and then sees that the work is done.
        connection.Execute("BEGIN IMMEDIATE");
        try
        {
            if (NewestApplied(connection) < migration.Number)
            {
                connection.Execute(migration.Sql);
                using var record = new Statement(connection, "INSERT INTO schema_migration VALUES (?, ?, ?)");
                record.Bind(1, migration.Number);
                record.Bind(2, migration.Name);
                record.Bind(3, UnixMicros.From(clock.GetUtcNow()));
                record.Run();
            }
            connection.Execute("COMMIT");
        }
        catch (LedgerException e)
        {
            connection.RollBack();
            throw new LedgerException(connection.Path, $"migration {migration.Name} failed and was taken back: {e.Problem}", e.Fix, e);
        }
    }

    private static long NewestApplied(Connection connection)
    {
        if (!HasTable(connection)) return 0;
        using var newest = new Statement(connection, "SELECT max(number) FROM schema_migration");
        newest.Next();
        return newest.Integer(0); // NULL, for no row, reads as 0.
    }

    private static bool HasTable(Connection connection)
    {
        using var table = new Statement(connection, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migration'");
        return table.Next();
    }

    private static List<Migration> ReadAll(Assembly assembly, string prefix)
    {
        var migrations = new List<Migration>();
        foreach (var resource in assembly.GetManifestResourceNames())
        {
            if (!resource.StartsWith(prefix, StringComparison.Ordinal)) continue;
            var name = resource[prefix.Length..^".sql".Length];
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            migrations.Add(new Migration(int.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture), name, reader.ReadToEnd()));
        }
        migrations.Sort((a, b) => a.Number.CompareTo(b.Number));
        return migrations;
    }
}

/// <summary>One step of the schema.</summary>
/// <param name="Number">From 1, without gaps; the same in every engine.</param>
/// <param name="Name">Name of the file without its ending: <c>0001_ledger</c>.</param>
/// <param name="Sql">Its statements.</param>
internal sealed record Migration(int Number, string Name, string Sql);
