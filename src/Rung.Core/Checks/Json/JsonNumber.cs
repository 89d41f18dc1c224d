using System.Globalization;
using System.Numerics;
using System.Text;

namespace Rung.Core.Checks.Json;

/// <summary>
/// A decimal number of any size, held exactly: ±0.d₁d₂…dₙ × 10^scale, without leading or trailing zeros. JSON puts no limit on
/// numbers, and both <c>double</c> and <c>decimal</c> would round some answers into (or out of) their bounds.
/// </summary>
internal readonly struct JsonNumber : IEquatable<JsonNumber>, IComparable<JsonNumber>
{
    /// <summary>Exponents beyond this are held at it: such numbers compare as equally huge (or tiny), which no bound can tell.</summary>
    private const long ExponentLimit = 1_000_000_000_000;

    private readonly string? digits; // Significant digits; null or empty is zero.
    private readonly long exponent;  // Of the last digit: value = digits × 10^exponent.
    private readonly bool negative;

    private JsonNumber(bool negative, string digits, long exponent) =>
        (this.negative, this.digits, this.exponent) = digits.Length == 0 ? (false, "", 0) : (negative, digits, exponent);

    /// <summary>Whether the value has no fraction: <c>1.0</c> and <c>1e3</c> are integers.</summary>
    public bool IsInteger => exponent >= 0;

    private string Digits => digits ?? "";
    private int Sign => Digits.Length == 0 ? 0 : negative ? -1 : 1;

    /// <summary>The same value as a <see cref="decimal"/>.</summary>
    public static JsonNumber From(decimal value) =>
        TryParse(value.ToString(CultureInfo.InvariantCulture), out var number) ? number : default;

    /// <summary>Reads a number: JSON's form, and also a leading plus sign, leading zeros, and a bare point (<c>.5</c>, <c>5.</c>).</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out JsonNumber number)
    {
        number = default;
        var at = 0;
        var isNegative = text.Length > 0 && text[0] == '-';
        if (text.Length > 0 && text[0] is '-' or '+') at++;

        var whole = DigitsAhead(text[at..]);
        var wholeDigits = text.Slice(at, whole);
        at += whole;
        var fraction = ReadOnlySpan<char>.Empty;
        if (at < text.Length && text[at] == '.')
        {
            fraction = text.Slice(at + 1, DigitsAhead(text[(at + 1)..]));
            at += 1 + fraction.Length;
        }
        if (wholeDigits.Length + fraction.Length == 0) return false;

        var power = 0L;
        if (at < text.Length && text[at] is 'e' or 'E' && !TryReadExponent(text, ref at, out power)) return false;
        if (at != text.Length) return false;

        number = Canonical(isNegative, wholeDigits, fraction, power);
        return true;
    }

    /// <summary>Whether this is a whole multiple of <paramref name="divisor"/>, which is not zero. Exact, and linear in the digits.</summary>
    public bool IsMultipleOf(JsonNumber divisor)
    {
        if (Sign == 0) return true;
        // The digits do not end in a zero, so they are no multiple of ten: a divisor with a greater exponent cannot fit.
        if (divisor.exponent > exponent) return false;

        var modulus = BigInteger.Parse(divisor.Digits, CultureInfo.InvariantCulture);
        var remainder = BigInteger.Zero;
        for (var i = 0; i < Digits.Length; i += 18) // Horner, eighteen digits at a time: what fits a long.
        {
            var chunk = Digits.AsSpan(i, Math.Min(18, Digits.Length - i));
            remainder = ((remainder * BigInteger.Pow(10, chunk.Length)) + long.Parse(chunk, CultureInfo.InvariantCulture)) % modulus;
        }
        return (remainder * BigInteger.ModPow(10, exponent - divisor.exponent, modulus) % modulus).IsZero;
    }

    /// <summary>Reads a count (a whole number from 0), as the keywords of a schema need it; counts beyond an int are held at its limit.</summary>
    public bool TryGetCount(out int count)
    {
        count = 0;
        if (negative || !IsInteger) return false;
        if (Digits.Length + exponent > 10) count = int.MaxValue;
        else if (Sign != 0) count = (int)Math.Min(int.MaxValue, long.Parse(Digits, CultureInfo.InvariantCulture) * (long)Math.Pow(10, exponent));
        return true;
    }

    /// <summary>Whether the value is greater than zero.</summary>
    public bool IsPositive => Sign > 0;

    /// <summary>The nearest number of binary floating point; infinite beyond its range.</summary>
    public double ToDouble() => double.Parse($"{(negative ? "-" : "")}{(Digits.Length == 0 ? "0" : Digits)}E{Math.Clamp(exponent, -100_000, 100_000)}", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public int CompareTo(JsonNumber other)
    {
        if (Sign != other.Sign) return Sign.CompareTo(other.Sign);
        if (Sign == 0) return 0;
        var magnitude = (Digits.Length + exponent).CompareTo(other.Digits.Length + other.exponent);
        if (magnitude == 0) magnitude = string.CompareOrdinal(Digits, other.Digits); // A missing digit is a zero, and sorts first.
        return negative ? -magnitude : magnitude;
    }

    /// <inheritdoc/>
    public bool Equals(JsonNumber other) => CompareTo(other) == 0;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is JsonNumber other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(negative, Digits);

    private static int DigitsAhead(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExceptInRange('0', '9');
        return end < 0 ? text.Length : end;
    }

    private static bool TryReadExponent(ReadOnlySpan<char> text, ref int at, out long power)
    {
        power = 0;
        at++;
        var isNegative = at < text.Length && text[at] == '-';
        if (at < text.Length && text[at] is '-' or '+') at++;
        var length = DigitsAhead(text[at..]);
        foreach (var digit in text.Slice(at, length)) power = Math.Min(ExponentLimit, (power * 10) + (digit - '0'));
        if (isNegative) power = -power;
        at += length;
        return length > 0;
    }

    private static JsonNumber Canonical(bool isNegative, ReadOnlySpan<char> whole, ReadOnlySpan<char> fraction, long power)
    {
        var all = new StringBuilder(whole.Length + fraction.Length).Append(whole).Append(fraction).ToString().AsSpan().TrimStart('0');
        var significant = all.TrimEnd('0');
        return new JsonNumber(isNegative, significant.ToString(), power - fraction.Length + (all.Length - significant.Length));
    }
}
