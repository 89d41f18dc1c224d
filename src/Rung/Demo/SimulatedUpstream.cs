using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Rung.Demo;

/// <summary>An OpenAI-compatible server on loopback that plays the three models of the demo.</summary>
internal sealed class SimulatedUpstream : IAsyncDisposable
{
    private static readonly TimeSpan s_stopTimeout = TimeSpan.FromSeconds(1);

    private readonly WebApplication _app;

    private SimulatedUpstream(WebApplication app)
    {
        _app = app;
        BaseUrl = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First() + "/v1";
    }

    /// <summary>What a policy names as <c>url</c>.</summary>
    public string BaseUrl { get; }

    /// <summary>Starts it on a free port.</summary>
    /// <param name="seed">Decides, with model and prompt, what an answer is.</param>
    /// <param name="timeScale">How many times faster than simulated time the waits run, above 0.</param>
    /// <param name="clock">For the waits.</param>
    /// <param name="form">How well the models do.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<SimulatedUpstream> StartAsync(long seed, double timeScale, TimeProvider clock, SimulatedForm form, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.AddRoutingCore().Configure<HostOptions>(host => host.ShutdownTimeout = s_stopTimeout);
        var app = builder.Build();
        try
        {
            app.UseRouting();
            var stopping = app.Lifetime.ApplicationStopping;
            app.MapPost("/v1/chat/completions", (RequestDelegate)(context => AnswerAsync(context, seed, timeScale, clock, form, stopping)));
            await app.StartAsync(cancellationToken);
            return new SimulatedUpstream(app);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(s_stopTimeout);
        await _app.StopAsync(limit.Token);
        await _app.DisposeAsync();
    }

    private static async Task AnswerAsync(HttpContext context, long seed, double timeScale, TimeProvider clock, SimulatedForm form, CancellationToken stopping)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            if (await SimulatedRequest.ReadAsync(context.Request.Body, ends.Token) is not { } request || SimulatedModel.Find(request.Model) is not { } model)
            {
                context.Response.StatusCode = 400;
                return;
            }
            var reply = new SimulatedReply(model, request, seed, form);
            if (request.Stream) await StreamAsync(context.Response, reply, request.IncludeUsage, timeScale, clock, ends.Token);
            else
            {
                await Task.Delay((reply.FirstToken + reply.Rest) / timeScale, clock, ends.Token);
                var body = reply.ToJson();
                context.Response.ContentType = "application/json";
                context.Response.ContentLength = body.Length;
                await context.Response.Body.WriteAsync(body, ends.Token);
            }
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            context.Abort(); // The caller left, or the demo ends: nobody waits for this answer.
        }
    }

    private static async Task StreamAsync(
        HttpResponse response, SimulatedReply reply, bool includeUsage, double timeScale, TimeProvider clock, CancellationToken cancellationToken)
    {
        var events = reply.ToEvents(includeUsage).ToArray();
        response.ContentType = "text/event-stream";
        await Task.Delay(reply.FirstToken / timeScale, clock, cancellationToken);
        foreach (var one in events)
        {
            await response.Body.WriteAsync(one, cancellationToken);
            await response.Body.FlushAsync(cancellationToken);
            await Task.Delay(reply.Rest / events.Length / timeScale, clock, cancellationToken);
        }
    }
}
