using Rung.Control.Evals.Runs;
using Rung.Core.Guarantees;
using Rung.Core.Statistics;

namespace Rung.Commands.Eval;

/// <summary>The report of a run as JSON. What depends on the clock, and on how often the run was interrupted, stands in <c>times</c>, <c>latency_ms</c> and <c>interruptions</c> alone.</summary>
internal static class EvalReportJson
{
    public static object Of(EvalRunReport report, EvidenceWriter.Written? written) => new
    {
        report.Run,
        report.Plan.Tag,
        Set = new { Name = report.Plan.SetName, Version = report.Plan.SetVersion, Hash = report.Plan.SetHash, Part = report.Plan.Part?.ToString().ToLowerInvariant() ?? "all", report.Plan.Simulated, report.Removed },
        report.Rows,
        report.WithoutReference,
        Whole = report.IsWhole,
        Score = new { Word = report.Plan.Terms.Score, report.Plan.Terms.Scorer },
        Reference = new { Tier = report.Plan.ReferenceTier, Model = report.Plan.ReferenceModel, AskedRows = report.ReferenceAskedRows, report.KnownAnswerRows, Quality = Interval(report.ReferenceQuality) },
        report.Plan.Terms.Margin,
        report.Plan.Terms.Confidence,
        report.Multiplicity,
        Judge = report.Judge is { } judge ? new { Tag = report.Plan.Terms.Judge, judge.MayOpenGate, Kappa = Round(judge.Kappa), KappaLow = Round(judge.KappaLow), judge.Items, judge.Words, LeastKappa = report.Plan.Terms.JudgeKappa } : null,
        Candidates = report.Candidates.Select(Candidate),
        CostUsd = Output.UsdNumber(report.SpentNanoUsd - report.CutOffNanoUsd),
        JudgeUsd = Output.UsdNumber(report.JudgeNanoUsd),
        Times = new { report.BegunAt, report.EndedAt },
        Interruptions = new { report.CutOff, report.CutOffPaid, CutOffUsd = Output.UsdNumber(report.CutOffNanoUsd) },
        Evidence = written?.Evidence,
        written?.PolicyEdited,
    };

    private static object Candidate(CandidateReport of) => new
    {
        of.Model.Name, of.Model.Id, of.Model.Tier, of.Reported,
        Decision = EvalEvidenceFile.Words(of.Decision), of.Sentence,
        of.Rows, of.Groups, of.Answered, of.Failed, of.Forbidden, of.DoesNotFit, of.Ungraded, of.Missing,
        Quality = Interval(of.Quality),
        ReferenceQuality = Round(of.Test?.ReferenceMean),
        Difference = Interval(of.Test?.TwoSided),
        Bound = Round(of.Test?.LowerBound), TestedAt = Round(of.TestedAt), PValue = Round(of.Test?.PValue), of.Test?.Method,
        Power = Round(of.Test?.PowerIfEqual), of.RowsNeeded,
        CostUsdPerCall = Usd(of.CostNanoUsd), ReferenceCostUsdPerCall = Usd(of.ReferenceCostNanoUsd), of.CostRows, of.CostRowsPaid, of.UnknownPriceAttempts,
        Saving = Interval(of.Saving),
        LatencyMs = new { P50 = of.LatencyP50Ms, P95 = of.LatencyP95Ms },
        SpentUsd = Output.UsdNumber(of.SpentNanoUsd),
        of.Failures,
    };

    private static object? Interval(Interval? interval) => interval is { } known ? new { Estimate = Round(known.Estimate), Low = Round(known.Low), High = Round(known.High) } : null;

    private static double? Round(double? number) => number is { } known && double.IsFinite(known) ? Math.Round(known, 6) : null;

    private static decimal? Usd(double? nanoUsd) => nanoUsd is { } known ? Math.Round((decimal)known / 1_000_000_000m, 12) : null;
}
