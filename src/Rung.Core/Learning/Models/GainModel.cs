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
    public double LogOdds(ScaledVector row) => (Logistic, Trees) switch
    {
        ({ } logistic, { } trees) => (logistic.LogOdds(row) + trees.LogOdds(row)) / 2,
        ({ } logistic, null) => logistic.LogOdds(row),
        (null, { } trees) => trees.LogOdds(row),
        _ => 0,
    };

    /// <summary>The same without what a learner does not use.</summary>
    public Head For(Learner learner) => learner switch
    {
        Learner.Logistic => new Head(Logistic, null),
        Learner.Trees => new Head(null, Trees),
        _ => this,
    };
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
    /// <summary>Predicts.</summary>
    public RawPrediction Predict(FeatureVector features)
    {
        var row = Scaling.Apply(features);
        return new RawPrediction(Right.LogOdds(row), Target.Probability(Rescue.LogOdds(row)), Target.Probability(Harm.LogOdds(row)));
    }

    /// <summary>The same with one kind of model only.</summary>
    public GainModel For(Learner learner) => new(Scaling, Right.For(learner), Rescue.For(learner), Harm.For(learner));
}
