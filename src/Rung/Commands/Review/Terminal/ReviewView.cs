using Rung.Control.Reviews;
using Rung.Storage.Content;

namespace Rung.Commands.Review.Terminal;

/// <summary>What the reviewer is asked for just now.</summary>
internal enum ReviewStep
{
    /// <summary>The verdict.</summary>
    Verdict,
    /// <summary>After a preference: which of the two are good enough.</summary>
    Good,
    /// <summary>A rating of 1 to 5.</summary>
    Rating,
    /// <summary>A comment is being written.</summary>
    Comment,
    /// <summary>The keys are being explained.</summary>
    Help,
}

/// <summary>All that a screen shows.</summary>
internal sealed record ReviewView
{
    /// <summary>The case.</summary>
    public required ReviewCase Shown { get; init; }
    /// <summary>Who reviews.</summary>
    public required string Reviewer { get; init; }
    /// <summary>How far the plan is; null when that is not known.</summary>
    public ReviewProgress? Progress { get; init; }
    /// <summary>What is asked for.</summary>
    public ReviewStep Step { get; init; }
    /// <summary>Of <see cref="ReviewStep.Good"/>: what was chosen.</summary>
    public ReviewChoice Choice { get; init; }
    /// <summary>Whether the whole conversation is shown, instead of the last message of the user.</summary>
    public bool IsWhole { get; init; }
    /// <summary>Whether two answers stand one above the other; null: as their length says.</summary>
    public bool? IsStacked { get; init; }
    /// <summary>First line of the body that is shown, from 0.</summary>
    public int Top { get; init; }
    /// <summary>The comment that goes with the verdict.</summary>
    public string Comment { get; init; } = "";
    /// <summary>What just happened; empty for nothing.</summary>
    public string Message { get; init; } = "";
}

/// <summary>How a line looks, where there are colours.</summary>
internal enum LineLook
{
    /// <summary>As text.</summary>
    Plain,
    /// <summary>Heading of a part.</summary>
    Heading,
    /// <summary>The frame: rules, place in the text.</summary>
    Quiet,
    /// <summary>What is asked.</summary>
    Ask,
}

/// <summary>One line of a screen.</summary>
/// <param name="Text">Safe, and no wider than the screen.</param>
/// <param name="Look">How it looks.</param>
internal readonly record struct ScreenLine(string Text, LineLook Look = LineLook.Plain);

/// <summary>A laid out screen.</summary>
/// <param name="Lines">From top to bottom.</param>
/// <param name="LastTop">The furthest that it can be scrolled.</param>
/// <param name="BodyHeight">Lines of the body that are seen at once.</param>
/// <param name="IsStacked">Whether two answers stand one above the other.</param>
internal sealed record ReviewPage(IReadOnlyList<ScreenLine> Lines, int LastTop, int BodyHeight, bool IsStacked);
