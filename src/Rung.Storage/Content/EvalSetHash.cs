using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Rung.Storage.Content;

/// <summary>The hash that says what an eval set consists of.</summary>
public static class EvalSetHash
{
    // Changes when what is hashed changes, so that two forms are never taken for one another.
    private const string Form = "rung eval set 1";

    /// <summary>
    /// SHA-256 over the rows in the order of their ids: id, part, request, reference, its source and author, data class, stratum, weight and group. The place of
    /// a row, its session, its user and what its reference cost do not count.
    /// </summary>
    /// <param name="rows">The rows, in any order.</param>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    public static string Of(IEnumerable<EvalRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> weight = stackalloc byte[sizeof(double)];
        Add(hash, Form);
        foreach (var row in rows.OrderBy(row => row.Id, StringComparer.Ordinal))
        {
            Add(hash, row.Id);
            Add(hash, [(byte)row.Part, (byte)row.ReferenceSource]);
            Add(hash, row.Request.Span);
            Add(hash, row.Reference.Span);
            Add(hash, row.ReferenceBy);
            Add(hash, row.DataClass);
            Add(hash, row.Stratum);
            BinaryPrimitives.WriteDoubleLittleEndian(weight, row.Weight);
            Add(hash, weight);
            Add(hash, row.Group);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // Lengths before contents: no two lists of values give the same bytes. A missing text is not an empty one.
    private static void Add(IncrementalHash hash, string? text)
    {
        if (text is null) Length(hash, -1);
        else Add(hash, Encoding.UTF8.GetBytes(text));
    }

    private static void Add(IncrementalHash hash, ReadOnlySpan<byte> bytes)
    {
        Length(hash, bytes.Length);
        hash.AppendData(bytes);
    }

    private static void Length(IncrementalHash hash, int length)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, length);
        hash.AppendData(bytes);
    }
}
