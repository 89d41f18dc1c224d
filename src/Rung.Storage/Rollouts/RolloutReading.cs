namespace Rung.Storage.Rollouts;

/// <summary>What the guards of a rollout said at an instant. Once a minute; of every hour the last one is kept.</summary>
/// <param name="Rollout">The rollout.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Stage">The stage that it was in.</param>
/// <param name="Verdict">JSON of a <see cref="Core.Rollouts.RolloutVerdict"/>.</param>
public sealed record RolloutReading(long Rollout, DateTimeOffset At, int Stage, string Verdict);
