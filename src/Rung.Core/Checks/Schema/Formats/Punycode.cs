namespace Rung.Core.Checks.Schema.Formats;

/// <summary>Punycode, RFC 3492. Small texts only: the work grows with the square of their length.</summary>
internal static class Punycode
{
    // Section 5.
    private const int Base = 36;
    private const int MinThreshold = 1;
    private const int MaxThreshold = 26;
    private const int Skew = 38;
    private const int Damp = 700;
    private const int InitialBias = 72;
    private const int InitialCharacter = 0x80;
    private const int LastCharacter = 0x10FFFF;

    /// <summary>Decodes (section 6.2).</summary>
    /// <param name="encoded">Small ASCII letters, digits and hyphens.</param>
    /// <param name="decoded">Where the code points go.</param>
    /// <param name="count">How many there are.</param>
    /// <returns>False when it is no Punycode, or there is no room.</returns>
    internal static bool TryDecode(ReadOnlySpan<char> encoded, Span<int> decoded, out int count)
    {
        var basic = Math.Max(0, encoded.LastIndexOf('-'));
        count = 0;
        if (basic > decoded.Length) return false;
        for (; count < basic; count++) decoded[count] = encoded[count];

        var (at, character, place, bias) = (basic > 0 ? basic + 1 : 0, (long)InitialCharacter, 0L, InitialBias);
        while (at < encoded.Length)
        {
            var (before, weight) = (place, 1L);
            for (var k = Base; ; k += Base)
            {
                if (at >= encoded.Length || Digit(encoded[at++]) is not (>= 0 and var digit)) return false;
                place += digit * weight;
                var threshold = Threshold(k, bias);
                if (digit < threshold) break;
                weight *= Base - threshold;
                if (place > int.MaxValue || weight > int.MaxValue) return false;
            }
            if (count == decoded.Length) return false;
            bias = Adapt(place - before, count + 1, isFirst: before == 0);
            character += place / (count + 1);
            place %= count + 1;
            if (character > LastCharacter) return false;

            decoded[(int)place..count].CopyTo(decoded[((int)place + 1)..]);
            decoded[(int)place++] = (int)character;
            count++;
        }
        return true;
    }

    /// <summary>Encodes (section 6.3).</summary>
    /// <param name="text">Code points.</param>
    /// <param name="encoded">Where the characters go.</param>
    /// <returns>How many there are; -1 when there is no room.</returns>
    internal static int Encode(ReadOnlySpan<int> text, Span<char> encoded)
    {
        var length = 0;
        foreach (var character in text)
        {
            if (character >= InitialCharacter) continue;
            if (length == encoded.Length) return -1;
            encoded[length++] = (char)character;
        }
        var basic = length;
        if (basic > 0)
        {
            if (length == encoded.Length) return -1;
            encoded[length++] = '-';
        }

        var (least, delta, bias, done) = (InitialCharacter, 0L, InitialBias, basic);
        while (done < text.Length)
        {
            var next = NextCharacter(text, least);
            delta += (long)(next - least) * (done + 1);
            least = next;
            foreach (var character in text)
            {
                if (character < least) delta++;
                if (character != least) continue;
                if (!TryWrite(delta, bias, encoded, ref length)) return -1;
                bias = Adapt(delta, done + 1, isFirst: done == basic);
                delta = 0;
                done++;
            }
            delta++;
            least++;
        }
        return length;
    }

    private static bool TryWrite(long number, int bias, Span<char> encoded, ref int length)
    {
        for (var k = Base; ; k += Base)
        {
            if (length == encoded.Length) return false;
            var threshold = Threshold(k, bias);
            if (number < threshold)
            {
                encoded[length++] = Letter((int)number);
                return true;
            }
            encoded[length++] = Letter((int)(threshold + ((number - threshold) % (Base - threshold))));
            number = (number - threshold) / (Base - threshold);
        }
    }

    private static int NextCharacter(ReadOnlySpan<int> text, int least)
    {
        var next = int.MaxValue;
        foreach (var character in text)
        {
            if (character >= least && character < next) next = character;
        }
        return next;
    }

    private static int Threshold(int k, int bias) => Math.Clamp(k - bias, MinThreshold, MaxThreshold);

    /// <summary>Section 6.1.</summary>
    private static int Adapt(long delta, int points, bool isFirst)
    {
        delta = isFirst ? delta / Damp : delta / 2;
        delta += delta / points;
        var k = 0;
        for (; delta > (Base - MinThreshold) * MaxThreshold / 2; k += Base) delta /= Base - MinThreshold;
        return k + (int)((Base - MinThreshold + 1) * delta / (delta + Skew));
    }

    private static int Digit(char character) => character switch
    {
        >= 'a' and <= 'z' => character - 'a',
        >= '0' and <= '9' => character - '0' + 26,
        _ => -1,
    };

    private static char Letter(int digit) => (char)(digit < 26 ? 'a' + digit : '0' + digit - 26);
}
