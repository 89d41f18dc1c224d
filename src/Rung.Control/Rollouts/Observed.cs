using Rung.Core.Measurement;

namespace Rung.Control.Rollouts;

/// <summary>One thing that the control loop sees: a call that has ended, or a verdict.</summary>
/// <param name="At">When it could first be known, UTC: the end of the call, or the time of the verdict.</param>
/// <param name="Call">The call; null for a verdict.</param>
/// <param name="Verdict">The verdict; null for a call.</param>
public readonly record struct Observed(DateTimeOffset At, ObservedCall? Call, ObservedVerdict? Verdict);
