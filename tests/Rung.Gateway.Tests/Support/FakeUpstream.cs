using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Rung.Gateway.Tests.Support;

/// <summary>What an upstream does with one request.</summary>
internal delegate Task Behaviour(HttpContext http, byte[] body);

/// <summary>A request that an upstream got.</summary>
internal sealed record SeenRequest(byte[] Body, Dictionary<string, string> Headers, string Path)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public JsonElement Json => JsonDocument.Parse(Body, new JsonDocumentOptions { MaxDepth = 200 }).RootElement;
}

/// <summary>A real HTTP server on a loopback port that behaves as a test says.</summary>
internal sealed class FakeUpstream : IAsyncDisposable
{
    private readonly WebApplication app;
    private volatile Behaviour behaviour;

    private FakeUpstream(WebApplication app, Behaviour behaviour) => (this.app, this.behaviour) = (app, behaviour);

    public ConcurrentQueue<SeenRequest> Seen { get; } = new();

    public string Url => app.Urls.First() + "/v1";

    public Behaviour Behaviour { set => behaviour = value; }

    public static async Task<FakeUpstream> StartAsync(Behaviour behaviour)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var upstream = new FakeUpstream(app, behaviour);
        app.Run(upstream.HandleAsync);
        await app.StartAsync();
        return upstream;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task HandleAsync(HttpContext http)
    {
        using var copy = new MemoryStream();
        await http.Request.Body.CopyToAsync(copy);
        var body = copy.ToArray();
        Seen.Enqueue(new(body, http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), http.Request.Path));
        await behaviour(http, body);
    }
}

/// <summary>Behaviours in the words of the tests.</summary>
internal static class Does
{
    public static Behaviour Answer(string text, int input = 10, int output = 5, string finish = "stop", string model = "up-model") => async (http, body) =>
    {
        if (WantsStream(body)) await Stream(text, input, output, finish, model)(http, body);
        else await Json(Completion(text, input, output, finish, model))(http, body);
    };

    public static string Completion(string text, int input = 10, int output = 5, string finish = "stop", string model = "up-model") =>
        $$$"""{"id":"chatcmpl-1","object":"chat.completion","created":1780000000,"model":"{{{model}}}","choices":[{"index":0,"message":{"role":"assistant","content":{{{JsonSerializer.Serialize(text)}}},"refusal":null},"finish_reason":"{{{finish}}}"}],"usage":{"prompt_tokens":{{{input}}},"completion_tokens":{{{output}}},"total_tokens":{{{input + output}}}},"x_unknown":[1.50,{"a":null}]}""";

    public static Behaviour Json(string json, int status = 200) => async (http, _) =>
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(json);
    };

    public static Behaviour Status(int status, string? retryAfter = null) => async (http, _) =>
    {
        if (retryAfter is not null) http.Response.Headers.RetryAfter = retryAfter;
        await Json($$$"""{"error":{"message":"status {{{status}}}","type":"server_error","param":null,"code":null}}""", status)(http, []);
    };

    /// <summary>A stream as OpenAI sends it: role, one chunk a word, finish, usage where asked, done.</summary>
    public static Behaviour Stream(string text, int input = 10, int output = 5, string finish = "stop", string model = "up-model") => async (http, body) =>
    {
        http.Response.ContentType = "text/event-stream";
        foreach (var line in Events(text, input, output, finish, model, AsksUsage(body)))
        {
            await http.Response.WriteAsync(line);
            await http.Response.Body.FlushAsync();
        }
    };

    public static IEnumerable<string> Events(string text, int input, int output, string finish, string model, bool usage)
    {
        yield return Chunk(model, """{"role":"assistant","content":""}""", "null");
        foreach (var word in text.Split(' ').Select((word, i) => i == 0 ? word : " " + word))
            yield return Chunk(model, $$"""{"content":{{JsonSerializer.Serialize(word)}}}""", "null");
        yield return Chunk(model, "{}", $"\"{finish}\"");
        if (usage)
            yield return $$$"""data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"{{{model}}}","choices":[],"usage":{"prompt_tokens":{{{input}}},"completion_tokens":{{{output}}},"total_tokens":{{{input + output}}}}}""" + "\n\n";
        yield return "data: [DONE]\n\n";
    }

    public static string Chunk(string model, string delta, string finish) =>
        $$$"""data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"{{{model}}}","choices":[{"index":0,"delta":{{{delta}}},"finish_reason":{{{finish}}}}],"usage":null}""" + "\n\n";

    /// <summary>Sends the start of an answer and then breaks the connection.</summary>
    public static Behaviour CutStream(string text) => async (http, _) =>
    {
        http.Response.ContentType = "text/event-stream";
        await http.Response.WriteAsync(Chunk("up-model", """{"role":"assistant","content":""}""", "null"));
        await http.Response.WriteAsync(Chunk("up-model", $$"""{"content":{{JsonSerializer.Serialize(text)}}}""", "null"));
        await http.Response.Body.FlushAsync();
        http.Abort();
    };

    public static Behaviour Hang() => async (http, _) =>
    {
        var gone = new TaskCompletionSource();
        await using var registration = http.RequestAborted.Register(() => gone.TrySetResult());
        await gone.Task;
    };

    public static Behaviour Abort() => (http, _) =>
    {
        http.Abort();
        return Task.CompletedTask;
    };

    public static Behaviour InTurn(params Behaviour[] behaviours)
    {
        var next = -1;
        return (http, body) => behaviours[Math.Min(Interlocked.Increment(ref next), behaviours.Length - 1)](http, body);
    }

    private static bool WantsStream(byte[] body) => JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 200 }).RootElement.TryGetProperty("stream", out var stream) && stream.ValueKind == JsonValueKind.True;

    private static bool AsksUsage(byte[] body) =>
        JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 200 }).RootElement.TryGetProperty("stream_options", out var options)
        && options.TryGetProperty("include_usage", out var usage) && usage.GetBoolean();
}

/// <summary>A gate that a test opens: one side waits, the other says when.</summary>
internal sealed class Gate
{
    private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Opened => opened.Task.WaitAsync(TimeSpan.FromSeconds(20));

    public void Open() => opened.TrySetResult();
}
