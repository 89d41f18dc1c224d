namespace Rung.Core.Checks.Json;

/// <summary>A decimal number of at most 18 digits without exponent, nearly every number that a model writes: read, compared and divided exactly without memory.</summary>
internal readonly struct ShortNumber
{
    private const int MostDigits = 18; // So that 10^18 times any of them fits 128 bits.

    private readonly long digits; // Value = digits / 10^scale.
    private readonly int scale;

    private ShortNumber(long digits, int scale) => (this.digits, this.scale) = (digits, scale);

    /// <summary>Reads a number in JSON's form; false for one that is longer, or has an exponent.</summary>
    public static bool TryParse(ReadOnlySpan<byte> raw, out ShortNumber number)
    {
        number = default;
        var isNegative = raw.Length > 0 && raw[0] == '-';
        if (isNegative) raw = raw[1..];
        if (raw.Length is 0 or > MostDigits + 1) return false;

        long value = 0;
        var (count, fraction) = (0, -1);
        foreach (var next in raw)
        {
            if (next == '.' && fraction < 0) fraction = 0;
            else if (next is < (byte)'0' or > (byte)'9') return false;
            else
            {
                value = (value * 10) + (next - '0');
                count++;
                if (fraction >= 0) fraction++;
            }
        }
        if (count is 0 or > MostDigits) return false;
        number = new ShortNumber(isNegative ? -value : value, Math.Max(fraction, 0));
        return true;
    }

    /// <summary>The sign of the difference.</summary>
    public int Against(ShortNumber other) =>
        scale == other.scale ? digits.CompareTo(other.digits) : Scaled(other.scale).CompareTo(other.Scaled(scale));

    /// <summary>Whether this is a whole multiple of a number that is not zero.</summary>
    public bool IsMultipleOf(ShortNumber divisor) => Scaled(divisor.scale) % divisor.Scaled(scale) == 0;

    /// <summary>The digits at the greater of the two scales.</summary>
    private Int128 Scaled(int other)
    {
        Int128 scaled = digits;
        for (var i = scale; i < other; i++) scaled *= 10;
        return scaled;
    }
}
