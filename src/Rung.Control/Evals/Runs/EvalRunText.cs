using System.Globalization;
using Rung.Core.Statistics;

namespace Rung.Control.Evals.Runs;

/// <summary>The figures of a run as people read them, shared by the terminal, by Markdown and by the page.</summary>
public static class EvalRunText
{
    /// <summary>Heads of the table of candidates.</summary>
    public static IReadOnlyList<string> Heads { get; } = ["model", "quality, %", "less reference, pt", "cost a call", "saves, %", "p50 / p95, ms"];

    /// <summary>One candidate's row of it.</summary>
    /// <param name="of">The candidate.</param>
    /// <param name="usd">Writes nano-USD.</param>
    public static IReadOnlyList<string> Row(CandidateReport of, Func<long, string> usd) =>
    [
        of.Model.Name,
        of.Quality is { } quality ? $"{Hundredths(quality.Estimate)} {Reach(quality)}" : "none",
        of.Test is { } test ? $"{Points(test.Difference)} (bound {Points(test.LowerBound)})" : "none",
        of.CostNanoUsd is { } cost ? usd((long)cost) : "unknown",
        of.Saving is { } saving ? Hundredths(saving.Estimate) : "unknown",
        of.LatencyP50Ms is { } median ? string.Create(CultureInfo.InvariantCulture, $"{median:0} / {of.LatencyP95Ms:0}") : "none",
    ];

    /// <summary>What was run, in a few lines.</summary>
    public static IEnumerable<string> About(EvalRunReport report)
    {
        var plan = report.Plan;
        yield return $"Run {report.Run} of {plan.SetName}@{plan.SetVersion} ({plan.SetHash[..12]}), {(plan.Part is { } part ? $"part {part.ToString().ToLowerInvariant()}" : "all parts")}: {report.Rows:N0} rows for tag {plan.Tag}.";
        yield return $"Graded by {plan.Terms.Scorer}. Reference: {plan.ReferenceTier} ({plan.ReferenceModel}). Margin {Percent(plan.Terms.Margin)[..^2].TrimEnd()} points at {Percent(plan.Terms.Confidence)}, one-sided; {report.Multiplicity}.";
        if (report.ReferenceAskedRows > 0 && report.ReferenceQuality is { } reference)
            yield return $"{plan.ReferenceModel} was asked about {report.ReferenceAskedRows:N0} rows whose reference it did not write: candidates are compared with its quality, {Hundredths(reference.Estimate)} % {Reach(reference)}.";
        else if (report.KnownAnswerRows > 0)
            yield return $"{report.KnownAnswerRows:N0} rows are compared with the known answers themselves, which {plan.ReferenceModel} may not reach either.";
        if (report.Judge is { } judge) yield return $"Judge {plan.Terms.Judge}: {judge.Words}";
        if (plan.Simulated) yield return "The set is of simulated or made-up models or traffic: these numbers say nothing about real ones.";
        if (report.Removed > 0) yield return $"{report.Removed:N0} rows of the set were removed since it was made: their answers are gone, too.";
        if (report.WithoutReference > 0) yield return $"{report.WithoutReference:N0} rows without a reference were left out.";
    }

    /// <summary>What does not show in the table.</summary>
    /// <param name="report">The run.</param>
    /// <param name="usd">Writes nano-USD.</param>
    public static IEnumerable<string> Notes(EvalRunReport report, Func<long, string> usd)
    {
        foreach (var of in report.Candidates)
        {
            string[] said =
            [
                .. Said(of.Failed, "failed"), .. Said(of.Forbidden, "forbidden by a pin"), .. Said(of.DoesNotFit, "did not fit"),
                .. of.Ungraded > 0 ? (string[])[$"{of.Ungraded:N0} not graded and left out"] : [],
                .. of.UnknownPriceAttempts > 0 ? (string[])[$"{of.UnknownPriceAttempts:N0} attempts of unknown price, whose rows are not in the costs"] : [],
                .. of.CostRows > of.CostRowsPaid ? (string[])[$"the reference's cost is worked out for {of.CostRows - of.CostRowsPaid:N0} of {of.CostRows:N0} rows: the same tokens at {report.Plan.ReferenceModel}'s price"] : [],
                .. of.Reported.Count > 1 ? (string[])[$"the upstream reported several versions: {string.Join(", ", of.Reported)}"] : [],
            ];
            if (said.Length > 0) yield return $"{of.Model.Name}: {string.Join("; ", said)}.";
        }
        yield return $"Cost of the run: {usd(report.SpentNanoUsd)}{(report.JudgeNanoUsd > 0 ? $", of it {usd(report.JudgeNanoUsd)} for the judge" : "")}.";
        if (report.CutOff > 0)
        {
            yield return $"{report.CutOff:N0} questions were cut off by an interruption and asked again: {report.CutOffPaid:N0} of them are known to have been paid for ({usd(report.CutOffNanoUsd)}, in the cost above); the others may have been.";
        }

        static string[] Said(int count, string what) => count > 0 ? [$"{count:N0} {what}, which counts as wrong"] : [];
    }

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.0} %");

    private static string Points(double share) => (100 * share).ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture);

    private static string Reach(Interval interval) => double.IsFinite(interval.Low) ? $"({Hundredths(interval.Low)}–{Hundredths(interval.High)})" : "";

    private static string Hundredths(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture);
}
