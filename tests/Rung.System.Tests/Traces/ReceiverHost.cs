using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Rung.Control.Audit;
using Rung.Core.Spans;
using Rung.Gateway.Intake;
using Rung.Gateway.Tests.Support;
using Rung.Serving;
using Rung.Storage;
using Rung.Storage.Imports;
using Rung.Storage.Verdicts;

namespace Rung.Tests.Traces;

/// <summary>The receiver on a port of its own, swept by hand, with a clock that stands still. A test may take the ledger away.</summary>
internal sealed class ReceiverHost : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly TraceReceiver receiver;
    private readonly string directory = Directory.CreateTempSubdirectory("rung-traces-").FullName;
    private readonly Ledger ledger;

    private ReceiverHost(TraceReceiverOptions options, string[] keys)
    {
        ledger = Ledger.Open(directory, Clock);
        var destination = new TraceDestination(_ => new CallRating(7), call => TraitReader.Read(call, keepOpening: false), AppendAsync);
        Sweeper = new TraceSweeper(destination, options, Clock, NullLogger<TraceSweeper>.Instance);
        receiver = new TraceReceiver(Sweeper, AppendVerdictsAsync, new ClientKeys(keys), options, TimeProvider.System);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        app = builder.Build();
        receiver.Map(app);
    }

    public ManualClock Clock { get; } = new();

    public TraceSweeper Sweeper { get; }

    public HttpClient Client { get; } = new();

    public bool LedgerIsGone { get; set; }

    public static async Task<ReceiverHost> StartAsync(TraceReceiverOptions? options = null, params string[] keys)
    {
        var host = new ReceiverHost(options ?? new TraceReceiverOptions(), keys);
        await host.app.StartAsync();
        host.Client.BaseAddress = new Uri(host.app.Urls.First());
        return host;
    }

    public Task<HttpResponseMessage> PostAsync(string json) => PostAsync(Encoding.UTF8.GetBytes(json), "application/json");

    public Task<HttpResponseMessage> PostAsync(byte[] body, string type, string? encoding = null, Action<HttpRequestMessage>? change = null, string path = TraceReceiver.Path)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        if (encoding is not null) request.Content.Headers.ContentEncoding.Add(encoding);
        change?.Invoke(request);
        return Client.SendAsync(request);
    }

    public async Task<List<ImportedRecord>> SweptAsync(bool all = true)
    {
        await Sweeper.SweepAsync(all, CancellationToken.None);
        var calls = new List<ImportedRecord>();
        await foreach (var call in ledger.ReadImportedAsync(new ImportedQuery(), CancellationToken.None)) calls.Add(call);
        return calls;
    }

    public static byte[] Packed(byte[] body)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(body);
        return packed.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.DisposeAsync();
        receiver.Dispose();
        Sweeper.Dispose();
        await ledger.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    public async Task<List<VerdictRecord>> VerdictsAsync()
    {
        var all = new List<VerdictRecord>();
        await foreach (var verdict in ledger.ReadVerdictsAsync(new VerdictQuery(), CancellationToken.None)) all.Add(verdict);
        return all;
    }

    private Task<int> AppendVerdictsAsync(IReadOnlyList<VerdictRecord> batch, CancellationToken cancellationToken) => LedgerIsGone
        ? Task.FromException<int>(new LedgerException(directory, "the disk is full.", "Free some space."))
        : ledger.AppendVerdictsAsync(batch, cancellationToken);

    private Task<int> AppendAsync(IReadOnlyList<ImportedRecord> batch, CancellationToken cancellationToken) => LedgerIsGone
        ? Task.FromException<int>(new LedgerException(directory, "the disk is full.", "Free some space."))
        : ledger.AppendImportedAsync(batch, cancellationToken);
}
