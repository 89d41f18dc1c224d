using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Rung.Control.Evals.Judging;

/// <summary>
/// Marks between which stands what is judged. They look random and depend on the seed of the run, which no candidate knows: a text cannot close its own
/// fence. One that holds the mark all the same gets another.
/// </summary>
internal sealed class Fences(ulong seed)
{
    /// <summary>The mark for a row.</summary>
    /// <param name="rowId">The row.</param>
    /// <param name="texts">Everything that will stand between marks.</param>
    public string For(string rowId, params ReadOnlySpan<string> texts)
    {
        Span<byte> key = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(key, seed);
        for (var attempt = 0; ; attempt++)
        {
            var mark = Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{rowId}/{attempt}")).AsSpan(0, 12));
            var isFree = true;
            foreach (var text in texts) isFree &= !text.Contains(mark, StringComparison.OrdinalIgnoreCase);
            if (isFree) return mark;
        }
    }

    /// <summary>A text between marks.</summary>
    public static string Around(string name, string mark, string text) => $"<<<{name} {mark}\n{text}\n{mark} {name}>>>";
}
