namespace Rung.Control.Rollouts;

/// <summary>What went wrong with a rollout.</summary>
public enum RolloutFault
{
    /// <summary>What was asked for makes no sense, or would prove nothing.</summary>
    Invalid,
    /// <summary>There is no such rollout.</summary>
    NotFound,
    /// <summary>It has ended, somebody else was faster, or another rollout is in the way.</summary>
    Conflict,
}

/// <summary>A rollout cannot be started or moved: what is wrong, and what to do about it.</summary>
/// <param name="fault">Of which kind.</param>
/// <param name="problem">What is wrong, one sentence.</param>
/// <param name="fix">What to do about it, one sentence.</param>
public sealed class RolloutException(RolloutFault fault, string problem, string fix) : Exception($"{problem} {fix}")
{
    /// <summary>Of which kind.</summary>
    public RolloutFault Fault { get; } = fault;
    /// <summary>What is wrong, one sentence.</summary>
    public string Problem { get; } = problem;
    /// <summary>What to do about it, one sentence.</summary>
    public string Fix { get; } = fix;
}
