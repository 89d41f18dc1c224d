using System.Globalization;
using Rung.Commands.Policy;
using Rung.Replay;

namespace Rung.Commands.Replay;

/// <summary>A replay as GitHub-flavoured Markdown: the verdict first, so that a comment on a pull request can be read at a glance.</summary>
internal static class ReplayMarkdown
{
    /// <summary>Tags shown; a comment has at most 65,536 characters.</summary>
    private const int MaxTags = 50;

    /// <summary>Writes it.</summary>
    public static void Write(TextWriter output, ReplayReport report)
    {
        output.WriteLine($"### {Verdict(report)}");
        output.WriteLine();
        output.WriteLine($"`{Text(report.Policy.Name)}` against {Text(report.Against.Says)}, {report.Source.Says}.");
        output.WriteLine();
        if (report.Conditions.Count > 0)
        {
            output.WriteLine("| | fails if | found |");
            output.WriteLine("| --- | --- | --- |");
            foreach (var condition in report.Conditions) output.WriteLine($"| {(condition.Failed ? "❌" : "✅")} | `{condition.Gate}` | {Text(condition.Says)} |");
            output.WriteLine();
        }
        Totals(output, report);
        Tags(output, report);
        output.WriteLine("<details><summary>What was assumed</summary>");
        output.WriteLine();
        foreach (var (why, count) in report.Source.LeftOut) output.WriteLine($"- {count:N0} calls left out: {Text(why)}");
        foreach (var sentence in report.Assumptions) output.WriteLine($"- {Text(sentence)}");
        output.WriteLine();
        output.WriteLine("</details>");
    }

    private static string Verdict(ReplayReport report)
    {
        var (cost, accuracy) = (report.All.Change.Cost, report.All.Difference(ReplayMetric.Accuracy));
        var figures = $"cost {FigureText.Change(cost is null ? null : cost with { Low = null }, "%")}, accuracy {(accuracy is null ? "cannot be said" : FigureText.Change(accuracy with { Low = null }, "pt"))}";
        var failed = report.Conditions.Count(condition => condition.Failed);
        if (report.Conditions.Count == 0) return $"Replay: {figures}";
        return failed == 0 ? $"✅ Replay passes: {figures}" : $"❌ Replay fails {failed} of {report.Conditions.Count} conditions: {figures}";
    }

    private static void Totals(TextWriter output, ReplayReport report)
    {
        var (policy, other, change) = (report.All.Policy, report.All.Against, report.All.Change);
        output.WriteLine($"| | the policy | {Text(report.Against.Name)} | change |");
        output.WriteLine("| --- | --- | --- | --- |");
        output.WriteLine($"| calls answered | {policy.Answered:N0} of {report.All.Calls:N0} | {other.Answered:N0} of {report.All.Calls:N0} | {change.OtherModel:N0} by another model |");
        if (report.All.Quality is { } quality)
        {
            output.WriteLine($"| quality | {(quality.Value is { } value ? FigureText.Level(value) : $"cannot be said: {Text(quality.CannotBeSaid ?? "no verdicts")}")} "
                + $"| {(quality.Logged is { } logged ? $"{(logged * 100).ToString("0.0", CultureInfo.InvariantCulture)} % over {quality.Judged:N0} calls" : "no verdicts")} | {FigureText.Change(quality.Difference, "pt")} |");
        }
        else
        {
            output.WriteLine($"| accuracy | {FigureText.Level(policy.Accuracy)} | {FigureText.Level(other.Accuracy)} | {FigureText.Change(change.Accuracy, "pt")}; {change.Better:N0} better, {change.Worse:N0} worse |");
        }
        output.WriteLine($"| cost | {Cost(policy)} | {Cost(other)} | {FigureText.Change(change.Cost, "%")} |");
        output.WriteLine($"| saved against the reference model | {FigureText.Level(policy.Saving)} | {FigureText.Level(other.Saving)} | {FigureText.Change(change.Saving, "pt")} |");
        output.WriteLine($"| calls that climbed | {FigureText.Level(policy.ClimbRate)} | {FigureText.Level(other.ClimbRate)} | {FigureText.Change(change.ClimbRate, "pt")} |");
        if (policy.Errors.Count + other.Errors.Count > 0) output.WriteLine($"| errors | {FigureText.Level(policy.ErrorRate)} | {FigureText.Level(other.ErrorRate)} | {FigureText.Change(change.ErrorRate, "pt")} |");
        if (policy.Unjudged + other.Unjudged > 0) output.WriteLine($"| cannot be judged | {policy.Unjudged:N0} | {other.Unjudged:N0} | in no figure |");
        output.WriteLine();
    }

    private static void Tags(TextWriter output, ReplayReport report)
    {
        if (report.Tags.Count < 2) return;
        output.WriteLine("| tag | calls | accuracy | change | cost | change | climbed |");
        output.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var scope in report.Tags.Take(MaxTags))
        {
            output.WriteLine($"| {(scope.Tag is null ? "(none)" : $"`{Text(scope.Tag)}`")} | {scope.Calls:N0} | {FigureText.Short(scope.Level(ReplayMetric.Accuracy))} | {FigureText.Change(scope.Difference(ReplayMetric.Accuracy), "pt")} "
                + $"| {Cost(scope.Policy)} | {FigureText.Change(scope.Change.Cost, "%")} | {FigureText.Short(scope.Policy.ClimbRate)} |");
        }
        output.WriteLine();
        if (report.Tags.Count <= MaxTags) return;
        output.WriteLine($"{report.Tags.Count - MaxTags} more tags with smaller changes of cost are not shown.");
        output.WriteLine();
    }

    private static string Cost(ReplaySide side) =>
        (side.Cost is null ? FigureText.Unknown : Output.Usd(side.CostNanoUsd)) + (side.CallsWithoutCost > 0 ? $" + {side.CallsWithoutCost:N0} calls of unknown cost" : "");

    // Names come from policies and logs: nothing in them may end a cell or begin markup.
    private static string Text(string text) => Lines.Clean(text).Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace("`", "'", StringComparison.Ordinal);
}
