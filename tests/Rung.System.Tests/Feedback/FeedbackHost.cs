using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Rung.Control.Feedback;
using Rung.Core.Spans;
using Rung.Gateway.Intake;
using Rung.Gateway.Tests.Support;
using Rung.Serving;
using Rung.Storage;
using Rung.Storage.Content;
using Rung.Storage.Verdicts;

namespace Rung.Tests.Feedback;

/// <summary>The feedback paths on a port of their own, over a ledger and a store of content. A test may take the ledger away.</summary>
internal sealed class FeedbackHost : IAsyncDisposable
{
    public const string Call = "0198f3a2b1c47def8123456789abcdef";
    public const string Secret = "0123456789abcdef0123456789abcdef";

    private readonly WebApplication app;
    private readonly FeedbackReceiver receiver;
    private readonly string directory = Directory.CreateTempSubdirectory("rung-feedback-").FullName;

    private FeedbackHost(FeedbackReceiverOptions options, string[] keys)
    {
        Ledger = Ledger.Open(directory, Clock);
        Content = ContentStore.Open(directory, key: null, Clock);
        var desk = new FeedbackDesk(new FeedbackWorld
        {
            Append = (batch, token) => LedgerIsGone ? Task.FromException<int>(new LedgerException(directory, "the disk is full.", "Free some space.")) : Ledger.AppendVerdictsAsync(batch, token),
            FindCall = Ledger.FindCallAsync, FindCapture = Content.FindCaptureAsync, AppendTexts = Content.AppendCommentsAsync,
            Redact = text => text.Replace("hunter2", "[secret]"), KeepComments = options.KeepComments, Clock = Clock,
        });
        receiver = new FeedbackReceiver(desk, new ClientKeys(keys), options, Clock, NullLogger<FeedbackReceiver>.Instance);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        receiver.Map(app);
    }

    public ManualClock Clock { get; } = new();

    public Ledger Ledger { get; }

    public ContentStore Content { get; }

    public HttpClient Client { get; } = new();

    public bool LedgerIsGone { get; set; }

    public static async Task<FeedbackHost> StartAsync(FeedbackReceiverOptions? options = null, params string[] keys)
    {
        var host = new FeedbackHost(options ?? new FeedbackReceiverOptions { Tokens = FeedbackTokens.Read(Secret) }, keys);
        await host.app.StartAsync();
        host.Client.BaseAddress = new Uri(host.app.Urls.First());
        return host;
    }

    /// <summary>Posts and reads the JSON of the reply; none gives an empty object.</summary>
    public async Task<(int Status, JsonNode Body, HttpResponseMessage Reply)> PostAsync(
        string json, string? bearer = null, string path = FeedbackReceiver.Path, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        if (bearer is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        change?.Invoke(request);
        var reply = await Client.SendAsync(request);
        var text = await reply.Content.ReadAsStringAsync();
        return ((int)reply.StatusCode, text.Length > 0 ? JsonNode.Parse(text)! : new JsonObject(), reply);
    }

    /// <summary>A call of the ledger and, when an answer is given, its captured content.</summary>
    public async Task AddCallAsync(string id, string? tag = null, string? session = null, string? answer = null)
    {
        await Ledger.AppendAsync(
            [
                new CallRecord
                {
                    Id = id, StartedAt = Clock.GetUtcNow().AddDays(-60), Tag = tag, Session = session, Route = tag ?? "default", PolicyRevision = 1, PolicyHash = "h",
                    Status = CallStatus.Answered, Model = "haiku", Tier = "small",
                },
            ],
            CancellationToken.None);
        if (answer is null) return;
        await Content.AppendCapturesAsync(
            [
                new CapturedCall
                {
                    CallId = id, StartedAt = Clock.GetUtcNow(), ExpiresAt = Clock.GetUtcNow().AddDays(7), Route = tag ?? "default", Tag = tag, SampledAt = 1,
                    Request = "{}"u8.ToArray(),
                    Answers =
                    [
                        new CapturedAnswer
                        {
                            Ordinal = 0, Model = "haiku", Tier = "small", Served = true, Passed = true,
                            Message = Encoding.UTF8.GetBytes(new JsonObject { ["content"] = answer }.ToJsonString()),
                        },
                    ],
                },
            ],
            CancellationToken.None);
    }

    public async Task<List<VerdictRecord>> VerdictsAsync()
    {
        var all = new List<VerdictRecord>();
        await foreach (var verdict in Ledger.ReadVerdictsAsync(new VerdictQuery(), CancellationToken.None)) all.Add(verdict);
        return all;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.DisposeAsync();
        receiver.Dispose();
        await Content.DisposeAsync();
        await Ledger.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }
}
