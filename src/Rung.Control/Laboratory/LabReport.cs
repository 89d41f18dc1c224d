namespace Rung.Control.Laboratory;

/// <summary>What the runs of one scenario gave.</summary>
public sealed record LabReport
{
    /// <summary>The scenario.</summary>
    public required LabScenario Scenario { get; init; }
    /// <summary>Runs.</summary>
    public required int Runs { get; init; }
    /// <summary>Virtual days that each run goes on at most.</summary>
    public required int Days { get; init; }
    /// <summary>Virtual time of all runs together: those that end early count less.</summary>
    public required TimeSpan VirtualTime { get; init; }
    /// <summary>Of a rollout; null for a scenario of the control loop.</summary>
    public RolloutSummary? Rollout { get; init; }
    /// <summary>Of the control loop; null for a rollout.</summary>
    public ControlSummary? Control { get; init; }
}
