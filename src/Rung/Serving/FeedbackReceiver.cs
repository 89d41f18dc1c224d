using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Rung.Control.Feedback;
using Rung.Gateway.Intake;
using Rung.Storage;

namespace Rung.Serving;

/// <summary>
/// <c>POST /rung/feedback</c> and <c>POST /rung/feedback/token</c>. Runs beside the hot path: what takes time runs on the pool, a few bodies at a time, and
/// shares nothing with calls but the ledger.
/// </summary>
internal sealed partial class FeedbackReceiver(
    FeedbackDesk desk, ClientKeys keys, FeedbackReceiverOptions options, TimeProvider clock, ILogger<FeedbackReceiver> logger) : IDisposable
{
    public const string Path = "/rung/feedback";
    public const string TokenPath = "/rung/feedback/token";

    private const string Scheme = "Bearer ";
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(2);

    private readonly FeedbackCors cors = new(options.Origins);
    private readonly FeedbackAllowance allowance = new(options);
    private readonly ConcurrencyLimiter turns = new(new ConcurrencyLimiterOptions { PermitLimit = options.AtOnce, QueueLimit = options.Waiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });

    public void Map(IEndpointRouteBuilder app)
    {
        app.Map(Path, HandleAsync);
        app.Map(TokenPath, MintAsync);
    }

    public void Dispose()
    {
        turns.Dispose();
        allowance.Dispose();
    }

    private async Task HandleAsync(HttpContext http)
    {
        // 1. From where, and who.
        if (await cors.HandleAsync(http)) return;
        if (!await IsPostOfJsonAsync(http)) return;
        FeedbackScope? scope = null;
        var token = TokenOf(http.Request.Headers.Authorization);
        if (token is not null)
        {
            scope = await ReadTokenAsync(http, token);
            if (scope is null) return;
        }
        else if (!await HasKeyAsync(http))
        {
            return;
        }

        // 2. Whether there is room, before anything is read.
        if (!allowance.TryTake(token, http.Connection.RemoteIpAddress?.ToString() ?? "", out var wait))
        {
            await FeedbackReply.RefuseAsync(http, 429, "rate_limit_exceeded", "Too much feedback comes from one sender. Send it again after the wait, several items in one array.", retryAfter: wait);
            return;
        }
        using var turn = await turns.AcquireAsync(1, http.RequestAborted);
        if (!turn.IsAcquired)
        {
            await FeedbackReply.RefuseAsync(http, 429, "rate_limit_exceeded", "Too much feedback comes at once. Send it again after the wait.", retryAfter: s_soon);
            return;
        }

        // 3. Read, take, answer.
        using var body = await ReadAsync(http);
        if (body is null) return;
        try
        {
            var receipt = await Task.Run(() => desk.TakeAsync(FeedbackReader.Read(body.Bytes, clock.GetUtcNow(), scope), scope, http.RequestAborted));
            await FeedbackReply.WriteAsync(http, 202, new
            {
                Accepted = receipt.Verdicts.Count, receipt.New, KeptTexts = receipt.Texts,
                Verdicts = receipt.Verdicts.Select(verdict => new { verdict.Id, verdict.CallId, verdict.Session, verdict.Kind, verdict.Score }), receipt.Notes,
            });
        }
        catch (FeedbackException e)
        {
            await FeedbackReply.RefuseAsync(http, 400, "invalid_feedback", e.Message, e.Place.Length > 0 ? e.Place : null);
        }
        catch (FeedbackScopeException e)
        {
            await FeedbackReply.RefuseAsync(http, 403, "token_out_of_scope", e.Message);
        }
        catch (LedgerException e)
        {
            Log.NotWritten(logger, e);
            await FeedbackReply.RefuseAsync(http, 503, "ledger_unavailable", "Feedback cannot be written now; the gateway's log says why. Send it again after the wait.", retryAfter: s_soon);
        }
    }

    private async Task MintAsync(HttpContext http)
    {
        if (http.Request.Headers.Origin.Count > 0 || HttpMethods.IsOptions(http.Request.Method))
        {
            // A page that could make tokens would need the key that they are there to keep away from it.
            await FeedbackReply.RefuseAsync(http, 403, "origin_not_allowed", "Tokens are made by your server, not by a page in a browser.");
            return;
        }
        if (!await IsPostOfJsonAsync(http) || !await HasKeyAsync(http)) return;
        if (options.Tokens is not { } tokens)
        {
            await FeedbackReply.RefuseAsync(http, 503, "feedback_tokens_off", TokensAreOff);
            return;
        }
        using var body = await ReadAsync(http);
        if (body is null) return;
        try
        {
            var scope = FeedbackTokenRequest.Read(body.Bytes, clock.GetUtcNow());
            await FeedbackReply.WriteAsync(http, 201, new { Token = tokens.Mint(scope), scope.CallId, scope.Session, scope.ExpiresAt });
        }
        catch (FeedbackException e)
        {
            await FeedbackReply.RefuseAsync(http, 400, "invalid_feedback", e.Message, e.Place.Length > 0 ? e.Place : null);
        }
    }

    private static async Task<bool> IsPostOfJsonAsync(HttpContext http)
    {
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            http.Response.Headers.Allow = "POST";
            await FeedbackReply.RefuseAsync(http, 405, "method_not_allowed", "Use POST.");
            return false;
        }
        if (MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)) return true;
        await FeedbackReply.RefuseAsync(http, 415, "unsupported_media_type", "Send Content-Type: application/json.");
        return false;
    }

    private async Task<FeedbackScope?> ReadTokenAsync(HttpContext http, string token)
    {
        string? problem = TokensAreOff;
        if (options.Tokens?.Read(token, clock.GetUtcNow(), out problem) is { } scope) return scope;
        await FeedbackReply.RefuseAsync(http, 401, "invalid_feedback_token", problem ?? TokensAreOff);
        return null;
    }

    private async Task<bool> HasKeyAsync(HttpContext http)
    {
        if (!keys.AreRequired && !LoopbackHost.IsNamed(http.Request.Host.Host))
        {
            await FeedbackReply.RefuseAsync(http, 403, "host_not_allowed",
                "Without keys the gateway takes feedback from this machine only. Call it by 127.0.0.1 or localhost, send a feedback token, or set RUNG_KEYS and send one as 'Authorization: Bearer …'.");
            return false;
        }
        if (keys.Welcome(http.Request.Headers.Authorization)) return true;
        await FeedbackReply.RefuseAsync(http, 401, "invalid_api_key", "This gateway needs one of its own keys, or a feedback token, as 'Authorization: Bearer …'.");
        return false;
    }

    private async Task<TraceBody?> ReadAsync(HttpContext http)
    {
        using var late = new CancellationTokenSource(options.BodyTime, clock);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(late.Token, http.RequestAborted);
        try
        {
            if (await TraceBody.ReadAsync(http.Request.BodyReader, http.Request.ContentLength, options.BodyBytes, ending.Token) is { } body) return body;
            http.Response.Headers.Connection = "close"; // What still comes is not read.
            await FeedbackReply.RefuseAsync(http, 413, "request_too_large", $"The body is larger than {options.BodyBytes / 1024} KiB. Send fewer items, or distance in place of long texts.");
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !http.RequestAborted.IsCancellationRequested)
        {
            await FeedbackReply.RefuseAsync(http, 408, "request_timeout", $"The body did not come within {options.BodyTime.TotalSeconds:0} s.");
        }
        catch (BadHttpRequestException e)
        {
            await FeedbackReply.RefuseAsync(http, e.StatusCode, "invalid_request", "The body cannot be read.");
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            // The sender has gone.
        }
        return null;
    }

    private static string? TokenOf(StringValues authorization) =>
        authorization is [{ } header] && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && header.AsSpan(Scheme.Length).Trim().StartsWith(FeedbackTokens.Prefix, StringComparison.Ordinal)
            ? header[Scheme.Length..].Trim() : null;

    private const string TokensAreOff = $"Feedback tokens are off on this gateway. Set {FeedbackTokens.Variable} to a secret of at least 32 characters and start it again.";

    private static partial class Log
    {
        [LoggerMessage(6101, LogLevel.Error, "Feedback could not be written; its sender was told to send it again")]
        public static partial void NotWritten(ILogger logger, Exception exception);
    }
}
