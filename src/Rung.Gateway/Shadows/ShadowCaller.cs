using Microsoft.AspNetCore.Http;
using Rung.Core.Decisions;
using Rung.Core.Policies;
using Rung.Core.Rollouts;
using Rung.Core.Spans;
using Rung.Gateway.Dispatch;
using Rung.Gateway.Intake;
using Rung.Gateway.Judging;
using Rung.Gateway.Recording;
using Rung.Gateway.Rollouts;

namespace Rung.Gateway.Shadows;

/// <summary>
/// Puts a copy of a call to the candidate of a rollout, by the same code as a call: its route, checks and escalation, its own pins and those in force. It is
/// booked as a call of its own, and nobody waits for it: it is not tried longer than a call would be. Tools that the answer calls are not run.
/// </summary>
internal sealed class ShadowCaller(RungAttempts rungs, Judge judge, GatewayTelemetry telemetry, TimeProvider clock)
{
    /// <summary>The role under which copies are booked.</summary>
    public const string Role = "shadow";

    // A copy leaves nothing behind at a provider.
    private static readonly string[] s_leftOut = ["store", "metadata", "tags"];

    /// <summary>What would be asked.</summary>
    /// <returns>Null when nothing may or can take it.</returns>
    public ShadowQuestion? Prepare(HeardCall heard, ActiveRollout rollout, PoliciesInForce policies)
    {
        if (rollout.Candidate is not { } candidate || heard.Shadow is not { } order) return null;
        var decision = Placement.Bounded(candidate, order.Facts, out var isBound);
        if (decision.Status != DecisionStatus.Decided) return null;
        decision = decision with { Candidates = Unburdened(decision.Candidates, candidate, policies.Policy) };
        if (decision.Candidates.IsEmpty) return null;
        if (OwnBody.Of(heard.Request, s_leftOut) is not { } bytes || RequestScanner.TryScan(bytes.Span, out var scan) is not null) return null;
        return new ShadowQuestion(candidate, decision, isBound, bytes, scan, ModelCaller.Estimate(candidate.Snapshot, decision, order.Facts, clock.GetUtcNow()));
    }

    /// <summary>Asks.</summary>
    /// <returns>The booked call, and the message of its answer; null without an answer.</returns>
    public async Task<(CallRecord Record, byte[]? Message)> AskAsync(HeardCall heard, ShadowQuestion question, ActiveRollout rollout, CancellationToken cancellationToken)
    {
        using var body = RequestBody.Of(question.Body.Span);
        var call = Begin(heard, question, rollout, body, cancellationToken);
        RungEnd end = default;
        byte[]? message = null;
        try
        {
            end = await ByRouteAsync(call);
            if (end.Reply is { } reply && end.IsAnswer)
            {
                message = HeardMessage.Of(new HeardAnswer(reply.Record, reply.Bytes, IsStream: false));
                rungs.Close(call, reply);
            }
        }
        catch (Exception e) when (cancellationToken.IsCancellationRequested && e is OperationCanceledException or IOException)
        {
            end = new(RungEnded.ClientGone, null); // The gateway stops; what was used is booked.
        }
        finally
        {
            end.Reply?.Dispose();
            Close(call, end);
        }
        return (call.Record, message);
    }

    private Call Begin(HeardCall heard, ShadowQuestion question, ActiveRollout rollout, RequestBody body, CancellationToken cancellationToken)
    {
        var http = new DefaultHttpContext { RequestAborted = cancellationToken };
        var (startedAt, of, facts) = (clock.GetUtcNow(), heard.Call, heard.Shadow!.Facts);
        var policy = question.Candidate;
        var span = telemetry.StartCall(http);
        var record = new CallRecord
        {
            Id = ModelCaller.NewCallId(startedAt),
            StartedAt = startedAt,
            Tag = ShadowTag.Of(of.Tag ?? question.Decision.Route.Name),
            Role = Role,
            Session = of.Session,
            User = of.User,
            Route = question.Decision.Route.Name,
            Arm = rollout.NameOf(RolloutArm.Candidate),
            PolicyRevision = policy.Snapshot.Revision,
            PolicyHash = policy.Snapshot.Hash,
            Reason = $"{DecisionText.Reason(policy.Snapshot, question.Decision, facts, question.IsBound)}; copy of call {of.Id} for rollout {rollout.Terms.Id}",
        };
        telemetry.Decided(span, policy.Snapshot, question.Decision.Route, facts, record.Reason, startedAt);
        return new Call(http, policy, question.Decision, clock) { Record = record, Body = body, Scan = question.Scan, Facts = facts, Span = span, IsBound = question.IsBound };
    }

    /// <summary>As a call of the route would be answered. The first attempt of every copy is marked as what it is.</summary>
    private async Task<RungEnd> ByRouteAsync(Call call)
    {
        var (candidates, kind) = (call.Decision.Candidates, AttemptKind.Shadow);
        while (true)
        {
            var end = await rungs.TryRungAsync(call, call.Rung, candidates, kind);
            if (end.Ended is not (RungEnded.Answered or RungEnded.Unavailable)) return end;
            var causes = ClimbCause.Unavailable;
            if (end.IsAnswer)
            {
                causes = (await judge.OfAsync(call, end.Reply!)).Causes;
                if (!AnswerTrial.Fails(call.Route, causes)) return end;
            }
            if (!Climbing.May(call, causes, out var tier, out candidates)) return end;
            if (end.Reply is { } left)
            {
                if (end.IsAnswer) rungs.Close(call, left);
                left.Dispose();
            }
            (call.Rung, kind) = (tier, AttemptKind.Escalation);
            call.Climbs++;
        }
    }

    private void Close(Call call, in RungEnd end)
    {
        var record = call.Record;
        var served = end.IsAnswer ? end.Reply!.Record : null;
        record.Status = end.Ended == RungEnded.ClientGone ? CallStatus.ClientGone
            : served is null ? CallStatus.Failed
            : served.Outcome == AttemptOutcome.CheckFailed ? CallStatus.AnsweredUnverified : CallStatus.Answered;
        record.HttpStatus = record.Status == CallStatus.ClientGone ? 499 : served?.HttpStatus ?? 500;
        Bookkeeper.Close(record, call.Snapshot, served);
        record.LatencyMicros = call.ElapsedMicros;
        telemetry.CallEnded(call.Span, record);
    }

    /// <summary>Models that calls may use now: one that is being left alone by calls is not burdened with copies either.</summary>
    private static ModelSet Unburdened(ModelSet candidates, ActivePolicy candidate, ActivePolicy inForce)
    {
        foreach (var index in candidates)
        {
            var model = candidate.Upstreams[index].Model;
            foreach (var upstream in inForce.Upstreams)
            {
                if (upstream.Model.Name == model.Name && upstream.Model.BaseUrl == model.BaseUrl && upstream.Model.UpstreamId == model.UpstreamId && !upstream.Health.MayTry())
                    candidates = candidates.Without(index);
            }
        }
        return candidates;
    }
}

/// <summary>A copy that is ready to be asked.</summary>
/// <param name="Candidate">Who answers.</param>
/// <param name="Decision">Where it goes.</param>
/// <param name="IsBound">Whether a pin of the policy in force binds it.</param>
/// <param name="Body">The request.</param>
/// <param name="Scan">Where its governed fields are.</param>
/// <param name="EstimateNanoUsd">What its first attempt costs at most about; null when the price is unknown.</param>
internal sealed record ShadowQuestion(ActivePolicy Candidate, Decision Decision, bool IsBound, ReadOnlyMemory<byte> Body, ScannedRequest Scan, long? EstimateNanoUsd);
