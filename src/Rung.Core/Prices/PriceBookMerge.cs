using System.Collections.Immutable;

namespace Rung.Core.Prices;

/// <summary>What became of one imported model.</summary>
public enum PriceChangeKind : byte
{
    /// <summary>The book did not know the model.</summary>
    Added = 0,
    /// <summary>A rate differs: the period in force was closed and a new one begun.</summary>
    Changed = 1,
    /// <summary>Nothing differs.</summary>
    Unchanged = 2,
    /// <summary>A rate differs by more than ten times: not taken, because lists have slips. <c>force</c> takes it.</summary>
    Refused = 3,
    /// <summary>The book's own entry stays: the user stated it, the row is an alias of it, or its prices begin after the import.</summary>
    Kept = 4,
}

/// <summary>What became of one imported model.</summary>
/// <param name="Kind">What.</param>
/// <param name="Provider">Its provider.</param>
/// <param name="Model">Its id in the book.</param>
/// <param name="Before">The period that was in force on the date of the import; null when there was none.</param>
/// <param name="After">The period that the import proposes, taken or not; null when nothing differs.</param>
/// <param name="Reason">For a refusal or a kept entry, why; for a change, what a person should know; else null.</param>
public sealed record PriceChange(PriceChangeKind Kind, string Provider, string Model, PricePeriod? Before, PricePeriod? After, string? Reason);

/// <summary>A book after an import, and how it differs.</summary>
/// <param name="Book">The new book. The one that was merged into is unchanged.</param>
/// <param name="Changes">What became of every imported model, in the order of the import.</param>
public sealed record PriceBookMergeResult(PriceBook Book, ImmutableArray<PriceChange> Changes);

/// <summary>
/// Brings an imported price list into a book without touching the past: a period in force is closed on the date of the import and a new one
/// begins there, so that older calls keep their price. Entries whose source is <c>user</c> always win.
/// </summary>
public static class PriceBookMerge
{
    /// <summary>A rate may grow or shrink this many times before it is taken for a slip.</summary>
    public const int MostTimes = 10;

    /// <summary>Merges.</summary>
    /// <param name="book">The book as it is.</param>
    /// <param name="import">What was read from a list.</param>
    /// <param name="date">The day from which the list's prices hold, UTC.</param>
    /// <param name="force">Whether to take changes of more than ten times.</param>
    public static PriceBookMergeResult Merge(PriceBook book, PriceImport import, DateOnly date, bool force)
    {
        ArgumentNullException.ThrowIfNull(book);
        ArgumentNullException.ThrowIfNull(import);

        var entries = book.Entries.ToDictionary(PriceBook.EntryKey, StringComparer.OrdinalIgnoreCase);
        var order = book.Entries.Select(PriceBook.EntryKey).ToList();
        var changes = ImmutableArray.CreateBuilder<PriceChange>(import.Entries.Length);
        var at = new DateTimeOffset(date, TimeOnly.MinValue, TimeSpan.Zero);

        foreach (var imported in import.Entries)
        {
            var proposed = imported.Periods[0] with { From = at, To = null };
            if (book.FindExactly(imported.Provider, imported.Model) is not { } existing)
            {
                var key = PriceBook.EntryKey(imported);
                if (!entries.TryAdd(key, imported with { Periods = [proposed] })) continue;
                order.Add(key);
                changes.Add(new PriceChange(PriceChangeKind.Added, imported.Provider, imported.Model, null, proposed, null));
                continue;
            }
            var (change, entry) = MergeOne(existing, imported, proposed, at, force);
            entries[PriceBook.EntryKey(existing)] = entry;
            changes.Add(change);
        }
        return new PriceBookMergeResult(
            new PriceBook
            {
                Entries = [.. order.Select(key => entries[key])],
                Compiled = date > book.Compiled ? date : book.Compiled,
                NewestObservation = book.NewestObservation is { } newest && newest > date ? newest : date,
                Sources = book.Sources.SetItem(import.Source, $"imported on {date:yyyy-MM-dd}"),
            },
            changes.MoveToImmutable());
    }

    private static (PriceChange Change, PriceSchedule Entry) MergeOne(
        PriceSchedule existing, PriceSchedule imported, PricePeriod proposed, DateTimeOffset at, bool force)
    {
        var current = existing.At(at);
        PriceChange Change(PriceChangeKind kind, string? reason = null) => new(kind, existing.Provider, existing.Model, current, kind == PriceChangeKind.Unchanged ? null : proposed, reason);

        if (!string.Equals(existing.Model, imported.Model, StringComparison.OrdinalIgnoreCase))
        {
            // A dated or "latest" name of the same model: only the row under the model's own name may change its price.
            return (Change(PriceChangeKind.Kept, $"{imported.Model} is an alias in the book"), existing);
        }
        if (existing.Periods[^1].Source.Split(',').Contains("user", StringComparer.Ordinal)) return (Change(PriceChangeKind.Kept, "the user stated this price"), existing);
        if (current is null && existing.Status == "retired") return (Change(PriceChangeKind.Kept, "the model is retired; old calls keep its old price"), existing);
        if (current is null) return (Change(PriceChangeKind.Changed, "its last price had ended"), WithLimits(existing, imported) with { Periods = [.. existing.Periods, proposed] });
        if (at < current.From) return (Change(PriceChangeKind.Kept, $"the book's prices begin only on {current.From:yyyy-MM-dd}"), existing);

        proposed = Complete(proposed, current);
        if (SamePrice(proposed, current)) return (Change(PriceChangeKind.Unchanged), WithLimits(existing, imported));
        if (!force && Leap(current, proposed) is { } leap) return (Change(PriceChangeKind.Refused, leap), existing);

        // A price that is already announced for later still comes when it was announced.
        proposed = proposed with { To = current.To };
        var index = existing.Periods.IndexOf(current);
        var periods = current.From == at
            ? existing.Periods.SetItem(index, proposed) // The period has no past yet.
            : existing.Periods.SetItem(index, current with { To = at }).Insert(index + 1, proposed);
        return (Change(PriceChangeKind.Changed, Lost(current, proposed)), WithLimits(existing, imported) with { Periods = periods });
    }

    /// <summary>
    /// A list that does not state a detail does not deny it. While input and output cost the same, what it leaves out stays as it was; when they
    /// do not, old details would be guesses, and only the multipliers and hours stay.
    /// </summary>
    private static PricePeriod Complete(PricePeriod proposed, PricePeriod current)
    {
        var kept = proposed with
        {
            FlexPermille = proposed.FlexPermille ?? current.FlexPermille,
            PriorityPermille = proposed.PriorityPermille ?? current.PriorityPermille,
            Peak = proposed.Peak ?? current.Peak,
        };
        if (proposed.Rates.Input != current.Rates.Input || proposed.Rates.Output != current.Rates.Output) return kept;
        return kept with
        {
            Rates = Complete(proposed.Rates, current.Rates),
            Tiers = proposed.Tiers.IsEmpty
                ? current.Tiers
                : [.. proposed.Tiers.Select(tier => current.Tiers.FirstOrDefault(known => known.AboveInput == tier.AboveInput) is { } known
                    ? tier with { Rates = Complete(tier.Rates, known.Rates) }
                    : tier)],
        };
    }

    private static PriceRates Complete(PriceRates proposed, PriceRates current) => proposed with
    {
        CacheRead = proposed.CacheRead ?? current.CacheRead,
        CacheWrite = proposed.CacheWrite ?? current.CacheWrite,
        CacheWriteLong = proposed.CacheWriteLong ?? current.CacheWriteLong,
        AudioInput = proposed.AudioInput ?? current.AudioInput,
        AudioOutput = proposed.AudioOutput ?? current.AudioOutput,
    };

    private static string? Lost(PricePeriod current, PricePeriod proposed)
    {
        var tiers = !current.Tiers.IsEmpty && proposed.Tiers.IsEmpty;
        var cached = current.Rates.CacheRead is not null && proposed.Rates.CacheRead is null;
        if (!tiers && !cached) return null;
        return $"the list states no {(tiers && cached ? "context tiers and no cached rate" : tiers ? "context tiers" : "cached rate")}; the book did";
    }

    private static bool SamePrice(PricePeriod left, PricePeriod right) =>
        left.Rates == right.Rates && left.Tiers.SequenceEqual(right.Tiers)
        && left.FlexPermille == right.FlexPermille && left.PriorityPermille == right.PriorityPermille;

    // Limits and abilities are filled in where the book knew none; what the book says is not overwritten by a list.
    private static PriceSchedule WithLimits(PriceSchedule existing, PriceSchedule imported) => existing with
    {
        Context = existing.Context ?? imported.Context,
        MaxOutput = existing.MaxOutput ?? imported.MaxOutput,
        Capabilities = existing.Capabilities.IsEmpty ? imported.Capabilities : existing.Capabilities,
    };

    private static string? Leap(PricePeriod current, PricePeriod proposed) =>
        Leap("input", current.Rates.Input, proposed.Rates.Input)
        ?? Leap("output", current.Rates.Output, proposed.Rates.Output)
        ?? Leap("cache read", current.Rates.CacheRead, proposed.Rates.CacheRead)
        ?? Leap("cache write", current.Rates.CacheWrite, proposed.Rates.CacheWrite)
        ?? Leap("long cache write", current.Rates.CacheWriteLong, proposed.Rates.CacheWriteLong)
        ?? Leap("audio input", current.Rates.AudioInput, proposed.Rates.AudioInput)
        ?? Leap("audio output", current.Rates.AudioOutput, proposed.Rates.AudioOutput);

    private static string? Leap(string name, long? before, long? after)
    {
        if (before is not { } old || after is not { } next || old == next) return null;
        return (UInt128)(ulong)next > (UInt128)(ulong)old * MostTimes || (UInt128)(ulong)old > (UInt128)(ulong)next * MostTimes
            ? $"{name} would go from {PriceUnits.ToUsdPerMillion(old)} to {PriceUnits.ToUsdPerMillion(next)} USD per million tokens, more than {MostTimes} times"
            : null;
    }
}
