using Rung.Storage.Content;

namespace Rung.Control.Evals.Runs;

/// <summary>Says how far a judge agrees with people. A judge that nobody has measured may not open a gate.</summary>
public interface IJudgeTrust
{
    /// <summary>The standing of a judge on a tag; null when it was never measured.</summary>
    /// <param name="run">The run, which the judge was asked in.</param>
    /// <param name="terms">The terms that name the judge, the least kappa and how sure.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    Task<JudgeStanding?> OfAsync(EvalRun run, RunTerms terms, CancellationToken cancellationToken);
}

/// <summary>How far a judge agrees with people, and what follows.</summary>
/// <param name="MayOpenGate">Whether its word may make a candidate eligible.</param>
/// <param name="Kappa">Cohen's kappa, −1 to 1; null: it cannot be said.</param>
/// <param name="KappaLow">Lower bound of it, one-sided, at the confidence of the tag; null: it cannot be said.</param>
/// <param name="Items">Answers that both judged.</param>
/// <param name="Words">Why it may or may not, in one sentence.</param>
public sealed record JudgeStanding(bool MayOpenGate, double? Kappa, double? KappaLow, int Items, string Words)
{
    /// <summary>A judge that was never measured.</summary>
    public static JudgeStanding Unmeasured { get; } = new(MayOpenGate: false, null, null, 0, "The judge has not been measured against people.");
}
