using Rung.Core.Requests;

namespace Rung.Gateway.Shadows;

/// <summary>What a copy of a call needs beside its bytes.</summary>
/// <param name="Rollout">Number of the rollout.</param>
/// <param name="Facts">The facts of the call: the same pins bind the copy.</param>
/// <param name="MostBytes">Largest request or answer that is copied.</param>
internal sealed record ShadowOrder(long Rollout, CallFacts Facts, int MostBytes);
