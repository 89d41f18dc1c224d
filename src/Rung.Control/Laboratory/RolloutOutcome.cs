using Rung.Core.Rollouts;

namespace Rung.Control.Laboratory;

/// <summary>How a simulated rollout ended.</summary>
internal enum RolloutEnd : byte
{
    /// <summary>At some stage before the last when the time was over.</summary>
    Held = 0,
    /// <summary>At the whole traffic.</summary>
    Completed = 1,
    /// <summary>Rolled back by its guards.</summary>
    RolledBack = 2,
}

/// <summary>One simulated rollout.</summary>
/// <param name="End">How it ended.</param>
/// <param name="Stage">The stage at that time, from 0.</param>
/// <param name="Minute">When, in virtual minutes since the start.</param>
/// <param name="CallsExposed">Calls that the candidate had answered by then.</param>
/// <param name="Guard">The guard that was broken; null when it was not rolled back.</param>
/// <param name="OpenGuard">The guard that first kept it at a stage whose least time was over; null when none did.</param>
/// <param name="TestMinute">When the t-test would have rolled back; null: never.</param>
/// <param name="TestCallsExposed">Calls that the candidate had answered by then.</param>
internal readonly record struct RolloutOutcome(
    RolloutEnd End, int Stage, int Minute, long CallsExposed, GuardMetric? Guard, GuardMetric? OpenGuard, int? TestMinute, long TestCallsExposed)
{
    /// <summary>Virtual minutes until guards and t-test had both decided, or the time was over.</summary>
    public int PlayedMinutes { get; init; }
}
