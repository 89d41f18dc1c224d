using System.Collections.Immutable;

namespace Rung.Core.Checks;

/// <summary>A check that counts in a mean.</summary>
/// <param name="Weight">Its weight, 0 or more.</param>
/// <param name="Check">The check; without a score it counts 1 when it passes and 0 when it fails.</param>
public readonly record struct WeightedCheck(double Weight, Check Check);

public static partial class CheckFactory
{
    /// <summary>Deepest nesting of checks in checks.</summary>
    public const int DeepestComposition = 8;

    /// <summary>Every member passes. One that fails decides, whatever is still to be found out.</summary>
    public static Check? All(ImmutableArray<Check> members, out string? fault) => IsSound(members, out fault) ? new AllCheck(members) : null;

    /// <summary>At least one member passes. One that passes decides, whatever is still to be found out.</summary>
    public static Check? Any(ImmutableArray<Check> members, out string? fault) => IsSound(members, out fault) ? new AnyCheck(members) : null;

    /// <summary>The member fails.</summary>
    public static Check? Not(Check member, out string? fault)
    {
        ArgumentNullException.ThrowIfNull(member);
        return IsSound([member], out fault) ? new NotCheck(member) : null;
    }

    /// <summary>The weighted mean of the members' scores is at least a threshold. Decided as soon as nothing that is still to be found out can change it.</summary>
    /// <param name="atLeast">Threshold, 0 to 1.</param>
    /// <param name="members">At least one, with weights of 0 or more that are not all 0.</param>
    /// <param name="fault">What is wrong when the result is null.</param>
    public static Check? Score(double atLeast, ImmutableArray<WeightedCheck> members, out string? fault)
    {
        if (!IsSound(members.IsDefault ? [] : [.. members.Select(member => member.Check)], out fault)) return null;
        fault = atLeast is not (>= 0 and <= 1) ? "The threshold of a score lies between 0 and 1."
            : members.Any(member => !double.IsFinite(member.Weight) || member.Weight < 0) ? "A weight is never negative."
            : members.All(member => member.Weight == 0) ? "All weights are 0: give at least one check a weight."
            : null;
        return fault is null ? new ScoreCheck(atLeast, members) : null;
    }

    private static bool IsSound(ImmutableArray<Check> members, out string? fault)
    {
        fault = members.IsDefaultOrEmpty ? "The list of checks is empty; give at least one."
            : members.Max(CompositeCheck.DepthOf) >= DeepestComposition ? $"Checks are nested deeper than {DeepestComposition} levels."
            : null;
        return fault is null;
    }
}
