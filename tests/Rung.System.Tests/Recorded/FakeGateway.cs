using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Rung.Tests.Recorded;

/// <summary>A gateway with one rule: ask the small model, and the large one where the small one is unsure. It tells what it did as a gateway does.</summary>
internal sealed class FakeGateway(Uri upstream) : IAsyncDisposable
{
    private readonly HttpClient _http = new();
    private readonly ConcurrentDictionary<string, JsonObject> _records = new();
    private readonly ConcurrentDictionary<string, int> _asked = new();
    private WebApplication _app = null!;
    private int _calls;

    public Uri Url { get; private set; } = null!;
    public ConcurrentQueue<(string? Tag, string? Model, string? Authorization, JsonElement Body)> Seen { get; } = [];
    /// <summary>How often the record of a call is missing before it is there.</summary>
    public int RecordsLag { get; init; }

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        _app = builder.Build();
        _app.UseRouting();
        _app.MapPost("/v1/chat/completions", (RequestDelegate)CompleteAsync);
        _app.MapGet("/rung/calls/{id}", (RequestDelegate)TellAsync);
        await _app.StartAsync();
        Url = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }

    private async Task CompleteAsync(HttpContext context)
    {
        var body = (await JsonNode.ParseAsync(context.Request.Body))!.AsObject();
        Seen.Enqueue((context.Request.Headers["x-rung-tag"], (string?)body["model"], context.Request.Headers.Authorization, JsonSerializer.SerializeToElement(body)));
        var id = $"call{Interlocked.Increment(ref _calls)}";

        var (answer, kind) = (await AskAsync(body, "small"), "first");
        var attempts = new JsonArray(new JsonObject { ["model"] = "cheap", ["kind"] = "first", ["cost_usd"] = 0.000001m });
        if (answer.Contains("unsure", StringComparison.Ordinal))
        {
            (answer, kind) = (await AskAsync(body, "large"), "escalation");
            attempts.Add(new JsonObject { ["model"] = "dear", ["kind"] = "escalation", ["cost_usd"] = 0.0001m });
        }
        var (model, cost) = kind == "first" ? ("cheap", 0.000001m) : ("dear", 0.000101m);
        _records[id] = new JsonObject { ["model"] = model, ["cost_usd"] = cost, ["baseline_usd"] = 0.0001m, ["attempts"] = attempts };

        context.Response.Headers["x-rung-call-id"] = id;
        var stream = (bool?)body["stream"] == true;
        if (!stream)
        {
            context.Response.Headers["x-rung-model"] = model;
            context.Response.Headers["x-rung-tier"] = kind == "first" ? "small" : "frontier";
            context.Response.Headers["x-rung-attempts"] = attempts.Count.ToString();
            context.Response.Headers["x-rung-escalations"] = (attempts.Count - 1).ToString();
            context.Response.Headers["x-rung-cost-usd"] = cost.ToString();
            context.Response.Headers["x-rung-baseline-usd"] = "0.0001";
        }
        context.Response.ContentType = stream ? "text/event-stream" : "application/json";
        await context.Response.WriteAsync(answer);
    }

    private async Task TellAsync(HttpContext context)
    {
        var id = (string)context.Request.RouteValues["id"]!;
        if (_asked.AddOrUpdate(id, 1, (_, times) => times + 1) <= RecordsLag || !_records.TryGetValue(id, out var record)) context.Response.StatusCode = 404;
        else await context.Response.WriteAsync(record.ToJsonString());
    }

    private async Task<string> AskAsync(JsonObject body, string model)
    {
        var copy = body.DeepClone();
        copy["model"] = model;
        using var response = await _http.PostAsJsonAsync(new Uri(upstream, "v1/chat/completions"), copy);
        return await response.Content.ReadAsStringAsync();
    }
}
