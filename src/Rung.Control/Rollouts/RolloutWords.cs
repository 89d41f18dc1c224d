using System.Globalization;
using Rung.Core.Rollouts;
using Rung.Storage.Rollouts;

namespace Rung.Control.Rollouts;

/// <summary>What happened to a rollout, in words.</summary>
public static class RolloutWords
{
    /// <summary>One event: <c>10 % of sessions</c>, <c>held</c>.</summary>
    public static string Of(RolloutEvent happened, RolloutPlan plan)
    {
        ArgumentNullException.ThrowIfNull(happened);
        ArgumentNullException.ThrowIfNull(plan);
        return happened.Kind switch
        {
            RolloutEventKind.Started => happened.Stage < 0 ? "started with copies that nobody sees" : $"started at {Share(plan, happened.Stage)}",
            RolloutEventKind.ShadowEnded => $"copies ended, on to {Share(plan, happened.Stage)}",
            RolloutEventKind.Advanced => $"advanced to {Share(plan, happened.Stage)}",
            RolloutEventKind.Held => "held",
            RolloutEventKind.Resumed => "resumed",
            RolloutEventKind.Completed => plan.Holdback > 0 ? $"complete, but for a holdback of {Percent(plan.Holdback)}" : "complete",
            RolloutEventKind.RolledBack => "rolled back",
            _ => "closed",
        };
    }

    /// <summary>Where it stands, for a list.</summary>
    public static string State(Rollout rollout)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        if (!rollout.IsOpen) return Of(rollout.Last, rollout.Plan);
        if (rollout.IsCompleted()) return $"complete, holdback {Percent(rollout.Plan.Holdback)}";
        var at = rollout.IsShadow ? "copies only" : Percent(rollout.Share);
        return rollout.IsHeld ? $"{at}, held by {rollout.Last.By}" : at;
    }

    /// <summary>Whether the candidate has become the policy, and only the holdback is left.</summary>
    public static bool IsCompleted(this Rollout rollout)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        return rollout.Events.Any(happened => happened.Kind == RolloutEventKind.Completed);
    }

    /// <summary>When the stage that it is in began: holding and resuming begin none.</summary>
    public static DateTimeOffset StageBegan(this Rollout rollout)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        return rollout.Events.Last(happened => happened.Kind is not (RolloutEventKind.Held or RolloutEventKind.Resumed)).At;
    }

    /// <summary>A share in percent.</summary>
    public static string Percent(int share) => string.Create(CultureInfo.InvariantCulture, $"{share / 100.0:0.##} %");

    private static string Share(RolloutPlan plan, int stage) =>
        $"{Percent(plan.Stages[stage])} of {plan.Unit switch { RolloutUnit.User => "users", RolloutUnit.Key => "keys", RolloutUnit.Call => "calls", _ => "sessions" }}";
}
