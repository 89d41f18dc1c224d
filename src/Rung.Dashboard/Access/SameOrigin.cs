using Microsoft.AspNetCore.Http;

namespace Rung.Dashboard.Access;

/// <summary>What a browser says of where a request comes from.</summary>
/// <remarks>Source: Fetch Metadata Request Headers, https://www.w3.org/TR/fetch-metadata/. Programs that are no browsers send none of it.</remarks>
public static class SameOrigin
{
    /// <summary>Whether a browser says that a request comes from a page of this server; true where it says nothing.</summary>
    public static bool Is(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Headers["Sec-Fetch-Site"] is [{ } site]) return site is "same-origin" or "none";
        return request.Headers.Origin is not [{ } origin] || Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether the browser's side of the way is encrypted, as a web server in front says (<c>X-Forwarded-Proto</c>): then a cookie need never travel in the clear.</summary>
    /// <remarks>Whoever lies about it makes their own cookie useless, or as it would be without a word.</remarks>
    public static bool IsEncrypted(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.IsHttps) return true;
        // Of several servers in a row the first one spoke with the browser.
        var said = request.Headers["X-Forwarded-Proto"].ToString().AsSpan();
        return (said.IndexOf(',') is >= 0 and var end ? said[..end] : said).Trim().Equals("https", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether a page of elsewhere has loaded this by itself, as a picture, a frame or a script: not a link that somebody followed, and no form: those are refused in words.</summary>
    public static bool IsForeign(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) && request.Headers["Sec-Fetch-Site"] is ["cross-site" or "same-site"] && request.Headers["Sec-Fetch-Dest"] is not ["document"];
    }
}
