using Rung.Commands.Policy;
using Rung.Control.Reviews;
using Rung.Core.Statistics;
using Rung.Storage.Content;
using Spectre.Console;

namespace Rung.Commands.Review;

/// <summary>Reviews for people: at most 100 columns.</summary>
internal static class ReviewTables
{
    /// <summary>How far plans are.</summary>
    public static void Progress(TextWriter output, IEnumerable<ReviewProgress> plans)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("tag", "from", "quota", "of", "items", "judged", "by two", "gone");
        foreach (var column in table.Columns.Skip(2)) column.RightAligned().NoWrap();
        foreach (var plan in plans)
        {
            table.AddRow(
                Markup.Escape(Lines.Clean(plan.Plan.Tag)), Markup.Escape(Lines.Clean(plan.Plan.Scope)), $"{plan.Plan.Quota:N0}", $"{plan.Plan.Frame:N0}", $"{plan.Items:N0}", $"{plan.Judged:N0}",
                $"{plan.DoubleJudged:N0} of {plan.Double:N0}", plan.Withdrawn == 0 ? "" : $"{plan.Withdrawn:N0}");
        }
        PlainTable.Write(output, table);
    }

    /// <summary>What the samples say.</summary>
    public static void Estimates(TextWriter output, IReadOnlyList<ReviewEstimate> estimates)
    {
        foreach (var estimate in estimates)
        {
            var lead = $"{Lines.Clean(estimate.Tag)}{(estimate.Scope is null ? "" : $" {estimate.Scope}")}: ";
            if (estimate.Quality is not { } quality)
            {
                Lines.Write(output, lead, $"not enough verdicts yet ({estimate.Judged:N0} of at least {ReviewEstimate.Least}).");
                continue;
            }
            Lines.Write(output, lead, $"{Percent(quality)} of the answers are good ({estimate.Confidence:P0} interval), from {Lines.Count(estimate.Judged, "item")}, each by its weight. "
                + (estimate.UniformQuality is { } uniform ? $"By the uniform part alone: {Percent(uniform)}, {Lines.Count(estimate.UniformJudged, "item")}. " : "")
                + (estimate.Unsure > 0 ? $"{estimate.Unsure:N0} could not be told. " : "") + (estimate.Waiting > 0 ? $"{estimate.Waiting:N0} wait." : ""));
        }
    }

    /// <summary>How far reviewers agree.</summary>
    public static void Agreement(TextWriter output, IReadOnlyList<ReviewAgreement> agreements)
    {
        foreach (var tag in agreements)
        {
            var lead = $"{Lines.Clean(tag.Tag)}: ";
            Lines.Write(output, lead, $"{Lines.Count(tag.Items, "item")} judged by two ({(tag.Reviewers.Count == 0 ? "nobody" : Lines.Clean(string.Join(", ", tag.Reviewers)))}){(tag.Unsure > 0 ? $", {tag.Unsure:N0} of them not sure" : "")}.");
            var indent = new string(' ', lead.Length);
            Lines.Write(output, indent, $"good enough or not: {Kappa(tag.Good)}");
            if (tag.Preference.Items > 0) Lines.Write(output, indent, $"which of two is better: {Kappa(tag.Preference)}");
        }
    }

    private static string Kappa(KappaResult result) => result.Kappa is { } kappa
        ? $"kappa {kappa.Estimate:0.00} ({kappa.Low:0.00} to {kappa.High:0.00}), the same in {result.Agreement:P0} of {Lines.Count(result.Items, "item")}; by chance {result.ByChance:P0}."
        : $"kappa cannot be said: {result.CannotBeSaid}.";

    private static string Percent(Interval share) => $"{share.Estimate * 100:0.0} % ({share.Low * 100:0.0} to {share.High * 100:0.0})";
}
