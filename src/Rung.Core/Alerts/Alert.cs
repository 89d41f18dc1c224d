namespace Rung.Core.Alerts;

/// <summary>Where an alert stands. Stored by number: add, never renumber.</summary>
public enum AlertState : byte
{
    /// <summary>Its condition holds, but not for long enough yet. Nobody is told.</summary>
    Pending = 0,
    /// <summary>Its condition holds, or did a moment ago.</summary>
    Firing = 1,
    /// <summary>It has fired, and is over.</summary>
    Resolved = 2,
    /// <summary>It was over before it fired.</summary>
    Withdrawn = 3,
}

/// <summary>An <see cref="AlertCondition"/> with its history: since when it is known, whether it fires, who was told.</summary>
public sealed record Alert
{
    /// <summary>What makes two alerts the same one.</summary>
    public required string Key { get; init; }
    /// <summary>What it is about.</summary>
    public required AlertKind Kind { get; init; }
    /// <summary>How much it matters.</summary>
    public required AlertSeverity Severity { get; init; }
    /// <summary>The tag; null when it is about none.</summary>
    public string? Tag { get; init; }
    /// <summary>What happened, in one sentence.</summary>
    public required string Summary { get; init; }
    /// <summary>The likely cause; null when nothing points to one.</summary>
    public string? Cause { get; init; }
    /// <summary>The next command to run; null when there is nothing to do.</summary>
    public string? Next { get; init; }
    /// <summary>Since when its condition holds, by its own word, UTC.</summary>
    public required DateTimeOffset Since { get; init; }
    /// <summary>How long it must be seen before it fires.</summary>
    public TimeSpan For { get; init; }
    /// <summary>Where it stands.</summary>
    public required AlertState State { get; init; }
    /// <summary>When it was first seen, this time, UTC.</summary>
    public required DateTimeOffset PendingAt { get; init; }
    /// <summary>When it began to fire, UTC; null: it has not.</summary>
    public DateTimeOffset? FiringAt { get; init; }
    /// <summary>When it ended, UTC; null: it has not.</summary>
    public DateTimeOffset? EndedAt { get; init; }
    /// <summary>When its condition was last seen, UTC.</summary>
    public required DateTimeOffset SeenAt { get; init; }
    /// <summary>When somebody was last told of it, UTC; null: nobody was (it is pending, or silenced since it fires).</summary>
    public DateTimeOffset? ToldAt { get; init; }

    /// <summary>Whether it is pending or firing.</summary>
    public bool IsOpen => State is AlertState.Pending or AlertState.Firing;

    /// <summary>A new alert.</summary>
    /// <param name="condition">What holds.</param>
    /// <param name="now">Now, UTC.</param>
    internal static Alert Of(AlertCondition condition, DateTimeOffset now) => new()
    {
        Key = condition.Key, Kind = condition.Kind, Severity = condition.Severity, Tag = condition.Tag, Summary = condition.Summary, Cause = condition.Cause,
        Next = condition.Next, Since = condition.Since, For = condition.For, State = AlertState.Pending, PendingAt = now, SeenAt = now,
    };

    /// <summary>The same alert with what its condition says now.</summary>
    internal Alert Seen(AlertCondition condition, DateTimeOffset now) => this with
    {
        Kind = condition.Kind, Severity = condition.Severity, Tag = condition.Tag, Summary = condition.Summary, Cause = condition.Cause, Next = condition.Next,
        Since = condition.Since, For = condition.For, SeenAt = now,
    };
}
