namespace Rung.Replay;

/// <summary>Calls that were decided again, and what has to be said about them.</summary>
internal sealed record ReplayedTraffic
{
    /// <summary>What was replayed.</summary>
    public required ReplaySource Source { get; init; }
    /// <summary>Every call, in the order of the recording.</summary>
    public required IReadOnlyList<ReplayRow> Rows { get; init; }
    /// <summary>What was assumed, in sentences.</summary>
    public required IReadOnlyList<string> Assumptions { get; init; }
    /// <summary>Estimates the quality of the calls whose tag is meant; null for a recording of outcomes, whose grades are known.</summary>
    public Func<Func<string?, bool>, ReplayQuality>? Quality { get; init; }

    /// <summary>A sum of calls with the estimate that belongs to it.</summary>
    public ReplayScope WithQuality(ReplayScope scope, Func<string?, bool> isMeant) => Quality is null ? scope : scope with
    {
        // Verdicts on first answers are no grades of what was served: what is said about quality is said by the estimate.
        Quality = Quality(isMeant),
        Policy = scope.Policy with { Graded = 0, Accuracy = null },
        Against = scope.Against with { Graded = 0, Accuracy = null },
        Change = scope.Change with { GradedInBoth = 0, Better = 0, Worse = 0, Accuracy = null },
    };
}
