using System.Globalization;

namespace Rung.Core.Learning.Evaluation;

/// <summary>Says whether a cascade is worth it, with the arithmetic in words.</summary>
internal static class Advice
{
    // A saving below this is within what another month of traffic would change.
    private const double LeastSaving = 0.03;
    // So much cheaper than climbing at random must the verifier be, or it separates nothing.
    private const double LeastEdge = 0.01;

    /// <summary>The advice on a report.</summary>
    public static (Recommendation, string) Of(VerifierReport report)
    {
        var (weak, strong) = (report.WeakQuality, report.StrongQuality);
        if (strong - weak <= 1e-9)
        {
            return (Recommendation.DoNotCascade, Line($"The strong model is not better ({weak:0.0%} against {strong:0.0%} of {report.Rows} answers right): there is nothing to climb for. Use the weak model alone."));
        }
        // Where the weak model alone comes within 2 %, only the full quality is worth climbing for.
        var level = weak >= 0.98 * strong ? 2 : 1;
        var (blind, baseline) = (report.Blind[level], report.Baselines[level]);
        var cost = blind.CostShare.Value;
        var unit = report.CostBasis == CostBasis.Usd ? "cost" : "calls (no prices are known)";
        var sum = Line($"at {blind.Target:0%} of its quality (reached: {blind.Quality.Value:0.0%}) the cascade takes {cost:0.0%} of the strong model's {unit}: weak answers to all calls {report.WeakCostShare:0.0%}, and strong answers to the {blind.ClimbShare:0.0%} that climb {cost - report.WeakCostShare:0.0%}");
        if (cost >= 1 - LeastSaving)
        {
            return (Recommendation.DoNotCascade, $"Do not cascade: {sum}. {(cost >= 1 ? "That is more than" : "That is about what")} sending every call straight to the strong model costs.");
        }
        if (!IsShownToSeparate(report))
        {
            return (Recommendation.DoNotCascade, Line($"Do not cascade: {report.Rows} rows do not show that the verifier tells good answers from bad ones (AUROC {Between(report.Auroc)}, APGR {Between(report.Apgr)}; 0.5 is chance). Grade more rows. As it stands, {sum}."));
        }
        if (blind.Quality.High < blind.Target)
        {
            return (Recommendation.DoNotCascade, Line($"Do not cascade: it missed its target, with at most {blind.Quality.High:0.0%} of the strong model's quality at 95 % confidence; {sum}."));
        }
        if (baseline.RandomCostShare is { } random && cost > random - LeastEdge)
        {
            return (Recommendation.DoNotCascade, Line($"Do not cascade: {sum}. Climbing at random takes {random:0.0%}: the verifier does not tell good answers from bad ones."));
        }
        var unpriced = report.CostBasis == CostBasis.Usd ? "" : Line($" It pays while a weak answer costs less than {1 - blind.ClimbShare:0.0%} of a strong one.");
        return (Recommendation.Cascade, Line($"Cascade: {sum}. Climbing at random would take {baseline.RandomCostShare ?? 1:0.0%}.{unpriced}"));
    }

    // Either measure will do: the first speaks of the weak answer alone, the second of the gain, and each is wide where the other is narrow.
    private static bool IsShownToSeparate(VerifierReport report) => report.Auroc is { Low: > 0.5 } || report.Apgr is { Low: > 0.5 };

    private static string Between(Estimate? estimate) => estimate is { } known ? Line($"{known.Low:0.00} to {known.High:0.00}") : "unknown";

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
