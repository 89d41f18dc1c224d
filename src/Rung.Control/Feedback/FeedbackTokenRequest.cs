using System.Text.Json;

namespace Rung.Control.Feedback;

/// <summary>The body of <c>POST /rung/feedback/token</c>: <c>call_id</c> or <c>session</c>, and optionally <c>ttl_seconds</c> and <c>by</c>.</summary>
public static class FeedbackTokenRequest
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 4, AllowDuplicateProperties = false };

    /// <summary>Reads a body.</summary>
    /// <param name="json">UTF-8.</param>
    /// <param name="now">From when on the token lives.</param>
    /// <exception cref="FeedbackException">It cannot be used.</exception>
    public static FeedbackScope Read(ReadOnlyMemory<byte> json, DateTimeOffset now)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, Options);
        }
        catch (JsonException)
        {
            throw new FeedbackException("", "This is no JSON, or has a field twice.", "Send {\"call_id\": …} or {\"session\": …}.");
        }
        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw new FeedbackException("", "This is no object.", "Send {\"call_id\": …} or {\"session\": …}.");
            var fields = new FeedbackFields(document.RootElement, "");
            var (call, session, by, seconds) = (fields.Text("call_id", 64), fields.Text("session", 4096), fields.Text("by", FeedbackLimits.Key), fields.Number("ttl_seconds"));
            fields.RefuseOthers();
            if (seconds is { } given && !(given >= 1 && given <= FeedbackTokens.Longest.TotalSeconds))
                throw fields.Fault("ttl_seconds", "It is out of range.", $"Send 1 to {FeedbackTokens.Longest.TotalSeconds:0}.");
            return Make(call, session, by, seconds is { } life ? TimeSpan.FromSeconds(Math.Floor(life)) : FeedbackTokens.Usual, now);
        }
    }

    /// <summary>Makes a scope of what was asked for, by HTTP or by command line.</summary>
    /// <param name="call">Id of a call; null for a session.</param>
    /// <param name="session">A session; null for a call.</param>
    /// <param name="by">Whom the feedback is from; null for <c>user</c>.</param>
    /// <param name="life">How long it lives.</param>
    /// <param name="now">From when on.</param>
    /// <exception cref="FeedbackException">It cannot be used.</exception>
    public static FeedbackScope Make(string? call, string? session, string? by, TimeSpan life, DateTimeOffset now)
    {
        if (call is null == session is null) throw new FeedbackException("call_id", "A token is for a call or for a session.", "Give one of them, not both.");
        if (call is not null && !FeedbackReader.IsCallId(call)) throw new FeedbackException("call_id", "It is no id of a call.", "These have 32 hexadecimal digits in lower case, as in the header x-rung-call-id.");
        if (session is { Length: > FeedbackLimits.Session }) session = session[..FeedbackLimits.Session];
        if ((session ?? "").Any(char.IsControl) || (by ?? "").Any(char.IsControl)) throw new FeedbackException("session", "It or by has a control character.", "Such a session has no token; name the call.");
        if (by?.Contains('@', StringComparison.Ordinal) == true) throw new FeedbackException("by", "It looks like an e-mail address.", "Send a pseudonym: verdicts are kept for good.");
        if (life <= TimeSpan.Zero || life > FeedbackTokens.Longest) throw new FeedbackException("ttl", "It is out of range.", $"A token lives at most {FeedbackTokens.Longest.TotalDays:0} days.");
        return new FeedbackScope(call, session, by, now + life);
    }
}
