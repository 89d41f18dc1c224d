using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Rung.Control.Feedback;

/// <summary>
/// Makes and reads feedback tokens: what a browser may hold, since it can do nothing but give feedback on one call or session. The token carries its scope and
/// an HMAC over it, so that nothing has to be stored; whoever changes the secret takes back all of them.
/// </summary>
/// <remarks>HMAC-SHA256: RFC 2104. Form: <c>rft_</c>, the scope in base 64 for URLs, a dot, the MAC likewise.</remarks>
public sealed class FeedbackTokens
{
    /// <summary>The environment variable that holds the secret.</summary>
    public const string Variable = "RUNG_FEEDBACK_SECRET";

    /// <summary>How every token begins.</summary>
    public const string Prefix = "rft_";

    /// <summary>Fewest characters of a secret.</summary>
    public const int LeastSecret = 32;

    /// <summary>Longest life of a token.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    /// <summary>Life of a token where nobody says.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromHours(1);

    private const int LongestToken = 1024;
    private const char Separator = '\n'; // In no part: parts with control characters are refused.

    private readonly byte[] _secret;

    private FeedbackTokens(byte[] secret) => _secret = secret;

    /// <summary>Tokens under the secret of the environment.</summary>
    /// <param name="secret">Its text; null or empty: tokens are off.</param>
    /// <returns>Null when tokens are off.</returns>
    /// <exception cref="FormatException">The secret is too short. It is not quoted.</exception>
    public static FeedbackTokens? Read(string? secret)
    {
        if (string.IsNullOrWhiteSpace(secret)) return null;
        if (secret.Length < LeastSecret) throw new FormatException($"{Variable} has {secret.Length} characters; a secret needs at least {LeastSecret}. Make one with: openssl rand -hex 32");
        // The variable's text is hashed into a key of one length, apart from any other use of it.
        return new FeedbackTokens(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), "rung feedback token"u8));
    }

    /// <summary>Makes a token.</summary>
    /// <param name="scope">What it allows: a call or a session, not both.</param>
    /// <exception cref="ArgumentException">The scope names neither or both, or has a control character.</exception>
    public string Mint(FeedbackScope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.CallId is null == scope.Session is null) throw new ArgumentException("A token is for a call or for a session.", nameof(scope));
        var text = string.Join(Separator,
            "1", scope.CallId is null ? "s" : "c", scope.CallId ?? scope.Session, scope.By ?? "", scope.ExpiresAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        if (text.Count(char.IsControl) != 4) throw new ArgumentException("A session or a name with control characters has no token.", nameof(scope));
        var payload = Encoding.UTF8.GetBytes(text);
        return $"{Prefix}{Base64Url.EncodeToString(payload)}.{Base64Url.EncodeToString(HMACSHA256.HashData(_secret, payload))}";
    }

    /// <summary>Reads a token.</summary>
    /// <param name="token">What came.</param>
    /// <param name="now">The time.</param>
    /// <param name="problem">Why it is refused, and what to do; null when it is good.</param>
    /// <returns>What it allows; null when it is refused.</returns>
    public FeedbackScope? Read(string token, DateTimeOffset now, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(token);
        problem = "This is no feedback token of this gateway, or it was changed. Ask the server that made it for a new one.";
        if (token.Length > LongestToken || !token.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        var parts = token[Prefix.Length..].Split('.');
        if (parts.Length != 2 || Decode(parts[0]) is not { } payload || Decode(parts[1]) is not { } mac) return null;
        if (!CryptographicOperations.FixedTimeEquals(mac, HMACSHA256.HashData(_secret, payload))) return null;

        // From here on it is our own: its form is known.
        var fields = Encoding.UTF8.GetString(payload).Split(Separator);
        if (fields is not ["1", var kind, var subject, var by, var until] || !long.TryParse(until, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return null;
        var scope = new FeedbackScope(kind == "c" ? subject : null, kind == "s" ? subject : null, by.Length == 0 ? null : by, DateTimeOffset.FromUnixTimeSeconds(seconds));
        if (scope.ExpiresAt <= now)
        {
            problem = "This feedback token has expired. Ask the server that made it for a new one.";
            return null;
        }
        problem = null;
        return scope;
    }

    private static byte[]? Decode(string part)
    {
        try
        {
            return Base64Url.DecodeFromChars(part);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
