namespace Rung.Control.Laboratory;

/// <summary>
/// How simulated models answer. Nothing here is measured: the numbers are of the order that is usual, stated in <c>docs/simulate.md</c>, and what a run is about is the
/// difference that its scenario makes.
/// </summary>
internal static class LabOutcomes
{
    /// <summary>By how much the true quality of the route lies above its floor.</summary>
    public const double AboveFloor = 0.03;
    /// <summary>Quality of a route without a floor.</summary>
    public const double PlainQuality = 0.92;
    /// <summary>Share of first answers on the route's own rung that fail a check.</summary>
    public const double CheckFailureRate = 0.02;
    /// <summary>Share of calls that fail.</summary>
    public const double ErrorRate = 0.002;
    /// <summary>Share of calls where another model of the rung stands in.</summary>
    public const double FailoverRate = 0.005;
    /// <summary>Part of the latency that passes before the first byte.</summary>
    public const double FirstBytePart = 0.3;
    /// <summary>Share of bad answers that a person replaces.</summary>
    public const double OverrideRate = 0.3;
    /// <summary>Standard deviation of the logarithm of latency, and of the tokens of a call.</summary>
    public const double LatencySpread = 0.5;
    /// <inheritdoc cref="LatencySpread"/>
    public const double TokenSpread = 0.6;
    /// <summary>Share of the variance of log latency that the calls of a session have in common.</summary>
    public const double SharedPace = 0.1;
    /// <summary>Median tokens of a call, in and out.</summary>
    public const double InputTokens = 900;
    /// <inheritdoc cref="InputTokens"/>
    public const double OutputTokens = 180;
    /// <summary>How long a failed call takes.</summary>
    public const long FailedMicros = 3_000_000;

    private const double RungStep = 0.5;
    private const double MedianSeconds = 0.9;
    private const double SlowerPerRung = 1.7;
    private const double WorsePerRungBelow = 0.05;

    /// <summary>Mean quality of a rung: each rung above the route's own halves what is bad, each below loses five points.</summary>
    /// <param name="own">Mean quality of the route's own rung.</param>
    /// <param name="above">Rungs above the route's own; negative below it.</param>
    public static double Quality(double own, int above) => above >= 0 ? 1 - ((1 - own) * Math.Pow(RungStep, above)) : Math.Max(0, own + (WorsePerRungBelow * above));

    /// <summary>Share of answers of a rung that fail a check: halved with each rung above the route's own.</summary>
    public static double CheckFailure(double own, int above) => above >= 0 ? own * Math.Pow(RungStep, above) : Math.Min(1, own * (1 - above));

    /// <summary>Median latency of a rung, microseconds.</summary>
    public static double MedianMicros(int above) => 1e6 * MedianSeconds * Math.Pow(SlowerPerRung, above);
}
