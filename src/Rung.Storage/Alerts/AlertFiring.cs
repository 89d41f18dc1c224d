using Rung.Core.Alerts;

namespace Rung.Storage.Alerts;

/// <summary>One time that an alert fired, from when to when. The same alert may have fired before and after.</summary>
public sealed record AlertFiring
{
    /// <summary>The alert.</summary>
    public required string Key { get; init; }
    /// <summary>What it is about.</summary>
    public required AlertKind Kind { get; init; }
    /// <summary>How much it mattered: the worst of that time.</summary>
    public required AlertSeverity Severity { get; init; }
    /// <summary>The tag; null when it is about none.</summary>
    public string? Tag { get; init; }
    /// <summary>What it said when it began to fire.</summary>
    public required string Summary { get; init; }
    /// <summary>When it began to fire, UTC.</summary>
    public required DateTimeOffset FiredAt { get; init; }
    /// <summary>When it ended, UTC; null: it has not.</summary>
    public DateTimeOffset? EndedAt { get; init; }
}
