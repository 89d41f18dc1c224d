namespace Rung.Core.Statistics;

/// <summary>A pair of answers that a judge compared in both orders.</summary>
/// <param name="CandidateFirst">The candidate's score when it stood first: 1 better, 0.5 a tie, 0 worse.</param>
/// <param name="CandidateSecond">The candidate's score when it stood second.</param>
public readonly record struct OrderPair(double CandidateFirst, double CandidateSecond);

/// <summary>What standing first is worth to an answer.</summary>
public sealed record PositionBias
{
    /// <summary>How often the first place is preferred beyond one half (ties count half), −0.5 to 0.5; null when it cannot be said.</summary>
    public required Interval? FirstPlace { get; init; }
    /// <summary>Share of the pairs whose verdict turned when the order did (a win here, a loss there), 0 to 1.</summary>
    public required double Turned { get; init; }
    /// <summary>Pairs asked in both orders.</summary>
    public required int Pairs { get; init; }
    /// <summary>Why nothing can be said; null when something can.</summary>
    public required string? CannotBeSaid { get; init; }
}

/// <summary>One comparison, order averaged out, with the lengths of both answers.</summary>
/// <param name="Score">The candidate's score by the judge, averaged over both orders, 0 to 1.</param>
/// <param name="Doublings">log₂ of the candidate's length over the reference's; 1 is twice as long.</param>
/// <param name="Label">The candidate's score by people or by a grader that cannot see length, 0 to 1; null when there is none.</param>
public readonly record struct LengthCase(double Score, double Doublings, double? Label);

/// <summary>What length is worth to an answer.</summary>
public sealed record LengthBias
{
    /// <summary>Change of the judge's score per doubling of the candidate's length, the label held equal where there is one; null when it cannot be said.</summary>
    public required Interval? PerDoubling { get; init; }
    /// <summary>Whether quality was held equal by labels. If not, longer answers may simply be better, and the figure is only a reason to look.</summary>
    public required bool IsControlled { get; init; }
    /// <summary>Comparisons used.</summary>
    public required int Cases { get; init; }
    /// <summary>Why nothing can be said; null when something can.</summary>
    public required string? CannotBeSaid { get; init; }
}

/// <summary>One answer that the judge graded.</summary>
/// <param name="Score">The judge's score, 0 to 1.</param>
/// <param name="Label">The score by people, or the mean of judges of other families, 0 to 1; null when there is none.</param>
/// <param name="IsOwnFamily">Whether the judge and the author of the answer belong to one family of models.</param>
public readonly record struct FamilyCase(double Score, double? Label, bool IsOwnFamily);

/// <summary>What being of the judge's family is worth to an answer.</summary>
public sealed record SelfPreference
{
    /// <summary>The judge's score beyond the label for its own family, less the same for the others, −1 to 1 (clipped); null when it cannot be said.</summary>
    public required Interval? Excess { get; init; }
    /// <summary>Whether the judge graded answers of its own family at all: reason enough for a flag.</summary>
    public required bool IsFlagged { get; init; }
    /// <summary>Labelled answers of the judge's own family.</summary>
    public required int Own { get; init; }
    /// <summary>Labelled answers of other families.</summary>
    public required int Others { get; init; }
    /// <summary>Why nothing can be said; null when something can.</summary>
    public required string? CannotBeSaid { get; init; }
}
