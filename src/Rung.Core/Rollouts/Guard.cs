namespace Rung.Core.Rollouts;

/// <summary>What a guard looks at. Stored by name: the words of <c>--guards</c>.</summary>
public enum GuardMetric : byte
{
    /// <summary><c>judge</c>: score of judges and reviewers. Higher is better; the margin is a difference of means.</summary>
    Judge = 1,
    /// <summary><c>verifier</c>: score of the route's verifiers; as above.</summary>
    Verifier = 2,
    /// <summary><c>feedback</c>: thumbs, scores, completed tasks; as above.</summary>
    Feedback = 3,
    /// <summary><c>override</c>: share of calls whose answer a person replaced or took over. Lower is better; the margin is a difference of shares.</summary>
    Override = 4,
    /// <summary><c>check_failure</c>: share of checked calls whose first answer failed; as override.</summary>
    CheckFailure = 5,
    /// <summary><c>escalation</c>: share of calls that climbed; as override.</summary>
    Escalation = 6,
    /// <summary><c>error</c>: share of calls that failed or went out although a check had failed them; as override.</summary>
    Error = 7,
    /// <summary><c>p95_latency</c>: 95th percentile of the time to the last byte. Lower is better; the margin is a part of the current one (0.1: a tenth).</summary>
    LatencyP95 = 8,
    /// <summary><c>p95_first_byte</c>: the same of the time to the first byte.</summary>
    FirstByteP95 = 9,
    /// <summary><c>cost_per_call</c>: mean cost, with the dearest calls counted at a cap. Lower is better; the margin is a part of the current one.</summary>
    CostPerCall = 10,
    /// <summary><c>cost_per_session</c>: the same of the sum of a session.</summary>
    CostPerSession = 11,
}

/// <summary>One thing that must not become worse than the current policy by more than a margin.</summary>
/// <param name="Metric">What is looked at.</param>
/// <param name="Margin">The margin, above 0: see <see cref="GuardMetric"/> for its unit.</param>
public sealed record Guard(GuardMetric Metric, double Margin)
{
    /// <summary>Cost at which a dearer call (or session) is counted, nano-USD, so that its mean is bounded; null for other metrics.</summary>
    public long? CapNanoUsd { get; init; }
}
