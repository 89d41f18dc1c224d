using Rung.Core.Spans;

namespace Rung.Control.Measurement;

/// <summary>
/// How much a verdict of each kind says about quality, where nobody states it. They order the kinds by how directly they look at the answer and by how little
/// the giver's mood, or the choice to speak up at all, decides; they are a convention, and <c>docs/feedback.md</c> gives the reasons.
/// </summary>
public static class QualityWeights
{
    /// <summary>Weight of one answer whose checks ran: form, rarely truth.</summary>
    public const double Check = 0.1;

    /// <summary>Weight of one score of a verifier or another check that scores.</summary>
    public const double Verifier = 0.3;

    /// <summary>Weight of a verdict of a kind, 0 to 1; 0 is recorded only.</summary>
    public static double Of(VerdictKind kind) => kind switch
    {
        VerdictKind.Review => 1,
        VerdictKind.Override => 0.7,
        VerdictKind.Judge => 0.5,
        VerdictKind.Score => 0.5,
        VerdictKind.TaskCompleted => 0.5,
        VerdictKind.Evaluation => 0.4,
        VerdictKind.Thumbs => 0.3,
        VerdictKind.Escalated => 0.3,
        _ => 0,
    };
}
