using Rung.Core.Policies;
using Rung.Core.Rollouts;
using Rung.Gateway.Rollouts;

namespace Rung.Gateway.Tests.Rollouts;

/// <summary>Rollouts of the tests.</summary>
internal static class Some
{
    public static RolloutPlan Plan(RolloutUnit unit = RolloutUnit.Session, int holdback = 0, string salt = "pepper", ShadowTerms? shadow = null, params string[] tags) =>
        new() { Salt = salt, Tags = [.. tags.Length == 0 ? ["job"] : tags], Unit = unit, Holdback = holdback, Shadow = shadow };

    public static RolloutInForce Rollout(PolicySnapshot? candidate, int share, RolloutPlan? plan = null, PolicySnapshot? holdback = null, long id = 7) =>
        new(id, plan ?? Plan(), share, candidate, holdback);

    /// <summary>The arm that the plan gives a unit.</summary>
    public static RolloutArm ArmOf(RolloutPlan plan, string unit, int share) => RolloutAssignment.ArmOf(RolloutAssignment.Point(plan.Salt, unit), share, plan.Holdback);
}
