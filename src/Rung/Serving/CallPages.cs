using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Rung.Control.Calls;
using Rung.Core.Spans;
using Rung.Dashboard.Access;
using Rung.Gateway.Intake;
using Rung.Gateway.Recording;
using Rung.Storage;

namespace Rung.Serving;

/// <summary><c>GET /rung/calls</c>: calls that match, the newest first, a page at a time. Runs beside the hot path, a few requests at a time.</summary>
internal sealed class CallPages(Ledger ledger, CallRecorder recorder, ClientKeys keys, Operators operators, TimeProvider clock, ILogger<CallPages> logger) : IDisposable
{
    public const string Path = "/rung/calls";

    private const int UsualLimit = 100;

    private readonly PageGuard guard = new(
        keys, operators, new PageGuardWords("Too many look for calls at once. Ask again after the wait.", "The ledger cannot be read now; the gateway's log says why. Calls are served all the same."), logger);

    public void Map(IEndpointRouteBuilder app) => app.Map(Path, http => guard.RunAsync(http, ["GET"], "Use GET.", AnswerAsync));

    public void Dispose() => guard.Dispose();

    private async Task AnswerAsync(HttpContext http)
    {
        var query = http.Request.Query;
        if (query.Keys.FirstOrDefault(name => !CallSearchForm.Fields.Contains(name)) is { } unknown)
        {
            await ReviewReply.RefuseAsync(http, 400, "invalid_request", $"There is no parameter \"{(unknown.Length <= 60 ? unknown : unknown[..60] + "…")}\". There are: {string.Join(", ", CallSearchForm.Fields)}.");
            return;
        }
        var form = CallSearchForm.Read(name => query[name] is [{ Length: > 0 } value, ..] ? value : null, UsualLimit, clock.GetUtcNow());
        if (form.Search is not { } search)
        {
            await ReviewReply.RefuseAsync(http, 400, "invalid_request", form.Fault!);
            return;
        }
        // Calls that still wait for the ledger belong to the newest page.
        if (search.After is null) await FlushAsync(http.RequestAborted);
        var page = await ledger.SearchCallsAsync(search, http.RequestAborted);
        await ReviewReply.WriteAsync(http, 200, new { Calls = page.Calls.Select(CallView.Of), page.Next, page.LookedBackTo });
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            await recorder.FlushAsync(cancellationToken);
        }
        catch (LedgerException)
        {
            // A ledger that cannot be written can still be read; the recorder has logged it.
        }
    }
}
