using Rung.Commands.Policy;
using Rung.Core.Guarantees;
using Rung.Core.Policies;

namespace Rung.Commands;

/// <summary>The cascade of one tag: its route as a rule, the model that answers first, and the model that a climb reaches.</summary>
internal sealed record TagCascade(Route Route, CascadeRule Rule, Model Weak, Model Strong)
{
    /// <summary>Finds it in a policy.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="tag">The tag.</param>
    /// <param name="weak">Name or id of the model that answers first; null: the first of the tag's rung.</param>
    /// <param name="strong">Name or id of the model to measure against; null: the first of the rung that a climb reaches.</param>
    /// <exception cref="PolicyUnusableException">There is no such tag or model, or the tag is no cascade.</exception>
    public static TagCascade Of(PolicySnapshot policy, string tag, string? weak, string? strong)
    {
        if (!policy.Tags.TryGetValue(tag, out var route))
            throw new PolicyUnusableException($"The policy has no tag '{Lines.Clean(tag)}'.", $"It has: {string.Join(", ", policy.Tags.Keys.Order(StringComparer.Ordinal).Take(20))}");
        if (CascadeRule.Of(route, out var problem) is not { } rule)
            throw new PolicyUnusableException($"Tag {tag} cannot be calibrated. {problem}", "A cascade has checks, and an escalate that climbs on check_failed.");
        return new TagCascade(route, rule, Find(policy, weak, "--weak") ?? First(policy, route.Tier), Find(policy, strong, "--strong") ?? First(policy, route.Escalation!.To));
    }

    /// <summary>The first model of a rung: the least priority, then the first in the policy.</summary>
    public static Model First(PolicySnapshot policy, Tier tier) =>
        policy.Models.Where(model => tier.Pool.Contains(model.Index)).OrderBy(model => model.Priority).ThenBy(model => model.Index).First();

    private static Model? Find(PolicySnapshot policy, string? name, string option)
    {
        if (name is null) return null;
        return policy.Models.FirstOrDefault(model => model.Name == name) ?? policy.Models.FirstOrDefault(model => model.UpstreamId == name)
            ?? throw new PolicyUnusableException($"{option} '{Lines.Clean(name)}' is no model of the policy.", $"It has: {string.Join(", ", policy.Models.Select(model => model.Name).Take(20))}");
    }
}
