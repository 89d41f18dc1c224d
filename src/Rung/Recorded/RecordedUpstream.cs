using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Rung.Recorded;

/// <summary>A running OpenAI-compatible server whose every answer was recorded from a real model: policies are tried on it without spending a token.</summary>
internal sealed class RecordedUpstream : IAsyncDisposable
{
    /// <summary>Largest request body, in bytes.</summary>
    public const int MaxBodyBytes = 32 * 1024 * 1024;

    /// <summary>How long requests in flight have to end when the server stops.</summary>
    private static readonly TimeSpan s_stopTimeout = TimeSpan.FromSeconds(1);

    private readonly WebApplication _app;

    private RecordedUpstream(WebApplication app, Uri url)
    {
        _app = app;
        Url = url;
    }

    /// <summary>Where it listens, without <c>/v1</c>: the first of its addresses, with the port it got.</summary>
    public Uri Url { get; }

    /// <summary>Starts a server; it listens when the task ends.</summary>
    /// <exception cref="IOException">An address is in use or is no address of this machine.</exception>
    public static async Task<RecordedUpstream> StartAsync(RecordedOutcomes outcomes, RecordedUpstreamOptions options, CancellationToken cancellationToken)
    {
        // The empty builder: no settings file or environment of the folder it runs in can change what a test run serves.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls([.. options.Urls]).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
        });
        builder.Services.AddRoutingCore().Configure<HostOptions>(host => host.ShutdownTimeout = s_stopTimeout);

        var app = builder.Build();
        try
        {
            Map(app, outcomes, options);
            await app.StartAsync(cancellationToken);
            return new RecordedUpstream(app, AddressOf(app));
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops listening and ends what is in flight.</summary>
    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(s_stopTimeout);
        await _app.StopAsync(limit.Token);
        await _app.DisposeAsync();
    }

    private static void Map(WebApplication app, RecordedOutcomes outcomes, RecordedUpstreamOptions options)
    {
        var chat = new RecordedChat(outcomes, options, app.Lifetime.ApplicationStopping);
        var started = options.Clock.GetUtcNow().ToUnixTimeSeconds();
        app.UseRouting();
        app.MapPost("/v1/chat/completions", (RequestDelegate)chat.AnswerAsync);
        app.MapGet("/v1/models", (RequestDelegate)(context => ListModelsAsync(context.Response, outcomes.Models, started)));
        app.MapGet("/healthz", (RequestDelegate)(context => ReportHealthAsync(context.Response, outcomes)));
        app.MapFallback((RequestDelegate)(context => new RecordedError(
            404, "A recorded upstream knows POST /v1/chat/completions, GET /v1/models and GET /healthz.", "invalid_request_error", null, "unknown_url")
            .WriteAsync(context.Response)));
    }

    private static async Task ListModelsAsync(HttpResponse response, IReadOnlyList<string> models, long created)
    {
        response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(response.BodyWriter, RecordedReply.JsonWriting);
        json.WriteStartObject();
        json.WriteString("object", "list");
        json.WriteStartArray("data");
        foreach (var model in models)
        {
            json.WriteStartObject();
            json.WriteString("id", model);
            json.WriteString("object", "model");
            json.WriteNumber("created", created);
            json.WriteString("owned_by", "recorded");
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static async Task ReportHealthAsync(HttpResponse response, RecordedOutcomes outcomes)
    {
        response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(response.BodyWriter, RecordedReply.JsonWriting);
        json.WriteStartObject();
        json.WriteString("status", "ok");
        json.WriteNumber("prompts", outcomes.Rows.Count);
        json.WriteNumber("models", outcomes.Models.Count);
        json.WriteEndObject();
    }

    private static Uri AddressOf(WebApplication app)
    {
        var addresses = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;
        // An address that means "every network" is none that a client can ask.
        return new Uri(addresses.First().Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal).Replace("[::]", "127.0.0.1", StringComparison.Ordinal));
    }
}
