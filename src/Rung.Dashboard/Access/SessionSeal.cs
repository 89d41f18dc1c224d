using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Rung.Dashboard.Access;

/// <summary>
/// Turns a session into a cookie and back. Nothing is kept: the cookie holds who it is, signed with a key that this process made and nobody else has. A restart ends every session.
/// The token against forged requests is bound to the session by the same key (OWASP, Cross-Site Request Forgery Prevention: HMAC-based token pattern).
/// </summary>
internal sealed class SessionSeal(TimeProvider clock)
{
    /// <summary>How long a session lasts without a request.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromHours(12);

    private readonly byte[] key = RandomNumberGenerator.GetBytes(32);

    /// <summary>A new session.</summary>
    public Viewer Begin(ViewerKind kind, string? name) => new(kind, name, Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(18)), clock.GetUtcNow() + Lasts);

    /// <summary>The cookie's value.</summary>
    public string Seal(Viewer viewer)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{(int)viewer.Kind}.{viewer.Expires.ToUnixTimeSeconds()}.{viewer.Session}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(viewer.Name ?? ""))}");
        return $"{text}.{Sign("session", text)}";
    }

    /// <summary>The session of a cookie; null for one that is over, forged or of before a restart.</summary>
    public Viewer? Open(string? cookie)
    {
        if (cookie is not { Length: > 0 and <= 512 }) return null;
        var end = cookie.LastIndexOf('.');
        if (end < 0 || !Same(Sign("session", cookie[..end]), cookie[(end + 1)..])) return null;
        var parts = cookie[..end].Split('.');
        var expires = DateTimeOffset.FromUnixTimeSeconds(long.Parse(parts[1], CultureInfo.InvariantCulture));
        if (expires <= clock.GetUtcNow()) return null;
        var name = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[3]));
        return new Viewer((ViewerKind)int.Parse(parts[0], CultureInfo.InvariantCulture), name.Length > 0 ? name : null, parts[2], expires);
    }

    /// <summary>What a form of this session must bring.</summary>
    public string TokenFor(Viewer viewer) => Sign("form", viewer.Session ?? "");

    /// <summary>Whether a form's token belongs to the session.</summary>
    public bool IsTokenOf(Viewer viewer, string? token) => viewer.Session is not null && token is not null && Same(TokenFor(viewer), token);

    private string Sign(string purpose, string text) => Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{purpose}:{text}")));

    private static bool Same(string one, string other) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));
}
