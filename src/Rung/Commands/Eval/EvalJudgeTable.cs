using System.Globalization;
using Rung.Commands.Policy;
using Rung.Control.Evals.Judging;
using Rung.Control.Evals.Judging.Simulation;
using Rung.Core.Statistics;
using Rung.Storage.Content;
using Spectre.Console;

namespace Rung.Commands.Eval;

/// <summary>What is known of a judge, for people: at most 100 columns.</summary>
internal static class EvalJudgeTable
{
    /// <summary>Writes the report on the judge of a run.</summary>
    public static void Write(TextWriter output, JudgeReport report)
    {
        var (hygiene, agreement) = (report.Hygiene, report.Agreement);
        Lines.Write(output, "", $"judge {report.JudgeTag ?? "(no longer named)"} of tag {report.Tag}, run {report.Run}: {Lines.Count(hygiene.Verdicts, "verdict")} by {(hygiene.Models.Count == 0 ? "nobody" : string.Join(", ", hygiene.Models))}{(hygiene.Families.Count > 0 ? $" (family {string.Join(", ", hygiene.Families)})" : "")}, {Output.Usd(hygiene.CostNanoUsd)}");
        Lines.Write(output, "", $"intervals at {hygiene.Confidence * 100:0.#} %, two-sided unless said otherwise");
        output.WriteLine();

        Lines.Write(output, "", $"Agreement with people: {Lines.Count(agreement.Items, "answer")} judged by both ({report.ItemsOfRun:N0} of this run)");
        var kappa = agreement.Kappa.Kappa is { } said ? Text("κ", said, points: false) : $"κ cannot be said: {agreement.Kappa.CannotBeSaid}";
        Lines.Write(output, "  ", agreement.LowerKappa is { } lower ? $"{kappa}; at least {Number(lower)} one-sided, {Number(report.WantedKappa)} is wanted" : kappa);
        if (agreement.Accuracy is { } accuracy) Lines.Write(output, "  ", $"{Text("accuracy", accuracy, points: true)}; the judge scores {Points(agreement.Leniency ?? 0)} points against people on average");
        output.WriteLine();

        Hygiene(output, hygiene);
        output.WriteLine();
        if (report.Anchors is { } anchors)
        {
            Write(output, anchors, hygiene.Confidence);
            output.WriteLine();
        }
        Quality(output, report);
        foreach (var warning in hygiene.Warnings) Lines.Write(output, "! ", warning);
        if (hygiene.Warnings.Count > 0) output.WriteLine();
        Lines.Write(output, "", report.Trust.Words);
    }

    /// <summary>Writes how a judge stands with its anchors.</summary>
    public static void Write(TextWriter output, AnchorStanding standing, double confidence)
    {
        var run = standing.Newest;
        Lines.Write(output, "", $"Anchors of {run.Tag}, {Lines.Time(run.At)}: judge {run.JudgeTag}, model {run.Model}{(run.Version is { } version ? $" (reported as {version})" : ", no version reported")}, {Output.Usd(run.CostNanoUsd)}{(run.UnknownPriceAttempts > 0 ? $" and {Lines.Count(run.UnknownPriceAttempts, "attempt")} of unknown price" : "")}");
        Lines.Write(output, "  ", standing.Accuracy is { } accuracy
            ? $"{Text("right", accuracy, points: true)} of {run.Scores.Count - standing.Missing:N0} at {confidence * 100:0.#} %{(standing.Missing > 0 ? $"; {standing.Missing:N0} without a verdict" : "")}"
            : "no verdict");
        Lines.Write(output, "  ", $"{(standing.Drift.IsAlarm ? "DRIFT: " : "")}{standing.Drift.Words}");
    }

    /// <summary>Writes what was found on a simulated judge.</summary>
    public static void Write(TextWriter output, JudgeSimulation found)
    {
        Lines.Write(output, "", $"SIMULATED judge: no figure here is about a real one. {found.Repetitions:N0} runs of {found.Rows:N0} rows, two candidates, {found.Labelled:N0} rows labelled by people, seed {found.Seed}, intervals at {found.Confidence * 100:0.#} %");
        output.WriteLine();
        var table = Table("leaning", "truth", "mean estimate", "mean width", "truth inside", "found");
        Row(table, "first place", found.Position);
        Row(table, "doubling of length", found.Length);
        Row(table, "own family", found.Self);
        PlainTable.Write(output, table);
        Lines.Write(output, "", $"points of a hundred. found: share of the runs whose interval is without 0. The candidate of the judge's family was flagged in {found.Flagged:N0} of {found.Repetitions:N0} runs.");
        output.WriteLine();
        table = Table("quality by people", "truth", "judge alone", "labels + judge: inside", "width", "labels: inside", "width", "ratio");
        foreach (var quality in found.Quality)
        {
            table.AddRow(quality.Candidate, Share(quality.Truth), Share(quality.JudgeMean), Share(quality.Coverage), Share(quality.MeanWidth), Share(quality.HumanCoverage), Share(quality.HumanMeanWidth), Number(quality.WidthRatio));
        }
        PlainTable.Write(output, table);
        Lines.Write(output, "", "ratio: width with the judge over width of people's labels alone; below 1 the judge is worth something, its leanings notwithstanding.");

        static void Row(Table table, string name, FoundBias bias) =>
            table.AddRow(name, Points(bias.Truth), Points(bias.MeanEstimate), Points(bias.MeanWidth).TrimStart('+'), Share(bias.Coverage), Share(bias.Detected));
    }

    private static void Hygiene(TextWriter output, JudgeHygieneReport hygiene)
    {
        Lines.Write(output, "", "Habits");
        Lines.Write(output, "  ", hygiene.Position.FirstPlace is { } place
            ? $"{Text("first place is worth", place, points: true)} points; {Share(hygiene.Position.Turned)} of {hygiene.Position.Pairs:N0} pairs turned with the order and count as ties"
            : $"position: {hygiene.Position.CannotBeSaid}");
        Lines.Write(output, "  ", hygiene.Length.PerDoubling is { } length
            ? $"{Text("a doubling of length is worth", length, points: true)} points over {Lines.Count(hygiene.Length.Cases, "answer")}{(hygiene.Length.IsControlled ? ", quality by people held equal" : ", quality not held equal: too few labels")}"
            : $"length: {hygiene.Length.CannotBeSaid}");
        Lines.Write(output, "  ", hygiene.Self.Excess is { } self ? $"{Text("its own family is worth", self, points: true)} points ({hygiene.Self.Own:N0} labelled answers against {hygiene.Self.Others:N0})" : $"own family: {hygiene.Self.CannotBeSaid}");
        if (hygiene.TieRate is { } ties) Lines.Write(output, "  ", $"{Text("ties", ties, points: true)} of the comparisons");
        if (hygiene.MalformedRate is { } malformed)
            Lines.Write(output, "  ", $"{Text("malformed replies", malformed, points: true)}; {Lines.Count(hygiene.AskedAgain, "verdict")} asked for again, {hygiene.Missing:N0} never came");
    }

    private static void Quality(TextWriter output, JudgeReport report)
    {
        Lines.Write(output, "", $"Quality by people's measure{(report.Agreement.Scale == JudgeScale.Preference ? " (0.5: as good as the reference)" : "")}");
        var table = Table("candidate", "judge alone", "labels + judge", "labels alone", "labels", "judged", "λ");
        foreach (var candidate in report.Candidates)
        {
            var people = candidate.ByPeople;
            table.AddRow(
                Lines.Clean(candidate.Candidate), candidate.JudgeMean is { } mean ? Number(mean) : "", people is null ? "no labels" : Range(people.Combined), people is null ? "" : Range(people.HumanOnly),
                people is null ? "0" : people.Labelled.ToString("N0", CultureInfo.InvariantCulture), candidate.Judged.ToString("N0", CultureInfo.InvariantCulture), people is null ? "" : Number(people.Lambda));
        }
        PlainTable.Write(output, table);
        Lines.Write(output, "", "labels + judge: prediction-powered; valid where people's labels are a random part of the rows (weights allowed). λ: how much the judge is listened to.");
        output.WriteLine();
    }

    private static Table Table(string first, params ReadOnlySpan<string> others)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn(first);
        foreach (var name in others) table.AddColumn(name, column => column.RightAligned());
        return table;
    }

    private static string Text(string name, Interval interval, bool points) => points
        ? $"{name} {Points(interval.Estimate, signed: interval.Low < 0)} ({Points(interval.Low, signed: interval.Low < 0)} to {Points(interval.High, signed: interval.Low < 0)}){(interval.Low < 0 ? "" : " %")}"
        : $"{name} {Range(interval)}";

    private static string Range(Interval interval) => $"{Number(interval.Estimate)} ({Number(interval.Low)} to {Number(interval.High)})";

    private static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Share(double share) => $"{(share * 100).ToString("0.0", CultureInfo.InvariantCulture)} %";

    private static string Points(double share, bool signed = true) => (share * 100).ToString(signed ? "+0.0;-0.0;0.0" : "0.0", CultureInfo.InvariantCulture);
}
