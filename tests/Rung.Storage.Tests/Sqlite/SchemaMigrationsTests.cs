using Rung.Storage.Sqlite;

namespace Rung.Storage.Tests.Sqlite;

public sealed class SchemaMigrationsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FixedClock _clock = FixedClock.AtNoon();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Migrations_are_numbered_from_one_without_gaps() =>
        Assert.Equal(Enumerable.Range(1, SchemaMigrations.All.Count), SchemaMigrations.All.Select(migration => migration.Number));

    [Fact]
    public async Task Opening_again_runs_nothing_twice()
    {
        await Ledger.Open(_directory.Path, _clock).DisposeAsync();
        await Ledger.Open(_directory.Path, _clock).DisposeAsync();
        Assert.Equal((long)SchemaMigrations.All.Count, LedgerTests.Scalar(_directory[Ledger.FileName], "SELECT count(*) FROM schema_migration"));
    }

    [Fact]
    public async Task A_newer_schema_is_refused_and_left_alone()
    {
        await Ledger.Open(_directory.Path, _clock).DisposeAsync();
        LedgerTests.Scalar(_directory[Ledger.FileName], "INSERT INTO schema_migration VALUES (9999, '9999_future', 0)");

        var writing = Assert.Throws<LedgerException>(() => Ledger.Open(_directory.Path, _clock));
        var reading = Assert.Throws<LedgerException>(() => Ledger.OpenReadOnly(_directory.Path, _clock));

        Assert.Contains("schema 9999", writing.Problem);
        Assert.Contains("newer version of Rung", writing.Fix);
        Assert.Equal(writing.Message, reading.Message);
    }

    [Fact]
    public void A_migration_that_fails_is_taken_back_whole_and_stops_the_start()
    {
        using var connection = Connection.OpenWriter(_directory["x.db"]);
        Migration[] migrations = [.. SchemaMigrations.All, new Migration(SchemaMigrations.All.Count + 1, "9999_broken", "CREATE TABLE half (a); CREATE TABLE call (b);")];

        var failure = Assert.Throws<LedgerException>(() => SchemaMigrations.Apply(connection, migrations, _clock));

        Assert.Contains("9999_broken", failure.Problem);
        Assert.Equal(0L, LedgerTests.Scalar(_directory["x.db"], "SELECT count(*) FROM sqlite_schema WHERE name = 'half'"));
        Assert.Equal((long)SchemaMigrations.All.Count, LedgerTests.Scalar(_directory["x.db"], "SELECT max(number) FROM schema_migration"));
    }

    [Fact]
    public void An_older_schema_cannot_be_read_before_it_is_brought_up_to_date()
    {
        using var connection = Connection.OpenWriter(_directory["x.db"]);
        SchemaMigrations.Apply(connection, SchemaMigrations.All, _clock);
        Migration[] later = [.. SchemaMigrations.All, new Migration(SchemaMigrations.All.Count + 1, "9999_later", "SELECT 1")];
        Assert.Contains("older version", Assert.Throws<LedgerException>(() => SchemaMigrations.RequireCurrent(connection, later)).Problem);
    }

    [Fact]
    public async Task A_ledger_of_the_first_schema_is_brought_up_to_date_and_keeps_its_verdicts()
    {
        using (var connection = Connection.OpenWriter(_directory[Ledger.FileName]))
        {
            SchemaMigrations.Apply(connection, [SchemaMigrations.All[0]], _clock);
            connection.Execute("""
                INSERT INTO call VALUES ('00', 1, 't', 1, NULL, NULL, NULL, 't', NULL, 1, 'h', 0, 2, 200, 5, NULL, 'small', 'm', 7, 0, NULL, NULL, NULL);
                INSERT INTO attempt VALUES ('00', 0, 1, 'm', 'p', 'small', 1.0, 1, 2, 200, 5, NULL, 1, 0, 0, 0, 0, 2, 0, 0, 1, 0, NULL, 7, NULL, NULL, NULL);
                INSERT INTO verdict VALUES ('00', 0, 'check', 0, 1.0, 'json', 1.0, NULL), ('00', 0, 'check', 1, 0.0, 'regex', 1.0, 'no match');
                """);
        }

        await using var ledger = Ledger.Open(_directory.Path, _clock);
        var call = await ledger.FindCallAsync("00", CancellationToken.None);

        var attempt = Assert.Single(call!.Attempts);
        Assert.Equal([true, false], attempt.Checks.Select(check => check.Passed));
        Assert.All(attempt.Checks, check => Assert.Null(check.Score));
        Assert.Equal((null, null), (attempt.SavedTokens, attempt.SavedMicros));
    }
}
