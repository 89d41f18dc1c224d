using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace Rung.Dashboard.Access;

/// <summary>Who may act on the dashboard, by their tokens. Keeps hashes, not tokens.</summary>
public sealed class Operators
{
    /// <summary>Environment variable that names them: <c>anna=token,ben=token</c>.</summary>
    public const string Variable = "RUNG_OPERATORS";

    /// <summary>A shorter token could be guessed.</summary>
    public const int LeastTokenLength = 16;

    private const string Scheme = "Bearer ";

    /// <summary>Nobody.</summary>
    public static readonly Operators None = new([]);

    private readonly (string Name, byte[] Hash)[] known;

    private Operators((string, byte[])[] known) => this.known = known;

    /// <summary>Whether there is any.</summary>
    public bool Any => known.Length > 0;

    /// <summary>Reads the variable's text.</summary>
    /// <param name="text">Names and tokens; null or empty: nobody.</param>
    /// <param name="operators">Who it names.</param>
    /// <param name="problem">What is wrong with it, without any token; null when nothing is.</param>
    /// <returns>False when something is wrong.</returns>
    public static bool TryRead(string? text, [NotNullWhen(true)] out Operators? operators, [NotNullWhen(false)] out string? problem)
    {
        (operators, problem) = (null, null);
        var read = new List<(string Name, byte[] Hash)>();
        foreach (var pair in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = pair.IndexOf('=');
            var name = equals > 0 ? pair[..equals].Trim() : "";
            if (name.Length is 0 or > 64 || name.Any(char.IsControl)) problem = $"Entry {read.Count + 1} has no name: write name=token.";
            else if (pair.Length - equals - 1 < LeastTokenLength) problem = $"The token of {name} has fewer than {LeastTokenLength} characters: make one with openssl rand -hex 24.";
            else if (read.Exists(other => other.Name == name)) problem = $"{name} is named twice.";
            if (problem is not null) return false;
            read.Add((name, Hash(pair[(equals + 1)..].Trim())));
        }
        operators = new Operators([.. read]);
        return true;
    }

    /// <summary>The name that belongs to a token; null for an unknown one. Compares whole tokens, in constant time.</summary>
    public string? NameOf(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        var given = Hash(token);
        string? found = null;
        foreach (var (name, hash) in known)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, given)) found = name;
        }
        return found;
    }

    /// <summary>The name that belongs to the token of an Authorization header; null without one, or for an unknown one.</summary>
    public string? NameOf(StringValues authorization) =>
        BearerOf(authorization) is { } token ? NameOf(token) : null;

    /// <summary>The token of an Authorization header; null for none, several, or another scheme.</summary>
    internal static string? BearerOf(StringValues authorization) =>
        authorization is [{ } header] && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : null;

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
