using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Rung.Control.Alerts.Delivery;

/// <summary>
/// The signature of a message: <c>t=1795354800,v1=5257a8…</c>, where v1 is HMAC-SHA256 over the time, a full stop and the body. A receiver
/// computes it anew, compares in constant time, and refuses a time that is too old: so a message that was overheard cannot be sent again later.
/// </summary>
public static class AlertSignature
{
    /// <summary>The header.</summary>
    public const string Header = "x-rung-signature";

    /// <summary>Signs.</summary>
    /// <param name="secret">The key, as text.</param>
    /// <param name="at">Now.</param>
    /// <param name="body">The body, byte for byte.</param>
    public static string Of(string secret, DateTimeOffset at, ReadOnlySpan<byte> body)
    {
        ArgumentException.ThrowIfNullOrEmpty(secret);
        var time = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return $"t={time},v1={Convert.ToHexStringLower(Mac(secret, time, body))}";
    }

    /// <summary>Whether a signature is right and no older than allowed: what a receiver does.</summary>
    public static bool Verify(string signature, string secret, ReadOnlySpan<byte> body, DateTimeOffset now, TimeSpan tolerance)
    {
        ArgumentNullException.ThrowIfNull(signature);
        ArgumentException.ThrowIfNullOrEmpty(secret);
        if (signature.Split(',') is not [['t', '=', .. var time], ['v', '1', '=', .. var hex]] || hex.Length != 64) return false;
        if (!long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || Math.Abs(now.ToUnixTimeSeconds() - seconds) > tolerance.TotalSeconds) return false;
        Span<byte> given = stackalloc byte[32];
        return Convert.FromHexString(hex, given, out _, out _) == OperationStatus.Done && CryptographicOperations.FixedTimeEquals(given, Mac(secret, time, body));
    }

    private static byte[] Mac(string secret, string time, ReadOnlySpan<byte> body)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        mac.AppendData(Encoding.ASCII.GetBytes(time));
        mac.AppendData("."u8);
        mac.AppendData(body);
        return mac.GetHashAndReset();
    }
}
