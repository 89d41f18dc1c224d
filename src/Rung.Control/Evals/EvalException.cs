namespace Rung.Control.Evals;

/// <summary>An eval cannot be made or run: what is wrong, and what to do about it.</summary>
/// <param name="problem">What is wrong, one sentence.</param>
/// <param name="fix">What to do about it, one sentence.</param>
public sealed class EvalException(string problem, string fix) : Exception($"{problem} {fix}")
{
    /// <summary>What is wrong, one sentence.</summary>
    public string Problem { get; } = problem;
    /// <summary>What to do about it, one sentence.</summary>
    public string Fix { get; } = fix;
}
