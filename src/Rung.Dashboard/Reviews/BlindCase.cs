using Rung.Control.Reviews;

namespace Rung.Dashboard.Reviews;

/// <summary>
/// What a reviewer may know before the verdict. The page is given this and nothing else, so that no component can show whose answers they are, why the item was drawn or how.
/// </summary>
/// <param name="Id">Id of the item.</param>
/// <param name="Tag">The job.</param>
/// <param name="Scope">What was drawn from.</param>
/// <param name="Reviewers">How many people are to judge it.</param>
/// <param name="Conversation">The request's messages, safe to read.</param>
/// <param name="Left">The answer on the left, or the only one, safe to read.</param>
/// <param name="Right">The answer on the right; null when there is one alone.</param>
public sealed record BlindCase(string Id, string Tag, string Scope, int Reviewers, IReadOnlyList<ReviewMessage> Conversation, string Left, string? Right)
{
    /// <summary>Whether there are two answers to compare.</summary>
    public bool IsPair => Right is not null;

    /// <summary>Takes from a case what may be shown.</summary>
    public static BlindCase Of(ReviewCase shown) => new(
        shown.Item.Id, shown.Item.Tag, shown.Item.Scope, shown.Item.Reviewers, [.. shown.Conversation.Select(message => new ReviewMessage(SafeText.Line(message.Role), SafeText.Of(message.Text)))],
        SafeText.Of(shown.Left.Text), shown.Right is { } right ? SafeText.Of(right.Text) : null);
}
