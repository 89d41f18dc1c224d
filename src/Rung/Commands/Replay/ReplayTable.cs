using Rung.Commands.Policy;
using Rung.Replay;

namespace Rung.Commands.Replay;

/// <summary>A replay for people: at most 100 columns.</summary>
internal static class ReplayTable
{
    /// <summary>Tags shown; the rest are in the JSON.</summary>
    private const int MaxTags = 20;
    private const int MaxModels = 6;

    /// <summary>Writes it.</summary>
    public static void Write(TextWriter output, ReplayReport report)
    {
        Lines.Write(output, "", $"{report.Policy.Name} against {report.Against.Says}: {report.Source.Says}");
        foreach (var (why, count) in report.Source.LeftOut) Lines.Write(output, "  ", $"{Count(count)} left out: {why}");
        output.WriteLine();
        Totals(output, report.All, report.Against.Name);
        if (report.All.Quality is { } quality) Quality(output, quality);
        Tags(output, report);
        output.WriteLine();
        foreach (var sentence in report.Assumptions) Lines.Write(output, "- ", sentence);
        Conditions(output, report);
    }

    private static void Totals(TextWriter output, ReplayScope all, string against)
    {
        var (policy, other, change) = (all.Policy, all.Against, all.Change);
        Row(output, "", "the policy", against.Length > 27 ? "the other" : against, "change");
        Row(output, "answered", Answered(policy, all.Calls), Answered(other, all.Calls), $"{Count(change.OtherModel)} by another model");
        if (all.Quality is null)
        {
            Row(output, "accuracy", FigureText.Level(policy.Accuracy), FigureText.Level(other.Accuracy), FigureText.Change(change.Accuracy, "pt"));
            Row(output, "", $"over {Count(policy.Graded)}", $"over {Count(other.Graded)}", $"{Count(change.Better)} better, {Count(change.Worse)} worse");
        }
        Row(output, "cost", Cost(policy), Cost(other), FigureText.Change(change.Cost, "%"));
        if (policy.CallsWithoutCost + other.CallsWithoutCost > 0)
            Row(output, "", $"{Count(policy.CallsWithoutCost)} of unknown cost", $"{Count(other.CallsWithoutCost)} of unknown cost", $"over {Count(change.PricedInBoth)} with both costs");
        Row(output, "saved", FigureText.Level(policy.Saving), FigureText.Level(other.Saving), FigureText.Change(change.Saving, "pt"));
        Row(output, "climbed", FigureText.Level(policy.ClimbRate), FigureText.Level(other.ClimbRate), FigureText.Change(change.ClimbRate, "pt"));
        if (policy.Errors.Count + other.Errors.Count > 0) Row(output, "errors", FigureText.Level(policy.ErrorRate), FigureText.Level(other.ErrorRate), FigureText.Change(change.ErrorRate, "pt"));
        foreach (var (code, count) in policy.Errors) Lines.Write(output, "          ", $"the policy: {Count(count)} × {code}");
        if (policy.Unjudged + other.Unjudged > 0) Row(output, "unjudged", Count(policy.Unjudged), Count(other.Unjudged), "in no figure");
        output.WriteLine();
        Models(output, "the policy asks", policy);
        Models(output, $"{(against.Length > 27 ? "the other" : against)} asks", other);
    }

    private static void Models(TextWriter output, string who, ReplaySide side)
    {
        if (side.Models.Count == 0) return;
        var uses = string.Join("; ", side.Models.Take(MaxModels).Select(use => $"{use.Model} {Count(use.Calls)} ({Cost(use)})"));
        Lines.Write(output, $"{who}: ", side.Models.Count > MaxModels ? $"{uses}; and {side.Models.Count - MaxModels} more" : uses);
    }

    private static void Quality(TextWriter output, ReplayQuality quality)
    {
        output.WriteLine();
        Lines.Write(output, "quality   ", quality.Logged is { } logged
            ? $"mean verdict {logged * 100:0.0} % over {Count(quality.Judged)} calls with a verdict on their first answer"
            : "no call has a verdict on its first answer");
        if (quality.CannotBeSaid is { } why) Lines.Write(output, "          ", $"of the policy: cannot be said: {why}");
        if (quality.DoublyRobust is null) return;
        Lines.Write(output, "          ", $"of the policy, where it had a chance ({Count(quality.Supported)} calls, worth {quality.EffectiveSampleSize:N0}): doubly robust {FigureText.Level(quality.DoublyRobust)}");
        Lines.Write(output, "          ", $"inverse propensity {FigureText.Level(quality.InversePropensity)}; self-normalised {FigureText.Level(quality.SelfNormalised)}");
        if (quality.CannotBeSaid is null) Lines.Write(output, "          ", $"against the other side {FigureText.Change(quality.Difference, "pt")}");
    }

    private static void Tags(TextWriter output, ReplayReport report)
    {
        if (report.Tags.Count < 2) return;
        output.WriteLine();
        output.WriteLine($"{"tag",-24} {"calls",7} {"accuracy",8} {"change, pt",-24} {"cost",10} {"change, %",-23}".TrimEnd());
        foreach (var scope in report.Tags.Take(MaxTags))
        {
            var tag = scope.Tag is null ? "(none)" : Lines.Clean(scope.Tag);
            output.WriteLine($"{(tag.Length > 24 ? $"{tag[..23]}…" : tag),-24} {scope.Calls,7:N0} {FigureText.Short(scope.Level(ReplayMetric.Accuracy)),8} "
                .PadRight(42) + $"{Bare(scope.Difference(ReplayMetric.Accuracy)),-24} {Cost(scope.Policy),10} {Bare(scope.Change.Cost),-23}".TrimEnd());
        }
        if (report.Tags.Count > MaxTags) output.WriteLine($"and {report.Tags.Count - MaxTags} more tags with smaller changes of cost (--json)");
    }

    private static void Conditions(TextWriter output, ReplayReport report)
    {
        if (report.Conditions.Count == 0) return;
        output.WriteLine();
        foreach (var condition in report.Conditions) Lines.Write(output, condition.Failed ? "FAILED  " : "passed  ", $"fail-if {condition.Gate}: {condition.Says}");
        var failed = report.Conditions.Count(condition => condition.Failed);
        output.WriteLine(failed == 0 ? "No condition was met." : $"{failed} of {report.Conditions.Count} conditions failed: exit code 1.");
    }

    private static string Answered(ReplaySide side, int calls) => $"{Count(side.Answered)} of {Count(calls)} calls";

    private static string Cost(ReplayModelUse use) => use.CallsWithoutCost == 0 ? Output.Usd(use.CostNanoUsd)
        : use.CallsWithoutCost == use.Calls ? "cost unknown" : $"{Output.Usd(use.CostNanoUsd)}, {Count(use.CallsWithoutCost)} of unknown cost";

    private static string Cost(ReplaySide side) => side.Cost is null ? FigureText.Unknown : Output.Usd(side.CostNanoUsd);

    private static string Bare(Figure? figure) => figure is null ? FigureText.Unknown : FigureText.Change(figure, "").Replace("  ", " ", StringComparison.Ordinal).TrimEnd();

    private static string Count(int number) => number.ToString("N0", System.Globalization.CultureInfo.InvariantCulture);

    private static void Row(TextWriter output, string name, string policy, string other, string change) => output.WriteLine($"{name,-9} {policy,-28} {other,-28} {change}".TrimEnd());
}
