namespace Rung.Control.Reviews;

/// <summary>What went wrong with a review.</summary>
public enum ReviewFault
{
    /// <summary>What was asked for makes no sense.</summary>
    Invalid,
    /// <summary>There is no such item, or its content is gone.</summary>
    NotFound,
    /// <summary>The item takes no further verdict, or the plan was made otherwise.</summary>
    Conflict,
}

/// <summary>A review cannot be planned or given: what is wrong, and what to do about it.</summary>
/// <param name="fault">Of which kind.</param>
/// <param name="problem">What is wrong, one sentence.</param>
/// <param name="fix">What to do about it, one sentence.</param>
public sealed class ReviewException(ReviewFault fault, string problem, string fix) : Exception($"{problem} {fix}")
{
    /// <summary>Of which kind.</summary>
    public ReviewFault Fault { get; } = fault;
    /// <summary>What is wrong, one sentence.</summary>
    public string Problem { get; } = problem;
    /// <summary>What to do about it, one sentence.</summary>
    public string Fix { get; } = fix;
}
