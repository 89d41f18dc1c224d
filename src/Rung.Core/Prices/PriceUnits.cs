namespace Rung.Core.Prices;

/// <summary>Between the unit of price lists (USD per million tokens, decimal) and the unit of the arithmetic (integer pico-USD per token).</summary>
public static class PriceUnits
{
    /// <summary>1 USD per million tokens, in pico-USD per token.</summary>
    public const long PicoPerUsdPerMillion = 1_000_000;

    // A dollar a token: a hundred times the dearest price ever asked for a token, and far from overflow.
    private const decimal MostUsdPerMillion = 1_000_000m;

    /// <summary>USD per million tokens as pico-USD per token.</summary>
    /// <param name="usdPerMillion">0 to 1,000,000, with at most six decimals.</param>
    /// <param name="pico">The rate; 0 when the result is false.</param>
    /// <returns>False when the number is out of range or has more decimals than the unit can hold.</returns>
    public static bool TryToPico(decimal usdPerMillion, out long pico)
    {
        pico = 0;
        if (usdPerMillion is < 0 or > MostUsdPerMillion) return false;
        var exact = usdPerMillion * PicoPerUsdPerMillion;
        if (decimal.Truncate(exact) != exact) return false;
        pico = (long)exact;
        return true;
    }

    /// <summary>Pico-USD per token as USD per million tokens, exact, without needless zeros.</summary>
    public static decimal ToUsdPerMillion(long pico) => pico / (decimal)PicoPerUsdPerMillion;

    /// <summary>USD per million tokens, rounded to the nearest rate that the unit can hold; null when out of range.</summary>
    internal static long? Nearest(decimal usdPerMillion) =>
        TryToPico(decimal.Round(Math.Clamp(usdPerMillion, -1m, MostUsdPerMillion + 1m), 6, MidpointRounding.AwayFromZero), out var pico) ? pico : null;
}
