using System.Text.Json.Serialization;
using Rung.Core.Guarantees;

namespace Rung.Commands;

/// <summary>What calibrating a tag gave. Printed as JSON by <c>rung calibrate --json</c>: the names here, in snake_case, are that format.</summary>
/// <param name="Result">All of it.</param>
/// <param name="CostsKnown">Whether every cost is known.</param>
internal sealed record CalibrateReport([property: JsonIgnore] CalibrationResult Result, [property: JsonIgnore] bool CostsKnown)
{
    private const double NanoUsd = 1e-9;

    /// <summary>The tag.</summary>
    public required string Tag { get; init; }
    /// <summary>The policy, as it was named.</summary>
    public required string Policy { get; init; }
    /// <summary>The weak model's id.</summary>
    public required string Weak { get; init; }
    /// <summary>The strong model's id.</summary>
    public required string Strong { get; init; }
    /// <summary>Name of the verifier whose score counts; null when the checks alone decide.</summary>
    public required string? Verifier { get; init; }
    /// <summary>Whether the scores are those of models trained in folds of the same data.</summary>
    public required bool CrossFitted { get; init; }
    /// <summary>The promised bound of the mean loss.</summary>
    public double QualityLoss => Result.Plan.MostLoss;
    /// <summary>How surely.</summary>
    public double Confidence => Result.Plan.Confidence;
    /// <summary>Which p-value decided.</summary>
    public string Method => CertificateFile.Words(Result.Plan.Test);
    /// <summary>Graded prompts.</summary>
    public int Rows => Result.Rows;
    /// <summary>Groups of near-identical prompts.</summary>
    public int Groups => Result.Units;
    /// <summary>Prompts that could not be used.</summary>
    public required int LeftOut { get; init; }
    /// <summary>Where the costs come from.</summary>
    public required string CostSource { get; init; }
    /// <summary>Mean grade of the weak model alone.</summary>
    public double WeakQuality => Result.WeakQuality;
    /// <summary>Mean grade of the strong model alone.</summary>
    public double StrongQuality => Result.StrongQuality;
    /// <summary><c>certified</c>, <c>certified_keeps_all</c> or <c>none</c>.</summary>
    public string Verdict => Result.Certified is null ? "none" : Result.KeepsAll ? "certified_keeps_all" : "certified";
    /// <summary>Whether the certified cascade costs less than always strong; null without a certified threshold, or with unknown costs.</summary>
    public bool? Pays => Result.Certified is null || !CostsKnown ? null : Result.Pays;
    /// <summary>The threshold to put into the policy; null when none qualifies, or when the checks alone decide.</summary>
    public double? AtLeast => Verifier is null ? null : Result.Certified?.Threshold;
    /// <summary>The certified point.</summary>
    public CurvePoint? Certified => Point(Result.Certified);
    /// <summary>The cheapest threshold whose own mean loss is at most what is promised: without any guarantee.</summary>
    public CurvePoint? Uncalibrated => Point(Result.Uncalibrated);
    /// <summary>Every threshold that was looked at, strictest first.</summary>
    public IReadOnlyList<CurvePoint> Curve => [.. Result.Curve.Select(point => Point(point)!)];
    /// <summary>Where the certificate was written; null when none was.</summary>
    public string? Certificate { get; init; }
    /// <summary>Whether the policy file was edited.</summary>
    public bool PolicyEdited { get; init; }
    /// <summary>The experiment of many splits; left out when none was asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SplitsReport? Splits { get; init; }

    private CurvePoint? Point(CalibrationPoint? point) => point is null ? null : new CurvePoint(
        point.Threshold, point.KeptShare, point.Quality, point.Loss, point.Bound, point.PValue, point.Certified,
        CostsKnown ? point.CostNanoUsd * NanoUsd : null, CostsKnown ? point.CostLowNanoUsd * NanoUsd : null, CostsKnown ? point.CostHighNanoUsd * NanoUsd : null,
        CostsKnown ? point.CostShare : null);

    /// <summary>One threshold; money in US dollars a call, with its 95 % interval.</summary>
    internal sealed record CurvePoint(
        double Threshold, double KeptShare, double Quality, double Loss, double Bound, double PValue, bool Certified,
        double? CostUsdPerCall, double? CostUsdPerCallLow, double? CostUsdPerCallHigh, double? CostShare);

    /// <summary>The experiment of many splits.</summary>
    internal sealed record SplitsReport(
        int Splits, long Seed, double CalibrationShare, double AllowedShare, double ViolationShare, bool Kept, SplitTally Certified, SplitTally Uncalibrated)
    {
        public static SplitsReport Of(SplitReport report) => new(
            report.Splits, report.Seed, report.CalibrationShare, report.AllowedShare, report.ViolationShare, report.IsKept, report.Certified, report.Uncalibrated);
    }
}
