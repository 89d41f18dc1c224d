using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Rung.Control.Alerts;
using Rung.Dashboard.Access;
using Rung.Gateway;
using Rung.Gateway.Intake;
using Rung.Storage;

namespace Rung.Serving;

/// <summary><c>GET /rung/alerts</c>: what <c>rung alerts</c> shows, from the gateway. Runs beside the hot path, a few requests at a time.</summary>
internal sealed class AlertPages(Ledger ledger, PolicyHolder policies, ClientKeys keys, Operators operators, TimeProvider clock, ILogger<AlertPages> logger) : IDisposable
{
    public const string Path = "/rung/alerts";

    private const int MostEvents = 500;

    private readonly PageGuard guard = new(
        keys, operators, new PageGuardWords("Too many ask for alerts at once. Ask again after the wait.", "The ledger cannot be read now; the gateway's log says why."), logger);

    public void Map(IEndpointRouteBuilder app) =>
        app.Map(Path, http => guard.RunAsync(http, ["GET"], "Use GET. Silences are made by the command line (rung alerts silence) and on the page /alerts.", AnswerAsync));

    public void Dispose() => guard.Dispose();

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
}
