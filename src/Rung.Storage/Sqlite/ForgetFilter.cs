using Rung.Storage.Content;

namespace Rung.Storage.Sqlite;

/// <summary>Which rows a deletion is about: everything that is given must match. For tables with the columns of a call.</summary>
internal static class ForgetFilter
{
    /// <summary>The condition, with the parameters 1 to 5.</summary>
    /// <param name="tag">The column (or expression) of the tag.</param>
    public static string Where(string tag) =>
        $"WHERE (?1 IS NULL OR id = ?1) AND (?2 IS NULL OR session = ?2) AND (?3 IS NULL OR user = ?3) AND (?4 IS NULL OR started_at_us < ?4) AND (?5 IS NULL OR {tag} = ?5)";

    /// <summary>Binds it.</summary>
    public static void Bind(Statement statement, ForgetRequest request)
    {
        statement.Bind(1, request.CallId);
        statement.Bind(2, request.Session);
        statement.Bind(3, request.User);
        statement.Bind(4, request.Before is { } before ? UnixMicros.From(before) : null);
        statement.Bind(5, request.Tag);
    }

    /// <summary>Throws when nothing is given, or when the reason, which stays, names what is to be forgotten.</summary>
    /// <exception cref="ArgumentException">Either.</exception>
    public static void Require(ForgetRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request is { CallId: null, Session: null, User: null, Before: null, Tag: null })
        {
            throw new ArgumentException("Say what is to be deleted: a call, a session, a user, a time before which, or a tag.", nameof(request));
        }
        if (string.IsNullOrWhiteSpace(request.Reason)) throw new ArgumentException("A deletion has a reason.", nameof(request));
        if (Names(request.Reason, request.CallId) || Names(request.Reason, request.Session) || Names(request.Reason, request.User))
        {
            throw new ArgumentException("The reason stays as a note, so it may not name the call, the session or the user that is to be forgotten.", nameof(request));
        }
    }

    private static bool Names(string reason, string? forgotten) =>
        !string.IsNullOrEmpty(forgotten) && reason.Contains(forgotten, StringComparison.OrdinalIgnoreCase);
}
