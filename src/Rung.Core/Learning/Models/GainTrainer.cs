using Rung.Core.Learning.Features;

namespace Rung.Core.Learning.Models;

/// <summary>Graded rows as numbers.</summary>
/// <param name="Features">What is seen of each answer.</param>
/// <param name="Weak">Quality of each weak answer, 0 to 1.</param>
/// <param name="Strong">Quality of each strong answer, 0 to 1.</param>
internal sealed record GradedRows(FeatureVector[] Features, double[] Weak, double[] Strong)
{
    /// <summary>How many.</summary>
    public int Count => Features.Length;

    /// <summary>Some of them.</summary>
    public GradedRows Take(IReadOnlyList<int> rows) =>
        new([.. rows.Select(row => Features[row])], [.. rows.Select(row => Weak[row])], [.. rows.Select(row => Strong[row])]);
}

/// <summary>How a model is fitted.</summary>
internal sealed record FitOptions
{
    /// <summary>L2 penalty of the weights of numbers.</summary>
    public double DenseLambda { get; init; } = 8;
    /// <summary>L2 penalty of the weights of words.</summary>
    public double WordLambda { get; init; } = 1;
    /// <summary>How many times stronger both are for the two probabilities that come from a part of the rows.</summary>
    public double PartFactor { get; init; } = 4;
    /// <summary>Trees of the probability that the weak answer is right.</summary>
    public TreeOptions Trees { get; init; } = new();
    /// <summary>Trees of the other two.</summary>
    public TreeOptions PartTrees { get; init; } = new() { Rounds = 60, Depth = 2 };
}

/// <summary>Fits the three probabilities, each as a logistic regression and as trees.</summary>
internal static class GainTrainer
{
    /// <summary>Fits.</summary>
    public static GainModel Fit(GradedRows rows, FitOptions options, ulong seed)
    {
        var scaling = FeatureScaling.Fit(rows.Features);
        var scaled = rows.Features.Select(scaling.Apply).ToArray();
        var bins = FeatureBins.Of(scaled);
        double[] all = new double[rows.Count], wrong = new double[rows.Count], lost = new double[rows.Count];
        Array.Fill(all, 1);
        for (var i = 0; i < rows.Count; i++)
        {
            wrong[i] = 1 - rows.Weak[i];
            lost[i] = 1 - rows.Strong[i];
        }
        Head Fit(double[] targets, double[] weights, double factor, TreeOptions trees, ulong part) => new(
            LogisticTrainer.Fit(scaled, targets, weights, options.DenseLambda * factor, options.WordLambda * factor, WordHasher.Buckets),
            TreeTrainer.Fit(bins, targets, weights, trees, TextHash.Join(seed, part)));
        // strong − weak = strong·(1 − weak) − weak·(1 − strong): with these weights that holds for grades between 0 and 1 as well.
        return new GainModel(
            scaling,
            Fit(rows.Weak, all, 1, options.Trees, 1),
            Fit(rows.Strong, wrong, options.PartFactor, options.PartTrees, 2),
            Fit(lost, rows.Weak, options.PartFactor, options.PartTrees, 3));
    }
}
