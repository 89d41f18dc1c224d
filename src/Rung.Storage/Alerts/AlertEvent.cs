using Rung.Core.Alerts;

namespace Rung.Storage.Alerts;

/// <summary>A change of an alert, as it was stored.</summary>
public sealed record AlertEvent
{
    /// <summary>Its number: later ones are larger.</summary>
    public required long Id { get; init; }
    /// <summary>The alert.</summary>
    public required string Key { get; init; }
    /// <summary>When, UTC.</summary>
    public required DateTimeOffset At { get; init; }
    /// <summary>What happened.</summary>
    public required AlertChange Change { get; init; }
    /// <summary>What the alert is about.</summary>
    public required AlertKind Kind { get; init; }
    /// <summary>How much it mattered then.</summary>
    public required AlertSeverity Severity { get; init; }
    /// <summary>The tag; null when it is about none.</summary>
    public string? Tag { get; init; }
    /// <summary>What it said then.</summary>
    public required string Summary { get; init; }
    /// <summary>Whether it was handed to the targets. What a target answered stands in the log.</summary>
    public required bool IsTold { get; init; }
    /// <summary>Since when its condition held, by its own word then, UTC; null where that was not kept yet.</summary>
    public DateTimeOffset? Since { get; init; }
}
