using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Rung.Core.Decisions;
using Rung.Core.Policies;
using Rung.Core.Spans;
using Rung.Gateway.Dispatch;
using Rung.Gateway.Intake;
using Rung.Gateway.Judging;
using Rung.Gateway.Recording;
using Rung.Gateway.Reply;
using Rung.Gateway.Rollouts;
using Rung.Gateway.Shadows;

namespace Rung.Gateway;

/// <summary>
/// The whole path of a call: 1. intake, 2. decide, 3. dispatch on a rung, 4. check, and climb when it fails, 5. reply, 6. record.
/// Nothing here waits for the ledger, for telemetry or for a database.
/// </summary>
internal sealed partial class CallPipeline(
    PolicyHolder policies, ClientKeys keys, RungAttempts rungs, Judge judge, ReplyWriter replies, CallRecorder recorder, ContentTap tap, ShadowCopies shadows,
    GatewayTelemetry telemetry,
    TimeProvider clock, ILogger<CallPipeline> logger)
{
    /// <summary>Serves one chat-completions request.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        // 1. Intake
        var inForce = policies.InForce;
        if (Unwelcome(http) is { } unwelcome)
        {
            await unwelcome.WriteAsync(http);
            return;
        }
        RequestBody? read;
        try
        {
            read = await RequestBody.ReadAsync(http.Request, inForce.Policy.Snapshot.Limits.RequestBytes, http.RequestAborted);
        }
        catch (BadHttpRequestException e)
        {
            await new ErrorReply(e.StatusCode, "invalid_request_error", "unreadable_body", $"The request body could not be read: {e.Message}").WriteAsync(http);
            return;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            return; // The client went away before there was a call.
        }
        if (read is not { } body)
        {
            var limit = inForce.Policy.Snapshot.Limits.RequestBytes;
            await new ErrorReply(413, "invalid_request_error", "request_too_large", $"The request body is larger than {limit:N0} bytes (policy: limits.request_mb).").WriteAsync(http);
            return;
        }
        using (body)
        {
            if (RequestScanner.TryScan(body.Span, out var scan) is { } fault)
            {
                await new ErrorReply(400, "invalid_request_error", "invalid_request", fault).WriteAsync(http);
                return;
            }
            if (CallFactsReader.DataClassFault(http.Request.Headers, scan) is { } unclear)
            {
                await new ErrorReply(400, "invalid_request_error", "invalid_data_class", unclear).WriteAsync(http);
                return;
            }
            await ServeAsync(Begin(http, inForce, body, scan));
        }
    }

    private ErrorReply? Unwelcome(HttpContext http)
    {
        if (!keys.Welcome(http.Request.Headers.Authorization))
            return new(401, "invalid_request_error", "invalid_api_key", "This gateway needs one of its own keys as 'Authorization: Bearer …'.");
        if (!keys.AreRequired && !LoopbackHost.IsNamed(http.Request.Host.Host)) return LoopbackHost.Refusal;
        // A page in a browser can send a form or plain text to a loopback port unasked, but no JSON.
        if (http.Request.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) != true)
            return new(415, "invalid_request_error", "unsupported_media_type", "Send the request as 'Content-Type: application/json'.");
        return null;
    }

    private Call Begin(HttpContext http, PoliciesInForce inForce, RequestBody body, in ScannedRequest scan)
    {
        var span = telemetry.StartCall(http);
        var startedAt = clock.GetUtcNow();
        var id = Guid.CreateVersion7(startedAt).ToString("N");
        var facts = CallFactsReader.Read(http.Request.Headers, scan, body.Length, out var session);

        // 2. Decide: the arm, where a rollout covers the tag; then the route.
        var placed = Placement.Of(inForce, facts, session, http.Request.Headers.Authorization, id);
        var (policy, decision) = (placed.Policy, placed.Decision);
        var reason = DecisionText.Reason(policy.Snapshot, decision, facts, placed.IsBound);
        var record = new CallRecord
        {
            Id = id,
            StartedAt = startedAt,
            Tag = facts.Tag,
            TagSource = facts.TagSource,
            Role = facts.Role ?? decision.Route.Role,
            Session = session,
            User = facts.User,
            Route = decision.Route.Name,
            Arm = placed.Arm,
            PolicyRevision = policy.Snapshot.Revision,
            PolicyHash = policy.Snapshot.Hash,
            Streamed = scan.IsStream,
            Attempts = new List<AttemptRecord>(1),
            Reason = placed.Words is null ? reason : $"{reason}; {placed.Words}",
        };
        telemetry.Decided(span, policy.Snapshot, decision.Route, facts, record.Reason, startedAt);
        var heard = tap.Begin(record, policy.Snapshot, decision.Route, facts);
        if (placed.IsCopied) heard = shadows.Begin(heard, record, policy.Snapshot, facts, placed.Rollout!);
        return new Call(http, policy, decision, clock) { Record = record, Body = body, Scan = scan, Facts = facts, Span = span, IsBound = placed.IsBound, Heard = heard };
    }

    private async Task ServeAsync(Call call)
    {
        try
        {
            if (call.Decision.Status == DecisionStatus.Decided) await AnswerAsync(call);
            else await RefuseAsync(call);
        }
        catch (Exception e) when (call.ClientGone && e is OperationCanceledException or IOException)
        {
            End(call, CallStatus.ClientGone, served: null);
        }
        catch (Exception e)
        {
            Log.CallBroke(logger, call.Record.Id, e);
            End(call, CallStatus.Failed, served: null);
            if (!call.Http.Response.HasStarted && !call.ClientGone)
                await new ErrorReply(500, "server_error", "internal_error", $"The gateway failed on call {call.Record.Id}; its log says how.").WriteAsync(call.Http);
        }
        finally
        {
            // 6. Record
            call.Record.LatencyMicros = call.HandedOverMicros ?? call.ElapsedMicros;
            telemetry.CallEnded(call.Span, call.Record);
            if (call.Heard is { } heard)
            {
                tap.End(heard, call.Body.Span);
                shadows.End(heard, call.Body.Span);
            }
            recorder.Post(call.Record);
        }
    }

    private async Task AnswerAsync(Call call)
    {
        var candidates = call.Decision.Candidates;
        var kind = AttemptKind.First;
        AttemptReply? kept = null; // The last whole answer that a check failed: better than nothing, if nothing better comes.
        try
        {
            while (true)
            {
                // 3. Dispatch
                var end = await rungs.TryRungAsync(call, call.Rung, candidates, kind);
                Tier tier;
                if (end.Reply is { } reply && end.IsAnswer)
                {
                    kept?.Dispose();
                    kept = reply;
                    // 4. Check
                    AnswerJudgement judgement;
                    try
                    {
                        judgement = await judge.OfAsync(call, reply);
                    }
                    finally
                    {
                        if (!reply.IsLive) rungs.Close(call, reply);
                    }
                    if (!reply.IsLive) call.Heard?.Hear(reply);
                    if (!AnswerTrial.Fails(call.Route, judgement.Causes))
                    {
                        await ReplyAsync(call, reply, verified: true);
                        return;
                    }
                    if (!Climbing.May(call, judgement.Causes, out tier, out candidates))
                    {
                        await ReplyToFailedCheckAsync(call, reply, judgement);
                        return;
                    }
                    Climb(call, tier, judgement.Causes);
                }
                else if (end.Ended == RungEnded.ClientGone)
                {
                    end.Reply?.Dispose();
                    End(call, CallStatus.ClientGone, served: null);
                    return;
                }
                else if (end.Ended == RungEnded.Doomed)
                {
                    using var doomed = end.Reply!;
                    if (doomed.GivenUpFor is not { } up)
                    {
                        await CheckFailedAsync(call, new AnswerJudgement(ClimbCause.CheckFailed, doomed.Record.Checks));
                        return;
                    }
                    (tier, candidates) = up;
                    Climb(call, tier, ClimbCause.CheckFailed);
                }
                else if (end.Ended == RungEnded.Rejected)
                {
                    using var refusal = end.Reply!;
                    if (MayServe(call, kept)) await ReplyAsync(call, kept!, verified: false);
                    else await RejectedAsync(call, refusal);
                    return;
                }
                else if (!Climbing.May(call, ClimbCause.Unavailable, out tier, out candidates))
                {
                    end.Reply?.Dispose();
                    if (MayServe(call, kept)) await ReplyAsync(call, kept!, verified: false);
                    else await FailAsync(call, end);
                    return;
                }
                else
                {
                    end.Reply?.Dispose();
                    Climb(call, tier, ClimbCause.Unavailable);
                }
                kind = AttemptKind.Escalation;
            }
        }
        finally
        {
            kept?.Dispose();
        }
    }

    /// <summary>An answer that a check failed is better than an error, unless the policy says otherwise.</summary>
    private static bool MayServe(Call call, AttemptReply? kept) => kept is not null && call.Route.Escalation?.Exhausted != Exhausted.Error;

    private static void Climb(Call call, Tier tier, ClimbCause causes)
    {
        call.Record.Reason = $"{call.Record.Reason}; climbed to {tier.Name}: {Explanation.Causes(causes & call.Route.Escalation!.On)}";
        call.Rung = tier;
        call.Climbs++;
    }

    private async Task ReplyAsync(Call call, AttemptReply reply, bool verified)
    {
        // 5. Reply
        if (reply.IsLive)
        {
            var status = CallStatus.CutShort;
            try
            {
                await replies.LiveAsync(call, reply);
                status = await JudgeAfterwardsAsync(call, reply);
            }
            finally
            {
                rungs.Close(call, reply);
            }
            call.Heard?.Hear(reply);
            End(call, status, reply.Record);
            return;
        }
        End(call, verified ? CallStatus.Answered : CallStatus.AnsweredUnverified, reply.Record);
        await ReplyWriter.WholeAsync(call, reply, verified);
    }

    /// <summary>A stream that went out before its verdict is judged for the record. The client has all of it, and is not kept waiting.</summary>
    private async Task<CallStatus> JudgeAfterwardsAsync(Call call, AttemptReply reply)
    {
        if (reply.Record.Outcome == AttemptOutcome.ClientGone) return CallStatus.ClientGone;
        if (reply.Record.Outcome != AttemptOutcome.Completed) return CallStatus.CutShort;
        if (reply.Collected is null) return CallStatus.Answered;
        rungs.Settle(call, reply);
        call.HandedOverMicros = call.ElapsedMicros;
        if (!call.ClientGone) await call.Http.Response.CompleteAsync();
        return AnswerTrial.Fails(call.Route, (await judge.AfterwardsAsync(call, reply)).Causes) ? CallStatus.AnsweredUnverified : CallStatus.Answered;
    }

    private async Task ReplyToFailedCheckAsync(Call call, AttemptReply reply, AnswerJudgement judgement)
    {
        if (call.Route.Escalation?.Exhausted != Exhausted.Error)
        {
            await ReplyAsync(call, reply, verified: false);
            return;
        }
        await CheckFailedAsync(call, judgement);
    }

    private static Task CheckFailedAsync(Call call, AnswerJudgement judgement)
    {
        End(call, CallStatus.Failed, served: null);
        return SayAsync(call, new(502, "upstream_error", "check_failed", $"No rung gave an answer that passes the checks of {call.Route.Name}: {judgement.Complaint} Call {call.Record.Id}."));
    }

    private static async Task RejectedAsync(Call call, AttemptReply refusal)
    {
        End(call, CallStatus.Failed, served: null);
        if (refusal.Upstream.KeyIsQuotedIn(refusal.Bytes.Span))
        {
            await SayAsync(call, new(refusal.Record.HttpStatus, "invalid_request_error", "upstream_rejected",
                $"{refusal.Record.Model} refused the request ({refusal.Record.HttpStatus}); its words quote the gateway's key and stay here. Call {call.Record.Id}."));
            return;
        }
        // The upstream's own words: it knows best what is wrong with the request.
        call.Record.HttpStatus = refusal.Record.HttpStatus;
        await ReplyWriter.WholeAsync(call, refusal, verified: true);
    }

    private static Task FailAsync(Call call, RungEnd end)
    {
        End(call, CallStatus.Failed, served: null);
        return SayAsync(call, FailureText.Of(call, end));
    }

    private static Task RefuseAsync(Call call)
    {
        End(call, CallStatus.Rejected, served: null);
        var code = call.Decision.Status == DecisionStatus.PinUnsatisfied ? "pin_unsatisfied" : "no_model_fits";
        return SayAsync(call, new(400, "invalid_request_error", code, DecisionText.Refusal(call.Snapshot, call.Decision, call.Facts)));
    }

    private static async Task SayAsync(Call call, ErrorReply error)
    {
        call.Record.HttpStatus = error.Status;
        RungHeaders.WriteStart(call, call.Http.Response.Headers, model: null, tier: null);
        if (call.Record.Attempts.Count > 0) RungHeaders.WriteMoney(call.Record, call.Http.Response.Headers);
        await error.WriteAsync(call.Http);
    }

    private static void End(Call call, CallStatus status, AttemptRecord? served)
    {
        call.Record.Status = status;
        call.Record.HttpStatus = status == CallStatus.ClientGone ? 499 : served?.HttpStatus ?? 500;
        Bookkeeper.Close(call.Record, call.Snapshot, served);
        if (call.Heard is { } heard) heard.Served = served;
    }

    private static partial class Log
    {
        [LoggerMessage(1001, LogLevel.Error, "Call {CallId} broke inside the gateway")]
        public static partial void CallBroke(ILogger logger, string callId, Exception exception);
    }
}
