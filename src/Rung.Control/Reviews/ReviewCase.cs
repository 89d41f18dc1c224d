using Rung.Storage.Content;

namespace Rung.Control.Reviews;

/// <summary>An answer as a person sees it, and whose it is, which they do not.</summary>
/// <param name="Text">What it says. May hold anything.</param>
/// <param name="Model">The policy's name of the model; null when nobody is named. Not to be shown before the verdict.</param>
public sealed record ReviewAnswer(string Text, string? Model);

/// <summary>An item with what is to be looked at.</summary>
/// <param name="Item">The item.</param>
/// <param name="Conversation">The request's messages, in order.</param>
/// <param name="Judged">The answer that the verdict is about: the served one, the candidate's, the reference.</param>
/// <param name="Other">The answer beside it; null: it stands alone.</param>
public sealed record ReviewCase(ReviewItem Item, IReadOnlyList<ReviewMessage> Conversation, ReviewAnswer Judged, ReviewAnswer? Other)
{
    /// <summary>Whether there are two answers to compare.</summary>
    public bool IsPair => Other is not null;

    /// <summary>The answer on the left, or the only one.</summary>
    public ReviewAnswer Left => Other is not null && Item.IsFlipped ? Other : Judged;

    /// <summary>The answer on the right; null when there is one alone.</summary>
    public ReviewAnswer? Right => Other is null ? null : Item.IsFlipped ? Judged : Other;
}
