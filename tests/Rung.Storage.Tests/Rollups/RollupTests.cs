using Microsoft.Data.Sqlite;
using Rung.Core.Spans;
using Rung.Storage.Content;
using Rung.Storage.Reports;
using Rung.Storage.Rollups;
using Rung.Storage.Sqlite;

namespace Rung.Storage.Tests.Rollups;

/// <summary>What roll-ups promise beside being right: nobody waits, nothing is hidden, names can be forgotten.</summary>
public sealed class RollupTests : IDisposable
{
    private static readonly DateTimeOffset Noon = FixedClock.AtNoon().Now;

    private readonly TemporaryDirectory _directory = new();
    private readonly FixedClock _clock = FixedClock.AtNoon();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_call_that_is_appended_again_adds_nothing()
    {
        await using var ledger = Ledger.Open(_directory.Path, _clock);
        await ledger.AppendAsync([Call(1), Call(2)], CancellationToken.None);
        await ledger.RollUpAsync(10, CancellationToken.None);
        await ledger.AppendAsync([Call(1), Call(2), Call(3)], CancellationToken.None);

        Assert.Equal(1, (await ledger.RollUpAsync(10, CancellationToken.None)).Done);
        Assert.Equal((3, 3_000), await TotalsAsync(ledger));
    }

    [Fact]
    public async Task A_reading_waits_for_nobody_who_writes()
    {
        await using var ledger = Ledger.Open(_directory.Path, _clock);
        await ledger.AppendAsync([Call(1)], CancellationToken.None);
        using var other = Open();
        Execute(other, "BEGIN IMMEDIATE; UPDATE rollup_state SET minutes_from = minutes_from");

        Assert.Equal((1, 1_000), await TotalsAsync(ledger));
        Execute(other, "ROLLBACK");
    }

    [Fact]
    public async Task An_older_ledger_is_rolled_up_from_its_newest_call_and_says_how_far()
    {
        var calls = Enumerable.Range(1, 30).Select(Call).ToArray();
        await using (var source = Ledger.Open(_directory["source"], _clock)) await source.AppendAsync(calls, CancellationToken.None);
        using (var old = Connection.OpenWriter(_directory[Ledger.FileName]))
        {
            SchemaMigrations.Apply(old, [.. SchemaMigrations.All.Take(6)], _clock);
            old.Execute($"ATTACH '{Path.Combine(_directory["source"], Ledger.FileName)}' AS source");
            old.Execute("INSERT INTO call SELECT * FROM source.call");
            old.Execute("INSERT INTO attempt SELECT * FROM source.attempt");
        }

        await using var ledger = Ledger.Open(_directory.Path, _clock);
        Assert.Equal(Noon.AddMinutes(-1).AddMilliseconds(1), (await ReadAsync(ledger)).MissingBefore);
        await ledger.AppendAsync([Call(0)], CancellationToken.None);
        Assert.Equal(1, (await TotalsAsync(ledger)).Calls);

        Assert.Equal(12, (await ledger.RollUpAsync(12, CancellationToken.None)).Done);
        // A call from before that comes late is met on the way, and not twice.
        await ledger.AppendAsync([Call(40)], CancellationToken.None);
        var half = await ReadAsync(ledger);
        Assert.Equal(12, half.Spend.Sum(row => row.Sums.Calls));
        Assert.NotNull(half.MissingBefore);

        while (!(await ledger.RollUpAsync(5, CancellationToken.None)).IsComplete)
        {
        }
        Assert.Equal((32, 32_000), await TotalsAsync(ledger));
        Assert.Null((await ReadAsync(ledger)).MissingBefore);
    }

    [Fact]
    public async Task What_is_too_much_to_add_up_while_reading_is_counted()
    {
        await using var ledger = Ledger.Open(_directory.Path, _clock);
        for (var i = 0; i < 20; i++) await ledger.AppendAsync([.. Enumerable.Range(i * 256, 256).Select(number => Call(number % 600, number))], CancellationToken.None);

        var reading = await ReadAsync(ledger);

        Assert.Equal(4096, reading.Spend.Sum(row => row.Sums.Calls));
        Assert.Equal(1024, reading.Pending);
        while (!(await ledger.RollUpAsync(3_000, CancellationToken.None)).IsComplete)
        {
        }
        Assert.Equal((5120, 5_120_000), await TotalsAsync(ledger));
    }

    [Fact]
    public async Task Minutes_are_kept_for_two_days_and_a_part_of_an_older_hour_is_still_exact()
    {
        await using var ledger = Ledger.Open(_directory.Path, _clock);
        await ledger.AppendAsync([.. Enumerable.Range(1, 200).Select(Call)], CancellationToken.None);
        await ledger.RollUpAsync(1_000, CancellationToken.None);
        Assert.True(Count("rollup_spend WHERE grain = 1") > 0);

        _clock.Now += TimeSpan.FromHours(60);
        await ledger.AppendAsync([Call(-3_000)], CancellationToken.None);
        await ledger.RollUpAsync(1_000, CancellationToken.None);

        Assert.Equal(1, Count("rollup_spend WHERE grain = 1"));
        var window = new RollupQuery { From = Noon.AddMinutes(-130), To = Noon.AddMinutes(-20) };
        var report = await ledger.ReportAsync(new ReportQuery { Since = window.From, Until = window.To }, CancellationToken.None);
        var reading = await ledger.ReadRollupAsync(window, CancellationToken.None);
        Assert.Equal((110, report.Totals.CostNanoUsd), (reading.Spend.Sum(row => row.Sums.Calls), reading.Spend.Sum(row => row.Sums.CostNanoUsd)));
        Assert.Equal(110, reading.Tags.Sum(row => row.Sums.Calls));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_forgotten_session_is_named_nowhere_and_its_sums_stay(bool whole)
    {
        await using var ledger = Ledger.Open(_directory.Path, _clock);
        await ledger.AppendAsync([Call(1, 1, "secret-session"), Call(2, 2, "secret-session"), Call(3, 3, "other")], CancellationToken.None);
        await ledger.RollUpAsync(2, CancellationToken.None);
        var before = (await ReadAsync(ledger)).Tags.Single().Sums.Read();

        var request = whole ? new ForgetRequest { Session = "secret-session", Reason = "asked" } : new ForgetRequest { User = "u", Tag = "a", Reason = "asked" };
        await ledger.ForgetAsync(request, CancellationToken.None);
        await ledger.CompactAsync(CancellationToken.None);

        Assert.Empty(RawFiles.Containing(_directory.Path, "secret-session"));
        RollupTruth.Same(before, (await ReadAsync(ledger)).Tags.Single().Sums.Read());
        Assert.Equal(whole ? 1 : 0, Count("rollup_unit"));
    }

    [Fact]
    public async Task Windows_are_whole_minutes_and_not_empty()
    {
        await using var ledger = Ledger.Open(_directory.Path, _clock);
        await Assert.ThrowsAsync<ArgumentException>(() => ledger.ReadRollupAsync(new RollupQuery { From = Noon, To = Noon }, CancellationToken.None));
        await Assert.ThrowsAsync<ArgumentException>(() => ledger.ReadRollupAsync(new RollupQuery { From = Noon.AddSeconds(-1), To = Noon }, CancellationToken.None));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => ledger.RollUpAsync(0, CancellationToken.None));
    }

    private static CallRecord Call(int minutesBack) => Call(minutesBack, 100_000 + minutesBack);

    private static CallRecord Call(int minutesBack, int number, string? session = null) => new()
    {
        Id = AnyCall.IdOf(Noon.AddMinutes(-minutesBack), new Guid(7, 1, 2, 3, 4, 5, (byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number, 9)), StartedAt = Noon.AddMinutes(-minutesBack), Tag = "a",
        Route = "a", Session = session, User = session is null ? null : "u", PolicyRevision = 1, PolicyHash = "hash", Status = CallStatus.Answered, LatencyMicros = 1_000, Tier = "small", Model = "m", CostNanoUsd = 1_000,
        Attempts =
        {
            new AttemptRecord
            {
                Ordinal = 0, Kind = AttemptKind.First, Model = "m", Provider = "p", Tier = "small", Propensity = 1, StartedAt = Noon.AddMinutes(-minutesBack), Outcome = AttemptOutcome.Completed,
                Usage = new TokenUsage { Input = 10, Output = 5 }, CostNanoUsd = 1_000,
            },
        },
    };

    private static Task<RollupReading> ReadAsync(Ledger ledger) => ledger.ReadRollupAsync(new RollupQuery { From = Noon.AddDays(-30), To = Noon.AddDays(30) }, CancellationToken.None);

    private static async Task<(long Calls, long Cost)> TotalsAsync(Ledger ledger)
    {
        var reading = await ReadAsync(ledger);
        return (reading.Spend.Sum(row => row.Sums.Calls), reading.Spend.Sum(row => row.Sums.CostNanoUsd));
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={_directory[Ledger.FileName]};Pooling=False");
        connection.Open();
        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private long Count(string from)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM {from}";
        return (long)command.ExecuteScalar()!;
    }
}
