using System.Collections.Immutable;
using Rung.Core.Decisions;
using Rung.Core.Policies;
using Rung.Core.Prices;
using Rung.Core.Spans;

namespace Rung.Replay;

/// <summary>What a policy makes of a logged call.</summary>
/// <param name="Call">The call under it.</param>
/// <param name="Choices">The models that it could ask first, each with its probability; empty when it refuses the call.</param>
internal sealed record LoggedDecision(ReplayedCall Call, ImmutableArray<(int Model, double Probability)> Choices);

/// <summary>
/// Decides logged calls again by the engine of the gateway, and prices them. Where the policy asks the model that was asked, what was paid stands; the
/// recorded course of the call (failovers, climbs) is followed as far as the policy would go it. Where it asks another one, the recorded tokens are priced
/// at that model, and whether its answer would have failed a check is unknown.
/// </summary>
/// <param name="policy">The policy.</param>
/// <param name="match">Tells its models in the log.</param>
/// <param name="climbRate">The share of calls that is taken to climb where nobody knows, 0 to 1.</param>
internal sealed class LoggedReplay(PolicySnapshot policy, ModelMatch match, double climbRate)
{
    // What most calls are made of, once for all of them.
    private readonly string[][] firsts = [.. policy.Models.Select(model => new[] { $"first {model.Name}" })];

    private const ClimbCause AnyAnswerCause = ClimbCause.CheckFailed | ClimbCause.Truncated | ClimbCause.Refused | ClimbCause.Filtered;

    /// <summary>Decides a call.</summary>
    public LoggedDecision Decide(LoggedCall call)
    {
        var decision = Decider.Decide(policy, call.Facts);
        if (decision.Status != DecisionStatus.Decided)
        {
            var refusal = decision.Status == DecisionStatus.PinUnsatisfied ? "pin_unsatisfied" : "no_model_fits";
            return new LoggedDecision(new ReplayedCall { Error = refusal, Climbs = 0, CostNanoUsd = 0, CostSource = CostSource.NotAsked }, []);
        }
        var choices = ChoicesOf(decision.Candidates);
        var asked = match.Of(call.Attempts[0]);
        foreach (var (index, _) in choices)
        {
            if (asked.Contains(index)) return new LoggedDecision(Follow(call, decision, policy.Models[index]), choices);
        }
        return new LoggedDecision(Reprice(call, decision, choices), choices);
    }

    /// <summary>The models that share the first attempt: those of the least priority, by weight.</summary>
    private ImmutableArray<(int Model, double Probability)> ChoicesOf(ModelSet candidates)
    {
        var (first, total) = (int.MaxValue, 0);
        foreach (var model in policy.Models)
        {
            if (!candidates.Contains(model.Index) || model.Priority > first) continue;
            if (model.Priority < first) (first, total) = (model.Priority, 0);
            total += model.Weight;
        }
        return [.. policy.Models.Where(model => candidates.Contains(model.Index) && model.Priority == first).Select(model => (model.Index, (double)model.Weight / total))];
    }

    /// <summary>The policy asks the model that was asked: the recorded attempts stand, as far up as it would climb.</summary>
    private ReplayedCall Follow(LoggedCall call, in Decision decision, Model first)
    {
        var (tier, model, climbs, isPaid, isKnown, cost) = (decision.Tier, first, 0, true, true, 0L);
        var reached = new List<(Model Model, Tier Tier)>(call.Attempts.Count); // By attempt: who the policy asks there.
        var against = ClimbCause.None;
        foreach (var attempt in call.Attempts)
        {
            if (attempt.Kind == AttemptKind.Escalation)
            {
                if (!Decider.MayClimb(policy, decision, against, climbs, tier, out tier, out var candidates)) break;
                climbs++;
                (model, isPaid) = Reached(candidates, attempt);
            }
            else if (attempt.Kind == AttemptKind.Failover && match.Of(attempt) is { IsEmpty: false } other) model = policy.Models[other.First];
            if (attempt.Kind is not (AttemptKind.Verifier or AttemptKind.Sample)) against = attempt.Against;
            var price = isPaid || attempt.Kind == AttemptKind.Verifier ? attempt.CostNanoUsd : PriceOf(model, attempt);
            if (price is { } known) cost += known;
            else isKnown = false;
            reached.Add((model, tier));
        }

        var wasFollowed = reached.Count == call.Attempts.Count;
        var served = wasFollowed && call.Answer is { } answered ? answered : LastAnswering(call, reached.Count);
        var climbsKnown = climbs > 0 || !wasFollowed || ChecksAreThose(decision.Route, call.Attempts[0]) || !CanClimb(decision, out _);
        if (!climbsKnown && isKnown) isKnown = AddAssumedClimbs(decision, call.Attempts[served], ref cost);
        return new ReplayedCall
        {
            Model = call.Error is null ? reached[served].Model.Name : null,
            Tier = call.Error is null ? TierOf(reached[served].Model, reached[served].Tier) : null,
            Made = reached.Count == 1 ? firsts[reached[0].Model.Index] : [.. call.Attempts.Zip(reached, (attempt, at) => $"{attempt.Kind.ToString().ToLowerInvariant()} {(attempt.Kind == AttemptKind.Verifier ? attempt.Model : at.Model.Name)}")],
            Climbs = climbsKnown ? climbs : null,
            CostNanoUsd = isKnown ? cost : null,
            CostSource = isKnown ? CostSource.Paid : CostSource.Unknown,
            BaselineNanoUsd = call.Answer is null ? null : BaselineOf(call.Attempts[served]),
            Score = wasFollowed ? call.Verdict : null,
            Error = call.Error,
        };
    }

    /// <summary>Place of the last attempt for an answer among the first ones.</summary>
    private static int LastAnswering(LoggedCall call, int count)
    {
        for (var i = count - 1; i > 0; i--)
        {
            if (call.Attempts[i].Kind is not (AttemptKind.Verifier or AttemptKind.Sample)) return i;
        }
        return 0;
    }

    /// <summary>The policy asks another model: the recorded tokens at its price, or what was paid where it was asked later in the same call.</summary>
    private ReplayedCall Reprice(LoggedCall call, in Decision decision, ImmutableArray<(int Model, double Probability)> choices)
    {
        var (model, measured) = (policy.Models[choices[0].Model], call.Measured);
        long? cost = null;
        var source = CostSource.Unknown;
        foreach (var attempt in call.Attempts)
        {
            if (attempt.Usage.Source == UsageSource.None || !match.Of(attempt).Contains(model.Index)) continue;
            (cost, source, measured) = (attempt.CostNanoUsd, attempt.CostNanoUsd is null ? CostSource.Unknown : CostSource.Paid, attempt);
        }
        if (source != CostSource.Paid && measured is not null && PriceOf(model, measured) is { } price) (cost, source) = (price, CostSource.Repriced);

        var mayClimb = CanClimb(decision, out _);
        if (mayClimb && cost is { } sum && measured is not null)
        {
            cost = AddAssumedClimbs(decision, measured, ref sum) ? sum : null;
            if (cost is null) source = CostSource.Unknown;
        }
        return new ReplayedCall
        {
            Model = call.Error is null ? model.Name : null,
            Tier = call.Error is null ? TierOf(model, decision.Tier) : null,
            Made = firsts[model.Index],
            Climbs = mayClimb ? null : 0,
            CostNanoUsd = cost,
            CostSource = source,
            BaselineNanoUsd = call.Answer is null ? null : BaselineOf(measured),
            Error = call.Error,
        };
    }

    private (Model Model, bool IsPaid) Reached(ModelSet candidates, LoggedAttempt attempt)
    {
        var same = candidates & match.Of(attempt);
        return same.IsEmpty ? (policy.Models[ChoicesOf(candidates)[0].Model], false) : (policy.Models[same.First], true);
    }

    private static string TierOf(Model model, Tier tier) => tier.Pool.Contains(model.Index) ? tier.Name : "pinned";

    /// <summary>Whether the checks of the route are among those that judged the recorded answer: then what they said is known.</summary>
    private static bool ChecksAreThose(Route route, LoggedAttempt attempt) => !route.Checks.IsEmpty && route.Checks.All(check => attempt.Checks.Contains(check.Name));

    private bool CanClimb(in Decision decision, out ModelSet candidates)
    {
        candidates = ModelSet.Empty;
        return decision.Route.Escalation is { LooksAtTheAnswer: true } up && (!decision.Route.Checks.IsEmpty || (up.On & AnyAnswerCause & ~ClimbCause.CheckFailed) != ClimbCause.None)
            && Decider.MayClimb(policy, decision, AnyAnswerCause, climbs: 0, decision.Tier, out _, out candidates);
    }

    /// <summary>Adds what the assumed share of climbs costs: the same tokens at the model that a climb reaches. False when its price is unknown.</summary>
    private bool AddAssumedClimbs(in Decision decision, LoggedAttempt measured, ref long cost)
    {
        if (climbRate <= 0 || !CanClimb(decision, out var candidates)) return true;
        if (PriceOf(policy.Models[ChoicesOf(candidates)[0].Model], measured) is not { } price) return false;
        cost += (long)Math.Round((decimal)climbRate * price, MidpointRounding.AwayFromZero);
        return true;
    }

    private long? BaselineOf(LoggedAttempt? measured) => measured is null ? null
        : match.Of(measured).Contains(policy.BaselineModel.Index) ? measured.CostNanoUsd : PriceOf(policy.BaselineModel, measured);

    /// <summary>Tokens of an attempt at a model's price of that moment; null when it is unknown, or by the hour: nobody knows how long the model would have taken.</summary>
    private static long? PriceOf(Model model, LoggedAttempt attempt)
    {
        if (attempt.Usage.Source == UsageSource.None || model.Hourly is not null || model.Price?.At(attempt.StartedAt) is not { } period) return null;
        var price = Cost.OfTokens(attempt.Usage, period, attempt.StartedAt);
        return attempt.PricePermille == 1000 ? price : (long)Math.Round(price * (decimal)attempt.PricePermille / 1000, MidpointRounding.AwayFromZero);
    }
}
