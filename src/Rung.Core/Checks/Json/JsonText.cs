using System.Globalization;

namespace Rung.Core.Checks.Json;

/// <summary>
/// The inside of JSON strings as UTF-8, in which a lone surrogate stands in the three bytes that UTF-8 would have for it: so names and values
/// are compared as bytes, whatever they hold.
/// </summary>
internal static class JsonText
{
    /// <summary>Unescapes.</summary>
    /// <param name="raw">Between the quotes; may end in the middle of an escape, of a surrogate pair or of a character, and then what is incomplete is left out.</param>
    /// <param name="into">Takes the bytes; at least as long as <paramref name="raw"/>.</param>
    /// <param name="isWhole">Whether the string has ended: then a high surrogate at the end is a character.</param>
    /// <returns>Bytes written.</returns>
    public static int Unescape(ReadOnlySpan<byte> raw, Span<byte> into, bool isWhole)
    {
        var length = 0;
        while (!raw.IsEmpty)
        {
            var plain = raw.IndexOf((byte)'\\');
            if (plain < 0) plain = raw.Length;
            raw[..plain].CopyTo(into[length..]);
            length += plain;
            raw = raw[plain..];
            if (raw.Length < 2) break;
            if (raw[1] != 'u')
            {
                into[length++] = Simple(raw[1]);
                raw = raw[2..];
                continue;
            }
            if (raw.Length < 6) break;
            int unit = Hex(raw.Slice(2, 4));
            if (char.IsHighSurrogate((char)unit))
            {
                var rest = raw[6..];
                if (!isWhole && IsCutEscape(rest)) break; // Its other half may follow.
                if (rest.Length >= 6 && rest[0] == '\\' && rest[1] == 'u' && char.IsLowSurrogate((char)Hex(rest.Slice(2, 4))))
                {
                    unit = char.ConvertToUtf32((char)unit, (char)Hex(rest.Slice(2, 4)));
                    raw = raw[6..];
                }
            }
            raw = raw[6..];
            length += Encode(unit, into[length..]);
        }
        return length;
    }

    /// <summary>A text (which may hold lone surrogates) in the same form.</summary>
    public static byte[] Encode(string text)
    {
        var bytes = new byte[text.Length * 3];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            int unit = text[i];
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1])) unit = char.ConvertToUtf32(text[i], text[++i]);
            length += Encode(unit, bytes.AsSpan(length));
        }
        return bytes[..length];
    }

    /// <summary>Code points: bytes that begin a character.</summary>
    public static int CountCodePoints(ReadOnlySpan<byte> text)
    {
        var count = 0;
        foreach (var unit in text) count += (unit & 0xC0) == 0x80 ? 0 : 1;
        return count;
    }

    /// <summary>Counts the code points of a string that has not ended, from where the last count stopped.</summary>
    /// <param name="raw">Between the quotes, as far as it is known.</param>
    /// <param name="at">Where to go on; afterwards, the first byte that cannot be counted yet.</param>
    /// <param name="count">The count.</param>
    public static void CountRaw(ReadOnlySpan<byte> raw, ref int at, ref int count)
    {
        while (at < raw.Length)
        {
            if (raw[at] != '\\')
            {
                count += (raw[at++] & 0xC0) == 0x80 ? 0 : 1;
                continue;
            }
            var rest = raw[at..];
            if (rest.Length < 2 || (rest[1] == 'u' && rest.Length < 6)) return;
            var length = rest[1] == 'u' ? 6 : 2;
            if (length == 6 && char.IsHighSurrogate((char)Hex(rest.Slice(2, 4))))
            {
                if (IsCutEscape(rest[6..])) return;
                if (rest.Length >= 12 && rest[6] == '\\' && rest[7] == 'u' && char.IsLowSurrogate((char)Hex(rest.Slice(8, 4)))) length = 12;
            }
            at += length;
            count++;
        }
    }

    private static bool IsCutEscape(ReadOnlySpan<byte> rest) => rest.Length < 6 && (rest.Length == 0 || rest[0] == '\\') && (rest.Length < 2 || rest[1] == 'u');

    private static byte Simple(byte letter) => letter switch
    {
        (byte)'n' => (byte)'\n', (byte)'r' => (byte)'\r', (byte)'t' => (byte)'\t', (byte)'b' => (byte)'\b', (byte)'f' => (byte)'\f', _ => letter,
    };

    private static ushort Hex(ReadOnlySpan<byte> digits) => ushort.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static int Encode(int unit, Span<byte> into)
    {
        switch (unit)
        {
            case < 0x80:
                into[0] = (byte)unit;
                return 1;
            case < 0x800:
                into[1] = (byte)(0x80 | (unit & 0x3F));
                into[0] = (byte)(0xC0 | (unit >> 6));
                return 2;
            case < 0x10000:
                into[2] = (byte)(0x80 | (unit & 0x3F));
                into[1] = (byte)(0x80 | ((unit >> 6) & 0x3F));
                into[0] = (byte)(0xE0 | (unit >> 12));
                return 3;
            default:
                into[3] = (byte)(0x80 | (unit & 0x3F));
                into[2] = (byte)(0x80 | ((unit >> 6) & 0x3F));
                into[1] = (byte)(0x80 | ((unit >> 12) & 0x3F));
                into[0] = (byte)(0xF0 | (unit >> 18));
                return 4;
        }
    }
}
