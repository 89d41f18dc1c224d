using System.Collections.Immutable;
using System.Globalization;
using Rung.Core.Checks;
using Rung.Core.Decisions;
using Rung.Core.Policies;
using Rung.Core.Prices;
using Rung.Core.Requests;
using Rung.Core.Spans;

namespace Rung.Demo.Ledgers;

/// <summary>Makes calls: decided by the real engine at real prices, answered by chance.</summary>
internal sealed class WorldCalls(WorldTroubles troubles, DemoChance chance)
{
    private const int MostClimbs = 4;

    // What passes says the same every time: one list a route, not one an answer.
    private readonly Dictionary<ImmutableArray<Check>, ImmutableArray<CheckVerdict>> _passes = [];
    private DemoChance _chance = chance;

    /// <summary>Makes one.</summary>
    /// <param name="session">The session that makes it.</param>
    /// <param name="job">What it asks for.</param>
    /// <param name="place">The policy that decides.</param>
    /// <param name="at">When it begins, UTC.</param>
    /// <param name="isWrong">Whether the answer is wrong in right form; false where there is none.</param>
    public CallRecord Make(WorldSession session, WorldJob job, WorldPlace place, DateTimeOffset at, out bool isWrong)
    {
        var policy = place.Policy;
        var size = session.Length * Math.Exp(0.35 * _chance.Normal());
        var input = Math.Max(1, (long)(job.Input * troubles.Length(job, at) * size));
        var facts = new CallFacts { Tag = job.Tag, TagSource = job.Tag is null ? TagSource.None : TagSource.Header, Role = job.Role, User = session.User, EstimatedInputTokens = (int)input };
        var decision = Decider.Decide(policy, facts);
        var record = new CallRecord
        {
            Id = NewId(at), StartedAt = at, Tag = job.Tag, TagSource = facts.TagSource, Role = job.Role ?? decision.Route.Role, Session = session.Name, User = session.User,
            Route = decision.Route.Name, Arm = place.Arm, PolicyRevision = policy.Revision, PolicyHash = policy.Hash, Streamed = job.IsStreamed, Reason = DecisionText.Reason(policy, decision, facts),
        };
        isWrong = false;
        if (decision.Status != DecisionStatus.Decided || _chance.Happens(0.0005)) return Rejected(record);
        Answer(record, session, job, policy, decision, input);
        if (record.Status is CallStatus.Answered or CallStatus.AnsweredUnverified)
            isWrong = record.Status == CallStatus.AnsweredUnverified || _chance.Happens(troubles.Wrong(job, Rung(policy, record.Tier), at));
        return record;
    }

    private static CallRecord Rejected(CallRecord record)
    {
        (record.Status, record.HttpStatus, record.LatencyMicros) = (CallStatus.Rejected, 400, 900);
        return record;
    }

    /// <summary>The attempts, as the gateway makes them: the pool of a rung, then one rung up.</summary>
    private void Answer(CallRecord record, WorldSession session, WorldJob job, PolicySnapshot policy, in Decision decision, long input)
    {
        var (tier, candidates, kind) = (decision.Tier, decision.Candidates, AttemptKind.First);
        var (elapsed, climbs, retried) = (0L, 0, false);
        while (true)
        {
            // 1. A model of the rung, or a failure.
            var model = policy.Models[Pick(policy, candidates, out var propensity)];
            var attempt = new AttemptRecord
            {
                Ordinal = record.Attempts.Count, Kind = kind, Model = model.Name, Provider = model.Provider, Tier = tier.Name, Propensity = propensity, StartedAt = record.StartedAt.AddMicroseconds(elapsed),
            };
            record.Attempts.Add(attempt);
            var (share, outcome) = troubles.Unavailable(model.Name, attempt.StartedAt);
            ClimbCause cause;
            if (_chance.Happens(share))
            {
                elapsed += Fail(attempt, outcome);
                if (!candidates.Without(model.Index).IsEmpty)
                {
                    (candidates, kind) = (candidates.Without(model.Index), AttemptKind.Failover);
                    continue;
                }
                if (!retried)
                {
                    (retried, kind) = (true, AttemptKind.Retry);
                    continue;
                }
                cause = ClimbCause.Unavailable;
            }
            else
            {
                // 2. An answer, and what the checks say of it.
                cause = Complete(attempt, session, job, decision.Route, tier, model, input);
                elapsed += attempt.LatencyMicros;
            }
            Book(record, attempt);

            // 3. It is served, or the call climbs.
            if (cause == ClimbCause.None)
            {
                Serve(record, attempt, policy, model, elapsed, decision.Route, CallStatus.Answered);
                return;
            }
            if (climbs < MostClimbs && Decider.MayClimb(policy, decision, cause, climbs, tier, out var next, out var above))
            {
                (tier, candidates, kind, retried) = (next, above, AttemptKind.Escalation, false);
                climbs++;
                record.Reason = $"{record.Reason}; climbed to {tier.Name}: {Explanation.Causes(cause)}";
                continue;
            }
            if (cause == ClimbCause.Unavailable || (cause == ClimbCause.CheckFailed && decision.Route.Escalation is { Exhausted: Exhausted.Error }))
                (record.Status, record.HttpStatus, record.LatencyMicros) = (CallStatus.Failed, 502, elapsed);
            else
                Serve(record, attempt, policy, model, elapsed, decision.Route, cause == ClimbCause.CheckFailed ? CallStatus.AnsweredUnverified : CallStatus.Answered);
            return;
        }
    }

    private ClimbCause Complete(AttemptRecord attempt, WorldSession session, WorldJob job, Route route, Tier tier, Model model, long input)
    {
        // 1. Tokens.
        var output = Math.Max(1, (long)(job.Output * Math.Exp(0.4 * _chance.Normal())));
        var reasoning = tier.Index >= 2 ? (long)(output * job.Reasoning) : 0;
        output += reasoning;
        var isCut = route.MaxTokens > 0 && output > route.MaxTokens;
        if (isCut) output = route.MaxTokens;
        var cached = session.Done > 0 && job.Cached > 0 ? (long)(input * Math.Min(0.95, job.Cached * (0.6 + (0.8 * _chance.Share())))) : 0;
        attempt.Usage = new TokenUsage { Input = input, CacheRead = cached, Output = output, Reasoning = Math.Min(reasoning, output), Source = UsageSource.Provider };

        // 2. Time: about as long as the rung's models take for a first token and for each further one.
        var (first, perToken) = tier.Index switch { 0 => (240_000.0, 4_000.0), 1 => (520_000.0, 9_000.0), _ => (1_100_000.0, 15_000.0) };
        var pace = session.Pace * Math.Exp(0.3 * _chance.Normal());
        attempt.LatencyMicros = (long)((first + (input * 20) + (output * perToken)) * pace);
        if (job.IsStreamed) attempt.FirstByteMicros = (long)((first + (input * 20)) * pace);
        attempt.HttpStatus = 200;
        attempt.UpstreamModel = troubles.Version(model.UpstreamId, attempt.StartedAt);
        attempt.FinishReason = isCut ? "length" : "stop";
        attempt.CostNanoUsd = model.Price?.At(attempt.StartedAt) is { } period ? Cost.OfTokens(attempt.Usage, period, attempt.StartedAt) : null;

        // 3. Checks.
        var failed = !route.Checks.IsEmpty && _chance.Happens(troubles.Faulty(job, tier.Index, attempt.StartedAt)) ? _chance.Between(0, route.Checks.Length - 1) : -1;
        if (!route.Checks.IsEmpty) attempt.Checks = Verdicts(route.Checks, failed);
        attempt.Outcome = failed >= 0 ? AttemptOutcome.CheckFailed : AttemptOutcome.Completed;
        return failed >= 0 ? ClimbCause.CheckFailed : isCut ? ClimbCause.Truncated : ClimbCause.None;
    }

    private long Fail(AttemptRecord attempt, AttemptOutcome outcome)
    {
        attempt.Outcome = outcome;
        (attempt.HttpStatus, attempt.Error, attempt.LatencyMicros) = outcome switch
        {
            AttemptOutcome.RateLimited => (429, "429 Too Many Requests", (long)(90_000 * (1 + _chance.Share()))),
            AttemptOutcome.UpstreamError => (503, "503 Service Unavailable", (long)(400_000 * (1 + _chance.Share()))),
            _ => (0, "no first byte in time", 8_000_000L),
        };
        attempt.CostNanoUsd = 0;
        return attempt.LatencyMicros;
    }

    private static void Book(CallRecord record, AttemptRecord attempt)
    {
        if (attempt.CostNanoUsd is not { } cost) record.UnknownPriceAttempts++;
        else record.CostNanoUsd += cost;
    }

    private void Serve(CallRecord record, AttemptRecord attempt, PolicySnapshot policy, Model model, long elapsed, Route route, CallStatus status)
    {
        var isGone = record.Streamed && _chance.Happens(0.004);
        (record.Status, record.HttpStatus) = isGone ? (CallStatus.ClientGone, 499) : (status, 200);
        (record.Tier, record.Model, record.LatencyMicros) = (attempt.Tier, model.Name, elapsed);
        // An answer that is held until it is judged begins when it is whole.
        record.FirstByteMicros = !record.Streamed ? null : route.Holds ? elapsed : elapsed - attempt.LatencyMicros + attempt.FirstByteMicros;
        var baseline = policy.BaselineModel;
        if (baseline.Price?.At(record.StartedAt) is { } period) (record.BaselineNanoUsd, record.BaselineModel) = (Cost.OfTokens(attempt.Usage, period, record.StartedAt), baseline.Name);
    }

    /// <summary>A model of the best priority, by weight.</summary>
    private int Pick(PolicySnapshot policy, ModelSet candidates, out double propensity)
    {
        var (best, weights) = (int.MaxValue, 0);
        foreach (var index in candidates)
        {
            var model = policy.Models[index];
            if (model.Priority < best) (best, weights) = (model.Priority, 0);
            if (model.Priority == best) weights += model.Weight;
        }
        var drawn = _chance.Between(0, weights - 1);
        foreach (var index in candidates)
        {
            var model = policy.Models[index];
            if (model.Priority != best) continue;
            drawn -= model.Weight;
            if (drawn >= 0) continue;
            propensity = (double)model.Weight / weights;
            return index;
        }
        throw new InvalidOperationException("A rung without models was asked."); // Decider gives only rungs that have one.
    }

    private ImmutableArray<CheckVerdict> Verdicts(ImmutableArray<Check> checks, int failed)
    {
        if (failed < 0)
        {
            if (!_passes.TryGetValue(checks, out var passes)) _passes[checks] = passes = [.. checks.Select(check => new CheckVerdict(check.Name, true, null))];
            return passes;
        }
        return [.. checks.Select((check, place) => place == failed ? new CheckVerdict(check.Name, false, Fault(check.Name)) : new CheckVerdict(check.Name, true, null))];
    }

    private static string Fault(string check) => check.Split(' ')[0] switch
    {
        "allowed" => "The answer is none of the allowed values.",
        "schema" => "At the root: a required property is missing.",
        "length" => "The answer is outside the allowed length.",
        _ => "The pattern says no.",
    };

    private static int Rung(PolicySnapshot policy, string? tier)
    {
        foreach (var one in policy.Ladder)
        {
            if (one.Name == tier) return one.Index;
        }
        return 0;
    }

    /// <summary>An id as the gateway makes it (UUID version 7, RFC 9562 section 5.7), with chance from the seed.</summary>
    private string NewId(DateTimeOffset at)
    {
        var time = (ulong)at.ToUnixTimeMilliseconds();
        var high = (time << 16) | 0x7000 | (_chance.Next() & 0x0FFF);
        var low = 0x8000_0000_0000_0000 | (_chance.Next() >> 2);
        return string.Create(CultureInfo.InvariantCulture, $"{high:x16}{low:x16}");
    }
}
