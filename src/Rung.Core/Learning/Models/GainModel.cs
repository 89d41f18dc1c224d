using Rung.Core.Learning.Features;

namespace Rung.Core.Learning.Models;

/// <summary>Which kind of model scores.</summary>
internal enum Learner : byte
{
    /// <summary>Logistic regression over numbers and hashed words.</summary>
    Logistic = 1,
    /// <summary>Boosted trees over the numbers.</summary>
    Trees = 2,
    /// <summary>Both: the mean of their log-odds.</summary>
    Blend = 3,
}

/// <summary>One probability, learned by one kind of model or by both.</summary>
/// <param name="Logistic">The logistic regression; null where it is not used.</param>
/// <param name="Trees">The trees; null where they are not used.</param>
internal sealed record Head(LogisticModel? Logistic, BoostedTrees? Trees)
{
    /// <summary>The log-odds: the mean of both models, or the one there is.</summary>
    /// <param name="logistic">The log-odds of the logistic regression, where there is one.</param>
    /// <param name="numbers">The numbers of the answer as they are.</param>
    public double LogOdds(double logistic, float[] numbers) => Trees is null ? logistic : Logistic is null ? Trees.LogOdds(numbers) : (logistic + Trees.LogOdds(numbers)) / 2;

    /// <summary>The same without what a learner does not use.</summary>
    public Head For(Learner learner) => learner switch
    {
        Learner.Logistic => new Head(Logistic, null),
        Learner.Trees => new Head(null, Trees),
        _ => this,
    };

    /// <summary>The weight of a bucket; 0 without a logistic regression.</summary>
    public float Word(int bucket) => Logistic?.Words[bucket] ?? 0;

    /// <summary>The weight of a number; 0 without a logistic regression.</summary>
    public float Number(int index) => Logistic?.Dense[index] ?? 0;
}

/// <summary>What a model says of one answer before it is calibrated.</summary>
/// <param name="Right">Log-odds that the weak answer is right.</param>
/// <param name="Rescue">Probability that the strong model is right where the weak one is wrong.</param>
/// <param name="Harm">Probability that the strong model is wrong where the weak one is right.</param>
internal readonly record struct RawPrediction(double Right, double Rescue, double Harm)
{
    /// <summary>The expected gain of climbing, −1 to 1: strong right where weak is wrong, less the reverse.</summary>
    /// <param name="right">Probability that the weak answer is right, calibrated.</param>
    public double Gain(double right) => ((1 - right) * Rescue) - (right * Harm);
}

/// <summary>Three probabilities of one answer, from which the gain of climbing follows.</summary>
internal sealed record GainModel(FeatureScaling Scaling, Head Right, Head Rescue, Head Harm)
{
    // What the three probabilities make of a number or a word, side by side: one place in memory instead of four.
    private readonly record struct Part(float Rarity, float Right, float Rescue, float Harm);

    private Part[] Words => field ??= [.. Scaling.Rarity.Select((rarity, i) => new Part(rarity, Right.Word(i), Rescue.Word(i), Harm.Word(i)))];

    private Part[] Numbers => field ??= [.. Scaling.Means.Select((_, i) => new Part(0, Right.Number(i), Rescue.Number(i), Harm.Number(i)))];

    /// <summary>Predicts.</summary>
    public RawPrediction Predict(FeatureVector features)
    {
        var (right, rescue, harm) = (Right.Logistic?.Bias ?? 0, Rescue.Logistic?.Bias ?? 0, Harm.Logistic?.Bias ?? 0);
        if (Right.Logistic is not null || Rescue.Logistic is not null || Harm.Logistic is not null)
        {
            var numbers = Numbers;
            for (var i = 0; i < numbers.Length; i++) Add(in numbers[i], Scaling.Number(i, features.Dense[i]));

            var words = Words;
            var length = InverseLength(features, words);
            for (var i = 0; i < features.Buckets.Length; i++)
            {
                ref readonly var word = ref words[features.Buckets[i]];
                Add(in word, features.Weights[i] * word.Rarity * length);
            }
        }
        return new RawPrediction(
            Right.LogOdds(right, features.Dense), Target.Probability(Rescue.LogOdds(rescue, features.Dense)), Target.Probability(Harm.LogOdds(harm, features.Dense)));

        void Add(in Part part, double value)
        {
            right += part.Right * value;
            rescue += part.Rescue * value;
            harm += part.Harm * value;
        }
    }

    // As FeatureScaling does: words have length 1 together.
    private static float InverseLength(FeatureVector features, Part[] words)
    {
        double square = 0;
        for (var i = 0; i < features.Buckets.Length; i++)
        {
            var word = features.Weights[i] * words[features.Buckets[i]].Rarity;
            square += (double)word * word;
        }
        return square > 0 ? (float)(1 / Math.Sqrt(square)) : 0;
    }

    /// <summary>The same with one kind of model only.</summary>
    public GainModel For(Learner learner) => new(Scaling, Right.For(learner), Rescue.For(learner), Harm.For(learner));
}
