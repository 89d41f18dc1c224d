using Rung.Core.Learning.Features;

namespace Rung.Core.Learning.Models;

/// <summary>
/// Brings features to one scale, as the training rows have them: numbers get mean 0 and deviation 1, words the weight of TF-IDF with length 1.
/// </summary>
/// <param name="Means">Mean of each number.</param>
/// <param name="Scales">1 / deviation; 0 for a number that was the same in every training row.</param>
/// <param name="Rarity">Of each bucket ln((1 + rows) / (1 + rows with it)) + 1; 0 for a bucket that fewer than two training rows had.</param>
internal sealed record FeatureScaling(float[] Means, float[] Scales, float[] Rarity)
{
    // A number far outside of what training saw must not decide alone.
    private const float Most = 4;

    /// <summary>Measures the training rows.</summary>
    public static FeatureScaling Fit(IReadOnlyList<FeatureVector> rows)
    {
        var count = AnswerFeatures.Count;
        double[] sums = new double[count], squares = new double[count];
        var holding = new int[WordHasher.Buckets];
        foreach (var row in rows)
        {
            for (var i = 0; i < count; i++)
            {
                sums[i] += row.Dense[i];
                squares[i] += (double)row.Dense[i] * row.Dense[i];
            }
            foreach (var bucket in row.Buckets) holding[bucket]++;
        }
        float[] means = new float[count], scales = new float[count];
        for (var i = 0; i < count; i++)
        {
            means[i] = (float)(sums[i] / rows.Count);
            var deviation = Math.Sqrt(Math.Max(0, (squares[i] / rows.Count) - ((double)means[i] * means[i])));
            scales[i] = deviation > 1e-6 ? (float)(1 / deviation) : 0;
        }
        var rarity = new float[WordHasher.Buckets];
        for (var i = 0; i < rarity.Length; i++) rarity[i] = holding[i] < 2 ? 0 : (float)(Half)(Math.Log((1.0 + rows.Count) / (1 + holding[i])) + 1);
        return new FeatureScaling(means, scales, rarity);
    }

    /// <summary>One number on this scale.</summary>
    public float Number(int index, float value) => Math.Clamp((value - Means[index]) * Scales[index], -Most, Most);

    /// <summary>One answer on this scale.</summary>
    public ScaledVector Apply(FeatureVector row)
    {
        var dense = new float[row.Dense.Length];
        for (var i = 0; i < dense.Length; i++) dense[i] = Number(i, row.Dense[i]);

        var words = new float[row.Buckets.Length];
        double square = 0;
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = row.Weights[i] * Rarity[row.Buckets[i]];
            square += (double)words[i] * words[i];
        }
        var norm = square > 0 ? (float)(1 / Math.Sqrt(square)) : 0;
        for (var i = 0; i < words.Length; i++) words[i] *= norm;
        return new ScaledVector(row.Dense, dense, row.Buckets, words);
    }
}

/// <summary>What a verifier sees of one answer, on the scale of its training.</summary>
/// <param name="Raw">The numbers as they are: what trees ask about.</param>
/// <param name="Dense">The numbers with mean 0 and deviation 1.</param>
/// <param name="Buckets">The buckets of the words that occur.</param>
/// <param name="Words">Their weights; the sum of their squares is 1.</param>
internal sealed record ScaledVector(float[] Raw, float[] Dense, int[] Buckets, float[] Words);
