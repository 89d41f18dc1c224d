using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace Rung.Gateway.Intake;

/// <summary>The gateway's own keys, by hash. Without any, everyone who reaches the port is welcome: then it must be a loopback port.</summary>
public sealed class ClientKeys
{
    private const string Scheme = "Bearer ";
    private readonly byte[][] hashes;

    /// <summary>Keeps the hashes of the keys, not the keys.</summary>
    public ClientKeys(IEnumerable<string> keys) =>
        hashes = [.. keys.Where(key => key.Length > 0).Select(key => SHA256.HashData(Encoding.UTF8.GetBytes(key)))];

    /// <summary>Whether a key is asked for at all.</summary>
    public bool AreRequired => hashes.Length > 0;

    /// <summary>Whether a call with this Authorization header may come in. Compares whole keys, in constant time.</summary>
    public bool Welcome(StringValues authorization)
    {
        if (hashes.Length == 0) return true;
        if (authorization.Count != 1 || authorization[0] is not { } header || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return false;
        var given = SHA256.HashData(Encoding.UTF8.GetBytes(header[Scheme.Length..].Trim()));
        var welcome = false;
        foreach (var hash in hashes) welcome |= CryptographicOperations.FixedTimeEquals(hash, given);
        return welcome;
    }
}
