namespace Rung.Control.Feedback;

/// <summary>What a feedback token allows: feedback on one call or one session, until it expires. It reads nothing.</summary>
/// <param name="CallId">The call; null for a session.</param>
/// <param name="Session">The session; null for a call.</param>
/// <param name="By">Who the feedback is from; null for <c>user</c>.</param>
/// <param name="ExpiresAt">When it ends, UTC.</param>
public sealed record FeedbackScope(string? CallId, string? Session, string? By, DateTimeOffset ExpiresAt);
