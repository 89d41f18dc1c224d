using System.Globalization;

namespace Rung.Control.Imports.Reading;

/// <summary>Numbers as logs write them: as numbers, as strings, as decimals with nothing behind the point, with an exponent.</summary>
internal static class NumberReading
{
    /// <summary>Largest count that is believed, in tokens or requests; what is above is broken, not large.</summary>
    public const long Most = 1_000_000_000_000_000;

    private const decimal NanoPerUsd = 1_000_000_000m;

    // Three billion dollars: above every bill, and their nano-dollars fit three times into a long.
    private const decimal MostUsd = 3_000_000_000m;

    /// <summary>A decimal number. Understands a sign, a decimal point and an exponent; no thousands separators, no currency signs.</summary>
    /// <returns>False when it is no number, or one beyond 28 digits before the point.</returns>
    public static bool TryDecimal(ReadOnlySpan<char> text, out decimal value) =>
        decimal.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out value);

    /// <summary>A count: a whole number from 0 to <see cref="Most"/>, also when written <c>12.0</c>, <c>1.2e1</c>, or <c>1,200</c> as a spreadsheet writes it.</summary>
    public static bool TryCount(ReadOnlySpan<char> text, out long value)
    {
        text = text.Trim();
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value)) return value <= Most;
        if (IsGrouped(text)) return long.TryParse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out value) && value <= Most;
        return TryDecimal(text, out var number) && TryCount(number, out value);
    }

    /// <summary>A number as a count; false when it is negative, has a fraction or is above <see cref="Most"/>.</summary>
    public static bool TryCount(decimal number, out long value)
    {
        value = 0;
        if (number is < 0 or > Most || decimal.Truncate(number) != number) return false;
        value = (long)number;
        return true;
    }

    /// <summary>An amount: a decimal number, with a dollar sign before it or without.</summary>
    public static bool TryAmount(ReadOnlySpan<char> text, out decimal usd)
    {
        text = text.Trim();
        return TryDecimal(text.StartsWith('$') ? text[1..] : text, out usd);
    }

    /// <summary>USD as nano-USD, exact to the ninth decimal and rounded half up behind it (logs carry the noise of binary fractions there).</summary>
    /// <returns>False when it is negative or above three billion dollars.</returns>
    public static bool TryNanoUsd(decimal usd, out long nanoUsd)
    {
        nanoUsd = 0;
        if (usd is < 0 or > MostUsd) return false;
        nanoUsd = (long)decimal.Round(usd * NanoPerUsd, 0, MidpointRounding.AwayFromZero);
        return true;
    }

    // Groups of three behind the first: a comma for a decimal point does not pass.
    private static bool IsGrouped(ReadOnlySpan<char> text)
    {
        var first = text.IndexOf(',');
        if (first is < 1 or > 3 || (text.Length - first) % 4 != 0) return false;
        for (var i = 0; i < text.Length; i++)
        {
            if (i >= first && (i - first) % 4 == 0 ? text[i] != ',' : !char.IsAsciiDigit(text[i])) return false;
        }
        return true;
    }
}
