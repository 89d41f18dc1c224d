namespace Rung.Control.Evals.Runs;

/// <summary>Says how far a judge agrees with people. A judge that nobody has measured may not open a gate.</summary>
public interface IJudgeTrust
{
    /// <summary>The agreement of a judge with people on a tag; null when it was never measured.</summary>
    /// <param name="judge">The judge's tag.</param>
    /// <param name="tag">The job whose answers it judges.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    Task<JudgeTrust?> OfAsync(string judge, string tag, CancellationToken cancellationToken);
}

/// <summary>How far a judge agrees with people.</summary>
/// <param name="Kappa">Cohen's kappa, −1 to 1; null: it cannot be said.</param>
/// <param name="KappaLow">Lower end of its interval; null: it cannot be said.</param>
/// <param name="Items">Answers that both judged.</param>
/// <param name="Words">In one sentence.</param>
public sealed record JudgeTrust(double? Kappa, double? KappaLow, int Items, string Words);

/// <summary>No judge has been measured.</summary>
public sealed class UnmeasuredJudges : IJudgeTrust
{
    /// <inheritdoc/>
    public Task<JudgeTrust?> OfAsync(string judge, string tag, CancellationToken cancellationToken) => Task.FromResult<JudgeTrust?>(null);
}
