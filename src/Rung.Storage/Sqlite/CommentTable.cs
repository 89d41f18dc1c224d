using System.Globalization;
using Rung.Storage.Content;

namespace Rung.Storage.Sqlite;

/// <summary>Comments and replaced texts of feedback, sealed.</summary>
internal static class CommentTable
{
    /// <summary>What a text is bound to under the content key.</summary>
    public static string PlaceOf(string id) => $"feedback_text {id}";

    /// <summary>Adds what is new of a batch, within the transaction of the caller.</summary>
    public static int Append(Connection connection, IReadOnlyList<FeedbackText> texts, Func<FeedbackText, byte[]> seal)
    {
        using var row = new Statement(connection,
            "INSERT OR IGNORE INTO feedback_text (id, call_id, session, kind, given_at_us, expires_at_us, sealed_text) VALUES (?, ?, ?, ?, ?, ?, ?)");
        var added = 0;
        foreach (var text in texts)
        {
            row.Bind(1, text.Id);
            row.Bind(2, text.CallId);
            row.Bind(3, text.Session);
            row.Bind(4, (long)text.Kind);
            row.Bind(5, UnixMicros.From(text.At));
            row.Bind(6, UnixMicros.From(text.ExpiresAt));
            row.Bind(7, seal(text).AsSpan());
            row.Run();
            added += connection.Changes;
        }
        return added;
    }

    /// <summary>Texts about a call, else about a session, in order of their time.</summary>
    public static List<FeedbackText> Read(Connection connection, string? callId, string? session, DateTimeOffset now, Func<byte[], string, string> open)
    {
        using var rows = new Statement(connection, $"""
            SELECT id, call_id, session, kind, given_at_us, expires_at_us, sealed_text FROM feedback_text
            WHERE {(callId is null ? "session" : "call_id")} = ?1 AND expires_at_us > ?2 ORDER BY given_at_us, id
            """);
        rows.Bind(1, callId ?? session);
        rows.Bind(2, UnixMicros.From(now));
        var texts = new List<FeedbackText>();
        while (rows.Next())
        {
            var id = rows.Text(0);
            texts.Add(new FeedbackText
            {
                Id = id, CallId = rows.TextOrNull(1), Session = rows.TextOrNull(2), Kind = (FeedbackTextKind)rows.Integer(3),
                At = UnixMicros.ToInstant(rows.Integer(4)), ExpiresAt = UnixMicros.ToInstant(rows.Integer(5)), Text = open(rows.Bytes(6).ToArray(), id),
            });
        }
        return texts;
    }

    /// <summary>
    /// Deletes what belongs to forgotten calls, and to a forgotten session or an age where the texts themselves tell it. A user or a tag is told by calls only.
    /// </summary>
    /// <param name="connection">Where; a transaction of the caller's.</param>
    /// <param name="request">What is to be forgotten.</param>
    /// <param name="callIds">Ids of the calls that the request is about.</param>
    public static int Forget(Connection connection, ForgetRequest request, IReadOnlySet<string> callIds)
    {
        var gone = 0;
        using (var byCall = new Statement(connection, "DELETE FROM feedback_text WHERE call_id = ?"))
        {
            foreach (var id in callIds)
            {
                byCall.Bind(1, id);
                byCall.Run();
                gone += connection.Changes;
            }
        }
        if (request.User is not null || request.Tag is not null) return gone;
        using var rest = new Statement(connection, """
            DELETE FROM feedback_text
            WHERE (?1 IS NULL OR call_id = ?1) AND (?2 IS NULL OR session = ?2) AND (?3 IS NULL OR given_at_us < ?3 OR call_id < ?4)
            """);
        rest.Bind(1, request.CallId);
        rest.Bind(2, request.Session);
        rest.Bind(3, request.Before is { } before ? UnixMicros.From(before) : null);
        // A text about an old call may have come later. Ids of calls begin with their millisecond.
        rest.Bind(4, request.Before is { } then ? Math.Max(0, then.ToUnixTimeMilliseconds()).ToString("x12", CultureInfo.InvariantCulture) : "");
        if (request is { CallId: null, Session: null, Before: null }) return gone;
        rest.Run();
        return gone + connection.Changes;
    }

    /// <summary>Deletes what has expired.</summary>
    public static int DropExpired(Connection connection, DateTimeOffset now)
    {
        using var row = new Statement(connection, "DELETE FROM feedback_text WHERE expires_at_us <= ?");
        row.Bind(1, UnixMicros.From(now));
        row.Run();
        return connection.Changes;
    }
}
