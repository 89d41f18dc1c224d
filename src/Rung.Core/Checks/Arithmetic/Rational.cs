using System.Globalization;
using System.Numerics;

namespace Rung.Core.Checks.Arithmetic;

/// <summary>An exact fraction, bounded in size: what would grow beyond the bound is not computed at all.</summary>
internal readonly record struct Rational(BigInteger Numerator, BigInteger Denominator)
{
    private const int MostBits = 2048;
    private const int MostPower = 64;

    /// <summary>A hundredth.</summary>
    public static Rational Percent { get; } = new(1, 100);

    public static Rational Of(long value) => new(value, 1);

    public static Rational Of(decimal value) => TryParse(value.ToString(CultureInfo.InvariantCulture), out var number) ? number : default;

    /// <summary>Reads plain decimal digits with an optional sign and point.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Rational number)
    {
        number = default;
        var point = text.IndexOf('.');
        var decimals = point < 0 ? 0 : text.Length - point - 1;
        var digits = point < 0 ? text.ToString() : string.Concat(text[..point], text[(point + 1)..]);
        if (digits.Length is 0 or > 60 || !BigInteger.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)) return false;
        number = Reduced(whole, BigInteger.Pow(10, decimals));
        return true;
    }

    public static Rational? Add(Rational left, Rational right) => Bounded((left.Numerator * right.Denominator) + (right.Numerator * left.Denominator), left.Denominator * right.Denominator);

    public static Rational? Multiply(Rational left, Rational right) => Bounded(left.Numerator * right.Numerator, left.Denominator * right.Denominator);

    /// <summary>Null for a division by zero.</summary>
    public static Rational? Divide(Rational left, Rational right) => right.Numerator.IsZero ? null : Bounded(left.Numerator * right.Denominator, left.Denominator * right.Numerator);

    /// <summary>Null unless the exponent is a whole number of at most 64 in size, and the result is not too large.</summary>
    public static Rational? Power(Rational value, Rational exponent)
    {
        if (!exponent.Denominator.IsOne || BigInteger.Abs(exponent.Numerator) > MostPower) return null;
        var power = (int)exponent.Numerator;
        if (power < 0) return value.Numerator.IsZero ? null : Power(Reduced(value.Denominator, value.Numerator), Of(-power));
        if ((Math.Max(value.Numerator.GetBitLength(), value.Denominator.GetBitLength()) * power) > MostBits) return null;
        return Bounded(BigInteger.Pow(value.Numerator, power), BigInteger.Pow(value.Denominator, power));
    }

    public Rational Negated => new(-Numerator, Denominator);

    public Rational Magnitude => new(BigInteger.Abs(Numerator), Denominator);

    /// <summary>Whether the distance to another is at most this much.</summary>
    public bool IsWithin(Rational distance, Rational other) =>
        BigInteger.Abs((Numerator * other.Denominator) - (other.Numerator * Denominator)) * distance.Denominator <= distance.Numerator * Denominator * other.Denominator;

    /// <summary>Whether it is smaller than another.</summary>
    public bool IsBelow(Rational other) => Numerator * other.Denominator < other.Numerator * Denominator;

    /// <summary>Rounded to at most four decimals, for a sentence.</summary>
    public string Shown
    {
        get
        {
            var scaled = ((BigInteger.Abs(Numerator) * 20_000) + Denominator) / (Denominator * 2);
            var whole = (scaled / 10_000).ToString(CultureInfo.InvariantCulture);
            if (whole.Length > 30) return "a number of " + whole.Length.ToString(CultureInfo.InvariantCulture) + " digits";
            var decimals = ((int)(scaled % 10_000)).ToString("0000", CultureInfo.InvariantCulture).TrimEnd('0');
            return $"{(Numerator.Sign < 0 && !scaled.IsZero ? "-" : "")}{whole}{(decimals.Length == 0 ? "" : "." + decimals)}";
        }
    }

    private static Rational? Bounded(BigInteger numerator, BigInteger denominator)
    {
        var reduced = Reduced(numerator, denominator);
        return reduced.Numerator.GetBitLength() > MostBits || reduced.Denominator.GetBitLength() > MostBits ? null : reduced;
    }

    private static Rational Reduced(BigInteger numerator, BigInteger denominator)
    {
        var divisor = BigInteger.GreatestCommonDivisor(numerator, denominator);
        if (denominator.Sign < 0) divisor = -divisor;
        return divisor.IsZero ? default : new Rational(numerator / divisor, denominator / divisor);
    }
}
