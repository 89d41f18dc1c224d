using Rung.Core.Policies;

namespace Rung.Commands.Policy;

/// <summary>One line of an org chart.</summary>
internal sealed record ChartRoute
{
    public required string Name { get; init; }
    public required RouteKind Kind { get; init; }
    public required string? Role { get; init; }
    public required string Tier { get; init; }
    public required string? Owner { get; init; }
    public required string? Why { get; init; }

    /// <summary>The checks in full.</summary>
    public required IReadOnlyList<string> Checks { get; init; }

    /// <summary>What catches a failure, in short: the checks and the climb; <c>nothing</c> when nothing does.</summary>
    public required string CaughtBy { get; init; }

    public required string? Escalation { get; init; }
    public required string? Floor { get; init; }
    public required string? Ceiling { get; init; }
    public required string? Evidence { get; init; }

    /// <summary>That there is no evidence yet, where the policy says so itself.</summary>
    public required ChartGap? EvidenceMissing { get; init; }
    public required bool UserVisible { get; init; }
    public required string? DataClass { get; init; }
}

/// <summary>A gap of evidence that the policy states itself.</summary>
internal sealed record ChartGap(string Missing, string Prove);

/// <summary>One rung of the ladder.</summary>
internal sealed record ChartTier(string Name, IReadOnlyList<string> Models, bool IsReference);

/// <summary>One hard constraint.</summary>
internal sealed record ChartPin(string Name, string When, IReadOnlyList<string> Models, string? Why);
