namespace Rung.Core.Learning.Features;

/// <summary>What a verifier sees of one answer.</summary>
/// <param name="Dense">One number per <see cref="Feature"/>.</param>
/// <param name="Buckets">The buckets of the hashed words that occur, each once, in the order of their first occurrence.</param>
/// <param name="Weights">How strongly each occurs: 1 + ln(count).</param>
internal sealed record FeatureVector(float[] Dense, int[] Buckets, float[] Weights);
