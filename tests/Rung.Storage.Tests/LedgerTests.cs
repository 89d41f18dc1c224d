using FsCheck;
using FsCheck.Fluent;
using Microsoft.Data.Sqlite;
using Rung.Core.Spans;

namespace Rung.Storage.Tests;

public sealed class LedgerTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FixedClock _clock = FixedClock.AtNoon();

    public void Dispose() => _directory.Dispose();

    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithReplay(20261122, 1).WithMaxTest(60);

    [Fact]
    public async Task What_is_appended_is_found_again_equal()
    {
        await using var ledger = Ledger.Open(_directory.Path, _clock);
        Prop.ForAll(AnyCall.Wild.ToArbitrary(), call =>
        {
            ledger.AppendAsync([call], CancellationToken.None).GetAwaiter().GetResult();
            SameCall.Check(call, ledger.FindCallAsync(call.Id, CancellationToken.None).GetAwaiter().GetResult());
        }).Check(Fixed);
    }

    [Fact]
    public async Task Appending_twice_leaves_one_copy_and_the_order_of_batches_does_not_matter()
    {
        var calls = AnyCall.Fixed(AnyCall.Wild, 40);
        await using var forwards = Ledger.Open(_directory["forwards"], _clock);
        await using var backwards = Ledger.Open(_directory["backwards"], _clock);

        foreach (var batch in calls.Chunk(7)) await forwards.AppendAsync(batch, CancellationToken.None);
        foreach (var batch in calls.Reverse().Chunk(11)) await backwards.AppendAsync(batch, CancellationToken.None);
        await backwards.AppendAsync(calls, CancellationToken.None);

        var expected = calls.OrderBy(call => call.Id, StringComparer.Ordinal).Select(SameCall.Of).ToArray();
        Assert.Equal(expected, (await AllAsync(forwards)).Select(SameCall.Of));
        Assert.Equal(expected, (await AllAsync(backwards)).Select(SameCall.Of));
    }

    [Fact]
    public async Task A_call_that_is_there_already_is_left_as_it_is()
    {
        await using var ledger = Ledger.Open(_directory.Path, _clock);
        var first = Call(1, "first");
        await ledger.AppendAsync([first], CancellationToken.None);
        await ledger.AppendAsync([Call(1, "second"), Call(2, "other")], CancellationToken.None);

        SameCall.Check(first, await ledger.FindCallAsync(first.Id, CancellationToken.None));
        Assert.Equal(2, (await AllAsync(ledger)).Count);
    }

    [Fact]
    public async Task An_unknown_id_is_not_found()
    {
        await using var ledger = Ledger.Open(_directory.Path, _clock);
        Assert.Null(await ledger.FindCallAsync("nothing", CancellationToken.None));
    }

    [Fact]
    public async Task A_batch_that_fails_leaves_nothing_behind_and_the_next_one_is_written()
    {
        await using var ledger = Ledger.Open(_directory.Path, _clock);
        var broken = Call(2, "broken");
        broken.Attempts.Add(broken.Attempts[0]); // Two attempts of one ordinal.

        await Assert.ThrowsAsync<LedgerException>(() => ledger.AppendAsync([Call(1, "a"), broken], CancellationToken.None));
        Assert.Empty(await AllAsync(ledger));

        await ledger.AppendAsync([Call(1, "a"), Call(3, "c")], CancellationToken.None);
        Assert.Equal(["a", "c"], (await AllAsync(ledger)).Select(call => call.Tag));
    }

    [Fact]
    public async Task An_unknown_cost_is_null_in_the_table_and_never_zero()
    {
        await using var ledger = Ledger.Open(_directory.Path, _clock);
        var call = Call(1, "a");
        call.Attempts[0].CostNanoUsd = null;
        await ledger.AppendAsync([call], CancellationToken.None);
        Assert.Equal(1L, Scalar(_directory[Ledger.FileName], "SELECT count(*) FROM attempt WHERE cost_nano_usd IS NULL"));
    }

    [Fact]
    public async Task A_check_becomes_a_verdict_of_its_own()
    {
        await using var ledger = Ledger.Open(_directory.Path, _clock);
        var call = Call(1, "a");
        call.Attempts[0].Checks = [new CheckVerdict("json", Passed: true, null), new CheckVerdict("schema", Passed: false, "no label")];
        await ledger.AppendAsync([call], CancellationToken.None);
        Assert.Equal("json 1.0 1.0|schema 0.0 1.0", Scalar(_directory[Ledger.FileName],
            "SELECT group_concat(judged_by || ' ' || score || ' ' || weight, '|') FROM (SELECT * FROM verdict WHERE kind = 'check' ORDER BY position)"));
    }

    [Fact]
    public async Task Reading_filters_by_time_and_tag_and_stops_at_the_limit()
    {
        await using var ledger = Ledger.Open(_directory.Path, _clock);
        await ledger.AppendAsync(Enumerable.Range(0, 1000).Select(minute => Call(minute, minute % 2 == 0 ? "even" : "odd")).ToArray(), CancellationToken.None);
        var query = new CallQuery { Since = _clock.Now.AddMinutes(100), Until = _clock.Now.AddMinutes(900), Tag = "even", Limit = 300 };

        var oldest = await AllAsync(ledger, query);
        var newest = await AllAsync(ledger, query with { NewestFirst = true });

        Assert.Equal(Enumerable.Range(50, 300).Select(half => _clock.Now.AddMinutes(half * 2)), oldest.Select(call => call.StartedAt));
        Assert.Equal(Enumerable.Range(150, 300).Select(half => _clock.Now.AddMinutes(half * 2)).Reverse(), newest.Select(call => call.StartedAt));
    }

    [Fact]
    public async Task A_reader_sees_what_a_writer_has_committed_while_it_is_still_open()
    {
        await using var writer = Ledger.Open(_directory.Path, _clock);
        await writer.AppendAsync([Call(1, "a")], CancellationToken.None);
        await using var reader = Ledger.OpenReadOnly(_directory.Path, _clock);
        await writer.AppendAsync([Call(2, "b")], CancellationToken.None);

        Assert.Equal(["a", "b"], (await AllAsync(reader)).Select(call => call.Tag));
        await Assert.ThrowsAsync<InvalidOperationException>(() => reader.AppendAsync([Call(3, "c")], CancellationToken.None));
    }

    [Fact]
    public async Task A_copy_of_the_files_taken_in_the_middle_holds_every_committed_batch_whole()
    {
        await using var ledger = Ledger.Open(_directory["live"], _clock);
        for (var batch = 0; batch < 20; batch++)
        {
            await ledger.AppendAsync(Enumerable.Range(batch * 50, 50).Select(minute => Call(minute, "a")).ToArray(), CancellationToken.None);
            if (batch % 7 != 3) continue;

            var copy = _directory[$"copy-{batch}"];
            Directory.CreateDirectory(copy);
            foreach (var file in new[] { "rung.db", "rung.db-wal" }) // What a kill leaves: no close, no checkpoint.
            {
                File.Copy(Path.Combine(_directory["live"], file), Path.Combine(copy, file));
            }
            await using var after = Ledger.Open(copy, _clock);
            Assert.Equal((batch + 1) * 50, (await AllAsync(after)).Count);
            Assert.Equal("ok", Scalar(Path.Combine(copy, "rung.db"), "PRAGMA integrity_check"));
        }
    }

    [Fact]
    public async Task A_log_cut_off_in_the_middle_of_a_batch_loses_that_batch_and_no_other()
    {
        await using var ledger = Ledger.Open(_directory["live"], _clock);
        await ledger.AppendAsync(Enumerable.Range(0, 500).Select(minute => Call(minute, "a")).ToArray(), CancellationToken.None);
        var committed = new FileInfo(Path.Combine(_directory["live"], "rung.db-wal")).Length;
        await ledger.AppendAsync(Enumerable.Range(500, 500).Select(minute => Call(minute, "a")).ToArray(), CancellationToken.None);

        Directory.CreateDirectory(_directory["copy"]);
        File.Copy(Path.Combine(_directory["live"], "rung.db"), Path.Combine(_directory["copy"], "rung.db"));
        var log = await File.ReadAllBytesAsync(Path.Combine(_directory["live"], "rung.db-wal"));
        await File.WriteAllBytesAsync(Path.Combine(_directory["copy"], "rung.db-wal"), log[..(int)(committed + ((log.Length - committed) / 2))]);

        await using var after = Ledger.Open(_directory["copy"], _clock);
        Assert.Equal(500, (await AllAsync(after)).Count);
        Assert.Equal("ok", Scalar(Path.Combine(_directory["copy"], "rung.db"), "PRAGMA integrity_check"));
    }

    [Fact]
    public async Task Appending_allocates_next_to_nothing_per_call()
    {
        await using var ledger = Ledger.Open(_directory.Path, _clock);
        var batches = Enumerable.Range(0, 4000).Select(minute => Call(minute, "tag-" + (minute % 5))).Chunk(2000).ToArray();
        await ledger.AppendAsync(batches[0], CancellationToken.None);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var append = ledger.AppendAsync(batches[1], CancellationToken.None);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(append.IsCompletedSuccessfully);
        Assert.True(allocated < 2000 * 4, $"{allocated} bytes for 2000 calls");
    }

    [Fact]
    public async Task A_new_directory_and_its_file_are_private_to_their_user()
    {
        if (OperatingSystem.IsWindows()) return;
        await using var ledger = Ledger.Open(_directory["new"], _clock);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_directory["new"]));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_directory["new"], "rung.db")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_directory["new"], "rung.db-wal")));
    }

    [Fact]
    public void A_directory_that_cannot_be_made_is_named_with_the_fix()
    {
        File.WriteAllText(_directory["file"], "");
        var failure = Assert.Throws<LedgerException>(() => Ledger.Open(_directory["file"], _clock));
        Assert.Equal(_directory["file"], failure.Path);
        Assert.Contains("--data", failure.Fix);
    }

    [Fact]
    public void A_file_that_is_no_ledger_is_named_with_the_fix()
    {
        File.WriteAllText(_directory[Ledger.FileName], new string('x', 5000));
        var failure = Assert.Throws<LedgerException>(() => Ledger.Open(_directory.Path, _clock));
        Assert.Equal(_directory[Ledger.FileName], failure.Path);
        Assert.Contains("no intact ledger", failure.Problem);
    }

    [Fact]
    public void A_missing_ledger_cannot_be_opened_for_reading()
    {
        Assert.Contains("no such data directory", Assert.Throws<LedgerException>(() => Ledger.OpenReadOnly(_directory["none"], _clock)).Problem);
        Assert.Contains("no ledger", Assert.Throws<LedgerException>(() => Ledger.OpenReadOnly(_directory.Path, _clock)).Problem);
        Assert.False(Directory.Exists(_directory["none"]));
    }

    private static async Task<List<CallRecord>> AllAsync(Ledger ledger, CallQuery? query = null)
    {
        var calls = new List<CallRecord>();
        await foreach (var call in ledger.ReadAsync(query ?? new CallQuery(), CancellationToken.None)) calls.Add(call);
        return calls;
    }

    internal static object? Scalar(string path, string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    [Fact]
    public async Task A_file_that_is_gone_or_another_one_takes_nothing_and_the_same_file_goes_on_when_it_is_back()
    {
        await using var ledger = Ledger.Open(_directory.Path, _clock);
        await ledger.AppendAsync([Call(1, "before")], CancellationToken.None);
        ledger.RequireInPlace();
        var (file, away) = (_directory[Ledger.FileName], _directory["away.db"]);

        File.Move(file, away);
        var gone = await Assert.ThrowsAsync<LedgerException>(() => ledger.AppendAsync([Call(2, "lost")], CancellationToken.None));
        Assert.Equal((file, true), (gone.Path, gone.Problem.Contains("moved or deleted while it was open", StringComparison.Ordinal)));
        Assert.Contains("Put it back", gone.Fix, StringComparison.Ordinal);
        Assert.Throws<LedgerException>(ledger.RequireInPlace);
        await Assert.ThrowsAsync<LedgerException>(() => ledger.TryHoldLeaseAsync("control", "one", _clock.Now.AddMinutes(1), CancellationToken.None));
        await Assert.ThrowsAsync<LedgerException>(() => ledger.RollUpAsync(100, CancellationToken.None));

        File.Copy(away, file);
        var other = await Assert.ThrowsAsync<LedgerException>(() => ledger.AppendAsync([Call(2, "lost")], CancellationToken.None));
        Assert.Contains("another file than the one that was opened", other.Problem, StringComparison.Ordinal);
        Assert.Contains("Restart Rung", other.Fix, StringComparison.Ordinal);

        File.Move(away, file, overwrite: true);
        await ledger.AppendAsync([Call(2, "after")], CancellationToken.None);
        Assert.Equal(["before", "after"], (await AllAsync(ledger)).Select(call => call.Tag));
    }

    private CallRecord Call(int minute, string tag)
    {
        var startedAt = _clock.Now.AddMinutes(minute);
        return new CallRecord
        {
            Id = AnyCall.IdOf(startedAt, new Guid(minute, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0])), StartedAt = startedAt, Tag = tag, Route = tag, PolicyRevision = 1,
            PolicyHash = "hash", Status = CallStatus.Answered,
            Attempts =
            {
                new AttemptRecord { Ordinal = 0, Kind = AttemptKind.First, Model = "m", Provider = "p", Tier = "t", Propensity = 1, StartedAt = startedAt, CostNanoUsd = 5 },
            },
        };
    }
}
