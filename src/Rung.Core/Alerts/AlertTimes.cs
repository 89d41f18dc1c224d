namespace Rung.Core.Alerts;

/// <summary>The times of the book of alerts.</summary>
public sealed record AlertTimes
{
    /// <summary>How long a firing alert goes on after its condition was last seen: one that comes back meanwhile has never been away. 10 minutes.</summary>
    public TimeSpan KeepFiring { get; init; } = TimeSpan.FromMinutes(10);
    /// <summary>How long a firing alert is not told again. 4 hours.</summary>
    public TimeSpan RemindEvery { get; init; } = TimeSpan.FromHours(4);
}
