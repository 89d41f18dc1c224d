using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Rung.Dashboard.Calls;

/// <summary>Links to calls and sessions. Sessions may hold any characters, slashes and dots included.</summary>
internal static class CallLinks
{
    private const string Sessions = "/sessions/";

    /// <summary>The page of a call.</summary>
    public static string Call(string id) => $"/calls/{Uri.EscapeDataString(id)}";

    /// <summary>The page of a session.</summary>
    public static string Session(string session)
    {
        // A path of dots means another path, and a control character is refused by servers on the way.
        var fitsPath = session.Trim('.').Length > 0 && !session.Any(char.IsControl);
        return fitsPath ? Sessions + Uri.EscapeDataString(session) : $"/sessions?id={Uri.EscapeDataString(session)}";
    }

    /// <summary>The calls of a tag.</summary>
    public static string Tag(string? tag) => $"/calls?tag={Uri.EscapeDataString(tag ?? Control.Calls.CallSearchForm.UntaggedTag)}";

    /// <summary>The session that a request names; null when it names none.</summary>
    public static string? SessionOf(HttpContext http)
    {
        if (http.Request.Query["id"] is [{ Length: > 0 } id, ..]) return id;
        // As it was sent: servers leave an encoded slash in a path as it is, so that it could not be told from one that was encoded twice.
        var target = http.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        var path = target.Split('?', 2)[0];
        var at = path.IndexOf(Sessions, StringComparison.Ordinal);
        if (at < 0) return null;
        var session = Uri.UnescapeDataString(path[(at + Sessions.Length)..]);
        return session.Length > 0 ? session : null;
    }

    /// <summary>The rollout of an arm such as <c>7:candidate</c>; null when it is none.</summary>
    public static string? Rollout(string? arm) =>
        arm?.Split(':') is [{ Length: > 0 } number, _] && number.All(char.IsAsciiDigit) ? $"/rollouts/{number}" : null;
}
