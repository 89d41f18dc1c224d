using Rung.Core.Measurement;
using Rung.Core.Rollouts;
using Rung.Core.Statistics;

namespace Rung.Control.Laboratory;

/// <summary>
/// What many do instead: Welch's t-test of every call, both arms, looked at once a day, rolled back when the candidate is worse at p &lt; 0.05. It stands beside the
/// guards to show why they are not that. It errs twice: each look is another chance to be wrong, and calls of one session are counted as if they were independent.
/// </summary>
/// <remarks>B. L. Welch, Biometrika 34 (1947); degrees of freedom after F. E. Satterthwaite, Biometrics Bulletin 2 (1946).</remarks>
internal sealed class WelchTest
{
    private const double Confidence = 0.95;
    private const int LeastOfArm = 20;

    private readonly bool[] looksAt = new bool[Enum.GetValues<GuardMetric>().Length + 1];
    private readonly Sums[] current;
    private readonly Sums[] candidate;

    /// <param name="plan">The guards whose metrics are tested. Sessions and first bytes are not.</param>
    public WelchTest(RolloutPlan plan)
    {
        foreach (var guard in plan.Guards) looksAt[(int)guard.Metric] = true;
        (current, candidate) = (new Sums[looksAt.Length], new Sums[looksAt.Length]);
    }

    /// <summary>Calls of the candidate so far.</summary>
    public long CallsExposed { get; private set; }

    public void Add(in ObservedCall call, bool isCandidate)
    {
        if (isCandidate) CallsExposed++;
        var sums = isCandidate ? candidate : current;
        Add(sums, GuardMetric.Error, call.Failed || call.Unverified ? 1 : 0);
        if (call.Failed) return;
        if (call.Checked) Add(sums, GuardMetric.CheckFailure, call.CheckFailed ? 1 : 0);
        Add(sums, GuardMetric.Escalation, call.Escalated ? 1 : 0);
        Add(sums, GuardMetric.LatencyP95, call.LatencyMicros);
        if (call.CostNanoUsd is { } cost) Add(sums, GuardMetric.CostPerCall, cost);
    }

    public void Add(in ObservedVerdict verdict, bool isCandidate)
    {
        var sums = isCandidate ? candidate : current;
        if (verdict.Signal == QualitySignal.Judge) Add(sums, GuardMetric.Judge, -verdict.Score);
        else if (verdict.Signal == QualitySignal.Feedback) Add(sums, GuardMetric.Feedback, -verdict.Score);
    }

    /// <summary>Whether any metric is worse at p &lt; 0.05, two-sided.</summary>
    public bool IsWorse()
    {
        for (var metric = 0; metric < looksAt.Length; metric++)
        {
            if (looksAt[metric] && IsWorse(candidate[metric], current[metric])) return true;
        }
        return false;
    }

    private void Add(Sums[] sums, GuardMetric metric, double value)
    {
        if (!looksAt[(int)metric]) return;
        ref var sum = ref sums[(int)metric];
        sum.Count++;
        sum.Sum += value;
        sum.Squares += value * value;
    }

    private static bool IsWorse(in Sums candidate, in Sums current)
    {
        if (candidate.Count < LeastOfArm || current.Count < LeastOfArm) return false;
        var (one, other) = (candidate.Variance / candidate.Count, current.Variance / current.Count);
        var error = one + other;
        var difference = candidate.Mean - current.Mean;
        if (difference <= 0 || error <= 0) return false;
        var degrees = error * error / ((one * one / (candidate.Count - 1)) + (other * other / (current.Count - 1)));
        return difference / Math.Sqrt(error) > StudentT.TwoSided(Confidence, degrees);
    }

    private struct Sums
    {
        public long Count;
        public double Sum;
        public double Squares;

        public readonly double Mean => Sum / Count;
        public readonly double Variance => Math.Max(0, (Squares - (Sum * Sum / Count)) / (Count - 1));
    }
}
