using System.Globalization;
using Rung.Control.Evals.Standing;
using Rung.Core.Guarantees;
using Rung.Core.Measurement;
using Rung.Core.Statistics;
using Rung.Dashboard.Parts;

namespace Rung.Dashboard.Evidence;

/// <summary>Evidence in the words of the pages.</summary>
internal static class EvidenceWords
{
    /// <summary>A decision in a word or two.</summary>
    public static string Of(EvalDecision decision) => decision switch
    {
        EvalDecision.Eligible => "eligible", EvalDecision.NotEligible => "not eligible", EvalDecision.JudgeNotTrusted => "judge not trusted", _ => "cannot be said",
    };

    /// <summary>Its tone.</summary>
    public static string Tone(EvalDecision decision) => decision switch
    {
        EvalDecision.Eligible => "good", EvalDecision.NotEligible => "bad", _ => "warn",
    };

    /// <summary>A kind of evidence.</summary>
    public static string Of(EvidenceKind kind) => kind switch
    {
        EvidenceKind.NotNeeded => "not needed", EvidenceKind.None => "none", EvidenceKind.StatedGap => "stated as missing", EvidenceKind.Words => "named, not read", EvidenceKind.Eval => "eval", _ => "certificate",
    };

    /// <summary>The tone of a tag's evidence.</summary>
    public static string Tone(TagEvidence tag) => tag.Kind == EvidenceKind.NotNeeded || tag.IsTakenOnTrust ? "none" : tag.Holds ? "good" : "warn";

    /// <summary>Cohen's kappa with its interval, or why it cannot be said.</summary>
    public static string Kappa(KappaResult result) => result.Kappa is { } kappa
        ? $"{Number(kappa)}, the same in {Words.Share(result.Agreement)} of {Words.Count(result.Items, "item")}; by chance {Words.Share(result.ByChance)}"
        : $"cannot be said: {result.CannotBeSaid}";

    /// <summary>A number between −1 and 1 with its interval.</summary>
    public static string Number(Interval interval) => string.Create(CultureInfo.InvariantCulture, $"{interval.Estimate:0.00} ({interval.Low:0.00} to {interval.High:0.00})");

    /// <summary>A number with two digits.</summary>
    public static string Number(double number) => number.ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>A difference of qualities in points of a hundred, with its interval.</summary>
    public static string PointsRange(Interval difference) =>
        string.Create(CultureInfo.InvariantCulture, $"{difference.Estimate * 100:+0.0;-0.0;0.0} points ({difference.Low * 100:+0.0;-0.0;0.0} to {difference.High * 100:+0.0;-0.0;0.0})");

    /// <summary>A share with its interval; without one where it cannot be said.</summary>
    public static string ShareRange(Interval share) => double.IsFinite(share.Low) && double.IsFinite(share.High) ? $"{Words.Share(share.Estimate)} ({Words.ShareRange(share)})" : Words.Share(share.Estimate);

    /// <summary>Who judged after a verifier.</summary>
    public static string Of(QualitySignal signal) => signal switch
    {
        QualitySignal.Judge => "judges and reviewers", QualitySignal.Feedback => "users' feedback", QualitySignal.Override => "people who replaced answers", _ => signal.ToString().ToLowerInvariant(),
    };

    /// <summary>A hash as people tell hashes apart.</summary>
    public static string Short(string hash) => hash.Length <= 12 ? hash : hash[..12];
}
