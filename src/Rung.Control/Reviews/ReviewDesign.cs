namespace Rung.Control.Reviews;

/// <summary>How items are drawn.</summary>
public sealed record ReviewDesign
{
    /// <summary>Items of a week where nobody says otherwise.</summary>
    public const int DefaultQuota = 100;

    /// <summary>Fewest items that may be asked for.</summary>
    public const int LeastQuota = 50;

    /// <summary>Most items that may be asked for.</summary>
    public const int MostQuota = 200;

    /// <summary>Items that are aimed at, above 0. The number drawn varies by chance about it.</summary>
    public required double Quota { get; init; }
    /// <summary>Share of them that every item of the frame has the same chance for, 0.5 to 1.</summary>
    public double UniformShare { get; init; } = 0.5;
    /// <summary>Share of the items that two people judge, 0 to 1.</summary>
    public double DoubleShare { get; init; } = 0.2;
    /// <summary>Decides every choice.</summary>
    public required long Seed { get; init; }
    /// <summary>What is drawn from, in words: another scope, other random numbers.</summary>
    public required string Scope { get; init; }
}

/// <summary>Something that may be drawn.</summary>
/// <param name="Key">What it is known by: a call id, a row id.</param>
/// <param name="Need">How much it needs a person's look, at least 0: the targeted part draws in proportion to it.</param>
/// <param name="Why">Why it needs one, in words; null when it does not.</param>
public readonly record struct ReviewCandidate(string Key, double Need, string? Why);

/// <summary>One that was drawn.</summary>
public sealed record DrawnReview
{
    /// <summary>Place in the frame.</summary>
    public required int Index { get; init; }
    /// <summary>Whether the uniform part drew it (the targeted part may have, too).</summary>
    public required bool IsUniform { get; init; }
    /// <summary>Probability of the uniform part, above 0, at most 1.</summary>
    public required double UniformInclusion { get; init; }
    /// <summary>Probability of the targeted part, 0 to 1.</summary>
    public required double TargetedInclusion { get; init; }
    /// <summary>Whether two people judge it.</summary>
    public required bool IsDouble { get; init; }
    /// <summary>Whether the judged answer stands on the right.</summary>
    public required bool IsFlipped { get; init; }
    /// <summary>Place in the random order of the queue.</summary>
    public required long Shuffle { get; init; }
    /// <summary>Id of the item: <c>v-</c> and 16 hexadecimal digits.</summary>
    public required string Id { get; init; }
}
