using Rung.Core.Measurement;
using Rung.Core.Policies;

namespace Rung.Control.Laboratory;

/// <summary>What every run of a simulation shares: the tag, its traffic, what is judged. Never changed.</summary>
internal sealed record LabSetting
{
    /// <summary>The first instant of every run: a Monday, so that weeks and days are whole.</summary>
    public static readonly DateTimeOffset Began = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    public required LabTerms Terms { get; init; }
    public required string Tag { get; init; }
    /// <summary>Mean quality of the route's own rung.</summary>
    public required double Quality { get; init; }
    /// <summary>Times the usual tokens, so that a ceiling of the policy fits the traffic.</summary>
    public double TokenScale { get; init; } = 1;
    /// <summary>What is judged.</summary>
    public required IReadOnlySet<QualitySignal> Signals { get; init; }
    /// <summary>Scores of recorded answers that stand in for simulated ones; null for none.</summary>
    public RecordedScores? Recorded { get; init; }

    public required SessionNames Sessions { get; init; }
    public required SessionNames Calls { get; init; }

    /// <summary>The signal that a word of the policy's <c>floor.verdict</c> names.</summary>
    public static QualitySignal SignalOf(Floor floor) => floor.Verdict switch
    {
        "check" => QualitySignal.Check,
        "verifier" => QualitySignal.Verifier,
        "feedback" => QualitySignal.Feedback,
        "override" => QualitySignal.Override,
        _ => QualitySignal.Judge,
    };
}
