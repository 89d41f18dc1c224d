using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Rung.Core.Prices;

/// <summary>Reads <see cref="PriceBookFile"/>'s format.</summary>
internal static class PriceBookReader
{
    private const int MostModels = 100_000;

    private static readonly string[] BookMembers = ["format", "unit", "compiled", "newest_observation", "sources", "models"];
    private static readonly string[] ModelMembers =
        ["provider", "model", "kind", "status", "aliases", "context", "max_output", "capabilities", "temperature", "note", "periods"];
    private static readonly string[] RateMembers =
        ["input", "output", "cache_read", "cache_write", "cache_write_long", "audio_input", "audio_output"];
    private static readonly string[] PeriodMembers =
        [.. RateMembers, "from", "to", "tiers", "flex", "priority", "peak", "promotion_until", "source", "confidence"];
    private static readonly string[] TierMembers = [.. RateMembers, "above"];

    public static PriceBook Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return ReadBook(new JsonNodeAt(document.RootElement, ""));
        }
        catch (JsonException e)
        {
            throw new PriceBookException("", $"This is not JSON (line {e.LineNumber + 1}): {e.Message}");
        }
    }

    private static PriceBook ReadBook(JsonNodeAt book)
    {
        book.RequireMembers(BookMembers);
        if (book.Member("format").Text() != PriceBookFile.Format) throw book.Member("format").Fault($"The format must be \"{PriceBookFile.Format}\".");
        if (book.Optional("unit") is { } unit && unit.Text() != "USD per million tokens") throw unit.Fault("The unit must be \"USD per million tokens\".");

        var entries = new List<PriceSchedule>();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var model in book.Member("models").Items())
        {
            if (entries.Count == MostModels) throw model.Fault($"A book has at most {MostModels} models.");
            var entry = ReadModel(model);
            foreach (var name in entry.Aliases.Prepend(entry.Model))
            {
                if (!names.Add(PriceBook.EntryKey(entry.Provider, name))) throw model.Fault($"{entry.Provider} already has a model named {name}.");
            }
            entries.Add(entry);
        }
        return new PriceBook
        {
            Entries = entries,
            Compiled = book.Member("compiled").Date(),
            NewestObservation = book.Optional("newest_observation")?.Date(),
            Sources = book.Optional("sources")?.Members().ToImmutableSortedDictionary(member => member.Name, member => member.Value.Text(), StringComparer.Ordinal)
                ?? ImmutableSortedDictionary<string, string>.Empty,
        };
    }

    private static PriceSchedule ReadModel(JsonNodeAt model)
    {
        model.RequireMembers(ModelMembers);
        var periods = model.Member("periods").Items().Select(ReadPeriod).ToImmutableArray();
        if (periods.IsEmpty) throw model.Member("periods").Fault("A model needs at least one period.");
        for (var i = 1; i < periods.Length; i++)
        {
            if (periods[i - 1].To is not { } ended || periods[i].From is not { } began || began < ended)
            {
                throw model.Member("periods").Fault($"Period {i} must begin where the one before it ends, or later.");
            }
        }
        return new PriceSchedule
        {
            Provider = model.Member("provider").Text(),
            Model = model.Member("model").Text(),
            Kind = model.Optional("kind")?.OneOf("chat", "embedding") ?? "chat",
            Status = model.Optional("status")?.OneOf("current", "preview", "announced", "legacy", "retired") ?? "current",
            Aliases = model.Optional("aliases")?.Texts() ?? [],
            Context = model.Optional("context")?.Count(),
            MaxOutput = model.Optional("max_output")?.Count(),
            Capabilities = model.Optional("capabilities")?.Texts() ?? [],
            Temperature = model.Optional("temperature")?.Text() ?? "yes",
            Note = model.Optional("note")?.Text(),
            Periods = periods,
        };
    }

    private static PricePeriod ReadPeriod(JsonNodeAt period)
    {
        period.RequireMembers(PeriodMembers);
        var from = period.Optional("from")?.Date();
        var to = period.Optional("to")?.Date();
        if (from >= to) throw period.Fault("A period must end after it begins.");

        return new PricePeriod
        {
            From = Instant(from),
            To = Instant(to),
            Rates = ReadRates(period),
            Tiers = period.Optional("tiers") is { } tiers ? ReadTiers(tiers) : [],
            FlexPermille = period.Optional("flex")?.Permille(),
            PriorityPermille = period.Optional("priority")?.Permille(),
            Peak = period.Optional("peak") is { } peak ? ReadPeak(peak) : null,
            PromotionUntil = period.Optional("promotion_until")?.Date(),
            Source = string.Join(',', period.Member("source").Texts()),
            Confidence = period.Optional("confidence")?.OneOf("high", "medium", "low") ?? "high",
        };
    }

    private static PriceRates ReadRates(JsonNodeAt rates) => new()
    {
        Input = rates.Member("input").Rate(),
        Output = rates.Member("output").Rate(),
        CacheRead = rates.Optional("cache_read")?.Rate(),
        CacheWrite = rates.Optional("cache_write")?.Rate(),
        CacheWriteLong = rates.Optional("cache_write_long")?.Rate(),
        AudioInput = rates.Optional("audio_input")?.Rate(),
        AudioOutput = rates.Optional("audio_output")?.Rate(),
    };

    private static ImmutableArray<PriceTier> ReadTiers(JsonNodeAt tiers)
    {
        var read = ImmutableArray.CreateBuilder<PriceTier>();
        foreach (var tier in tiers.Items())
        {
            tier.RequireMembers(TierMembers);
            var above = tier.Member("above").Count();
            if (read.Count > 0 && above <= read[^1].AboveInput) throw tier.Member("above").Fault("Tiers go from the lowest threshold to the highest.");
            read.Add(new PriceTier(above, ReadRates(tier)));
        }
        return read.ToImmutable();
    }

    private static PeakHours ReadPeak(JsonNodeAt peak)
    {
        peak.RequireMembers(["utc", "times"]);
        var windows = ImmutableArray.CreateBuilder<(int, int)>();
        foreach (var window in peak.Member("utc").Items())
        {
            var (from, to) = window.Text().Split('-') is [var begin, var end] ? (Minute(begin), Minute(end)) : (null, null);
            if (from is null || to is null || from >= to) throw window.Fault("A window is written \"HH:MM-HH:MM\", up to 24:00.");
            windows.Add((from.Value, to.Value));
        }
        return new PeakHours(windows.ToImmutable(), peak.Member("times").Permille());
    }

    private static int? Minute(string time)
    {
        if (time == "24:00") return 24 * 60;
        return TimeOnly.TryParseExact(time, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed) ? parsed.Hour * 60 + parsed.Minute : null;
    }

    private static DateTimeOffset? Instant(DateOnly? day) => day is { } known ? new DateTimeOffset(known, TimeOnly.MinValue, TimeSpan.Zero) : null;
}
