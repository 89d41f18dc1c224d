namespace Rung.Core.Guarantees;

/// <summary>What a call of a cascade costs on average, before it ships. Amounts in nano-USD a call.</summary>
/// <param name="WeakNanoUsd">The first answer.</param>
/// <param name="VerifierNanoUsd">The verifier that looks at it; 0 for a trained one.</param>
/// <param name="SamplesNanoUsd">Further answers of the first model that a check asks for.</param>
/// <param name="ClimbNanoUsd">The answer of the rung that a call climbs to, over the calls that climb: often the longer ones.</param>
/// <param name="StrongNanoUsd">The same over all calls: what sending every call straight up costs.</param>
public readonly record struct CascadeEconomics(double WeakNanoUsd, double VerifierNanoUsd, double SamplesNanoUsd, double ClimbNanoUsd, double StrongNanoUsd)
{
    /// <summary>What every call pays, whether it climbs or not.</summary>
    public double AlwaysNanoUsd => WeakNanoUsd + VerifierNanoUsd + SamplesNanoUsd;

    /// <summary>Expected cost of a call: cheap + verifier + samples + P(climb) × strong.</summary>
    /// <param name="climbRate">Share of the calls that climb, 0 to 1.</param>
    public double Expected(double climbRate)
    {
        if (!(climbRate is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(climbRate), climbRate, "A share lies in [0, 1].");
        return AlwaysNanoUsd + (climbRate * ClimbNanoUsd);
    }

    /// <summary>
    /// The share of climbing calls at which the cascade costs as much as sending every call to the strong model; null when it costs more even if no call climbs.
    /// </summary>
    public double? BreakEven => AlwaysNanoUsd < StrongNanoUsd ? Math.Min(1, (StrongNanoUsd - AlwaysNanoUsd) / ClimbNanoUsd) : null;

    /// <summary>Whether it costs less than always strong.</summary>
    /// <param name="climbRate">Share of the calls that climb, 0 to 1.</param>
    public bool Pays(double climbRate) => Expected(climbRate) < StrongNanoUsd;
}
