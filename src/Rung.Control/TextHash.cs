using System.Numerics;
using System.Runtime.InteropServices;

namespace Rung.Control;

/// <summary>64-bit hashes of text that are the same in every process and on every machine. Not for secrets: they only tell equal from different.</summary>
internal static class TextHash
{
    private const ulong First = 0x9E3779B97F4A7C15;
    private const ulong Second = 0xE7037ED1A0B428DB;

    /// <summary>Hash of a text. Reads 16 bytes a step (the folded multiplication of wyhash).</summary>
    public static ulong Of(ReadOnlySpan<char> text) => Of(MemoryMarshal.AsBytes(text), First ^ (ulong)text.Length);

    /// <summary>Hash of bytes, going on from another hash.</summary>
    public static ulong Of(ReadOnlySpan<byte> bytes, ulong seed)
    {
        var hash = seed;
        while (bytes.Length >= 16)
        {
            hash = Fold(MemoryMarshal.Read<ulong>(bytes) ^ First, MemoryMarshal.Read<ulong>(bytes[8..]) ^ Second ^ hash);
            bytes = bytes[16..];
        }
        if (bytes.Length >= 8)
        {
            hash = Fold(MemoryMarshal.Read<ulong>(bytes) ^ First, hash ^ Second);
            bytes = bytes[8..];
        }
        var tail = (ulong)bytes.Length << 56;
        for (var i = 0; i < bytes.Length; i++) tail |= (ulong)bytes[i] << (8 * i);
        return Mix(hash ^ tail);
    }

    /// <summary>Two hashes as one; their order counts.</summary>
    public static ulong Join(ulong left, ulong right) => Mix(BitOperations.RotateLeft(left, 23) ^ (right * First));

    /// <summary>Spreads every bit over all others.</summary>
    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 32)) * Second;
        value = (value ^ (value >> 29)) * First;
        return value ^ (value >> 32);
    }

    /// <summary>The same hash, but never 0, which stands for "not told".</summary>
    public static ulong NotZero(ulong hash) => hash == 0 ? 1 : hash;

    private static ulong Fold(ulong left, ulong right)
    {
        var high = Math.BigMul(left, right, out var low);
        return high ^ low;
    }
}
