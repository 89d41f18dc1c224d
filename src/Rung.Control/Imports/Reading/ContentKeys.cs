using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Rung.Control.Imports.Reading;

/// <summary>
/// Keys of records that have no id: the hash of their content. Equal records of one file are told apart by how many there were before, so the same file read
/// twice, or beside its packed copy, gives the same keys.
/// </summary>
internal sealed class ContentKeys
{
    private readonly HashSet<UInt128> _seen = [];
    private readonly Dictionary<UInt128, int> _repeated = [];

    /// <summary>A file begins.</summary>
    public void BeginFile()
    {
        _seen.Clear();
        _repeated.Clear();
    }

    /// <summary>The key of a record with this hash.</summary>
    public string Of(UInt128 content)
    {
        if (_seen.Add(content)) return content.ToString("x32", CultureInfo.InvariantCulture);
        ref var times = ref CollectionsMarshal.GetValueRefOrAddDefault(_repeated, content, out _);
        times++;
        return $"{content.ToString("x32", CultureInfo.InvariantCulture)}#{times}";
    }

    /// <summary>The hash of a record's bytes.</summary>
    public static UInt128 HashOf(ReadOnlySpan<byte> bytes)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, digest);
        return BinaryPrimitives.ReadUInt128BigEndian(digest);
    }
}
