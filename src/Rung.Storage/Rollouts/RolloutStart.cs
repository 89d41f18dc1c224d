namespace Rung.Storage.Rollouts;

/// <summary>How the start of a rollout ended: it was stored, or another open one covers a tag of it.</summary>
/// <param name="Started">The rollout; null when it was refused.</param>
/// <param name="InTheWay">The open rollout that covers a tag of it; null when it was started.</param>
public sealed record RolloutStart(Rollout? Started, Rollout? InTheWay);
