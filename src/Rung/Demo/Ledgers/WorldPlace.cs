using Rung.Core.Policies;

namespace Rung.Demo.Ledgers;

/// <summary>The policy that decides a call.</summary>
/// <param name="Policy">The policy.</param>
/// <param name="Arm">The rollout arm; null outside rollouts.</param>
internal readonly record struct WorldPlace(PolicySnapshot Policy, string? Arm);
