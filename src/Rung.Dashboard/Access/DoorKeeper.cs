using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Rung.Dashboard.Access;

/// <summary>Decides who a request is from, and whether it may change something.</summary>
internal sealed class DoorKeeper(DashboardAccess access, TimeProvider clock)
{
    private const string CookiePrefix = "rung_session_";

    /// <summary>Name of the field with a form's token.</summary>
    public const string TokenField = "_token";

    private static readonly TimeSpan s_renewAfter = TimeSpan.FromMinutes(30);
    private readonly SessionSeal seal = new(clock);

    /// <summary>What it decides by.</summary>
    public DashboardAccess Access => access;

    /// <summary>Whether the request's Host may be used: without keys only names of this machine, so that no page of elsewhere can be led here by a name of its own.</summary>
    public bool IsHostAllowed(HttpRequest request) => access.KeysRequired || access.IsLocalHost(request.Host.Host);

    /// <summary>Who it is; null: nobody yet, they must sign in.</summary>
    public Viewer? Who(HttpContext http)
    {
        // Where nobody signs in a token says nothing, as on the gateway's own paths: some programs send one to every server.
        if (access.SignInRequired && Operators.BearerOf(http.Request.Headers.Authorization) is { } token) return OfToken(token) is { } sent ? sent with { Session = null } : null;
        var viewer = seal.Open(http.Request.Cookies[CookieOf(http)]);
        if (viewer is { Kind: ViewerKind.Local } && access.SignInRequired) viewer = null;
        if (viewer is null && !access.SignInRequired) viewer = seal.Begin(ViewerKind.Local, name: null);
        return viewer;
    }

    /// <summary>A new session for a key or an operator's token; null for neither.</summary>
    public Viewer? SignIn(string token) => OfToken(token);

    /// <summary>Gives the browser its session, or a longer one.</summary>
    public void Remember(HttpContext http, Viewer viewer)
    {
        if (viewer.Session is null) return;
        // Not for every page a new cookie.
        var isYoung = viewer.Expires - clock.GetUtcNow() > SessionSeal.Lasts - s_renewAfter;
        if (isYoung && seal.Open(http.Request.Cookies[CookieOf(http)])?.Session == viewer.Session) return;
        http.Response.Cookies.Append(CookieOf(http), seal.Seal(viewer with { Expires = clock.GetUtcNow() + SessionSeal.Lasts }), Options(http));
    }

    /// <summary>Ends the browser's session.</summary>
    public static void Forget(HttpContext http) => http.Response.Cookies.Delete(CookieOf(http), Options(http));

    /// <summary>The token that a form of this viewer carries.</summary>
    public string TokenFor(Viewer viewer) => seal.TokenFor(viewer);

    /// <summary>Why a form may not be taken; null when it may.</summary>
    public string? WhyRefused(HttpContext http, Viewer viewer, string? token)
    {
        if (viewer.WhyNot is { } why) return why;
        if (viewer.Session is null) return null; // A header with a token: no browser sends that by itself.
        return SameOrigin.Is(http.Request) && seal.IsTokenOf(viewer, token)
            ? null : "This form does not belong to your session: the gateway was started again since, or the form came from another page. Load the page again and repeat it.";
    }

    private Viewer? OfToken(string token)
    {
        if (access.Operators.NameOf(token) is { } name) return seal.Begin(ViewerKind.Operator, name);
        return access.KeysRequired && access.IsKey(token) ? seal.Begin(ViewerKind.Key, name: null) : null;
    }

    /// <summary>Name of the session's cookie. Cookies know no ports (RFC 6265 § 8.5): by one name two gateways of a machine would end each other's sessions.</summary>
    private static string CookieOf(HttpContext http) => CookiePrefix + http.Connection.LocalPort.ToString(CultureInfo.InvariantCulture);

    private static CookieOptions Options(HttpContext http) => new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = SameOrigin.IsEncrypted(http.Request), Path = "/", IsEssential = true };
}
