using Rung.Commands.Policy;
using Rung.Core.Guarantees;
using Spectre.Console;

namespace Rung.Commands;

/// <summary>What calibrating gave, for people: at most 100 columns.</summary>
internal static class CalibrateTable
{
    /// <summary>Lines of the curve that are shown; all of it is in the JSON.</summary>
    private const int MostLines = 20;

    /// <summary>Writes it.</summary>
    public static void Write(TextWriter output, CalibrateReport report)
    {
        var result = report.Result;
        Lines.Write(output, "", $"tag {report.Tag}: {report.Weak} → {report.Strong}{(report.Verifier is { } verifier ? $", verifier {verifier}{(report.CrossFitted ? " (cross-fitted)" : "")}" : ", checks alone")}");
        Lines.Write(output, "", $"promise: with {result.Plan.Confidence:P0} confidence the mean loss on fresh queries is at most {result.Plan.MostLoss:0.####}");
        Lines.Write(output, "", $"data: {Lines.Count(result.Rows, "graded row")} in {Lines.Count(result.Units, "group")}{(report.LeftOut > 0 ? $", {report.LeftOut:N0} left out (no weak answer, or no grade of both)" : "")}");
        Lines.Write(output, "", $"cost: {report.CostSource}");
        Lines.Write(output, "", $"method: {report.Method}. {CertificateFile.Source(result.Plan.Test)}");
        output.WriteLine();
        Curve(output, report);
        output.WriteLine();
        Verdict(output, report);
        if (report.Splits is { } splits)
        {
            output.WriteLine();
            Splits(output, report, splits);
        }
    }

    private static void Curve(TextWriter output, CalibrateReport report)
    {
        var result = report.Result;
        var table = new Table().Border(TableBorder.Simple).AddColumns("at_least", "kept", "quality", "loss", "bound", "$/1,000 calls", "of strong", "");
        foreach (var column in table.Columns.Take(7)) column.RightAligned().NoWrap();
        table.AddRow("climb all", "0.0 %", $"{result.StrongQuality:0.0000}", "0.0000", "", "", "", "");
        foreach (var point in Chosen(result))
        {
            var words = (ReferenceEquals(point, result.Certified) ? "CERTIFIED" : point.Certified ? "certified" : "")
                + (ReferenceEquals(point, result.Uncalibrated) ? point.Certified ? ", uncalibrated" : "uncalibrated" : "");
            table.AddRow(
                report.Verifier is null ? "checks" : $"{point.Threshold:0.000}", $"{point.KeptShare * 100:0.0} %", $"{point.Quality:0.0000}", $"{point.Loss:0.0000}", $"{point.Bound:0.0000}",
                report.CostsKnown ? $"{Money(point.CostNanoUsd)} ± {(point.CostHighNanoUsd - point.CostNanoUsd) / 1e6:0.0000}" : "unknown",
                report.CostsKnown && point.CostShare is { } share ? $"{share * 100:0.0} %" : "", words);
        }
        PlainTable.Write(output, table);
        if (report.CostsKnown) Lines.Write(output, "", "± half the 95 % interval of the mean. CERTIFIED is the cheapest certified threshold; uncalibrated the cheapest whose own loss is small enough.");
        if (report.CostsKnown) Lines.Write(output, "", $"always weak: quality {result.WeakQuality:0.0000}, {Money(result.WeakCostNanoUsd)}; always strong: quality {result.StrongQuality:0.0000}, {Money(result.StrongCostNanoUsd)}");
        else Lines.Write(output, "", $"always weak: quality {result.WeakQuality:0.0000}; always strong: quality {result.StrongQuality:0.0000}");
    }

    /// <summary>Points spread over the curve, and those that matter.</summary>
    private static IEnumerable<CalibrationPoint> Chosen(CalibrationResult result)
    {
        var curve = result.Curve;
        var step = Math.Max(1, (int)Math.Ceiling(curve.Length / (double)(MostLines - 3)));
        return curve.Where((point, i) => i % step == 0 || i == curve.Length - 1 || ReferenceEquals(point, result.Certified) || ReferenceEquals(point, result.Uncalibrated));
    }

    private static void Verdict(TextWriter output, CalibrateReport report)
    {
        var result = report.Result;
        if (result.Certified is not { } point)
        {
            var fewest = result.Plan.FewestUnits();
            Lines.Write(output, "", result.Units < fewest
                ? $"NO THRESHOLD QUALIFIES: {Lines.Count(result.Units, "group")} without a loss would certify nothing at this level; at least {fewest:N0} are needed. Use {report.Strong}."
                : "NO THRESHOLD QUALIFIES: not even the strictest one that keeps an answer can be promised. "
                    + $"Use {report.Strong}, promise less (--quality-loss), grade more rows, or use a better verifier.");
        }
        else
        {
            if (result.KeepsAll) Lines.Write(output, "", report.Verifier is null ? "CERTIFIED: the checks alone keep the promise." : $"CERTIFIED: every answer that passes the checks may be kept; at_least: {point.Threshold:0.###} lets them all through.");
            else Lines.Write(output, "", $"CERTIFIED: at_least: {point.Threshold:0.###}");
            if (report.CostsKnown && !result.Pays) Lines.Write(output, "", $"It does not pay: a call costs {Money(point.CostNanoUsd)} per 1,000, always {report.Strong} {Money(result.StrongCostNanoUsd)}. Do not cascade.");
            if (report.CrossFitted) Lines.Write(output, "", "The scores come from models trained in folds of these rows: the guarantee is approximate, for each fold has a model of its own and the policy's was trained on all.");
        }
        if (report.Verifier is not null && result.Uncalibrated is { } naive && report.CostsKnown && naive.CostShare is { } share)
            Lines.Write(output, "", $"Without a guarantee the same rows would suggest {naive.Threshold:0.###}, at {share * 100:0.0} % of the cost of always strong{(result.Certified?.CostShare is { } certified ? $" (certified: {certified * 100:0.0} %)" : "")}.");
    }

    private static void Splits(TextWriter output, CalibrateReport report, CalibrateReport.SplitsReport splits)
    {
        Lines.Write(output, "", $"{Lines.Count(splits.Splits, "random split")} (seed {splits.Seed}), {splits.CalibrationShare:P0} of the groups to calibrate on, the rest held out:");
        Lines.Write(output, "  ", Tally("certified", splits.Certified, splits.Splits, report.CostsKnown));
        Lines.Write(output, "  ", Tally("uncalibrated", splits.Uncalibrated, splits.Splits, report.CostsKnown));
        Lines.Write(output, "  ", $"promised: violations in at most {report.Result.Plan.Level:P1} of the splits, {splits.AllowedShare:P2} with three standard errors: {(splits.Kept ? "KEPT" : "BROKEN")}");
    }

    private static string Tally(string name, SplitTally tally, int splits, bool costsKnown) =>
        $"{name}: chose a threshold in {tally.Chosen:N0}, lost more than promised on the held-out rows in {tally.Violations:N0} ({(double)tally.Violations / splits:P1}); "
        + $"mean loss {tally.Loss:0.0000}{(costsKnown ? $", saving {tally.Saving:P1} of always strong" : "")}";

    /// <summary>Nano-USD a call as US dollars for a thousand calls.</summary>
    private static string Money(double nanoUsd) => Output.Usd((long)Math.Round(nanoUsd * 1000));
}
