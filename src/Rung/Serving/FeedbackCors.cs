using Microsoft.AspNetCore.Http;

namespace Rung.Serving;

/// <summary>
/// Which pages of browsers may send feedback. A request that names an origin which is not listed is refused whatever else it carries: a page may send a
/// simple request without asking first, and a gateway without keys would take it.
/// </summary>
internal sealed class FeedbackCors(IReadOnlyList<string> origins)
{
    /// <summary>Looks at the origin of a request, and answers a preflight.</summary>
    /// <returns>True when the request has been answered here.</returns>
    public async Task<bool> HandleAsync(HttpContext http)
    {
        var (request, response) = (http.Request, http.Response);
        var origin = request.Headers.Origin.ToString();
        var isPreflight = HttpMethods.IsOptions(request.Method);
        if (origin.Length == 0 && !isPreflight) return false; // No browser, or a page of the gateway's own that reads.
        response.Headers.Vary = "Origin";
        if (!IsAllowed(origin, request))
        {
            await FeedbackReply.RefuseAsync(http, 403, "origin_not_allowed",
                $"Pages of this origin may not send feedback. List it: rung serve --feedback-origins, or {FeedbackReceiverOptions.OriginsVariable}.");
            return true;
        }
        response.Headers.AccessControlAllowOrigin = origin;
        if (!isPreflight)
        {
            response.Headers.AccessControlExposeHeaders = "Retry-After";
            return false;
        }
        response.Headers.AccessControlAllowMethods = "POST";
        response.Headers.AccessControlAllowHeaders = "authorization, content-type";
        response.Headers.AccessControlMaxAge = "600";
        response.StatusCode = StatusCodes.Status204NoContent;
        return true;
    }

    private bool IsAllowed(string origin, HttpRequest request)
    {
        foreach (var known in origins)
        {
            if (string.Equals(known, origin, StringComparison.OrdinalIgnoreCase)) return true;
        }
        return string.Equals(origin, $"{request.Scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase); // A page of the gateway's own.
    }
}
