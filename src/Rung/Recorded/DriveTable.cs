using Rung.Commands;

namespace Rung.Recorded;

/// <summary>A drive's report for people: at most 100 columns.</summary>
internal static class DriveTable
{
    private const int Width = 100;
    private const int NameWidth = 52;
    /// <summary>Reference models shown; the rest are in the JSON.</summary>
    private const int MaxModels = 12;

    /// <summary>Writes it.</summary>
    public static void Write(TextWriter output, DriveReport report)
    {
        WriteLine(output, $"{report.Gateway}  {(report.Tag is null ? "tag of each row's source" : $"tag {report.Tag}")}{(report.Streamed ? ", streamed" : "")}");
        if (report.Interrupted) WriteLine(output, $"Stopped after {report.Calls} of {report.Prompts} calls: the figures are about those.");
        output.WriteLine();

        Field(output, "calls", $"{report.Calls}, answered {report.Answered}{Share(report.Answered, report.Calls)}");
        foreach (var (code, count) in report.Errors) Field(output, "error", $"{count} × {code}");
        Field(output, "accuracy", Accuracy(report));
        Field(output, "graded", $"{report.GradedAsRecorded} as recorded, {report.GradedByGold} by the right answer, {report.Ungraded} not at all");
        Field(output, "attempts", $"{report.Attempts?.ToString() ?? "not reported"}; calls that climbed: {report.Escalations?.ToString() ?? "not reported"}");
        if (report.ClimbsWithoutAnswer is > 0 and var lost) Field(output, "", $"{lost} of them got no answer there and were sent the one that had failed: accuracy and");
        if (report.ClimbsWithoutAnswer > 0) Field(output, "", "cost are not those of the cascade (has the recording the answers of every rung?)");
        Field(output, "cost", Cost(report));
        if (report.CallsWithoutCost > 0 && report.CostNanoUsd is not null) Field(output, "", $"{report.CallsWithoutCost} answered calls without a known price are not in it");
        if (report.CallsWithoutBaseline > 0 && report.BaselineNanoUsd is not null) Field(output, "", $"{report.CallsWithoutBaseline} answered calls without a baseline");
        if (report.LatencyMs is { } latency) Field(output, "latency", $"p50 {latency.P50:0.0} ms, p95 {latency.P95:0.0} ms, mean {latency.Mean:0.0} ms");
        Field(output, "speed", $"{report.WallSeconds:0.0} s, {report.CallsPerSecond:0} calls/s");

        Counts(output, "answered by", report.CallsByModel, report.Answered);
        if (report.AttemptsByModel is { } attempts) Counts(output, "attempts by", attempts, attempts.Values.Sum());
        References(output, report);
    }

    private static string Accuracy(DriveReport report)
    {
        if (report.Accuracy is not { } accuracy) return "no calls";
        var answered = report.Answered < report.Calls && report.AccuracyAnswered is { } of ? $"; {of * 100:0.0} % of the answered" : "";
        return $"{accuracy * 100:0.0} %  ({report.Correct:0.##} of {report.Calls}{answered})";
    }

    private static string Cost(DriveReport report)
    {
        if (report.CostNanoUsd is not { } cost) return "not reported by the gateway";
        if (report.BaselineNanoUsd is not { } baseline) return $"{Output.Usd(cost)}; no baseline reported";
        return $"{Output.Usd(cost)} against {Output.Usd(baseline)} at the reference tier: {(baseline >= cost ? "saved" : "lost")} "
            + $"{Output.Usd(Math.Abs(baseline - cost))}{(report.SavedPct is { } saved ? $" ({saved:0.0} %)" : "")}";
    }

    private static void Counts(TextWriter output, string title, IReadOnlyDictionary<string, int> counts, int total)
    {
        if (counts.Count == 0) return;
        output.WriteLine();
        foreach (var (name, count) in counts)
        {
            Field(output, title, $"{Fit(name, NameWidth)} {count,9}{Share(count, total)}");
            title = "";
        }
    }

    private static void References(TextWriter output, DriveReport report)
    {
        if (report.Always.Count == 0) return;
        output.WriteLine();
        WriteLine(output, "The same calls by one recorded model alone:");
        // The models that the policy used come first: those are what a reader compares with.
        var shown = report.Always.OrderByDescending(model => report.CallsByModel.ContainsKey(model.Model)).Take(MaxModels).ToArray();
        foreach (var model in shown.OrderByDescending(model => model.Accuracy))
        {
            WriteLine(output, $"  {Fit(model.Model, NameWidth)} {model.Accuracy * 100,6:0.0} % {model.Correct,9:0.##}  {(model.CostNanoUsd is { } cost ? Output.Usd(cost) : "price unknown")}");
        }
        if (report.Always.Count > shown.Length) WriteLine(output, $"  and {report.Always.Count - shown.Length} more (--json)");
    }

    private static void Field(TextWriter output, string name, string value) => WriteLine(output, $"{name,-12} {value}");

    private static void WriteLine(TextWriter output, string line) => output.WriteLine(line.Length > Width ? $"{line[..(Width - 1)]}…" : line.TrimEnd());

    private static string Fit(string name, int width) => name.Length > width ? $"{name[..(width - 1)]}…" : name.PadRight(width);

    private static string Share(int part, int whole) => whole > 0 ? $" ({100.0 * part / whole:0.0} %)" : "";
}
