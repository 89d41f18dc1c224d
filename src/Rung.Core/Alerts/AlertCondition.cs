namespace Rung.Core.Alerts;

/// <summary>What an alert is about. Stored by name: add, never rename.</summary>
public enum AlertKind : byte
{
    /// <summary>The quality of a tag is below its floor.</summary>
    QualityFloor = 1,
    /// <summary>The cost of a tag is above its ceiling.</summary>
    CostCeiling = 2,
    /// <summary>A budget will not last its period.</summary>
    BudgetPace = 3,
    /// <summary>First answers fail their checks more often than before.</summary>
    CheckFailureDrift = 4,
    /// <summary>Calls climb more often than before.</summary>
    EscalationDrift = 5,
    /// <summary>Inputs are no longer those of the eval set, or of the weeks before.</summary>
    InputDrift = 6,
    /// <summary>A verifier says other than those who judge after it.</summary>
    CalibrationDrift = 7,
    /// <summary>An upstream reports another model than before.</summary>
    UpstreamVersion = 8,
    /// <summary>A rollout was rolled back by its guards.</summary>
    RolloutRolledBack = 9,
    /// <summary>A rollout has waited for proof for much longer than its least time.</summary>
    RolloutStalled = 10,
    /// <summary>A route was moved to a stronger tier, or would have been.</summary>
    Demotion = 11,
    /// <summary>The control loop itself cannot do its work.</summary>
    Control = 12,
}

/// <summary>How much an alert matters.</summary>
public enum AlertSeverity : byte
{
    /// <summary>Worth knowing.</summary>
    Info = 0,
    /// <summary>Look today.</summary>
    Warning = 1,
    /// <summary>Look now.</summary>
    Critical = 2,
}

/// <summary>Something that holds now and that somebody should know. The control loop names every one that holds at each of its steps; one that is no longer named is over.</summary>
public sealed record AlertCondition
{
    /// <summary>What makes two conditions the same one: <c>floor:classify-intent</c>.</summary>
    public required string Key { get; init; }
    /// <summary>What it is about.</summary>
    public required AlertKind Kind { get; init; }
    /// <summary>How much it matters.</summary>
    public required AlertSeverity Severity { get; init; }
    /// <summary>The tag; null when it is about none.</summary>
    public string? Tag { get; init; }
    /// <summary>What happened, in one sentence with its numbers: <c>quality dropped on tier small of classify-intent: 0.951 ± 0.012, floor 0.97, since revision 14</c>.</summary>
    public required string Summary { get; init; }
    /// <summary>The likely cause, in one sentence; null when nothing points to one.</summary>
    public string? Cause { get; init; }
    /// <summary>The next command to run; null when there is nothing to do.</summary>
    public string? Next { get; init; }
    /// <summary>Since when it holds, UTC.</summary>
    public required DateTimeOffset Since { get; init; }
    /// <summary>How long it must hold before it fires; zero: at once.</summary>
    public TimeSpan For { get; init; }
}
