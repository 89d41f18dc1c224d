using System.Collections.Immutable;

namespace Rung.Core.Rollouts;

/// <summary>The margins of guards where nobody named one, and the rules that make a set of guards from what is measured.</summary>
public static class GuardDefaults
{
    /// <summary>
    /// A cost is counted at most at so many times the mean: dearer calls are rare, and a mean whose values are bounded more tightly is known sooner. At ten times, a guard of sessions was
    /// still open in four of ten simulated rollouts of an equal candidate when the least time of the first stage was over; at five times, in one of twelve.
    /// </summary>
    public const int CapOfMean = 5;

    /// <summary>Every metric, in the order in which they are shown.</summary>
    public static ImmutableArray<GuardMetric> All { get; } = [.. Enum.GetValues<GuardMetric>()];

    /// <summary>The margin, in the unit of the metric.</summary>
    public static double Margin(GuardMetric metric) => metric switch
    {
        GuardMetric.Judge or GuardMetric.Verifier or GuardMetric.Feedback => 0.03,
        GuardMetric.Override or GuardMetric.CheckFailure or GuardMetric.Escalation => 0.02,
        GuardMetric.Error => 0.01,
        GuardMetric.LatencyP95 or GuardMetric.FirstByteP95 or GuardMetric.CostPerCall or GuardMetric.CostPerSession => 0.10,
        _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, "It is no metric of a guard."),
    };

    /// <summary>Whether the metric is a cost, which needs a cap.</summary>
    public static bool IsCost(GuardMetric metric) => metric is GuardMetric.CostPerCall or GuardMetric.CostPerSession;

    /// <summary>Whether the metric is a 95th percentile of a time.</summary>
    public static bool IsTime(GuardMetric metric) => metric is GuardMetric.LatencyP95 or GuardMetric.FirstByteP95;

    /// <summary>Whether more is better.</summary>
    public static bool HigherIsBetter(GuardMetric metric) => metric is GuardMetric.Judge or GuardMetric.Verifier or GuardMetric.Feedback;

    /// <summary>Whether the margin is a part of the current value, not a difference.</summary>
    public static bool IsRelative(GuardMetric metric) => IsCost(metric) || IsTime(metric);

    /// <summary>The cap of a cost whose mean is known, nano-USD.</summary>
    /// <param name="meanNanoUsd">Mean cost of a call (or session) of the current policy, nano-USD.</param>
    public static long Cap(double meanNanoUsd) => Math.Max(1, (long)Math.Min(1e18, Math.Ceiling(meanNanoUsd * CapOfMean)));

    /// <summary>
    /// The guards of a rollout for which none were named: one for each metric that has data. One without data would hold the rollout for ever.
    /// </summary>
    /// <param name="measured">Whether the current policy's traffic has data of a metric.</param>
    /// <param name="meanCallNanoUsd">Mean cost of a call of the current policy, nano-USD; null when it is not known: no guard on it.</param>
    /// <param name="meanSessionNanoUsd">The same of a session.</param>
    public static ImmutableArray<Guard> For(Func<GuardMetric, bool> measured, double? meanCallNanoUsd, double? meanSessionNanoUsd)
    {
        ArgumentNullException.ThrowIfNull(measured);
        var guards = ImmutableArray.CreateBuilder<Guard>();
        foreach (var metric in All)
        {
            if (!measured(metric)) continue;
            if (!IsCost(metric))
            {
                guards.Add(new Guard(metric, Margin(metric)));
                continue;
            }
            var mean = metric == GuardMetric.CostPerCall ? meanCallNanoUsd : meanSessionNanoUsd;
            if (mean is > 0) guards.Add(new Guard(metric, Margin(metric)) { CapNanoUsd = Cap(mean.Value) });
        }
        return guards.ToImmutable();
    }
}
