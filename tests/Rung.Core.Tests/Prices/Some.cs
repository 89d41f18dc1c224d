using Rung.Core.Prices;

namespace Rung.Core.Tests.Prices;

/// <summary>Small prices and books for tests.</summary>
internal static class Some
{
    public static readonly DateTimeOffset Sunday = new(2026, 11, 22, 2, 0, 0, TimeSpan.Zero);

    public static PriceSchedule Entry(string provider, string model, decimal input, decimal output, string source = "test") => new()
    {
        Provider = provider,
        Model = model,
        Periods = [new PricePeriod { Rates = Rates(input, output), Source = source }],
    };

    public static PriceRates Rates(decimal input, decimal output, decimal? cacheRead = null) =>
        new() { Input = Pico(input), Output = Pico(output), CacheRead = cacheRead is { } read ? Pico(read) : null };

    public static PriceBook Book(params PriceSchedule[] entries) => new() { Entries = entries, Compiled = new DateOnly(2026, 1, 1) };

    public static long Pico(decimal usdPerMillion) => PriceUnits.TryToPico(usdPerMillion, out var pico) ? pico : throw new ArgumentOutOfRangeException(nameof(usdPerMillion));

    public static DateTimeOffset Day(int year, int month, int day) => new(year, month, day, 0, 0, 0, TimeSpan.Zero);

    /// <summary>USD as nano-USD.</summary>
    public static long Nano(decimal usd) => (long)(usd * 1_000_000_000m);
}
