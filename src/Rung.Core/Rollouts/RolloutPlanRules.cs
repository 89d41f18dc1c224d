using System.Collections.Immutable;

namespace Rung.Core.Rollouts;

/// <summary>What a plan must be like. Each problem is a sentence that names the fix.</summary>
public static class RolloutPlanRules
{
    private const int MostStages = 20;

    /// <summary>Everything that is wrong with a plan; empty when nothing is.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="knownTags">The tags of the candidate and of the current policy; null: not looked at.</param>
    public static ImmutableArray<string> Check(RolloutPlan plan, IReadOnlySet<string>? knownTags = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var problems = ImmutableArray.CreateBuilder<string>();
        CheckTags(plan, knownTags, problems);
        CheckStages(plan, problems);
        CheckGuards(plan, problems);
        if (!(plan.Alpha is > 0 and < 0.5)) problems.Add($"Alpha is {plan.Alpha}; it is a probability above 0 and below 0.5, such as 0.05.");
        if (plan.MinSample < 1) problems.Add($"The least sample is {plan.MinSample}; it is at least 1.");
        if (plan.MinTime < TimeSpan.Zero || plan.MinTime > TimeSpan.FromDays(3650)) problems.Add("The least time lies between 0 and 3,650 days.");
        if (plan.VerdictLag < TimeSpan.Zero || plan.VerdictLag > TimeSpan.FromDays(30)) problems.Add("The wait for verdicts lies between 0 and 30 days.");
        if (string.IsNullOrEmpty(plan.Salt)) problems.Add("There is no salt. Give the rollout one of its own, so that its assignment is independent of every other's.");
        if (!Enum.IsDefined(plan.Unit)) problems.Add("The unit is session, user, key or call.");
        if (plan.Shadow is { } shadow)
        {
            if (!(shadow.Sample is > 0 and <= 1)) problems.Add($"The share of calls that are copied is {shadow.Sample}; it lies above 0 and is at most 1.");
            if (shadow.MaxNanoUsd <= 0) problems.Add("The shadow has no budget. Say what its copies may cost.");
            if (shadow.Judgements < ShadowTerms.LeastJudgements)
                problems.Add($"The shadow ends after {shadow.Judgements} {(shadow.Judgements == 1 ? "judgement" : "judgements")}; fewer than {ShadowTerms.LeastJudgements} cannot say which policy the judge prefers.");
        }
        return problems.ToImmutable();
    }

    private static void CheckTags(RolloutPlan plan, IReadOnlySet<string>? knownTags, ImmutableArray<string>.Builder problems)
    {
        for (var i = 0; i < plan.Tags.Length; i++)
        {
            var tag = plan.Tags[i];
            if (string.IsNullOrWhiteSpace(tag)) problems.Add("A tag is empty. Leave it out; no tags at all are all calls.");
            else if (knownTags is not null && !knownTags.Contains(tag)) problems.Add($"The policy has no tag {tag}.{Nearest(tag, knownTags)}");
            if (i > 0 && string.CompareOrdinal(plan.Tags[i - 1], tag) >= 0) problems.Add($"The tags are not in order, each once: {tag} comes after {plan.Tags[i - 1]}.");
        }
    }

    private static string Nearest(string tag, IReadOnlySet<string> known)
    {
        var near = known.Where(one => one.StartsWith(tag, StringComparison.Ordinal) || tag.StartsWith(one, StringComparison.Ordinal)).Order(StringComparer.Ordinal).FirstOrDefault();
        if (near is not null) return $" Did you mean {near}?";
        return known.Count == 0 ? " It names none: leave --tags out for all calls." : $" It has {string.Join(", ", known.Order(StringComparer.Ordinal).Take(8))}{(known.Count > 8 ? ", ..." : "")}.";
    }

    private static void CheckStages(RolloutPlan plan, ImmutableArray<string>.Builder problems)
    {
        if (plan.Holdback is < 0 or > RolloutPlan.Whole / 2) problems.Add("The holdback lies between 0 and 50 percent.");
        if (plan.Stages.IsDefaultOrEmpty)
        {
            problems.Add("There is no stage. The usual ones are 1,10,50,100.");
            return;
        }
        if (plan.Stages.Length > MostStages) problems.Add($"There are {plan.Stages.Length} stages; {MostStages} are enough.");
        if (plan.Stages[0] < 1) problems.Add("The first stage gives the candidate nothing. It is at least 0.01 percent.");
        for (var i = 1; i < plan.Stages.Length; i++)
        {
            if (plan.Stages[i] <= plan.Stages[i - 1]) problems.Add($"Stage {i + 1} ({Percent(plan.Stages[i])}) is not above stage {i} ({Percent(plan.Stages[i - 1])}). Shares only rise.");
        }
        if (plan.Stages[^1] != RolloutPlan.Whole) problems.Add($"The last stage is {Percent(plan.Stages[^1])}; it is 100 %. What is to stay on the current policy is the holdback.");
        // A unit that is held back cannot be given away: the share before the whole must leave room for it, and for units of the current policy to compare with.
        if (plan.Stages.Length > 1 && plan.Stages[^2] + plan.Holdback > RolloutPlan.Whole) problems.Add($"Stage {plan.Stages.Length - 1} ({Percent(plan.Stages[^2])}) and a holdback of {Percent(plan.Holdback)} are more than all calls. Make one of them smaller.");
    }

    private static void CheckGuards(RolloutPlan plan, ImmutableArray<string>.Builder problems)
    {
        if (plan.Guards.IsDefaultOrEmpty)
        {
            problems.Add($"There is no guard. A rollout without one cannot be rolled back by itself; known are {GuardWords.Known}.");
            return;
        }
        foreach (var twice in plan.Guards.GroupBy(guard => guard.Metric).Where(group => group.Skip(1).Any())) problems.Add($"The guard {GuardWords.Of(twice.Key)} is named twice. Name it once.");
        foreach (var guard in plan.Guards)
        {
            if (!Enum.IsDefined(guard.Metric))
            {
                problems.Add($"A guard has the unknown metric {(byte)guard.Metric}. Known are {GuardWords.Known}.");
                continue;
            }
            var word = GuardWords.Of(guard.Metric);
            var most = GuardDefaults.IsRelative(guard.Metric) ? 10 : 1;
            if (!(guard.Margin > 0 && guard.Margin < most)) problems.Add($"The margin of {word} is {guard.Margin}; it lies above 0 and below {most}, such as {GuardDefaults.Margin(guard.Metric)}.");
            if (GuardDefaults.IsCost(guard.Metric) && !(guard.CapNanoUsd > 0)) problems.Add($"The guard {word} needs the cost in USD at which a dearer one counts, about {GuardDefaults.CapOfMean} times the mean: {word}={guard.Margin}@0.02.");
            if (!GuardDefaults.IsCost(guard.Metric) && guard.CapNanoUsd is not null) problems.Add($"The guard {word} has a cap in USD, which is for costs. Leave it out.");
            if (guard.Metric == GuardMetric.CostPerSession && plan.Unit == RolloutUnit.Call) problems.Add("cost_per_session cannot be compared where each call is assigned by itself: a session is then on both sides. Use --unit session, or cost_per_call.");
        }
    }

    private static string Percent(int share) => $"{share / 100.0:0.##} %";
}
