namespace Rung.Control.Audit;

/// <summary>Amounts and counts as people read them.</summary>
public static class Money
{
    /// <summary>US dollars: whole ones from a thousand on, cents below, and as many decimals as a small amount needs.</summary>
    /// <param name="nanoUsd">Nano-USD.</param>
    public static string Usd(long nanoUsd)
    {
        var usd = nanoUsd / 1_000_000_000m;
        var sign = usd < 0 ? "-" : "";
        var size = Math.Abs(usd);
        return sign + size switch
        {
            0 => "$0.00",
            >= 999.995m => $"${size:#,0}",
            >= 0.1m => $"${size:0.00}",
            >= 0.00095m => $"${size:0.0000}",
            _ => $"${size:0.000000}",
        };
    }

    /// <summary>A range of amounts: <c>$2,600 to $3,600</c>.</summary>
    public static string Range(long low, long high) => $"{Usd(low)} to {Usd(high)}";

    /// <summary>A share as a percentage: whole ones from ten on.</summary>
    /// <param name="share">A share of 1.</param>
    public static string Percent(double share) => Math.Abs(share) switch
    {
        >= 0.0995 => $"{share * 100:#,0} %",
        0 => "0 %",
        < 0.0005 => share < 0 ? "> -0.1 %" : "< 0.1 %",
        _ => $"{share * 100:0.0} %",
    };

    /// <summary>A large count in short: <c>1.2 M</c>; below ten thousand as it is.</summary>
    public static string Count(long count) => Math.Abs(count) switch
    {
        < 10_000 => $"{count:#,0}",
        < 999_950 => $"{count / 1e3:0.0} k",
        < 999_950_000 => $"{count / 1e6:0.0} M",
        _ => $"{count / 1e9:#,0.0} G",
    };

    /// <summary>A number and its word: <c>1 call</c>, <c>12,345 calls</c>.</summary>
    public static string Of(long count, string word) => $"{count:#,0} {word}{(count == 1 ? "" : "s")}";
}
