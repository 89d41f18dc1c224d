using System.Globalization;

namespace Rung.Control.Audit;

/// <summary>Figures in sentences.</summary>
internal static class Figures
{
    private const decimal NanoPerUsd = 1_000_000_000m;

    /// <summary><c>1,234,567</c>.</summary>
    public static string Number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary><c>12 %</c>, <c>1.2 %</c> below ten, <c>0.04 %</c> below one tenth.</summary>
    public static string Percent(double share) => share switch
    {
        0 => "0 %",
        >= 0.0995 => (share * 100).ToString("0", CultureInfo.InvariantCulture) + " %",
        >= 0.001 => (share * 100).ToString("0.#", CultureInfo.InvariantCulture) + " %",
        _ => (share * 100).ToString("0.####", CultureInfo.InvariantCulture) + " %",
    };

    /// <summary>The same of thousandths.</summary>
    public static string Permille(int permille) => Percent(permille / 1000.0);

    /// <summary>Dollars of nano-dollars: <c>$1,234</c>, <c>$12.34</c>, <c>$0.0012</c>.</summary>
    public static string Usd(long nano)
    {
        var usd = Math.Abs(nano / NanoPerUsd);
        var text = usd switch
        {
            0 => "0",
            >= 1000 => usd.ToString("N0", CultureInfo.InvariantCulture),
            >= 1 => usd.ToString("N2", CultureInfo.InvariantCulture),
            >= 0.0001m => usd.ToString("0.####", CultureInfo.InvariantCulture),
            _ => usd.ToString("0.#########", CultureInfo.InvariantCulture),
        };
        return $"{(nano < 0 ? "-" : "")}${text}";
    }

    /// <summary><c>412 of 430 (96 %)</c>.</summary>
    public static string Of(Share share) => $"{Number(share.Events)} of {Number(share.Known)} ({Percent(share.Value ?? 0)})";
}
