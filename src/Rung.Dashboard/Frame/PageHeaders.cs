using Microsoft.AspNetCore.Http;

namespace Rung.Dashboard.Frame;

/// <summary>The headers of every page: nothing from elsewhere, no script in the page itself, not to be framed, not to be kept.</summary>
internal static class PageHeaders
{
    /// <summary>The Content-Security-Policy: https://www.w3.org/TR/CSP3/.</summary>
    public const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public static void Set(HttpResponse response)
    {
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "same-origin";
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        response.Headers.XFrameOptions = "DENY";
        response.Headers.CacheControl = "no-store";
    }
}
