using System.Globalization;
using Rung.Core.Rollouts;
using Rung.Dashboard.Parts;

namespace Rung.Dashboard.Rollouts;

/// <summary>What a guard asks, in words for somebody who has not read how it is computed.</summary>
internal static class GuardQuestion
{
    /// <summary>The question that "within its margin" answers with yes.</summary>
    /// <param name="guard">The guard.</param>
    /// <param name="margin">The margin that the stage asks for, in the unit of the metric.</param>
    public static string Of(Guard guard, double margin)
    {
        ArgumentNullException.ThrowIfNull(guard);
        var (points, part) = (PointsOf(margin), Words.Share(margin));
        var cap = guard.CapNanoUsd is { } most ? $" What is dearer than {Words.Usd(most)} counts as that." : "";
        return guard.Metric switch
        {
            GuardMetric.Judge => $"Is the mean score that judges and reviewers give the candidate at least the current policy's minus {points}?",
            GuardMetric.Verifier => $"Is the mean score that the route's verifiers give the candidate at least the current policy's minus {points}?",
            GuardMetric.Feedback => $"Is what users say of the candidate (thumbs, scores, completed tasks) at least as good as of the current policy, minus {points}?",
            GuardMetric.Override => $"Do people replace at most {points} more of the candidate's answers than of the current policy's?",
            GuardMetric.CheckFailure => $"Do at most {points} more of the candidate's first answers fail a check than of the current policy's?",
            GuardMetric.Escalation => $"Do at most {points} more of the candidate's calls climb to a stronger tier than of the current policy's?",
            GuardMetric.Error => $"Do at most {points} more of the candidate's calls fail than of the current policy's?",
            GuardMetric.LatencyP95 => $"Is the time within which 95 of 100 answers are complete at most {part} longer than with the current policy?",
            GuardMetric.FirstByteP95 => $"Is the time within which 95 of 100 answers begin at most {part} longer than with the current policy?",
            GuardMetric.CostPerCall => $"Does a call cost at most {part} more than with the current policy?{cap}",
            _ => $"Does a session cost at most {part} more than with the current policy?{cap}",
        };
    }

    /// <summary>What the sides of its chart are.</summary>
    public static string Chart(GuardMetric metric) => GuardDefaults.IsRelative(metric)
        ? "The line is by how many percent the candidate is worse, the band what the true difference can be; below 0 % it is better."
        : "The line is by how many points the candidate is worse, the band what the true difference can be; below 0 it is better.";

    /// <summary>Evidence as a part of what it takes, 0 to 1.</summary>
    /// <param name="evidence">Natural logarithm of a capital.</param>
    /// <param name="limit">The logarithm that it takes, above 0.</param>
    public static double PartOf(double evidence, double limit) => double.IsNaN(evidence) || !(limit > 0) ? 0 : Math.Clamp(evidence / limit, 0, 1);

    // A difference of shares or of scores from 0 to 1, in hundredths.
    private static string PointsOf(double margin) =>
        Math.Round(margin * 100, 2) is var points && points == 1 ? "1 point" : string.Create(CultureInfo.InvariantCulture, $"{points:0.##} points");
}
