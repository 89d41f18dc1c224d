using Rung.Core.Policies;
using Rung.Core.Prices;
using Rung.Core.Spans;
using Rung.Gateway.Intake;
using Rung.Gateway.Tests.Support;
using Rung.Serving;
using Rung.Storage;

namespace Rung.Tests.Clients;

/// <summary>A whole gateway with a real ledger on a loopback port, before an upstream that behaves as a test says. Key: <c>sk-client</c>.</summary>
internal sealed class ClientGateway : IAsyncDisposable
{
    public const string Key = "sk-client";

    private readonly string directory = Directory.CreateTempSubdirectory("rung-clients-").FullName;
    private Ledger ledger = null!;
    private GatewayServer server = null!;

    public FakeUpstream Upstream { get; private set; } = null!;

    public Uri Url => new(server.Urls[0] + "/v1");

    public static async Task<ClientGateway> StartAsync(Behaviour behaviour)
    {
        var gateway = new ClientGateway { Upstream = await FakeUpstream.StartAsync(behaviour) };
        var yaml = $$"""
            version: 1
            tiers: { only: { models: [a] } }
            models: { a: { provider: openai-compatible, url: "{{gateway.Upstream.Url}}", id: a-up, price: { input: 1, output: 2 } } }
            default: { tier: only, owner: t, why: w }
            limits: { attempts: 1 }
            """;
        var policy = PolicyCompiler.Compile(new PolicySource("rung.yaml", yaml, _ => null), PriceBook.Embedded, new DateOnly(2026, 11, 22)).Snapshot!;
        gateway.ledger = Ledger.Open(gateway.directory, TimeProvider.System);
        gateway.server = await GatewayServer.StartAsync(
            new GatewayServerOptions { Urls = ["http://127.0.0.1:0"], Policy = policy, Prices = PriceBook.Embedded, Clock = TimeProvider.System, Keys = new ClientKeys([Key]), Log = null },
            gateway.ledger, CancellationToken.None);
        return gateway;
    }

    /// <summary>The calls in the ledger, once as many are there.</summary>
    public async Task<List<CallRecord>> CallsAsync(int expected)
    {
        var calls = new List<CallRecord>();
        for (var i = 0; i < 500 && calls.Count < expected; i++)
        {
            await Task.Delay(10);
            calls.Clear();
            await foreach (var call in ledger.ReadAsync(new CallQuery(), CancellationToken.None)) calls.Add(call);
        }
        return calls;
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        await ledger.DisposeAsync();
        await Upstream.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }
}

/// <summary>An upstream that answers by what it is asked: tools, a schema, a stream, or an error named in the prompt.</summary>
internal static class Talks
{
    public static async Task Sensibly(Microsoft.AspNetCore.Http.HttpContext http, byte[] body)
    {
        var request = System.Text.Json.JsonDocument.Parse(body).RootElement;
        var prompt = request.GetProperty("messages")[0].GetProperty("content").ToString();
        var stream = request.TryGetProperty("stream", out var flag) && flag.GetBoolean();
        if (prompt.StartsWith("fail ")) await Does.Status(int.Parse(prompt[5..]))(http, body);
        else if (prompt == "long") await LongStream(http, body);
        else if (request.TryGetProperty("tools", out _)) await (stream ? ToolStream(http) : Does.Json(Tool)(http, body));
        else if (request.TryGetProperty("response_format", out _)) await Does.Answer("{\"answer\":42}")(http, body);
        else await Does.Answer("one two three")(http, body);
    }

    private const string Tool = """
        {"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":null,
        "tool_calls":[{"id":"call_1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Bonn\"}"}}]},"finish_reason":"tool_calls"}],
        "usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}
        """;

    private static async Task ToolStream(Microsoft.AspNetCore.Http.HttpContext http)
    {
        http.Response.ContentType = "text/event-stream";
        string[] deltas =
        [
            """{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"weather","arguments":""}}]}""",
            """{"tool_calls":[{"index":0,"function":{"arguments":"{\"city\":"}}]}""",
            """{"tool_calls":[{"index":0,"function":{"arguments":"\"Bonn\"}"}}]}""",
        ];
        foreach (var delta in deltas) await Write(http, Does.Chunk("m", delta, "null"));
        await Write(http, Does.Chunk("m", "{}", "\"tool_calls\"") + "data: [DONE]\n\n");
    }

    /// <summary>Streams until the other side goes away.</summary>
    private static async Task LongStream(Microsoft.AspNetCore.Http.HttpContext http, byte[] body)
    {
        http.Response.ContentType = "text/event-stream";
        await Write(http, Does.Chunk("m", """{"role":"assistant","content":"word "}""", "null"));
        await Does.Hang()(http, body);
    }

    private static async Task Write(Microsoft.AspNetCore.Http.HttpContext http, string text)
    {
        await http.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text));
        await http.Response.Body.FlushAsync();
    }
}
