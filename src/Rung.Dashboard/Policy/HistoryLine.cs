using Rung.Control.Policies;
using Rung.Storage.Rollouts;

namespace Rung.Dashboard.Policy;

/// <summary>A line of the history: a revision, or something that happened to a rollout.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="Step">The revision; null for an event.</param>
/// <param name="Rollout">The rollout; null for a revision.</param>
/// <param name="Happened">What happened to it; null likewise.</param>
public sealed record HistoryLine(DateTimeOffset At, RevisionStep? Step, Rollout? Rollout, RolloutEvent? Happened);
