namespace Rung.Control.Feedback;

/// <summary>Feedback about something else than the sender's token is for.</summary>
/// <param name="message">What is wrong. Names neither the call nor the session.</param>
public sealed class FeedbackScopeException(string message) : Exception(message);
