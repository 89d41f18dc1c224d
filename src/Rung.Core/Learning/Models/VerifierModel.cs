using Rung.Core.Learning.Features;

namespace Rung.Core.Learning.Models;

/// <summary>A model ready to score: what it looks at, its three probabilities, and their calibration.</summary>
/// <param name="PromptOnly">Whether it never looks at the answer.</param>
/// <param name="Learner">The kind of model that was chosen.</param>
/// <param name="Gain">The probabilities.</param>
/// <param name="Calibration">Turns the log-odds of being right into a probability.</param>
internal sealed record VerifierModel(bool PromptOnly, Learner Learner, GainModel Gain, Calibration Calibration)
{
    /// <summary>Scores.</summary>
    public VerifierPrediction Predict(FeatureVector features) => Calibrate(Gain.Predict(features), Calibration);

    /// <summary>The score of a raw prediction.</summary>
    public static VerifierPrediction Calibrate(RawPrediction raw, Calibration calibration)
    {
        var right = calibration.Apply(raw.Right);
        return new VerifierPrediction(right, raw.Gain(right));
    }
}
