using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Rung.Dashboard.Access;
using Rung.Dashboard.Frame;
using Rung.Gateway.Intake;
using Rung.Storage;

namespace Rung.Serving;

/// <summary>What a guard says in the words of its pages.</summary>
/// <param name="Busy">When too many ask at once.</param>
/// <param name="Unavailable">When the ledger or the store of content cannot be used.</param>
internal sealed record PageGuardWords(string Busy, string Unavailable);

/// <summary>
/// What stands before every page of JSON beside the hot path: who may ask and how, a few requests at a time, and never on the thread of a socket, which serves calls.
/// </summary>
internal sealed partial class PageGuard(ClientKeys keys, Operators operators, PageGuardWords words, ILogger logger) : IDisposable
{
    private const int AtOnce = 8;
    private readonly SemaphoreSlim turns = new(AtOnce, AtOnce);

    public void Dispose() => turns.Dispose();

    /// <summary>Answers a request, or refuses it.</summary>
    /// <param name="http">The request.</param>
    /// <param name="methods">The methods that the page has.</param>
    /// <param name="method">What another method is told.</param>
    /// <param name="work">The page.</param>
    /// <param name="readsContent">Whether it shows what callers and models have said: then a key of the gateway, which every client has, is not enough, as on the dashboard.</param>
    /// <param name="before">What is done before its turn: reads a body. False: it has answered, and there is no more to do.</param>
    public async Task RunAsync(HttpContext http, IReadOnlyList<string> methods, string method, Func<HttpContext, Task> work, bool readsContent = false, Func<HttpContext, Task<bool>>? before = null)
    {
        // 1. Who, and how.
        if (!keys.AreRequired && !LoopbackHost.IsNamed(http.Request.Host.Host))
        {
            await ReviewReply.RefuseAsync(http, 403, "host_not_allowed", "Without keys the gateway serves requests to localhost only. Call it by 127.0.0.1 or localhost, or set RUNG_KEYS and send one as 'Authorization: Bearer …'.");
            return;
        }
        var isOperator = operators.NameOf(http.Request.Headers.Authorization) is not null;
        if (!isOperator && !keys.AreRequired && !SameOrigin.Is(http.Request))
        {
            await ReviewReply.RefuseAsync(http, 403, "origin_not_allowed", "A page of elsewhere asked for this. Call it from a program, or from a page of this gateway.");
            return;
        }
        // Without keys but with operators everybody says who they are, as on the dashboard.
        var isClosed = operators.Any && !keys.AreRequired;
        if (!isOperator && (isClosed || !keys.Welcome(http.Request.Headers.Authorization)))
        {
            await ReviewReply.RefuseAsync(http, 401, "invalid_api_key", "This gateway needs one of its own keys, or an operator's token, as 'Authorization: Bearer …'.");
            return;
        }
        if (readsContent && !isOperator && keys.AreRequired)
        {
            await ReviewReply.RefuseAsync(http, 403, "content_not_allowed", $"Content is for operators: name who may read it in {Operators.Variable}, and send their token as 'Authorization: Bearer …'.");
            return;
        }
        if (!methods.Contains(http.Request.Method, StringComparer.OrdinalIgnoreCase))
        {
            http.Response.Headers.Allow = string.Join(", ", methods);
            await ReviewReply.RefuseAsync(http, 405, "method_not_allowed", method);
            return;
        }

        // 2. What comes from the sender, for as long as they like.
        if (before is not null && !await before(http)) return;

        // 3. Made in its turn, sent after it: who reads slowly keeps nobody waiting.
        await using var held = HeldResponse.Of(http);
        await MakeAsync(http, work);
        await held.SendAsync();
    }

    private async Task MakeAsync(HttpContext http, Func<HttpContext, Task> work)
    {
        // A few at a time: each opens the ledger, or reads and unseals content.
        if (!turns.Wait(0))
        {
            http.Response.Headers.RetryAfter = "1";
            await ReviewReply.RefuseAsync(http, 429, "rate_limit_exceeded", words.Busy);
            return;
        }
        try
        {
            await Task.Run(() => work(http)); // Never on the thread of a socket, which serves calls.
        }
        catch (LedgerException e)
        {
            Log.Failed(logger, e, http.Request.Path);
            await ReviewReply.RefuseAsync(http, 503, "ledger_unavailable", words.Unavailable);
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            // Whoever asked has gone.
        }
        finally
        {
            turns.Release();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(5411, LogLevel.Error, "The ledger or the store of content could not be used for {Path}")]
        public static partial void Failed(ILogger logger, Exception exception, string path);
    }
}
