namespace Rung.Core.Comparisons;

/// <summary>How close an answer is to a reference.</summary>
/// <param name="Score">0 (nothing in common) to 1 (the same); null when the reference itself is of no such form, so that nothing can be said.</param>
/// <param name="Kind">Kind of the difference in one or two words, one of <see cref="FailureKind"/>; null when there is none.</param>
/// <param name="Reason">The difference in one sentence, with short excerpts; null when there is none.</param>
public readonly record struct Likeness(double? Score, string? Kind, string? Reason)
{
    /// <summary>The same.</summary>
    public static Likeness Same => new(1, null, null);

    /// <summary>Different.</summary>
    /// <param name="score">What is left, 0 to 1.</param>
    /// <param name="kind">See <see cref="Kind"/>.</param>
    /// <param name="reason">See <see cref="Reason"/>.</param>
    public static Likeness Differs(double score, string kind, string reason) => new(score, kind, reason);

    /// <summary>The reference is not of the form that the comparison needs.</summary>
    /// <param name="why">Why, one sentence.</param>
    public static Likeness NoMeasure(string why) => new(null, FailureKind.BadReference, why);
}
