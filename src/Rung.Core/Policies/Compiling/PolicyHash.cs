using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Rung.Core.Policies.Compiling;

/// <summary>Content hash of a policy and of every file it includes.</summary>
internal static class PolicyHash
{
    /// <summary>
    /// SHA-256 over the text, then path and bytes of each file in ordinal order of path; each part is preceded by its length in bytes
    /// (64 bit, little endian), so that no two inputs run together.
    /// </summary>
    public static string Of(string text, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, Encoding.UTF8.GetBytes(text));
        foreach (var (path, bytes) in files)
        {
            Append(hash, Encoding.UTF8.GetBytes(path));
            Append(hash, bytes.Span);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, ReadOnlySpan<byte> bytes)
    {
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
