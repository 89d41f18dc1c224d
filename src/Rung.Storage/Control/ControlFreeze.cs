namespace Rung.Storage.Control;

/// <summary>Somebody froze the control loop, or let it go. While it is frozen it measures and alerts, and changes nothing but to roll back.</summary>
public sealed record ControlFreeze
{
    /// <summary>When, UTC.</summary>
    public required DateTimeOffset At { get; init; }
    /// <summary>Whether it was frozen; else let go.</summary>
    public required bool Frozen { get; init; }
    /// <summary>Until when; null: until somebody lets go.</summary>
    public DateTimeOffset? Until { get; init; }
    /// <summary>Who.</summary>
    public required string By { get; init; }
    /// <summary>Why.</summary>
    public required string Why { get; init; }

    /// <summary>Whether it holds at an instant.</summary>
    public bool HoldsAt(DateTimeOffset now) => Frozen && (Until is not { } until || now < until);
}
