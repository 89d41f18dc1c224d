using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rung.Dashboard.Frame;

namespace Rung.Dashboard.Live;

/// <summary>
/// <c>GET /live</c>: server-sent events that name what has changed (<c>calls</c>, <c>policy</c>, <c>rollouts</c>, <c>alerts</c>, <c>reviews</c>); pages then fetch the parts that show it. One look at the
/// gateway in two seconds for all readers together, and none without a reader. By the time of the machine, whatever time the story of a demo has.
/// </summary>
/// <remarks>The form of the stream: https://html.spec.whatwg.org/multipage/server-sent-events.html.</remarks>
internal sealed partial class LiveFeed(IHostApplicationLifetime lifetime, ILogger<LiveFeed> logger)
{
    public const string Path = "/live";

    private const int MostReaders = 64;
    private static readonly TimeSpan s_pace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_heartbeat = TimeSpan.FromSeconds(20);

    private readonly Lock turns = new();
    private Task<LiveMarks>? looking;
    private DateTimeOffset lookedAt;
    private int readers;

    public void Map(IEndpointRouteBuilder app, PageServer server) => app.MapGet(Path, (HttpContext http) => StreamAsync(http, server));

    private async Task StreamAsync(HttpContext http, PageServer server)
    {
        if (await server.EnterAsync(http) is null) return;
        if (Interlocked.Increment(ref readers) > MostReaders)
        {
            Interlocked.Decrement(ref readers);
            http.Response.StatusCode = 503;
            return;
        }
        try
        {
            http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            http.Response.ContentType = "text/event-stream";
            http.Response.Headers["X-Accel-Buffering"] = "no";
            using var ends = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
            await SendAsync(http, server.World.Gateway, ends.Token);
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested || lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // The reader has gone, or the gateway stops.
        }
        finally
        {
            Interlocked.Decrement(ref readers);
        }
    }

    private async Task SendAsync(HttpContext http, IGatewayLook gateway, CancellationToken cancellationToken)
    {
        await WriteAsync(http, "retry: 3000\nevent: ready\ndata: 1\n\n", cancellationToken);
        LiveMarks? before = null;
        var said = TimeProvider.System.GetTimestamp();
        while (!cancellationToken.IsCancellationRequested)
        {
            if (await LookAsync(gateway, cancellationToken) is { } now)
            {
                var news = new StringBuilder();
                if (before is not null)
                {
                    Add(news, "calls", before.Calls, now.Calls);
                    Add(news, "policy", before.Policy, now.Policy);
                    Add(news, "rollouts", before.Rollouts, now.Rollouts);
                    Add(news, "alerts", before.Alerts, now.Alerts);
                    Add(news, "reviews", before.Reviews, now.Reviews);
                }
                before = now;
                if (news.Length > 0 || TimeProvider.System.GetElapsedTime(said) > s_heartbeat)
                {
                    await WriteAsync(http, news.Length > 0 ? news.ToString() : ": still here\n\n", cancellationToken);
                    said = TimeProvider.System.GetTimestamp();
                }
            }
            await Task.Delay(s_pace, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>One look for all readers of the same two seconds; null when it failed.</summary>
    private async Task<LiveMarks?> LookAsync(IGatewayLook gateway, CancellationToken cancellationToken)
    {
        Task<LiveMarks> look;
        lock (turns)
        {
            var now = TimeProvider.System.GetUtcNow();
            if (looking is null || now - lookedAt > s_pace / 2) (looking, lookedAt) = (Task.Run(() => gateway.MarksAsync(lifetime.ApplicationStopping), CancellationToken.None), now);
            look = looking;
        }
        try
        {
            return await look.WaitAsync(cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Log.LookFailed(logger, e.Message);
            return null;
        }
    }

    private static void Add(StringBuilder news, string name, string before, string now)
    {
        if (before != now) news.Append("event: ").Append(name).Append("\ndata: 1\n\n");
    }

    private static async Task WriteAsync(HttpContext http, string text, CancellationToken cancellationToken)
    {
        await http.Response.WriteAsync(text, cancellationToken);
        await http.Response.Body.FlushAsync(cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(5504, LogLevel.Debug, "What is live cannot be looked at now: {Problem}")]
        public static partial void LookFailed(ILogger logger, string problem);
    }
}
