using Rung.Core.Spans;

namespace Rung.Control.Measurement;

/// <summary>What a quality signal comes from, as the estimate of a tag tells them apart: the kinds of verdicts, and the two of checks.</summary>
public enum QualitySource : byte
{
    /// <summary>A person's review.</summary>
    Review,
    /// <summary>A person replaced the answer.</summary>
    Override,
    /// <summary>A judge.</summary>
    Judge,
    /// <summary>A score of a user or a product.</summary>
    Score,
    /// <summary>A task completed or not.</summary>
    TaskCompleted,
    /// <summary>An evaluation of another system.</summary>
    Evaluation,
    /// <summary>Thumbs.</summary>
    Thumbs,
    /// <summary>A conversation handed to a person or not.</summary>
    Escalated,
    /// <summary>The score of a verifier or of another check that scores.</summary>
    Verifier,
    /// <summary>Whether the checks of the answer passed.</summary>
    Check,
}

/// <summary>What is known of each source.</summary>
public static class QualitySources
{
    /// <summary>The source of a kind of verdict; null for one that is no quality (a length).</summary>
    public static QualitySource? Of(VerdictKind kind) => kind switch
    {
        VerdictKind.Review => QualitySource.Review,
        VerdictKind.Override => QualitySource.Override,
        VerdictKind.Judge => QualitySource.Judge,
        VerdictKind.Score => QualitySource.Score,
        VerdictKind.TaskCompleted => QualitySource.TaskCompleted,
        VerdictKind.Evaluation => QualitySource.Evaluation,
        VerdictKind.Thumbs => QualitySource.Thumbs,
        VerdictKind.Escalated => QualitySource.Escalated,
        _ => null,
    };

    /// <summary>The word of a source in tables and JSON.</summary>
    public static string Word(QualitySource source) => source switch
    {
        QualitySource.TaskCompleted => "task",
        QualitySource.Escalated => "handover",
        _ => source.ToString().ToLowerInvariant(),
    };

    /// <summary>The sources that a floor's <c>verdict</c> names; empty for an unknown word.</summary>
    /// <param name="verdict">judge, verifier, check, feedback or override.</param>
    public static IReadOnlyList<QualitySource> OfFloor(string verdict) => verdict switch
    {
        "judge" => [QualitySource.Judge, QualitySource.Review], // A judge stands in for people: where they spoke themselves, they count too.
        "verifier" => [QualitySource.Verifier],
        "check" => [QualitySource.Check],
        "feedback" => [QualitySource.Thumbs, QualitySource.Score, QualitySource.TaskCompleted, QualitySource.Escalated, QualitySource.Evaluation],
        "override" => [QualitySource.Override],
        _ => [],
    };
}
