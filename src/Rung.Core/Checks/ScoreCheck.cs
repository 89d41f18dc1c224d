using System.Collections.Immutable;
using System.Globalization;

namespace Rung.Core.Checks;

/// <summary>
/// The weighted mean of the members' scores reaches a threshold. While something is not known, the mean lies between what it would be with 0 and with 1
/// in its place; when both ends are on one side of the threshold, the verdict stands and nothing more is asked (then there is no score to report).
/// </summary>
internal sealed class ScoreCheck(double atLeast, ImmutableArray<WeightedCheck> members) : CompositeCheck("score", [.. members.Select(member => member.Check)])
{
    // Weights such as 0.1 are not exact in binary: a mean that is 0.7 on paper passes a threshold of 0.7.
    private const double Slack = 1e-9;

    private readonly double total = members.Sum(member => member.Weight);

    public override CheckResult Evaluate(Answer answer)
    {
        var (result, low, high, worst) = Weigh(answer);
        if (result is null) return Verdict(low, worst) with { Score = Math.Clamp(low, 0, 1) };
        if (Reaches(low)) return CheckResult.Pass;
        return Reaches(high) ? result.Value : CheckResult.Fail($"The score is at most {Shown(high)}; at least {Shown(atLeast)} is wanted. Weakest is {worst}.");
    }

    /// <summary>The exact mean: what a mean of means needs, where the early verdict of this one would be too little.</summary>
    private (CheckResult? Pending, double Score) Exact(Answer answer)
    {
        var (pending, low, _, _) = Weigh(answer);
        return (pending, low);
    }

    private (CheckResult? Pending, double Low, double High, string Worst) Weigh(Answer answer)
    {
        CheckResult? pending = null;
        var (low, high, lost, worst) = (0.0, 0.0, -1.0, "");
        foreach (var (weight, check) in members)
        {
            var (least, most) = (0.0, 1.0);
            if (check is ScoreCheck inner)
            {
                var (ask, mean) = inner.Exact(answer);
                if (ask is null) least = most = mean;
                else pending ??= ask;
            }
            else
            {
                var result = check.Evaluate(answer);
                if (result.Pending is null) least = most = Math.Clamp(result.Score ?? (result.Passed ? 1 : 0), 0, 1);
                else pending ??= result;
            }
            low += weight * least;
            high += weight * most;
            if (weight * (1 - most) > lost) (lost, worst) = (weight * (1 - most), check.Name);
        }
        return (pending, low / total, high / total, worst);
    }

    private CheckResult Verdict(double mean, string worst) =>
        Reaches(mean) ? CheckResult.Pass : CheckResult.Fail($"The score is {Shown(mean)}; at least {Shown(atLeast)} is wanted. Weakest is {worst}.");

    private bool Reaches(double mean) => mean >= atLeast - Slack;

    private static string Shown(double score) => score.ToString("0.###", CultureInfo.InvariantCulture);
}
