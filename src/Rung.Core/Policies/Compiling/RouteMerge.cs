using Rung.Core.Policies.Documents;
using Rung.Core.Policies.Reading;

namespace Rung.Core.Policies.Compiling;

/// <summary>A route with its role's settings filled in.</summary>
/// <param name="Entry">The settings.</param>
/// <param name="ChecksPath">Where its checks are written, at the tag or at the role; null when nowhere.</param>
internal sealed record MergedRoute(RouteEntry Entry, string? ChecksPath);

/// <summary>
/// Fills what a tag does not say from its role. A setting is taken whole (all checks, the whole escalation), except limits, which are
/// merged one by one.
/// </summary>
internal static class RouteMerge
{
    /// <summary>Merges a tag with its role, if it has one.</summary>
    public static MergedRoute Of(RouteEntry tag, PolicyDocument document)
    {
        var own = tag.Checks is null ? null : PolicyPath.Of(PolicyPath.Of("tags", tag.Name), "checks");
        if (document.Roles.FirstOrDefault(candidate => candidate.Name == tag.Role) is not { } role) return new MergedRoute(tag, own);

        var inherited = role.Checks is null ? null : PolicyPath.Of(PolicyPath.Of("roles", role.Name), "checks");
        var entry = tag with
        {
            Tier = tag.Tier ?? role.Tier,
            Owner = tag.Owner ?? role.Owner,
            Why = tag.Why ?? role.Why,
            MaxTokens = tag.MaxTokens ?? role.MaxTokens,
            MaxTemperature = tag.MaxTemperature ?? role.MaxTemperature,
            Checks = tag.Checks ?? role.Checks,
            Stream = tag.Stream ?? role.Stream,
            Escalate = tag.Escalate ?? role.Escalate,
            Floor = tag.Floor ?? role.Floor,
            Ceiling = tag.Ceiling ?? role.Ceiling,
            UserVisible = tag.UserVisible ?? role.UserVisible,
            DataClass = tag.DataClass ?? role.DataClass,
            Capture = tag.Capture ?? role.Capture,
            Eval = tag.Eval ?? role.Eval,
            Limits = tag.Limits?.Over(role.Limits) ?? role.Limits,
        };
        return new MergedRoute(entry, own ?? inherited);
    }
}
