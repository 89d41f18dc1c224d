using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Rung.Gateway;
using Rung.Gateway.Intake;
using Rung.Storage;

namespace Rung.Serving;

/// <summary><c>GET /rung/alerts</c>: what <c>rung alerts</c> shows, from the gateway. Runs beside the hot path, a few requests at a time.</summary>
internal sealed partial class AlertPages(Ledger ledger, PolicyHolder policies, ClientKeys keys, TimeProvider clock, ILogger<AlertPages> logger) : IDisposable
{
    public const string Path = "/rung/alerts";

    private const int AtOnce = 8;
    private const int MostEvents = 500;
    private readonly SemaphoreSlim turns = new(AtOnce, AtOnce);

    public void Map(IEndpointRouteBuilder app) => app.Map(Path, GuardAsync);

    public void Dispose() => turns.Dispose();

    private async Task AnswerAsync(HttpContext http)
    {
        var now = clock.GetUtcNow();
        if (http.Request.Query["key"] is not [{ Length: > 0 } key])
        {
            var withEnded = http.Request.Query["all"] is ["true" or "1"];
            await ReviewReply.WriteAsync(http, 200, (await AlertListing.ReadAsync(ledger, policies.Snapshot, withEnded, now, http.RequestAborted)).ToJson());
            return;
        }
        if (await ledger.FindAlertAsync(key, http.RequestAborted) is not { } alert)
        {
            await ReviewReply.RefuseAsync(http, 404, "not_found", "No alert of this key was ever seen. GET /rung/alerts?all=true lists those of the last seven days.");
            return;
        }
        var silences = await ledger.ListSilencesAsync(now, http.RequestAborted);
        var history = await ledger.ReadAlertHistoryAsync(key, MostEvents, http.RequestAborted);
        await ReviewReply.WriteAsync(http, 200, AlertListing.HistoryJson(new AlertRow(alert, AlertListing.SilenceOf(alert, silences, now)), history));
    }

    private async Task GuardAsync(HttpContext http)
    {
        // 1. Who, and how.
        if (!keys.AreRequired && !LoopbackHost.IsNamed(http.Request.Host.Host))
        {
            await ReviewReply.RefuseAsync(http, 403, "host_not_allowed", "Without keys the gateway serves requests to localhost only. Call it by 127.0.0.1 or localhost, or set RUNG_KEYS and send one as 'Authorization: Bearer …'.");
            return;
        }
        if (!keys.Welcome(http.Request.Headers.Authorization))
        {
            await ReviewReply.RefuseAsync(http, 401, "invalid_api_key", "This gateway needs one of its own keys as 'Authorization: Bearer …'.");
            return;
        }
        if (!HttpMethods.IsGet(http.Request.Method))
        {
            http.Response.Headers.Allow = "GET";
            await ReviewReply.RefuseAsync(http, 405, "method_not_allowed", "Use GET. Silences are made by the command line: rung alerts silence.");
            return;
        }

        // 2. A few at a time: each opens the ledger.
        if (!turns.Wait(0))
        {
            http.Response.Headers.RetryAfter = "1";
            await ReviewReply.RefuseAsync(http, 429, "rate_limit_exceeded", "Too many ask for alerts at once. Ask again after the wait.");
            return;
        }
        try
        {
            await Task.Run(() => AnswerAsync(http)); // Never on the thread of a socket, which serves calls.
        }
        catch (LedgerException e)
        {
            Log.LedgerFailed(logger, e);
            await ReviewReply.RefuseAsync(http, 503, "ledger_unavailable", "The ledger cannot be read now; the gateway's log says why.");
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            // The reader has gone.
        }
        finally
        {
            turns.Release();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(5411, LogLevel.Error, "The ledger could not be read for a page of alerts")]
        public static partial void LedgerFailed(ILogger logger, Exception exception);
    }
}
