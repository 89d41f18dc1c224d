namespace Rung.Core.Alerts;

/// <summary>
/// A person's word that some alerts need not be told for a while. They still fire and end, and are still listed. Every condition that is
/// stated must hold; at least one is.
/// </summary>
public sealed record AlertSilence
{
    /// <summary>Its number.</summary>
    public required long Id { get; init; }
    /// <summary>The key of the alert; null: any.</summary>
    public string? Key { get; init; }
    /// <summary>The tag; null: any, or none.</summary>
    public string? Tag { get; init; }
    /// <summary>The kind; null: any.</summary>
    public AlertKind? Kind { get; init; }
    /// <summary>From when, UTC.</summary>
    public required DateTimeOffset From { get; init; }
    /// <summary>Until when, UTC; that instant is not in it.</summary>
    public required DateTimeOffset Until { get; init; }
    /// <summary>Who asked for it.</summary>
    public required string Who { get; init; }
    /// <summary>Why.</summary>
    public required string Why { get; init; }
    /// <summary>When somebody ended it early, UTC; null: nobody did.</summary>
    public DateTimeOffset? EndedAt { get; init; }
    /// <summary>Who ended it early.</summary>
    public string? EndedBy { get; init; }

    /// <summary>Whether it is in force.</summary>
    public bool IsInForce(DateTimeOffset now) => now >= From && now < Until && (EndedAt is not { } ended || now < ended);

    /// <summary>Whether it speaks of an alert, in force or not.</summary>
    public bool Covers(Alert alert)
    {
        ArgumentNullException.ThrowIfNull(alert);
        return (Key is null || Key == alert.Key) && (Tag is null || Tag == alert.Tag) && (Kind is null || Kind == alert.Kind);
    }
}
