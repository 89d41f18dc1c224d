using System.Security.Cryptography;
using System.Text;

namespace Rung.Storage.Content;

/// <summary>The key that content is encrypted with at rest: 32 bytes. Never printed.</summary>
public sealed class ContentKey
{
    /// <summary>The environment variable that holds it.</summary>
    public const string Variable = "RUNG_CONTENT_KEY";

    /// <summary>Bytes of a key.</summary>
    public const int Length = 32;

    private readonly byte[] bytes;

    private ContentKey(byte[] bytes) => this.bytes = bytes;

    internal ReadOnlySpan<byte> Bytes => bytes;

    /// <summary>Reads a key as it stands in the environment: 32 bytes in base 64 or in hexadecimal digits.</summary>
    /// <param name="text">The text; null or empty: no key.</param>
    /// <returns>The key; null when there is none.</returns>
    /// <exception cref="FormatException">It is no key. The message says what is wanted and does not quote it.</exception>
    public static ContentKey? Read(string? text)
    {
        text = text?.Trim();
        if (string.IsNullOrEmpty(text)) return null;
        try
        {
            var key = text.Length == Length * 2 ? Convert.FromHexString(text) : Convert.FromBase64String(text);
            if (key.Length == Length) return new ContentKey(key);
        }
        catch (FormatException)
        {
            // Said below, for every reason alike.
        }
        throw new FormatException($"{Variable} is no key: it must be {Length} bytes in base 64 or in hexadecimal digits. Make one with: openssl rand -base64 {Length}");
    }

    /// <summary>A key for tests and one-off stores, from a passphrase of at least 16 characters; the same text gives the same key.</summary>
    internal static ContentKey FromPassphrase(string text) => new(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
