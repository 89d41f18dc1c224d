using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Rung.Core.Prices;

/// <summary>Prices by provider and model, dated. Immutable, and safe to share between threads.</summary>
public sealed class PriceBook
{
    private static readonly Lazy<PriceBook> EmbeddedBook = new(ReadEmbedded);

    // Built by whichever thread asks first; two threads build equal indices and either may stay.
    private FrozenDictionary<string, NamesOfProvider>? index;

    /// <summary>Every entry, by provider and model.</summary>
    public required IReadOnlyList<PriceSchedule> Entries { get; init; }
    /// <summary>The date on which the book was compiled, for the reports.</summary>
    public required DateOnly Compiled { get; init; }
    /// <summary>The newest date on which any of its prices was seen at its source; null when not stated.</summary>
    public DateOnly? NewestObservation { get; init; }
    /// <summary>What the source keys of the periods mean, in words.</summary>
    public ImmutableSortedDictionary<string, string> Sources { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>The book that ships with Rung.</summary>
    public static PriceBook Embedded => EmbeddedBook.Value;

    /// <summary>An empty book: every price is unknown unless the policy states it.</summary>
    public static PriceBook Empty { get; } = new() { Entries = [], Compiled = default };

    private FrozenDictionary<string, NamesOfProvider> Index => index ??= BuildIndex(Entries);

    /// <summary>
    /// Finds a model: exact id within the provider, then alias, then without a date suffix, then without a vendor prefix. Never a prefix match.
    /// Letter case does not matter.
    /// </summary>
    /// <returns>Null when the book does not know the model: its price is unknown, not zero.</returns>
    public PriceSchedule? Find(string provider, string model)
    {
        ArgumentNullException.ThrowIfNull(provider);
        ArgumentNullException.ThrowIfNull(model);
        if (!Index.TryGetValue(provider, out var models)) return null;

        var byName = models.BySpan;
        if (byName.TryGetValue(model, out var found)) return found;
        if (byName.TryGetValue(ModelName.WithoutDate(model), out found)) return found;

        var bare = ModelName.WithoutDecoration(model);
        if (byName.TryGetValue(bare, out found)) return found;
        return byName.TryGetValue(ModelName.WithoutDate(bare), out found) ? found : null;
    }

    /// <summary>Finds a model by its exact id or by one of its aliases within the provider, and by nothing else.</summary>
    /// <returns>Null when the book has no such name.</returns>
    public PriceSchedule? FindExactly(string provider, string model)
    {
        ArgumentNullException.ThrowIfNull(provider);
        ArgumentNullException.ThrowIfNull(model);
        return Index.TryGetValue(provider, out var models) && models.BySpan.TryGetValue(model, out var found) ? found : null;
    }

    /// <summary>This book with another laid over it: an entry of <paramref name="overrides"/> replaces the entry of the same provider and id.</summary>
    /// <param name="overrides">The book that wins, usually the user's own.</param>
    /// <returns>A book with the later of both dates and the sources of both.</returns>
    public PriceBook OverlaidBy(PriceBook overrides)
    {
        ArgumentNullException.ThrowIfNull(overrides);
        if (overrides.Entries.Count == 0) return this;

        var winning = overrides.Entries.Select(EntryKey).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return new PriceBook
        {
            Entries = [.. overrides.Entries, .. Entries.Where(entry => !winning.Contains(EntryKey(entry)))],
            Compiled = overrides.Compiled > Compiled ? overrides.Compiled : Compiled,
            NewestObservation = Later(NewestObservation, overrides.NewestObservation),
            Sources = Sources.SetItems(overrides.Sources),
        };
    }

    internal static string EntryKey(PriceSchedule entry) => EntryKey(entry.Provider, entry.Model);

    // A line feed cannot occur in a provider's name, so two different pairs never share a key.
    internal static string EntryKey(string provider, string model) => $"{provider}\n{model}";

    private static DateOnly? Later(DateOnly? left, DateOnly? right) => left is null || right > left ? right ?? left : left;

    private static FrozenDictionary<string, NamesOfProvider> BuildIndex(IReadOnlyList<PriceSchedule> entries) =>
        entries
            .GroupBy(entry => entry.Provider, StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(group => group.Key, group => new NamesOfProvider(BuildNames(group)), StringComparer.OrdinalIgnoreCase);

    // Ids first, so that an id always wins over another model's alias; among equal names the first entry wins.
    private static FrozenDictionary<string, PriceSchedule> BuildNames(IEnumerable<PriceSchedule> entries)
    {
        var names = new Dictionary<string, PriceSchedule>(StringComparer.OrdinalIgnoreCase);
        var listed = entries.ToList();
        foreach (var entry in listed) names.TryAdd(entry.Model, entry);
        foreach (var entry in listed)
        {
            foreach (var alias in entry.Aliases) names.TryAdd(alias, entry);
        }
        return names.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    private static PriceBook ReadEmbedded()
    {
        const string Name = "Rung.Core.Prices.price-book.json";
        using var resource = typeof(PriceBook).Assembly.GetManifestResourceStream(Name)
            ?? throw new InvalidOperationException($"The assembly lacks its resource {Name}.");
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return PriceBookFile.Read(bytes);
    }

    private sealed class NamesOfProvider(FrozenDictionary<string, PriceSchedule> names)
    {
        public FrozenDictionary<string, PriceSchedule>.AlternateLookup<ReadOnlySpan<char>> BySpan { get; } = names.GetAlternateLookup<ReadOnlySpan<char>>();
    }
}
