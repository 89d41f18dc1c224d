using Rung.Core.Policies;

namespace Rung.Core.Decisions;

/// <summary>How a decision came out.</summary>
public enum DecisionStatus : byte
{
    /// <summary>There is at least one candidate.</summary>
    Decided = 0,
    /// <summary>Pins leave no model that can take the call: it must be refused, never rerouted.</summary>
    PinUnsatisfied = 1,
    /// <summary>No model that may take the call can do what it needs.</summary>
    NothingFits = 2,
}

/// <summary>Where one call goes, and where it may go later. A value: deciding allocates nothing.</summary>
public readonly record struct Decision
{
    /// <summary>Whether there is a candidate, and if not, why.</summary>
    public required DecisionStatus Status { get; init; }
    /// <summary>The route that matched.</summary>
    public required Route Route { get; init; }
    /// <summary>The rung to start at. With pins or needs it may differ from the route's.</summary>
    public required Tier Tier { get; init; }
    /// <summary>The models of that rung that may take the call.</summary>
    public required ModelSet Candidates { get; init; }
    /// <summary>What pins allow on every hop; <see cref="ModelSet.All"/> when none matched.</summary>
    public required ModelSet Allowed { get; init; }
    /// <summary>What can do the job, among all models.</summary>
    public required ModelSet Fitting { get; init; }
    /// <summary>The first pin that matched, or -1.</summary>
    public required int Pin { get; init; }
    /// <summary>Whether pins or needs moved the call off the route's own rung.</summary>
    public required bool Moved { get; init; }
}
