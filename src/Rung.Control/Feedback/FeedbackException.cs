namespace Rung.Control.Feedback;

/// <summary>Feedback that cannot be taken: where, what is wrong, and what to send instead.</summary>
/// <param name="place">The field: <c>score.max</c>, <c>[2].override</c>; empty for the body as a whole.</param>
/// <param name="problem">What is wrong. Never quotes what was sent.</param>
/// <param name="fix">What to send instead.</param>
public sealed class FeedbackException(string place, string problem, string fix) : Exception($"{(place.Length > 0 ? place + ": " : "")}{problem} {fix}")
{
    /// <summary>The field; empty for the body as a whole.</summary>
    public string Place { get; } = place;
}
