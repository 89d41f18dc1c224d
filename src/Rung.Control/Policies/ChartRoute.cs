using Rung.Core.Policies;

namespace Rung.Control.Policies;

/// <summary>One line of an org chart.</summary>
public sealed record ChartRoute
{
    /// <summary>Its name in the document: a tag, a role, or <c>default</c>.</summary>
    public required string Name { get; init; }
    /// <summary>What kind of route it is.</summary>
    public required RouteKind Kind { get; init; }
    /// <summary>The role that a tag belongs to; null for others.</summary>
    public required string? Role { get; init; }
    /// <summary>The rung that it starts at.</summary>
    public required string Tier { get; init; }
    /// <summary>Who answers for it; null when not stated.</summary>
    public required string? Owner { get; init; }
    /// <summary>Why it is as it is; null when not stated.</summary>
    public required string? Why { get; init; }

    /// <summary>The checks in full.</summary>
    public required IReadOnlyList<string> Checks { get; init; }

    /// <summary>What catches a failure, in short: the checks and the climb; <c>nothing</c> when nothing does.</summary>
    public required string CaughtBy { get; init; }

    /// <summary>Where a failed call goes, in words; null: nowhere.</summary>
    public required string? Escalation { get; init; }
    /// <summary>Least acceptable quality in words; null when not stated.</summary>
    public required string? Floor { get; init; }
    /// <summary>Most acceptable cost in words; null when not stated.</summary>
    public required string? Ceiling { get; init; }
    /// <summary>What proved the tier, as the policy names it; null when nothing did.</summary>
    public required string? Evidence { get; init; }

    /// <summary>That there is no evidence yet, where the policy says so itself.</summary>
    public required ChartGap? EvidenceMissing { get; init; }
    /// <summary>Whether a person reads its answers as they are.</summary>
    public required bool UserVisible { get; init; }
    /// <summary>Data class of everything under it; null when none.</summary>
    public required string? DataClass { get; init; }
}

/// <summary>A gap of evidence that the policy states itself.</summary>
/// <param name="Missing">Why there is none: the policy's word.</param>
/// <param name="Prove">What would get it.</param>
public sealed record ChartGap(string Missing, string Prove);

/// <summary>One rung of the ladder.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Models">Its models.</param>
/// <param name="IsReference">Whether savings and quality are measured against it.</param>
public sealed record ChartTier(string Name, IReadOnlyList<string> Models, bool IsReference);

/// <summary>One hard constraint.</summary>
/// <param name="Name">Its name.</param>
/// <param name="When">Which calls it binds, in words.</param>
/// <param name="Models">The only models that these may reach.</param>
/// <param name="Why">Why; null when not stated.</param>
public sealed record ChartPin(string Name, string When, IReadOnlyList<string> Models, string? Why);
