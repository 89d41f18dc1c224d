using System.IO.Compression;
using System.Text;
using Rung.Control.Audit.Running;
using Rung.Core.Prices;
using Rung.Storage;
using Rung.Storage.Imports;

namespace Rung.Control.Tests.Audit.Running;

/// <summary>Audits of what people upload: one at a time, bounded, and nothing of the files stays.</summary>
public sealed class AuditDeskTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("rung-desk-").FullName;
    private readonly List<AuditDesk> desks = [];
    private readonly List<Exception> faults = [];
    private Ledger? ledger;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var desk in desks) await desk.DisposeAsync();
        if (ledger is not null) await ledger.DisposeAsync();
        Directory.Delete(folder, recursive: true);
        Assert.Empty(faults);
    }

    [Fact]
    public async Task An_upload_is_audited_named_as_it_came_and_gone_afterwards()
    {
        var desk = Desk();
        var job = desk.Open("ana")!;
        await job.AddFileAsync("../../etc/<script>.jsonl", Bytes(Log(40)), CancellationToken.None);
        await job.AddFileAsync("again.jsonl.gz", Bytes(Packed(Log(20, from: 100))), CancellationToken.None);
        var where = Folders();
        await desk.Start(job, new AuditWish());

        Assert.Equal((AuditStage.Done, 60L), (job.Moment.Stage, job.Outcome!.Report.Totals.Calls));
        Assert.Equal(["../../etc/<script>.jsonl", "again.jsonl.gz"], job.Outcome.Report.Frame.Import!.Files.Select(file => file.Path));
        Assert.True((job.Outcome.Proposal is null) != (job.Outcome.WhyNoProposal is null));
        Assert.Null(job.Outcome.Kept);
        Assert.NotEmpty(where);
        Assert.DoesNotContain(where, Directory.Exists);
        Assert.Empty(await ImportedAsync());
    }

    [Fact]
    public async Task Calls_are_kept_only_when_somebody_wishes_it_and_then_the_ledgers_own_audit_has_them()
    {
        var desk = Desk();
        Assert.Equal(0, (await desk.OfLedgerAsync(TimeSpan.FromSeconds(20), CancellationToken.None)).Outcome!.Report.Totals.Calls);
        var job = desk.Open("ana")!;
        await job.AddFileAsync("log.jsonl", Bytes(Log(40)), CancellationToken.None);
        await desk.Start(job, new AuditWish { Keep = true });

        Assert.Equal((40L, 0L), job.Outcome!.Kept);
        var known = await desk.OfLedgerAsync(TimeSpan.FromSeconds(20), CancellationToken.None);
        Assert.Equal((40L, job.Outcome.Report.Totals.CostNanoUsd), (known.Outcome!.Report.Totals.Calls, known.Outcome.Report.Totals.CostNanoUsd));
    }

    [Fact]
    public void A_second_audit_waits_until_the_first_is_over()
    {
        var desk = Desk();
        var job = desk.Open("ana")!;

        Assert.Null(desk.Open("ben"));
        Assert.Same(job, desk.Running);
        AuditDesk.Abandon(job, "The sender has gone.");
        Assert.Null(desk.Running);
        Assert.Equal((AuditStage.Failed, "The sender has gone."), (job.Moment.Stage, job.Moment.Words));
        Assert.NotNull(desk.Open("ben"));
    }

    [Fact]
    public async Task What_cannot_be_read_is_named_by_file_and_line()
    {
        var desk = Desk();
        var job = desk.Open("ana")!;
        await job.AddFileAsync("broken.jsonl", Bytes("{\"model\": \n"u8.ToArray()), CancellationToken.None);
        await desk.Start(job, new AuditWish());

        Assert.Equal(AuditStage.Failed, job.Moment.Stage);
        Assert.Contains(job.Faults, fault => fault.StartsWith("broken.jsonl", StringComparison.Ordinal));

        var half = desk.Open("ana")!;
        await half.AddFileAsync("half.jsonl", Bytes([.. Log(40), .. "no json at all\n"u8, .. Log(1, from: 900)]), CancellationToken.None);
        await desk.Start(half, new AuditWish());
        Assert.Equal(AuditStage.Done, half.Moment.Stage);
        Assert.Contains(half.Faults, fault => fault.StartsWith("half.jsonl, line 41:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Too_many_files_too_many_bytes_and_what_unpacks_to_too_much_are_refused()
    {
        var desk = Desk(new AuditLimits { MostFiles = 1, MostBytes = 150_000, MostUnpackedBytes = 1_000_000 });
        var large = desk.Open("ana")!;
        await Assert.ThrowsAsync<AuditUploadException>(() => large.AddFileAsync("large", Bytes(new byte[200_000]), CancellationToken.None));
        AuditDesk.Abandon(large, "too large");

        var bomb = desk.Open("ana")!;
        await bomb.AddFileAsync("bomb.gz", Bytes(Packed(Enumerable.Repeat((byte)' ', 5_000_000).ToArray())), CancellationToken.None);
        await Assert.ThrowsAsync<AuditUploadException>(() => bomb.AddFileAsync("another", Bytes([1]), CancellationToken.None));
        await desk.Start(bomb, new AuditWish());
        Assert.Equal(AuditStage.Failed, bomb.Moment.Stage);
        Assert.Contains(bomb.Faults, fault => fault.StartsWith("bomb.gz: It unpacks to more than 1 MB", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_audit_that_is_stopped_leaves_nothing()
    {
        var desk = Desk();
        var job = desk.Open("ana")!;
        await job.AddFileAsync("log.jsonl", Bytes(Log(40)), CancellationToken.None);
        job.Stop();
        await desk.Start(job, new AuditWish { Keep = true });

        Assert.Equal(AuditStage.Stopped, job.Moment.Stage);
        Assert.Null(job.Outcome);
        Assert.Empty(await ImportedAsync());
    }

    private AuditDesk Desk(AuditLimits? limits = null)
    {
        ledger ??= Ledger.Open(folder, TimeProvider.System);
        var desk = new AuditDesk(ledger, "here", () => new AuditPrices(PriceBook.Embedded, null), limits ?? new AuditLimits(), faults.Add, TimeProvider.System);
        desks.Add(desk);
        return desk;
    }

    private async Task<List<ImportedRecord>> ImportedAsync()
    {
        var found = new List<ImportedRecord>();
        await foreach (var record in ledger!.ReadImportedAsync(new ImportedQuery(), CancellationToken.None)) found.Add(record);
        return found;
    }

    // Folders of uploads that hold one of this test's files.
    private static List<string> Folders() =>
        [.. Directory.EnumerateDirectories(Path.GetTempPath(), "rung-audit-*").Where(found => Directory.EnumerateFiles(found, "again.jsonl.gz", SearchOption.AllDirectories).Any())];

    private static MemoryStream Bytes(byte[] bytes) => new(bytes);

    private static byte[] Packed(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(bytes);
        return packed.ToArray();
    }

    private static byte[] Log(int calls, int from = 0)
    {
        var log = new StringBuilder();
        for (var i = from; i < from + calls; i++)
        {
            log.Append(System.Globalization.CultureInfo.InvariantCulture, $$"""
                {"id":"chatcmpl-{{i}}","request_id":"req-{{i}}","call_type":"acompletion","custom_llm_provider":"openai","model":"gpt-5","startTime":"2026-11-01T10:{{i / 60 % 60:00}}:{{i % 60:00}}.000Z","endTime":"2026-11-01T10:{{i / 60 % 60:00}}:{{i % 60:00}}.900Z","prompt_tokens":900,"completion_tokens":5,"total_tokens":905,"spend":0.001,"metadata":{"tags":["classify"]},"request_tags":["classify"],"status":"success"}
                """).Append('\n');
        }
        return Encoding.UTF8.GetBytes(log.ToString());
    }
}
