namespace Rung.Control.Evals.Runs;

/// <summary>What bounds a run.</summary>
public sealed record RunLimits
{
    /// <summary>Questions under way at once, 1 to 64.</summary>
    public int Concurrency { get; init; } = 4;
    /// <summary>Questions a minute to one candidate; null for no limit.</summary>
    public int? PerMinute { get; init; }
    /// <summary>Most that the run may cost in all, earlier parts of it included, in nano-USD; null for no limit.</summary>
    public long? MostNanoUsd { get; init; }
    /// <summary>Begin anew although the same has been run.</summary>
    public bool Fresh { get; init; }
    /// <summary>Ask again what failed before.</summary>
    public bool RetryFailed { get; init; }
}

/// <summary>How far a run is.</summary>
/// <param name="Done">Answers that are there and graded.</param>
/// <param name="Total">Answers wanted.</param>
/// <param name="Before">Of <paramref name="Done"/>, those that were there when it went on.</param>
/// <param name="SpentNanoUsd">Known cost so far, earlier parts included.</param>
public readonly record struct RunProgress(int Done, int Total, int Before, long SpentNanoUsd);

/// <summary>How a run ended.</summary>
public enum RunEnd : byte
{
    /// <summary>Every answer is there and graded.</summary>
    Whole = 1,
    /// <summary>The next question could have gone over the cost cap.</summary>
    CapReached = 2,
}

/// <summary>What a run would still cost.</summary>
/// <param name="Questions">Answers that are still to be asked for.</param>
/// <param name="Grades">Answers that are still to be graded.</param>
/// <param name="CandidatesNanoUsd">For answers, at most about; null when a candidate's price is unknown.</param>
/// <param name="JudgeNanoUsd">For a judge, at most about; null when its price is unknown.</param>
/// <param name="Unpriced">Candidates and judges whose price is unknown.</param>
public sealed record RunEstimate(int Questions, int Grades, long? CandidatesNanoUsd, long? JudgeNanoUsd, IReadOnlyList<string> Unpriced)
{
    /// <summary>All of it; null when any price is unknown.</summary>
    public long? TotalNanoUsd => CandidatesNanoUsd + JudgeNanoUsd;
}
