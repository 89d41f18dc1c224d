using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rung.Core.Spans;
using Rung.Gateway.Intake;
using Rung.Gateway.Recording;
using Rung.Gateway.Reply;
using Rung.Gateway.Shadows;

namespace Rung.Gateway;

/// <summary>The small pages beside the hot path: models, one call, the policy in force, health.</summary>
internal static partial class GatewayPages
{
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(100);

    public static void MapGatewayPages(this IEndpointRouteBuilder app)
    {
        app.MapGet("/healthz", () => Results.Text("ok\n"));
        app.MapGet("/readyz", Ready);
        app.MapGet("/v1/models", Models).AddEndpointFilter(Guard);
        app.MapGet("/rung/policy", Policy).AddEndpointFilter(Guard);
        app.MapGet("/rung/calls/{id}", OneCall).AddEndpointFilter(Guard);
    }

    private static async ValueTask<object?> Guard(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var http = invocation.HttpContext;
        var keys = http.RequestServices.GetRequiredService<GatewayOptions>().Keys;
        if (!keys.AreRequired && !LoopbackHost.IsNamed(http.Request.Host.Host))
        {
            await LoopbackHost.Refusal.WriteAsync(http);
            return Results.Empty;
        }
        if (keys.Welcome(http.Request.Headers.Authorization)) return await next(invocation);
        await new ErrorReply(401, "invalid_request_error", "invalid_api_key", "This gateway needs one of its own keys as 'Authorization: Bearer …'.").WriteAsync(http);
        return Results.Empty;
    }

    /// <summary>Ready as soon as a policy is in force. A later policy that was refused does not stop the gateway, but is said here.</summary>
    private static IResult Ready(PolicyHolder policies, CallRecorder recorder, ContentTap content, ShadowCopies shadows, GatewayOptions options)
    {
        var status = policies.Status;
        var ledgerProblem = recorder.Problem is { } unwritten ? $"the ledger takes no calls: {unwritten}" : status.LedgerProblem;
        var keyed = options.Keys.AreRequired; // With keys the port may be public: no details then.
        return Results.Json(
            new
            {
                Status = status.Problem is null && status.ModelsWithoutKey.IsEmpty && status.VerifiersWithoutKey.IsEmpty && status.RolloutsRefused.IsEmpty && status.LedgerProblem is null && !recorder.IsFailing && !content.IsFailing ? "ready" : "degraded",
                PolicyRevision = status.Revision,
                PolicyHash = status.Hash,
                PolicyProblem = keyed && status.Problem is not null ? "a newer policy was refused; see the log or GET /rung/policy" : status.Problem,
                ModelsWithoutKey = keyed ? [] : status.ModelsWithoutKey,
                VerifiersWithoutKey = keyed ? [] : status.VerifiersWithoutKey,
                Rollouts = status.Rollouts.Length,
                RolloutsRefused = keyed ? [.. status.RolloutsRefused.Select(refusal => refusal with { Why = "see the log or GET /rung/policy" })] : status.RolloutsRefused,
                LedgerProblem = !keyed || ledgerProblem is null ? ledgerProblem
                    : recorder.IsFailing ? "the ledger takes no calls; see the log" : "the ledger cannot be followed; see the log or GET /rung/policy",
                Ledger = new { recorder.Waiting, recorder.Written, recorder.Dropped, FailedAppends = recorder.Failures },
                Content = options.Keep is null ? null : new { content.Waiting, content.Kept, content.Dropped, content.TooLarge, content.Unreadable, FailedAppends = content.Failures },
                Shadow = shadows.Asked + shadows.Dropped + shadows.Refused + shadows.Waiting == 0
                    ? null : new { shadows.Waiting, shadows.Asked, shadows.Answered, shadows.Judged, shadows.Unjudged, shadows.Dropped, shadows.TooLarge, shadows.Refused },
            },
            PageJson.Options);
    }

    private static IResult Policy(PolicyHolder policies) => Results.Json(policies.Status, PageJson.Options);

    /// <summary>Every tag as a virtual model, then the policy's models. Which model answers is the policy's choice all the same.</summary>
    private static IResult Models(PolicyHolder policies)
    {
        var snapshot = policies.Snapshot;
        var created = policies.Status.LoadedAt.ToUnixTimeSeconds();
        var tags = snapshot.Tags.Values.OrderBy(route => route.Name, StringComparer.Ordinal)
            .Select(route => new { Id = CallFactsReader.VirtualModelPrefix + route.Name, Object = "model", Created = created, OwnedBy = "rung" });
        var models = snapshot.Models.Select(model => new { Id = model.Name, Object = "model", Created = created, OwnedBy = model.Provider });
        return Results.Json(new { Object = "list", Data = tags.Concat(models) }, PageJson.Options);
    }

    private static async Task<IResult> OneCall(string id, CallRecorder recorder, GatewayOptions options, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        if (id.Length != 32 || !id.All(char.IsAsciiHexDigitLower))
            return PageJson.NotFound($"'{id}' is not a call id: these have 32 hexadecimal digits, as in the header x-rung-call-id.");
        CallRecord? found;
        try
        {
            await recorder.FlushAsync(cancellationToken);
            found = await options.Find(id, cancellationToken);
            if (found is null)
            {
                // A client may have its reply a moment before the call is posted.
                await Task.Delay(s_moment, options.Clock, cancellationToken);
                await recorder.FlushAsync(cancellationToken);
                found = await options.Find(id, cancellationToken);
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Log.LedgerUnreadable(loggers.CreateLogger(typeof(GatewayPages)), id, e);
            return PageJson.Unavailable("The ledger cannot be used now; the gateway's log says why. The call itself was not affected.");
        }
        return found is { } call
            ? Results.Json(CallView.Of(call), PageJson.Options)
            : PageJson.NotFound($"There is no call {id} in the ledger: it is still running, it was dropped, or it went through another gateway.");
    }

    private static partial class Log
    {
        [LoggerMessage(5001, LogLevel.Error, "The ledger could not be read for call {CallId}")]
        public static partial void LedgerUnreadable(ILogger logger, string callId, Exception exception);
    }
}
