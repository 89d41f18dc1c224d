using System.Collections.Immutable;
using Rung.Commands.Policy;
using Rung.Core.Learning;
using Rung.Core.Learning.Evaluation;
using Spectre.Console;

namespace Rung.Commands;

/// <summary>What a training showed, for people and for programs.</summary>
internal static class TrainVerifierReport
{
    /// <summary>The figures that a model file keeps of its training.</summary>
    public static ImmutableSortedDictionary<string, double> Metrics(VerifierReport report)
    {
        var metrics = ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        void Add(string name, double? value)
        {
            if (value is { } known) metrics[name] = Round(known);
        }
        Add("auroc", report.Auroc?.Value);
        Add("ece", report.Ece);
        Add("log_loss", report.LogLoss);
        Add("apgr", report.Apgr?.Value);
        Add("cpt50", report.Cpt50?.Value);
        Add("cpt80", report.Cpt80?.Value);
        Add("weak_quality", report.WeakQuality);
        Add("strong_quality", report.StrongQuality);
        foreach (var level in report.Blind)
        {
            Add($"cost_share_{Level(level.Target)}", level.CostShare.Value);
            Add($"quality_{Level(level.Target)}", level.Quality.Value);
        }
        return metrics.ToImmutable();
    }

    /// <summary>The report of <c>--json</c>.</summary>
    public static object Json(VerifierReport report, VerifierProvenance provenance, string weak, string strong, string? model) => new
    {
        report.Rows,
        Weak = weak,
        Strong = strong,
        Auroc = Round(report.Auroc?.Value),
        Ece = Round(report.Ece),
        Apgr = Round(report.Apgr?.Value),
        Cpt50 = Round(report.Cpt50?.Value),
        Cpt80 = Round(report.Cpt80?.Value),
        CostShare = report.Blind.ToDictionary(level => Level(level.Target), level => Round(level.CostShare.Value)),
        Quality = report.Blind.ToDictionary(level => Level(level.Target), level => Round(level.Quality.Value)),
        report.Recommend,
        report.Reason,
        provenance.Seed,
        provenance.Folds,
        provenance.Label,
        provenance.Tag,
        Sees = report.PromptOnly ? "prompt" : "prompt_and_answer",
        report.Groups,
        report.RowsWithoutAnswer,
        WeakQuality = Round(report.WeakQuality),
        StrongQuality = Round(report.StrongQuality),
        WeakCostShare = report.CostBasis == CostBasis.Usd ? Round((double?)report.WeakCostShare) : null,
        report.CostBasis,
        report.CostsFilled,
        LogLoss = Round(report.LogLoss),
        ClimbShare = report.Blind.ToDictionary(level => Level(level.Target), level => Round(level.ClimbShare)),
        Thresholds = report.Blind.ToDictionary(level => Level(level.Target), level => level.Threshold),
        Intervals = new
        {
            Level = 0.95,
            Auroc = Interval(report.Auroc),
            Apgr = Interval(report.Apgr),
            Cpt50 = Interval(report.Cpt50),
            Cpt80 = Interval(report.Cpt80),
            CostShare = report.Blind.ToDictionary(level => Level(level.Target), level => Interval(level.CostShare)),
            Quality = report.Blind.ToDictionary(level => Level(level.Target), level => Interval(level.Quality)),
        },
        Baselines = new
        {
            AlwaysWeak = new { Quality = Round(report.StrongQuality > 0 ? report.WeakQuality / report.StrongQuality : null), CostShare = report.CostBasis == CostBasis.Usd ? Round((double?)report.WeakCostShare) : null },
            AlwaysStrong = new { Quality = 1.0, CostShare = 1.0 },
            Random = new { Apgr = 0.5, CostShare = report.Baselines.ToDictionary(level => Level(level.Target), level => Round(level.RandomCostShare)) },
            PerfectVerifier = new { Apgr = Round(report.PerfectApgr), CostShare = report.Baselines.ToDictionary(level => Level(level.Target), level => Round(level.PerfectCostShare)) },
            Hindsight = new { CostShare = report.Baselines.ToDictionary(level => Level(level.Target), level => Round(level.HindsightCostShare)) },
        },
        Learners = report.Learners.ToDictionary(learner => learner.Key, learner => Round(learner.Value)),
        report.Learner,
        report.Calibration,
        Model = model,
        provenance.TrainedAt,
        Files = provenance.Files.Select(file => new { file.Name, file.Sha256 }),
    };

    /// <summary>The report for people.</summary>
    public static void Write(TextWriter output, VerifierReport report, VerifierProvenance provenance, string weak, string strong, string? model)
    {
        Lines.Write(output, "", $"Verifier of {weak} before {strong}: {report.Rows:N0} rows, {provenance.Folds} folds, seed {provenance.Seed}, grades \"{provenance.Label}\". Every figure is out of fold; intervals are 95 %.");
        if (report.PromptOnly) Lines.Write(output, "", $"Only prompts were seen: {report.RowsWithoutAnswer:N0} rows have no answer of {weak}.");
        else if (report.RowsWithoutAnswer > 0) Lines.Write(output, "", $"{report.RowsWithoutAnswer:N0} rows without an answer of {weak} were left out.");
        if (report.CostBasis != CostBasis.Usd) Lines.Write(output, "", "Costs are shares of calls to the strong model: the recording has no prices of both models.");
        else if (report.CostsFilled > 0) Lines.Write(output, "", $"{report.CostsFilled:N0} missing costs took the mean of their model.");

        output.WriteLine();
        var table = Plain("", "value", "95 % interval", "random", "perfect");
        AddRow(table, "AUROC of a right weak answer", report.Auroc, "0.000", "0.500", "1.000");
        AddRow(table, "APGR, average gap recovered", report.Apgr, "0.000", "0.500", Text(report.PerfectApgr, "0.000"));
        AddRow(table, "CPT(50), % of climbs", report.Cpt50, "0.0", "50.0", "");
        AddRow(table, "CPT(80), % of climbs", report.Cpt80, "0.0", "80.0", "");
        table.AddRow("calibration error", $"{report.Ece:0.000}", "", "", "0.000");
        PlainTable.Write(output, table);

        output.WriteLine();
        var paid = report.CostBasis == CostBasis.Usd ? "weak answers paid" : "no prices known: weak answers not counted";
        output.WriteLine($"Blind thresholds, as shares of always strong ({paid}):");
        var levels = Plain("target", "quality reached", "cost", "climbs", "threshold", "random", "perfect", "hindsight");
        foreach (var (level, baseline) in report.Blind.Zip(report.Baselines))
        {
            levels.AddRow(
                $"{level.Target:0 %}", $"{level.Quality.Value:0.0%} ({level.Quality.Low:0.0%}-{level.Quality.High:0.0%})", $"{level.CostShare.Value:0.0%}", $"{level.ClimbShare:0.0%}",
                Text(level.Threshold, "0.000"), Text(baseline.RandomCostShare, "0.0%"), Text(baseline.PerfectCostShare, "0.0%"), Text(baseline.HindsightCostShare, "0.0%"));
        }
        PlainTable.Write(output, levels);
        output.WriteLine();
        var weakCost = report.CostBasis == CostBasis.Usd ? $" and {report.WeakCostShare:0.0%} of its cost" : "";
        Lines.Write(output, "", $"Always {weak}: {(report.StrongQuality > 0 ? report.WeakQuality / report.StrongQuality : 0):0.0%} of the quality of {strong}{weakCost}. Models tried, by APGR: {string.Join(", ", report.Learners.Select(learner => $"{learner.Key} {learner.Value:0.000}"))}; taken: {report.Learner}, calibration {report.Calibration}.");
        output.WriteLine();
        Lines.Write(output, "", report.Reason);
        if (model is not null) Lines.Write(output, "", $"Written: {model}");
    }

    private static Table Plain(params string[] columns)
    {
        var table = new Table { Border = TableBorder.Simple };
        for (var i = 0; i < columns.Length; i++)
        {
            table.AddColumn(new TableColumn(columns[i]) { NoWrap = true, Alignment = i == 0 ? Justify.Left : Justify.Right, Padding = new Padding(0, 0, 0, 0) });
        }
        return table;
    }

    private static void AddRow(Table table, string name, Estimate? estimate, string format, string random, string perfect)
    {
        if (estimate is not { } known) table.AddRow(name, "-", "", "", "");
        else table.AddRow(name, known.Value.ToString(format), $"{known.Low.ToString(format)}-{known.High.ToString(format)}", random, perfect);
    }

    private static string Text(double? value, string format) => value is { } known ? known.ToString(format) : "-";

    private static string Level(double target) => $"{target * 100:0}";

    private static double Round(double value) => Math.Round(value, 6);

    private static double? Round(double? value) => value is { } known ? Math.Round(known, 6) : null;

    private static double[]? Interval(Estimate? estimate) => estimate is { } known ? [Round(known.Low), Round(known.High)] : null;
}
