using System.Buffers;
using System.Text;

namespace Rung.Core.Checks;

/// <summary>Counts code points as they arrive: the one beyond the greatest length dooms the answer.</summary>
internal sealed class LengthWatch(int min, int max) : AnswerWatch
{
    private readonly byte[] carried = new byte[4]; // The beginning of a code point whose rest has not come.
    private int carriedLength;
    private int count;
    private long counted; // Bytes of the code points that are counted.
    private long? doomedAt;

    public override long? DoomedAt => doomedAt;

    public override string? Detail => doomedAt is null ? null : $"The answer has more than {max} characters; at most {max} were expected.";

    /// <summary>A length has no part that could be valid by itself: it is enough that the least length is reached.</summary>
    public override bool HasValidPrefix => doomedAt is null && count > 0 && count >= min;

    public override bool Append(ReadOnlySpan<byte> text)
    {
        while (doomedAt is null && !text.IsEmpty)
        {
            if (carriedLength > 0) TakeCarried(ref text);
            else Take(ref text);
        }
        return doomedAt is null;
    }

    private void Take(ref ReadOnlySpan<byte> text)
    {
        var status = Rune.DecodeFromUtf8(text, out _, out var used);
        if (count == max) doomedAt = counted; // Whatever these bytes become, they are one character at least.
        else if (status == OperationStatus.NeedMoreData) Carry(ref text);
        else Count(ref text, used, used);
    }

    private void TakeCarried(ref ReadOnlySpan<byte> text)
    {
        carried[carriedLength] = text[0];
        var status = Rune.DecodeFromUtf8(carried.AsSpan(0, carriedLength + 1), out _, out var used);
        if (status == OperationStatus.NeedMoreData)
        {
            carriedLength++;
            text = text[1..];
            return;
        }
        // A whole character takes the new byte too; a broken one ends before it, and the byte begins the next.
        var fromText = Math.Max(0, used - carriedLength);
        carriedLength = 0;
        Count(ref text, used, fromText);
    }

    private void Carry(ref ReadOnlySpan<byte> text)
    {
        text.CopyTo(carried);
        carriedLength = text.Length;
        text = [];
    }

    private void Count(ref ReadOnlySpan<byte> text, int bytes, int fromText)
    {
        count++;
        counted += bytes;
        text = text[fromText..];
    }
}
