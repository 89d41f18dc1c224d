using System.Collections.Immutable;
using Rung.Control.Audit;
using Rung.Control.Imports;
using Rung.Core.Prices;
using Rung.Core.Spans;

namespace Rung.Control.Tests.Audit.Rating;

/// <summary>A small price book with round prices, and calls that it prices.</summary>
internal static class Priced
{
    /// <summary>A Tuesday.</summary>
    public static readonly DateTimeOffset Start = new(2026, 10, 6, 12, 0, 0, TimeSpan.Zero);
    /// <summary>From this instant on, acme's model costs half.</summary>
    public static readonly DateTimeOffset Cheaper = new(2026, 10, 20, 0, 0, 0, TimeSpan.Zero);

    /// <summary>acme/big: 3 and 15 USD per million tokens, twice that above 200,000 input tokens; acme/small: a tenth; acme/gone: its price has ended.</summary>
    public static readonly PriceBook Book = new()
    {
        Compiled = new DateOnly(2026, 11, 1),
        Entries =
        [
            new PriceSchedule
            {
                Provider = "acme", Model = "big",
                Periods =
                [
                    new PricePeriod
                    {
                        To = Cheaper, Rates = Rates(1), Tiers = [new PriceTier(200_000, Rates(2))], FlexPermille = 500, PriorityPermille = 2000, Source = "test",
                    },
                    new PricePeriod { From = Cheaper, Rates = Rates(1) with { Input = 1_500_000, Output = 7_500_000 }, Source = "test" },
                ],
            },
            new PriceSchedule { Provider = "acme", Model = "small", Periods = [new PricePeriod { Rates = new PriceRates { Input = 300_000, Output = 1_500_000 }, Source = "test" }] },
            new PriceSchedule { Provider = "acme", Model = "gone", Periods = [new PricePeriod { To = new DateTimeOffset(2026, 9, 1, 0, 0, 0, TimeSpan.Zero), Rates = Rates(1), Source = "test" }] },
            new PriceSchedule
            {
                Provider = "acme", Model = "peak",
                Periods = [new PricePeriod { Rates = Rates(1), Peak = new PeakHours([(11 * 60, 13 * 60)], 3000), Source = "test" }],
            },
        ],
    };

    public static ImportedCall Call(string model = "big", long input = 1_000, long output = 200) => new()
    {
        Source = "test", Key = "k", StartedAt = Start, Provider = "acme", Model = model, Status = ImportedStatus.Answered,
        Usage = new TokenUsage { Input = input, Output = output, Source = UsageSource.Provider },
    };

    public static ImportedCall Sum(long requests, long input, long output = 0) =>
        Call(input: input, output: output) with { Granularity = ImportGranularity.Bucket, Requests = requests };

    public static long? Cost(ImportedCall call, DateTimeOffset? fixedDate = null) => new CallRater(Book, fixedDate).Rate(call).CostNanoUsd;

    private static PriceRates Rates(int times) => new()
    {
        Input = 3_000_000 * times, Output = 15_000_000 * times, CacheRead = 300_000 * times, CacheWrite = 3_750_000 * times, CacheWriteLong = 6_000_000 * times,
    };
}
