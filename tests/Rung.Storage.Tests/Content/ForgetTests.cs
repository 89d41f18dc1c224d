using Rung.Core.Spans;
using Rung.Storage.Content;
using Rung.Storage.Imports;
using Rung.Storage.Tests.Imports;

namespace Rung.Storage.Tests.Content;

public sealed class ForgetTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FixedClock _clock = new(AnyCapture.Noon.AddDays(1));

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_of_a_forgotten_user_is_left_in_any_file_while_another_process_has_them_open(bool encrypted)
    {
        var key = encrypted ? ContentKey.FromPassphrase("a key of these tests") : null;
        await using var serving = ContentStore.Open(_directory.Path, key, _clock); // Stands for the gateway: it has both files open.
        await using var servingLedger = Ledger.Open(_directory.Path, _clock);
        for (var i = 0; i < 120; i++)
        {
            var mine = i % 3 == 0;
            var (user, session) = mine ? ("user-of-mark", "session-of-mark") : ($"other-{i}", $"session-{i}");
            await serving.AppendCapturesAsync([AnyCapture.Of(i, user: user, session: session, text: (mine ? "MARK-mine " : "MARK-theirs ") + new string('x', 4000))], default);
            await servingLedger.AppendAsync([Call(i, user, session)], default);
        }
        var request = new ForgetRequest { User = "user-of-mark", Reason = "asked for by mail" };

        await using (var ledger = Ledger.Open(_directory.Path, _clock))
        await using (var content = ContentStore.Open(_directory.Path, key, _clock))
        {
            var calls = await ledger.FindForgottenAsync(request, default);
            Assert.Equal(40, calls.Count);
            Assert.Equal(40, (await content.ForgetAsync(request, calls, default)).Captures);
            Assert.Equal(40, await ledger.ForgetAsync(request, default));
            Assert.Equal(0, await ledger.ForgetAsync(request, default));
            await content.CompactAsync(default);
            await ledger.CompactAsync(default);
        }

        Assert.Empty(RawFiles.Containing(_directory.Path, "MARK-mine"));
        Assert.Empty(RawFiles.Containing(_directory.Path, "user-of-mark"));
        Assert.Empty(RawFiles.Containing(_directory.Path, "session-of-mark"));
        if (!encrypted) Assert.Equal([ContentStore.FileName], RawFiles.Containing(_directory.Path, "MARK-theirs"));

        // Both go on as if nothing had happened.
        Assert.Equal(1, await serving.AppendCapturesAsync([AnyCapture.Of(500)], default));
        await servingLedger.AppendAsync([Call(500, "other", "other")], default);
        AnyCapture.Same(AnyCapture.Of(500), await serving.FindCaptureAsync(AnyCapture.Id(500), default));
        var kept = await servingLedger.FindCallAsync(AnyCapture.Id(0), default);
        Assert.True(kept is { User: null, Session: null, CostNanoUsd: 42 });
    }

    [Fact]
    public async Task Everything_that_is_given_must_match()
    {
        await using var store = ContentStore.Open(_directory.Path, key: null, _clock);
        await store.AppendCapturesAsync([AnyCapture.Of(1, user: "u", tag: "a"), AnyCapture.Of(2, user: "u", tag: "b"), AnyCapture.Of(3, user: "w", tag: "a")], default);

        Assert.Equal(1, (await store.ForgetAsync(new ForgetRequest { User = "u", Tag = "a", Reason = "test" }, default)).Captures);
        Assert.Equal(1, (await store.ForgetAsync(new ForgetRequest { Before = AnyCapture.Noon.AddMinutes(3), Reason = "test" }, default)).Captures);
        Assert.NotNull(await store.FindCaptureAsync(AnyCapture.Id(3), default));
        Assert.Equal(1, (await store.ForgetAsync(new ForgetRequest { CallId = AnyCapture.Id(3), Reason = "test" }, default)).Captures);
    }

    [Fact]
    public async Task A_deletion_leaves_a_note_that_names_nobody()
    {
        await using var store = ContentStore.Open(_directory.Path, key: null, _clock);
        await store.AppendCapturesAsync([AnyCapture.Of(1, user: "user-of-mark")], default);
        await store.ForgetAsync(new ForgetRequest { User = "user-of-mark", Reason = "asked for by mail" }, default);

        var note = Assert.Single(await store.ListForgottenAsync(default));
        Assert.Equal(("asked for by mail", 1, _clock.Now), (note.Reason, note.Report.Captures, note.At));
        await Assert.ThrowsAsync<ArgumentException>(() => store.ForgetAsync(new ForgetRequest { User = "mia", Reason = "Mia asked" }, default));
        await Assert.ThrowsAsync<ArgumentException>(() => store.ForgetAsync(new ForgetRequest { Reason = "of nothing" }, default));
    }

    [Fact]
    public async Task Imported_calls_forget_too_and_stay_imported()
    {
        await using var ledger = Ledger.Open(_directory.Path, _clock);
        var call = AnyImport.Fixed(AnyImport.Tame, 1)[0];
        ImportedRecord[] log = [Imported(call, "session-of-mark:17", "session-of-mark"), Imported(call, "another", "other-session")];
        Assert.Equal(2, await ledger.AppendImportedAsync(log, default));

        Assert.Equal(1, await ledger.ForgetAsync(new ForgetRequest { Session = "session-of-mark", Reason = "test" }, default));
        await ledger.CompactAsync(default);

        Assert.Empty(RawFiles.Containing(_directory.Path, "session-of-mark"));
        var read = new List<ImportedRecord>();
        await foreach (var record in ledger.ReadImportedAsync(new ImportedQuery(), default)) read.Add(record);
        Assert.Equal(log.Select(record => record.Id).Order(StringComparer.Ordinal), read.Select(record => record.Id));
        Assert.Equal(0, await ledger.AppendImportedAsync(log, default));
    }

    private static ImportedRecord Imported(ImportedRecord like, string key, string session) => new()
    {
        Source = like.Source, Key = key, StartedAt = like.StartedAt, Granularity = 1, Requests = 1, Provider = "openai", Model = "m", Session = session,
        User = null, Run = session,
    };

    private static CallRecord Call(int number, string user, string session) => new()
    {
        Id = AnyCapture.Id(number), StartedAt = AnyCapture.Noon.AddMinutes(number), Route = "default", PolicyRevision = 1, PolicyHash = "hash",
        Status = CallStatus.Answered, User = user, Session = session, CostNanoUsd = 42,
    };
}
