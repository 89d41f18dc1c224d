namespace Rung.Core.Learning.Models;

/// <summary>A logistic regression over scaled numbers and hashed words.</summary>
/// <param name="Bias">The log-odds where everything is at its mean.</param>
/// <param name="Dense">Weight of each number.</param>
/// <param name="Words">Weight of each bucket.</param>
internal sealed record LogisticModel(double Bias, float[] Dense, float[] Words);
