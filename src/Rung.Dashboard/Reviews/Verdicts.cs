using Rung.Control.Reviews;
using Rung.Storage.Content;

namespace Rung.Dashboard.Reviews;

/// <summary>A button of the page of an item.</summary>
/// <param name="Value">What it sends.</param>
/// <param name="Key">The keys that press it, as in the terminal: <c>g</c>, or <c>1g</c> for two.</param>
/// <param name="Label">What it says.</param>
internal sealed record VerdictButton(string Value, string Key, string Label);

/// <summary>Verdicts as the page's buttons send them: <c>left.both</c>, <c>good</c>, <c>rating.4</c>.</summary>
internal static class Verdicts
{
    /// <summary>The buttons of a pair, a row a line.</summary>
    public static IReadOnlyList<(string Name, string Key, IReadOnlyList<VerdictButton> Buttons)> OfPair { get; } =
    [
        ("Left is better", "1", [new("left.both", "1g", "both are good enough"), new("left.better", "1o", "only the left one is"), new("left.neither", "1b", "neither is")]),
        ("Right is better", "2", [new("right.both", "2g", "both are good enough"), new("right.better", "2o", "only the right one is"), new("right.neither", "2b", "neither is")]),
        ("No difference", "=", [new("good", "g", "both are good enough"), new("bad", "b", "neither is")]),
    ];

    /// <summary>The buttons of an answer that stands alone.</summary>
    public static IReadOnlyList<(string Name, string Key, IReadOnlyList<VerdictButton> Buttons)> OfOne { get; } =
    [
        ("The answer is", "", [new("good", "g", "good enough to be served"), new("bad", "b", "not good enough")]),
        ("or with a rating", "r", [new("rating.1", "r1", "very bad"), new("rating.2", "r2", "bad"), new("rating.3", "r3", "just good enough"), new("rating.4", "r4", "good"), new("rating.5", "r5", "very good")]),
    ];

    /// <summary>Reads what a button sent; null when it is none of them.</summary>
    public static ReviewOpinion? Read(string? value, string reviewer, string? comment)
    {
        (ReviewChoice Choice, ReviewGood? Good, int? Rating)? said = value switch
        {
            "left.both" => (ReviewChoice.Left, ReviewGood.Both, null),
            "left.better" => (ReviewChoice.Left, ReviewGood.Better, null),
            "left.neither" => (ReviewChoice.Left, ReviewGood.Neither, null),
            "right.both" => (ReviewChoice.Right, ReviewGood.Both, null),
            "right.better" => (ReviewChoice.Right, ReviewGood.Better, null),
            "right.neither" => (ReviewChoice.Right, ReviewGood.Neither, null),
            "good" => (ReviewChoice.Good, null, null),
            "bad" => (ReviewChoice.Bad, null, null),
            "unsure" => (ReviewChoice.Unsure, null, null),
            "skip" => (ReviewChoice.Skip, null, null),
            "rating.1" => (ReviewChoice.Bad, null, 1),
            "rating.2" => (ReviewChoice.Bad, null, 2),
            "rating.3" => (ReviewChoice.Good, null, 3),
            "rating.4" => (ReviewChoice.Good, null, 4),
            "rating.5" => (ReviewChoice.Good, null, 5),
            _ => null,
        };
        return said is not { } known ? null : new ReviewOpinion { Reviewer = reviewer, Choice = known.Choice, Good = known.Good, Rating = known.Rating, Comment = comment };
    }

    /// <summary>A verdict in words.</summary>
    public static string Words(ReviewVerdict verdict)
    {
        var said = verdict.Choice switch
        {
            ReviewChoice.Left => "left is better",
            ReviewChoice.Right => "right is better",
            ReviewChoice.Tie => "no difference",
            ReviewChoice.Good => verdict.Preference is null ? "good enough" : "no difference",
            ReviewChoice.Bad => verdict.Preference is null ? "not good enough" : "no difference",
            ReviewChoice.Skip => "skipped",
            _ => "not sure",
        };
        var enough = verdict.Good switch { ReviewGood.Both => ", both are good enough", ReviewGood.Better => ", only that one is good enough", ReviewGood.Neither => ", neither is good enough", _ => "" };
        return said + enough + (verdict.Rating is { } rating ? $" ({rating} of 5)" : "");
    }

    /// <summary>What the judged answer of an item is.</summary>
    public static string Judged(ReviewSource source) => source switch
    {
        ReviewSource.Call => "the one that was served", ReviewSource.Run => "the candidate's", _ => "the reference",
    };
}
