using System.Collections.Immutable;
using Rung.Core.Measurement;
using Rung.Core.Rollouts;

namespace Rung.Control.Rollouts;

/// <summary>How long a stage will probably take when the candidate is as good as the current policy.</summary>
/// <param name="Share">The candidate's share, hundredths of a percent.</param>
/// <param name="LeastTime">Time that the stage lasts at least.</param>
/// <param name="Time">Time that it will probably last; null when it cannot be said, because there is no traffic to judge by.</param>
/// <param name="Needed">Observations of the candidate that the slowest guard needs by its end; null likewise.</param>
/// <param name="Slowest">That guard; null likewise.</param>
public sealed record StageForecast(int Share, TimeSpan LeastTime, TimeSpan? Time, long? Needed, GuardMetric? Slowest);

/// <summary>How long a rollout will probably take: an expectation from the traffic of the last two weeks, not a promise.</summary>
/// <remarks>
/// For a mean: a betting test of a difference with variance v grows by about m²/(2v) an observation towards a margin m (the Gaussian approximation of the
/// best constant bet; I. Waudby-Smith, A. Ramdas, J. R. Stat. Soc. B 86 (2024), section 4), so it needs about 2v·ln(1/α)/m²; a mixture pays about half as much
/// again. For a 95th percentile: the sequential bound on the rank is about √(2p(1−p)·7/n) wide over the lengths that matter (S. R. Howard, A. Ramdas,
/// Bernoulli 28 (2022), theorem 1).
/// </remarks>
internal static class RolloutForecast
{
    private const double MixturePrice = 1.5;
    private const double QuantileBoundary = 7;
    private const int LeastCalls = 30;

    /// <summary>Every stage but the last.</summary>
    public static ImmutableArray<StageForecast> Of(RolloutPlan plan, TagTraffic traffic)
    {
        var least = RolloutLaw.LeastTime(plan);
        var stages = ImmutableArray.CreateBuilder<StageForecast>();
        var have = plan.Guards.ToDictionary(guard => guard.Metric, _ => 0.0); // Observations of the candidate so far: evidence is kept from stage to stage.
        for (var stage = 0; stage + 1 < plan.Stages.Length; stage++)
        {
            var share = plan.Stages[stage];
            if (traffic.Calls < LeastCalls)
            {
                stages.Add(new StageForecast(share, least, null, null, null));
                continue;
            }
            var days = least.TotalDays;
            (long Needed, GuardMetric? Slowest) slowest = (0, null);
            foreach (var guard in plan.Guards)
            {
                var rate = Rate(guard.Metric, plan.Unit, traffic) * share / RolloutPlan.Whole;
                var margin = guard.Margin * RolloutLaw.MarginFactor(plan, stage);
                var needed = Math.Max(have[guard.Metric] + plan.MinSample, Sample(guard, margin, plan.Alpha, share, traffic));
                var wait = rate > 0 ? (needed - have[guard.Metric]) / rate : double.PositiveInfinity;
                if (slowest.Slowest is null || wait > days)
                {
                    slowest = ((long)Math.Ceiling(Math.Min(needed, long.MaxValue / 2)), guard.Metric);
                    days = Math.Max(days, wait);
                }
            }
            foreach (var guard in plan.Guards) have[guard.Metric] += Math.Min(days, 3650) * Rate(guard.Metric, plan.Unit, traffic) * share / RolloutPlan.Whole;
            stages.Add(new StageForecast(share, least, days > 3650 ? null : TimeSpan.FromDays(days), slowest.Needed, slowest.Slowest));
        }
        return stages.ToImmutable();
    }

    // Observations a day that a guard gets, candidate and current together.
    private static double Rate(GuardMetric metric, RolloutUnit unit, TagTraffic traffic)
    {
        var all = traffic.ObservationsPerDay(unit);
        return metric switch
        {
            GuardMetric.Judge => Judged(QualitySignal.Judge),
            GuardMetric.Verifier => Judged(QualitySignal.Verifier),
            GuardMetric.Feedback => Judged(QualitySignal.Feedback),
            GuardMetric.CheckFailure => all * traffic.Checked / traffic.Calls,
            GuardMetric.FirstByteP95 => traffic.CallsPerDay * traffic.Streams / traffic.Calls,
            GuardMetric.LatencyP95 => traffic.CallsPerDay,
            GuardMetric.CostPerSession => all * traffic.WithSession / traffic.Calls,
            _ => all,
        };

        // A judged call may be one of many of its burst: at most one observation a verdict.
        double Judged(QualitySignal signal) => Math.Min(all, traffic.Judged(signal) * traffic.CallsPerDay / traffic.Calls);
    }

    private static double Sample(Guard guard, double margin, double alpha, int share, TagTraffic traffic)
    {
        if (GuardDefaults.IsTime(guard.Metric))
        {
            if ((guard.Metric == GuardMetric.LatencyP95 ? traffic.LatencySlope : traffic.FirstByteSlope) is not { } slope) return 0;
            var rank = Math.Min(0.04, Math.Log(1 + margin) / slope);
            return 2 * 0.95 * 0.05 * QuantileBoundary / (rank * rank);
        }
        if (Spread(guard, traffic) is not { } spread) return 0;
        var distance = GuardDefaults.IsCost(guard.Metric) ? margin * spread.Mean : margin;
        var variance = Math.Max(spread.Variance, 0.0025) * (1 + ((double)share / (RolloutPlan.Whole - share)));
        return distance > 0 ? MixturePrice * Math.Max(2 * variance / (distance * distance), 2 / distance) * Math.Log(1 / alpha) : 0;
    }

    private static (double Mean, double Variance)? Spread(Guard guard, TagTraffic traffic) => guard.Metric switch
    {
        GuardMetric.Judge => traffic.Spread(QualitySignal.Judge),
        GuardMetric.Verifier => traffic.Spread(QualitySignal.Verifier),
        GuardMetric.Feedback => traffic.Spread(QualitySignal.Feedback),
        GuardMetric.Override => Share(traffic.Judged(QualitySignal.Override), traffic.Calls),
        GuardMetric.CheckFailure => Share(traffic.CheckFailed, traffic.Checked),
        GuardMetric.Escalation => Share(traffic.Escalated, traffic.Calls),
        GuardMetric.Error => Share(traffic.Errors, traffic.Calls),
        GuardMetric.CostPerCall => guard.CapNanoUsd is { } cap ? traffic.CallCosts(cap) : null,
        GuardMetric.CostPerSession => guard.CapNanoUsd is { } cap ? traffic.SessionCosts(cap) : null,
        _ => null,
    };

    private static (double Mean, double Variance)? Share(int part, int whole) =>
        whole == 0 ? null : ((double)part / whole, (double)part / whole * (1 - ((double)part / whole)));
}
