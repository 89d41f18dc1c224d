using System.Text.RegularExpressions;
using Rung.Storage.Content;

namespace Rung.Control.Reviews;

/// <summary>What a person says of a case.</summary>
public sealed partial record ReviewOpinion
{
    /// <summary>Who: a name, never an e-mail address.</summary>
    public required string Reviewer { get; init; }
    /// <summary>What they chose.</summary>
    public required ReviewChoice Choice { get; init; }
    /// <summary>Of a pair, with left, right or tie: which are good enough.</summary>
    public ReviewGood? Good { get; init; }
    /// <summary>Of a single answer: 1 to 5; null when none was given.</summary>
    public int? Rating { get; init; }
    /// <summary>What they wrote; null when nothing.</summary>
    public string? Comment { get; init; }

    /// <summary>A reviewer's name as it is kept, checked.</summary>
    /// <exception cref="ReviewException">It is none.</exception>
    public static string RequireName(string? name)
    {
        var trimmed = name?.Trim() ?? "";
        return Name().IsMatch(trimmed) ? trimmed
            : throw new ReviewException(ReviewFault.Invalid, "A reviewer's name is 1 to 64 letters, digits, blanks, '.', '_' or '-'.", "Take a short name; an e-mail address is never kept.");
    }

    /// <summary>The verdict on a case: what the choice says of the judged answer, which side it stands on taken into account.</summary>
    /// <exception cref="ReviewException">The choice does not fit the case.</exception>
    public ReviewVerdict On(ReviewCase shown, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(shown);
        if (Comment is { Length: > ReviewVerdict.MostComment }) throw Invalid($"A comment has at most {ReviewVerdict.MostComment} characters.", "Write less.");
        if (!Enum.IsDefined(Choice)) throw Invalid("That is no choice.", "Choose left, right, tie, good, bad, unsure or skip.");
        var verdict = new ReviewVerdict
        {
            Item = shown.Item.Id, Reviewer = RequireName(Reviewer), Choice = Choice, Good = Good, Rating = Rating, GivenAt = now, Comment = string.IsNullOrWhiteSpace(Comment) ? null : Comment.Trim(),
        };
        if (Choice is ReviewChoice.Unsure or ReviewChoice.Skip) return verdict with { Good = null, Rating = null };
        return shown.IsPair ? OnPair(verdict, shown) : OnSingle(verdict);
    }

    private static ReviewVerdict OnSingle(ReviewVerdict verdict)
    {
        if (verdict.Choice is not (ReviewChoice.Good or ReviewChoice.Bad)) throw Invalid("There is one answer: it is good, bad or unsure.", "Left, right and tie are for two answers.");
        if (verdict.Good is not null) throw Invalid("Which of two are good enough is for two answers.", "Leave it out.");
        if (verdict.Rating is { } rating && (rating is < 1 or > 5 || rating >= 3 != (verdict.Choice == ReviewChoice.Good)))
            throw Invalid("A rating is 1 to 5, and 3 and more are good.", "Give one that fits the choice, or none.");
        return verdict with { Score = verdict.Choice == ReviewChoice.Good ? 1 : 0 };
    }

    private static ReviewVerdict OnPair(ReviewVerdict verdict, ReviewCase shown)
    {
        if (verdict.Rating is not null) throw Invalid("A rating is for an answer that stands alone.", "Leave it out.");
        if (verdict.Choice is ReviewChoice.Good or ReviewChoice.Bad)
        {
            var both = verdict.Choice == ReviewChoice.Good;
            return verdict with { Good = both ? ReviewGood.Both : ReviewGood.Neither, Score = both ? 1 : 0, Preference = 0.5 };
        }
        if (verdict.Good is not { } good) throw Invalid("Which of the two are good enough is missing.", "Say both, better or neither.");
        if (verdict.Choice == ReviewChoice.Tie)
        {
            if (good == ReviewGood.Better) throw Invalid("In a tie no answer is the better one.", "Say both or neither.");
            return verdict with { Score = good == ReviewGood.Both ? 1 : 0, Preference = 0.5 };
        }
        var isBetter = (verdict.Choice == ReviewChoice.Right) == shown.Item.IsFlipped;
        return verdict with { Preference = isBetter ? 1 : 0, Score = good == ReviewGood.Both || (good == ReviewGood.Better && isBetter) ? 1 : 0 };
    }

    private static ReviewException Invalid(string problem, string fix) => new(ReviewFault.Invalid, problem, fix);

    [GeneratedRegex(@"\A[\p{L}\p{N}](?:[\p{L}\p{N} ._-]{0,62}[\p{L}\p{N}._-])?\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();
}
