namespace Rung.Core.Statistics;

/// <summary>An estimate and the interval that belongs to it, at the confidence that was asked for.</summary>
/// <param name="Estimate">The estimate.</param>
/// <param name="Low">Lower end, at most <paramref name="High"/>.</param>
/// <param name="High">Upper end.</param>
public readonly record struct Interval(double Estimate, double Low, double High)
{
    /// <summary>Whether a value lies in it, ends included.</summary>
    public bool Covers(double value) => value >= Low && value <= High;
}
