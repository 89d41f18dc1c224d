namespace Rung.Core.Checks.Json;

/// <summary>Strings, numbers and literals, each of which may be cut anywhere; and the text of containers, kept on demand.</summary>
internal abstract partial class JsonScanner
{
    private const int MostKept = 1 << 20; // Larger buffers are not kept for the next text.

    private enum Digits : byte { Sign, Zero, Whole, Point, Fraction, Exponent, ExponentSign, Power }

    private int escape;              // Of a string: 0 outside an escape, -1 behind the backslash, else hexadecimal digits that are missing.
    private int continuation;        // Bytes that the character still needs.
    private byte lowest, highest;    // What the next byte of the character may be.
    private Digits digits;
    private JsonKind literal;

    private bool IsWholeNumber => digits is Digits.Zero or Digits.Whole or Digits.Fraction or Digits.Power;

    /// <summary>Keeps the text of the container that begins here, for <see cref="KeptFrom"/> at its end. A container inside one that is kept is kept with it.</summary>
    /// <returns>What to ask for at its end.</returns>
    protected long KeepFrom()
    {
        if (keptFrom >= 0) return Position;
        keptFrom = Position;
        keptLength = 0;
        keptUpTo = (int)(Position - before);
        return Position;
    }

    /// <summary>The text of the container that ends here.</summary>
    /// <param name="start">What <see cref="KeepFrom"/> gave.</param>
    protected ReadOnlySpan<byte> KeptFrom(long start)
    {
        var text = kept.AsSpan((int)(start - keptFrom), keptLength - (int)(start - keptFrom));
        if (start == keptFrom) keptFrom = -1;
        return text;
    }

    private void Keep(ReadOnlySpan<byte> text, int upTo)
    {
        var added = text[keptUpTo..upTo];
        if (keptLength + added.Length > kept.Length) Array.Resize(ref kept, Math.Max(Math.Max(256, kept.Length * 2), keptLength + added.Length));
        added.CopyTo(kept.AsSpan(keptLength));
        keptLength += added.Length;
        keptUpTo = upTo;
    }

    private int BeginString(ReadOnlySpan<byte> text, int at, Open kind)
    {
        if (DoomedAt is not null) return at;
        (open, tokenStart, carried, escaped) = (kind, before + at, 0, false);
        return String(text, at, at);
    }

    /// <summary>Reads on in a string.</summary>
    /// <param name="text">The piece of text.</param>
    /// <param name="from">Where the string begins or goes on in this piece.</param>
    /// <param name="at">Where to read.</param>
    private int String(ReadOnlySpan<byte> text, int from, int at)
    {
        while (at < text.Length)
        {
            if (escape == 0 && continuation == 0)
            {
                var skip = text[at..].IndexOfAnyExcept(Plain);
                if (skip < 0) break;
                at += skip;
                if (text[at] == '"') return EndString(text, from, at);
            }
            if (!IsInString(text[at]))
            {
                Doom(before + at, text[at] < ' ' ? "is not JSON: a string holds a control character that is not escaped" : escape == 0 ? "is not valid UTF-8" : "is not JSON: a string holds an escape that JSON does not have");
                return text.Length;
            }
            at++;
        }
        Carry(text[from..]);
        Position = before + text.Length;
        Partial(carry.AsSpan(0, carried), open == Open.Name, tokenStart);
        return text.Length;
    }

    /// <summary>Takes one byte of a string that is not simply part of it.</summary>
    private bool IsInString(byte next)
    {
        if (escape > 0)
        {
            escape--;
            return char.IsAsciiHexDigit((char)next);
        }
        if (escape < 0)
        {
            escape = next == 'u' ? 4 : 0;
            return next is (byte)'u' or (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t';
        }
        if (continuation > 0)
        {
            var fits = next >= lowest && next <= highest;
            (lowest, highest) = (0x80, 0xBF);
            continuation--;
            return fits;
        }
        if (next == '\\')
        {
            escape = -1;
            return escaped = true;
        }
        // The Unicode Standard, table 3-7: well-formed byte sequences of UTF-8.
        (continuation, lowest, highest) = next switch
        {
            >= 0xC2 and <= 0xDF => (1, (byte)0x80, (byte)0xBF),
            0xE0 => (2, (byte)0xA0, (byte)0xBF),
            0xED => (2, (byte)0x80, (byte)0x9F),
            >= 0xE1 and <= 0xEF => (2, (byte)0x80, (byte)0xBF),
            0xF0 => (3, (byte)0x90, (byte)0xBF),
            0xF4 => (3, (byte)0x80, (byte)0x8F),
            >= 0xF1 and <= 0xF3 => (3, (byte)0x80, (byte)0xBF),
            _ => (0, (byte)0, (byte)0),
        };
        return continuation > 0;
    }

    private int EndString(ReadOnlySpan<byte> text, int from, int at)
    {
        var raw = Whole(text[from..at]);
        Position = before + at;
        var isName = open == Open.Name;
        open = Open.Nothing;
        carried = 0;
        if (isName)
        {
            expect = Expect.Colon;
            Name(raw, escaped, tokenStart);
        }
        else
        {
            expect = Expect.After;
            EndScalar(JsonKind.String, raw, escaped, tokenStart);
            EndPart();
        }
        return at + 1;
    }

    private int BeginNumber(ReadOnlySpan<byte> text, int at)
    {
        BeginValue(JsonKind.Number);
        if (DoomedAt is not null) return at;
        (open, tokenStart, carried) = (Open.Number, before + at, 0);
        digits = text[at] switch { (byte)'-' => Digits.Sign, (byte)'0' => Digits.Zero, _ => Digits.Whole };
        return Number(text, at, at + 1);
    }

    private int Number(ReadOnlySpan<byte> text, int from) => Number(text, from, from);

    private int Number(ReadOnlySpan<byte> text, int from, int at)
    {
        for (; at < text.Length; at++)
        {
            if (TryDigit(text[at])) continue;
            if (!IsWholeNumber)
            {
                Doom(before + at, $"is not JSON: a number breaks off at byte {before + at + 1}");
                return text.Length;
            }
            open = Open.Nothing;
            Position = before + at;
            EndNumber(Whole(text[from..at]));
            return at;
        }
        Carry(text[from..]);
        return at;
    }

    /// <summary>Takes one byte of a number; false when the number ends before it.</summary>
    private bool TryDigit(byte next)
    {
        var isDigit = next is >= (byte)'0' and <= (byte)'9';
        switch (digits)
        {
            case Digits.Whole or Digits.Fraction or Digits.Power when isDigit: return true;
            case Digits.Sign when isDigit: digits = next == '0' ? Digits.Zero : Digits.Whole; return true;
            case Digits.Zero or Digits.Whole when next == '.': digits = Digits.Point; return true;
            case Digits.Point when isDigit: digits = Digits.Fraction; return true;
            case Digits.Zero or Digits.Whole or Digits.Fraction when next is (byte)'e' or (byte)'E': digits = Digits.Exponent; return true;
            case Digits.Exponent when next is (byte)'+' or (byte)'-': digits = Digits.ExponentSign; return true;
            case Digits.Exponent or Digits.ExponentSign when isDigit: digits = Digits.Power; return true;
            default: return false;
        }
    }

    private void EndNumber(ReadOnlySpan<byte> raw)
    {
        carried = 0;
        expect = Expect.After;
        EndScalar(JsonKind.Number, raw, hasEscapes: false, tokenStart);
        EndPart();
    }

    private int BeginLiteral(ReadOnlySpan<byte> text, int at, JsonKind kind)
    {
        BeginValue(kind);
        if (DoomedAt is not null) return at;
        (open, literal, tokenStart, carried) = (Open.Literal, kind, before + at, 0);
        return Literal(text, at);
    }

    private int Literal(ReadOnlySpan<byte> text, int from)
    {
        var word = literal switch { JsonKind.True => "true"u8, JsonKind.False => "false"u8, _ => "null"u8 };
        var missing = word[carried..];
        var there = text[from..Math.Min(text.Length, from + missing.Length)];
        var same = there.CommonPrefixLength(missing);
        if (same < there.Length)
        {
            Doom(before + from + same, $"is not JSON: fault at byte {before + from + same + 1}, near {Excerpt.Of(text[(from + same)..])}");
            return text.Length;
        }
        if (same < missing.Length)
        {
            Carry(there);
            return text.Length;
        }
        (open, carried, expect) = (Open.Nothing, 0, Expect.After);
        Position = before + from + same - 1;
        EndScalar(literal, word, hasEscapes: false, tokenStart);
        EndPart();
        return from + same;
    }
}
