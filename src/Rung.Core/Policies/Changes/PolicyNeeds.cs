using Rung.Core.Policies.Documents;

namespace Rung.Core.Policies.Changes;

/// <summary>What tags need of the rest of their policy.</summary>
internal static class PolicyNeeds
{
    /// <summary>What two policies differ in that some tags of the second need, in a sentence; null when nothing.</summary>
    public static string? Difference(PolicyDocument current, PolicyDocument candidate, IReadOnlySet<string> tags)
    {
        var entries = candidate.Tags.Where(tag => tags.Contains(tag.Name)).ToList();
        var roles = entries.Select(entry => entry.Role).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var falls = tags.Any(tag => candidate.Tags.All(entry => entry.Name != tag));
        var used = candidate.Tiers.SelectMany(tier => tier.Models).Concat(candidate.Pins.SelectMany(pin => pin.Models)).ToHashSet(StringComparer.Ordinal);
        var checks = entries.Concat(candidate.Roles.Where(role => roles.Contains(role.Name))).Any(entry => entry.Checks is not null);

        if (Differ(document => new PolicyDocument { Tiers = document.Tiers })) return Say("tiers");
        if (Differ(document => new PolicyDocument { Models = [.. document.Models.Where(model => used.Contains(model.Name)).OrderBy(model => model.Name, StringComparer.Ordinal)] })) return Say("models");
        if (Differ(document => new PolicyDocument { Pins = document.Pins })) return Say("pins");
        if (Differ(document => new PolicyDocument { Limits = document.Limits })) return Say("limits");
        if (Differ(document => new PolicyDocument { Roles = [.. document.Roles.Where(role => falls || roles.Contains(role.Name)).OrderBy(role => role.Name, StringComparer.Ordinal)] })) return Say("roles");
        if (falls && Differ(document => new PolicyDocument { Default = document.Default })) return Say("default");
        if (checks && Differ(document => new PolicyDocument { Verifiers = document.Verifiers })) return Say("verifiers");
        if (checks && Differ(document => new PolicyDocument { Commands = document.Commands })) return Say("commands");
        if (entries.Any(entry => entry.Capture is not null) && Differ(document => new PolicyDocument { Redactions = document.Redactions })) return Say("redactions");
        return null;

        bool Differ(Func<PolicyDocument, PolicyDocument> part) => PolicyWriter.Write(part(current)) != PolicyWriter.Write(part(candidate));

        static string Say(string part) => $"The {part} of the two policies differ, and the tags need them.";
    }

    /// <summary>Whether two entries of a tag say the same.</summary>
    public static bool Same(RouteEntry one, RouteEntry other) => PolicyWriter.Write(new PolicyDocument { Tags = [one] }) == PolicyWriter.Write(new PolicyDocument { Tags = [other] });
}
