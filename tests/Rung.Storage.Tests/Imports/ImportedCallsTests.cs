using FsCheck;
using FsCheck.Fluent;
using Rung.Core.Spans;
using Rung.Storage.Imports;

namespace Rung.Storage.Tests.Imports;

public sealed class ImportedCallsTests : IDisposable
{
    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithReplay(20261122, 1).WithMaxTest(60);

    private readonly TemporaryDirectory _directory = new();
    private readonly FixedClock _clock = FixedClock.AtNoon();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task What_is_appended_is_read_again_equal()
    {
        await using var ledger = Ledger.Open(_directory.Path, _clock);
        var known = new Dictionary<string, string>();
        Prop.ForAll(AnyImport.Wild.ToArbitrary(), call =>
        {
            ledger.AppendImportedAsync([call], CancellationToken.None).GetAwaiter().GetResult();
            known.TryAdd(call.Id, AnyImport.Of(call));
        }).Check(Fixed);

        var read = await AllAsync(ledger);
        Assert.Equal(known.OrderBy(call => call.Key, StringComparer.Ordinal).Select(call => call.Value), read.Select(AnyImport.Of));
    }

    [Fact]
    public async Task Importing_the_same_calls_again_changes_nothing_and_the_order_of_batches_does_not_matter()
    {
        var calls = AnyImport.Fixed(AnyImport.Wild, 40);
        await using var forwards = Ledger.Open(_directory["forwards"], _clock);
        await using var backwards = Ledger.Open(_directory["backwards"], _clock);

        var news = 0;
        foreach (var batch in calls.Chunk(7)) news += await forwards.AppendImportedAsync(batch, CancellationToken.None);
        var again = await forwards.AppendImportedAsync(calls, CancellationToken.None);
        foreach (var batch in calls.Reverse().Chunk(11)) await backwards.AppendImportedAsync(batch, CancellationToken.None);

        Assert.Equal((calls.Length, 0), (news, again));
        var expected = calls.OrderBy(call => call.Id, StringComparer.Ordinal).Select(AnyImport.Of).ToArray();
        Assert.Equal(expected, (await AllAsync(forwards)).Select(AnyImport.Of));
        Assert.Equal(expected, (await AllAsync(backwards)).Select(AnyImport.Of));
    }

    [Fact]
    public void An_id_sorts_by_time_and_tells_sources_and_keys_apart()
    {
        var at = _clock.Now;
        Assert.Matches("^[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$", ImportedRecord.IdOf(at, "otlp", "k"));
        Assert.Equal(ImportedRecord.IdOf(at, "otlp", "k"), ImportedRecord.IdOf(at.AddMicroseconds(7), "otlp", "k"));
        Assert.True(string.CompareOrdinal(ImportedRecord.IdOf(at, "otlp", "k"), ImportedRecord.IdOf(at.AddMilliseconds(1), "otlp", "k")) < 0);
        string[] different = [ImportedRecord.IdOf(at, "otlp", "k"), ImportedRecord.IdOf(at, "otl", "pk"), ImportedRecord.IdOf(at, "otlpk", ""), ImportedRecord.IdOf(at, "otlp", "K")];
        Assert.Equal(different.Length, different.Distinct().Count());
        Assert.StartsWith("000000000000", ImportedRecord.IdOf(new DateTimeOffset(1955, 1, 1, 0, 0, 0, TimeSpan.Zero), "csv", "k"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_that_fails_leaves_nothing_behind_not_even_its_tools()
    {
        await using var ledger = Ledger.Open(_directory.Path, _clock);
        var broken = new ImportedRecord { Source = "otlp", Key = null!, StartedAt = _clock.Now, Granularity = 1, Requests = 1, Provider = "p", Model = "m" };

        await Assert.ThrowsAnyAsync<Exception>(() => ledger.AppendImportedAsync([Call(1, tools: ["read", "write"]), broken], CancellationToken.None));
        Assert.Empty(await AllAsync(ledger));
        Assert.Equal(0L, Scalar("SELECT count(*) FROM imported_tools"));

        Assert.Equal(1, await ledger.AppendImportedAsync([Call(1, tools: ["read", "write"])], CancellationToken.None));
        Assert.Equal("read write", string.Join(" ", Assert.Single(await AllAsync(ledger)).Tools));
    }

    [Fact]
    public async Task A_second_driver_reads_what_was_written()
    {
        await using var ledger = Ledger.Open(_directory.Path, _clock);
        await ledger.AppendImportedAsync([Call(1, tools: ["read", "größe"], cost: null), Call(2, tools: ["read", "größe"], cost: 0), Call(3)], CancellationToken.None);

        Assert.Equal(1L, Scalar("SELECT count(*) FROM imported_tools"));
        Assert.Equal("größe", Scalar("SELECT json_extract(names, '$[1]') FROM imported_tools"));
        Assert.Equal(1L, Scalar("SELECT count(*) FROM imported_call WHERE cost_nano_usd IS NULL"));
        Assert.Equal("0:answer quality:0.5:1", Scalar("SELECT position || ':' || name || ':' || score || ':' || by_person FROM imported_verdict WHERE call_id = (SELECT min(id) FROM imported_call)"));
        Assert.Equal(-1L, Scalar("SELECT tool_set FROM imported_call LIMIT 1"));
        Assert.Equal("0100000000000000FFFFFFFFFFFFFFFF", Scalar("SELECT hex(template) FROM imported_call LIMIT 1"));
        Assert.Equal(0L, Scalar("SELECT count(*) FROM call"));
        Assert.Equal("ok", Scalar("PRAGMA integrity_check"));
    }

    [Fact]
    public async Task Reading_filters_by_time_source_and_tag_over_many_pages()
    {
        await using var ledger = Ledger.Open(_directory.Path, _clock);
        await ledger.AppendImportedAsync(
            [.. Enumerable.Range(0, 9000).Select(minute => Call(minute, source: minute % 3 == 0 ? "otlp" : "litellm", tag: minute % 2 == 0 ? "even" : null, siteTag: minute % 4 == 0 ? "renamed" : null))],
            CancellationToken.None);

        Assert.Equal(9000, (await AllAsync(ledger)).Count);
        var window = await AllAsync(ledger, new ImportedQuery { Since = _clock.Now.AddMinutes(100), Until = _clock.Now.AddMinutes(8900), Source = "otlp", Tag = "even" });
        Assert.Equal(Enumerable.Range(100, 8800).Where(minute => minute % 3 == 0 && minute % 4 == 2).Select(minute => _clock.Now.AddMinutes(minute)), window.Select(call => call.StartedAt));
        Assert.Equal(2250, (await AllAsync(ledger, new ImportedQuery { Tag = "renamed" })).Count);
    }

    [Fact]
    public async Task The_sources_of_a_window_say_how_much_and_from_when()
    {
        await using var ledger = Ledger.Open(_directory.Path, _clock);
        Assert.Empty(await ledger.ImportedSourcesAsync(null, null, CancellationToken.None));
        await ledger.AppendImportedAsync([Call(1), Call(2, requests: 500), Call(3, source: "litellm"), Call(90)], CancellationToken.None);

        var sources = await ledger.ImportedSourcesAsync(null, _clock.Now.AddMinutes(90), CancellationToken.None);

        Assert.Equal(
            [new ImportedSource("litellm", 1, 1, _clock.Now.AddMinutes(3), _clock.Now.AddMinutes(3)), new ImportedSource("otlp", 2, 501, _clock.Now.AddMinutes(1), _clock.Now.AddMinutes(2))],
            sources);
    }

    [Fact]
    public async Task Imported_calls_are_in_no_report_on_calls_that_were_served()
    {
        await using var ledger = Ledger.Open(_directory.Path, _clock);
        await ledger.AppendImportedAsync([Call(1)], CancellationToken.None);
        Assert.Equal(0, (await ledger.ReportAsync(new Storage.Reports.ReportQuery(), CancellationToken.None)).Totals.Calls);
        await foreach (var call in ledger.ReadAsync(new CallQuery(), CancellationToken.None)) Assert.Fail(call.Id);
    }

    [Fact]
    public async Task A_ledger_open_for_reading_takes_no_imports()
    {
        await Ledger.Open(_directory.Path, _clock).DisposeAsync();
        await using var ledger = Ledger.OpenReadOnly(_directory.Path, _clock);
        await Assert.ThrowsAsync<InvalidOperationException>(() => ledger.AppendImportedAsync([Call(1)], CancellationToken.None));
    }

    [Fact]
    public async Task Appending_allocates_little_per_call()
    {
        await using var ledger = Ledger.Open(_directory.Path, _clock);
        var batches = Enumerable.Range(0, 4000).Select(minute => Call(minute, tools: ["read", "write"])).Chunk(2000).ToArray();
        await ledger.AppendImportedAsync(batches[0], CancellationToken.None);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var append = ledger.AppendImportedAsync(batches[1], CancellationToken.None);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(append.IsCompletedSuccessfully);
        Assert.True(allocated < 2000 * 400, $"{allocated} bytes for 2000 calls");
    }

    private static async Task<List<ImportedRecord>> AllAsync(Ledger ledger, ImportedQuery? query = null)
    {
        var calls = new List<ImportedRecord>();
        await foreach (var call in ledger.ReadImportedAsync(query ?? new ImportedQuery(), CancellationToken.None)) calls.Add(call);
        return calls;
    }

    private object? Scalar(string sql) => LedgerTests.Scalar(_directory[Ledger.FileName], sql);

    private ImportedRecord Call(
        int minute, string source = "otlp", string? tag = null, string? siteTag = null, string[]? tools = null, long? cost = 5, long requests = 1) => new()
    {
        Source = source, Key = $"trace/{minute}", StartedAt = _clock.Now.AddMinutes(minute), Granularity = requests == 1 ? 1 : 2, Requests = requests,
        Provider = "openai", Model = "gpt", Usage = new TokenUsage { Input = 10, Output = 2 }, CostNanoUsd = cost, Tag = tag, SiteTag = siteTag,
        Tools = tools is null ? default : [.. tools], ToolSet = ulong.MaxValue, Template = [1, ulong.MaxValue],
        Verdicts = minute == 1 ? [new ImportedJudgement("answer quality", 0.5, ByPerson: true)] : [],
    };
}
