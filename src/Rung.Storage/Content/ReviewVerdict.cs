namespace Rung.Storage.Content;

/// <summary>What a reviewer said. Stored: add at the end, never renumber.</summary>
public enum ReviewChoice : byte
{
    /// <summary>The left one is the better one.</summary>
    Left = 1,
    /// <summary>The right one is the better one.</summary>
    Right = 2,
    /// <summary>Neither is better.</summary>
    Tie = 3,
    /// <summary>The answer is good.</summary>
    Good = 4,
    /// <summary>The answer is bad.</summary>
    Bad = 5,
    /// <summary>Cannot be told.</summary>
    Unsure = 6,
    /// <summary>Not judged: this reviewer is not shown it again.</summary>
    Skip = 7,
}

/// <summary>Which answers of a pair are good enough. Stored: never renumber.</summary>
public enum ReviewGood : byte
{
    /// <summary>None.</summary>
    Neither = 0,
    /// <summary>The better one alone.</summary>
    Better = 1,
    /// <summary>Both.</summary>
    Both = 2,
}

/// <summary>One verdict of one person on one item.</summary>
public sealed record ReviewVerdict
{
    /// <summary>Longest comment, in characters.</summary>
    public const int MostComment = 4_000;

    /// <summary>The item.</summary>
    public required string Item { get; init; }
    /// <summary>Who: 1 to 64 letters, digits, blanks, '.', '_', '-'. Never an e-mail address.</summary>
    public required string Reviewer { get; init; }
    /// <summary>Number of the verdict among those of this person on this item, from 1; the store gives it.</summary>
    public int Revision { get; init; }
    /// <summary>What was said.</summary>
    public required ReviewChoice Choice { get; init; }
    /// <summary>Of a pair: which are good enough; null for a single answer.</summary>
    public ReviewGood? Good { get; init; }
    /// <summary>1 (bad) to 5 (very good); null when none was given.</summary>
    public int? Rating { get; init; }
    /// <summary>Score of the judged answer (served, candidate or reference), 0 to 1; null when it was not judged.</summary>
    public double? Score { get; init; }
    /// <summary>Of a pair: 1 where the judged answer is the better one, 0.5 for a tie, 0 where it is the worse one; null when there is no second answer.</summary>
    public double? Preference { get; init; }
    /// <summary>When, UTC.</summary>
    public required DateTimeOffset GivenAt { get; init; }
    /// <summary>When another one took its place, or it was taken back, UTC; null: it is in force.</summary>
    public DateTimeOffset? ReplacedAt { get; init; }
    /// <summary>When it went to the ledger, UTC; null: not yet.</summary>
    public DateTimeOffset? BookedAt { get; init; }
    /// <summary>What the person wrote; null when nothing, or when comments were not asked for.</summary>
    public string? Comment { get; init; }
}

/// <summary>An item with its verdicts in force, in order of time.</summary>
public sealed record ReviewedItem(ReviewItem Item, IReadOnlyList<ReviewVerdict> Verdicts);

/// <summary>Which items to read.</summary>
public sealed record ReviewQuery
{
    /// <summary>A tag; null: all.</summary>
    public string? Tag { get; init; }
    /// <summary>A scope (<c>2026-W48</c>); null: all.</summary>
    public string? Scope { get; init; }
    /// <summary>Only items of this eval set; null: all.</summary>
    public string? Set { get; init; }
    /// <summary>Only items that somebody judged.</summary>
    public bool JudgedOnly { get; init; }
    /// <summary>Whether comments are opened.</summary>
    public bool WithComments { get; init; }
}

/// <summary>Whose turn it is.</summary>
public sealed record ReviewTurn
{
    /// <summary>Who looks.</summary>
    public required string Reviewer { get; init; }
    /// <summary>A tag; null: any.</summary>
    public string? Tag { get; init; }
    /// <summary>Only items that two people are to judge.</summary>
    public bool DoubleOnly { get; init; }
    /// <summary>How long nobody else gets the item.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromMinutes(15);
}
