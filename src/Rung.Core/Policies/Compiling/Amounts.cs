using System.Globalization;

namespace Rung.Core.Policies.Compiling;

/// <summary>Exact conversions between the decimals of a policy and the integers of the engine, and their texts.</summary>
internal static class Amounts
{
    private const decimal NanoPerUsd = 1_000_000_000m;
    private const decimal PicoPerTokenPerUsdPerMillion = 1_000_000m;

    /// <summary>USD to nano-USD; the reader has made sure of at most nine decimals.</summary>
    public static long NanoUsd(decimal usd) => (long)(usd * NanoPerUsd);

    /// <summary>USD per million tokens to pico-USD per token; the reader has made sure of at most six decimals.</summary>
    public static long PicoPerToken(decimal usdPerMillion) => (long)(usdPerMillion * PicoPerTokenPerUsdPerMillion);

    /// <summary>Pico-USD per token as USD per million tokens, at least two decimals.</summary>
    public static string PerMillion(long picoPerToken) => (picoPerToken / PicoPerTokenPerUsdPerMillion).ToString("0.00####", CultureInfo.InvariantCulture);

    /// <summary>Nano-USD as USD, at least two decimals.</summary>
    public static string Usd(long nanoUsd) => (nanoUsd / NanoPerUsd).ToString("0.00#######", CultureInfo.InvariantCulture);

    /// <summary>A number without trailing zeros.</summary>
    public static string Plain(decimal? number) => number?.ToString("0.############################", CultureInfo.InvariantCulture) ?? "";
}
