namespace Rung.Core.Learning;

/// <summary>What a trained verifier expects of one weak answer.</summary>
/// <param name="RightProbability">Calibrated probability that the answer is right, 0 to 1.</param>
/// <param name="ExpectedGain">
/// What climbing is expected to add to the quality, −1 to 1: the probability that the strong model is right where this answer is wrong, less the probability of
/// the reverse.
/// </param>
public readonly record struct VerifierPrediction(double RightProbability, double ExpectedGain)
{
    /// <summary>The score of a cascade, 0 to 1, higher for answers better kept: (1 − expected gain) / 2. One half: climbing is expected to change nothing.</summary>
    public double KeepScore => (1 - ExpectedGain) / 2;
}
