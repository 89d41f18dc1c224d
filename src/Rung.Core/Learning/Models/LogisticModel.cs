namespace Rung.Core.Learning.Models;

/// <summary>A logistic regression over scaled numbers and hashed words.</summary>
/// <param name="Bias">The log-odds where everything is at its mean.</param>
/// <param name="Dense">Weight of each number.</param>
/// <param name="Words">Weight of each bucket.</param>
internal sealed record LogisticModel(double Bias, float[] Dense, float[] Words)
{
    /// <summary>The log-odds of one answer.</summary>
    public double LogOdds(ScaledVector row)
    {
        var sum = Bias;
        for (var i = 0; i < Dense.Length; i++) sum += Dense[i] * (double)row.Dense[i];
        for (var i = 0; i < row.Buckets.Length; i++) sum += Words[row.Buckets[i]] * (double)row.Words[i];
        return sum;
    }
}
