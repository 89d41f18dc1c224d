using System.Globalization;

namespace Rung.Core.Prices;

/// <summary>Something about a price book that a person should look at.</summary>
/// <param name="Code">Stable code: PRICE001…</param>
/// <param name="Matters">Whether costs may be wrong or missing because of it; otherwise it is only worth knowing.</param>
/// <param name="Provider">The provider concerned; null for the book as a whole.</param>
/// <param name="Model">The model concerned; null for the book as a whole.</param>
/// <param name="Message">What it is.</param>
/// <param name="Fix">What to do about it.</param>
public sealed record PriceFinding(string Code, bool Matters, string? Provider, string? Model, string Message, string Fix);

/// <summary>Judges a price book as of a day. Pure: the caller knows the day.</summary>
public static class PriceBookCheck
{
    /// <summary>Days after which the youngest price of a book counts as old: prices of models move every month.</summary>
    public const int OldAfterDays = 60;

    /// <summary>Days ahead in which an announced change of price is worth knowing.</summary>
    public const int AheadDays = 60;

    /// <summary>Looks for everything that may make costs wrong.</summary>
    /// <param name="book">The book.</param>
    /// <param name="asOf">The day to judge it by, UTC.</param>
    /// <returns>Findings on the book as a whole, then by model in the book's order.</returns>
    public static IReadOnlyList<PriceFinding> Run(PriceBook book, DateOnly asOf)
    {
        ArgumentNullException.ThrowIfNull(book);
        var findings = new List<PriceFinding>();

        var youngest = book.NewestObservation ?? book.Compiled;
        var days = asOf.DayNumber - youngest.DayNumber;
        if (book.Entries.Count > 0 && days > OldAfterDays)
        {
            findings.Add(new PriceFinding("PRICE001", Matters: true, null, null,
                $"The youngest price of the book was seen on {Day(youngest)}, {days} days ago.", "Import a newer list: rung prices import."));
        }
        foreach (var entry in book.Entries) CheckEntry(findings, entry, asOf);
        return findings;
    }

    /// <summary>Looks at the prices of one policy's models: what the policy states, what the book knows, and what nobody knows.</summary>
    /// <param name="policy">The compiled policy.</param>
    /// <param name="asOf">The day to judge by, UTC.</param>
    /// <returns>Findings in the order of the policy's models. <c>PRICE008</c> names a model whose price is unknown.</returns>
    public static IReadOnlyList<PriceFinding> Run(Policies.PolicySnapshot policy, DateOnly asOf)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var findings = new List<PriceFinding>();
        foreach (var model in policy.Models)
        {
            if (model.Hourly is not null) continue;
            if (model.Price is { } price) CheckEntry(findings, price, asOf);
            else
            {
                findings.Add(new PriceFinding("PRICE008", Matters: true, model.Provider, model.UpstreamId,
                    $"The price of model {model.Name} is unknown: its calls are counted, and left out of every total.",
                    $"State it in the policy (models.{model.Name}.price, or cost for a model by the hour), or import a price list that has it."));
            }
        }
        return findings;
    }

    private static void CheckEntry(List<PriceFinding> findings, PriceSchedule entry, DateOnly asOf)
    {
        void Add(string code, bool matters, string message, string fix) => findings.Add(new PriceFinding(code, matters, entry.Provider, entry.Model, message, fix));

        var at = new DateTimeOffset(asOf, TimeOnly.MinValue, TimeSpan.Zero);
        if (entry.At(at) is not { } period)
        {
            // Nobody calls a retired model any more; its periods price old calls.
            if (entry.Status != "retired")
            {
                Add("PRICE002", matters: true, $"Its last price ended on {Day(entry.Periods[^1].To)}: calls cost an unknown amount.", "State a price in the policy, or import a newer list.");
            }
            return;
        }
        if (period.PromotionUntil is { } promised && asOf > promised)
        {
            Add("PRICE003", matters: true, $"Its promotional price was promised until {Day(promised)} only.", "Look at the provider's price page, then import or state the price.");
        }
        if (period.Tiers.Any(tier => tier.Rates.CacheRead is null && period.Rates.CacheRead is not null))
        {
            Add("PRICE004", matters: true, "A context tier lacks the cached rate that the base has: cached tokens of long requests cost the full input price.", "Complete the tier in your own book.");
        }
        if (entry.Kind == "chat" && (period.Rates.Output == 0 || period.Rates.Input == 0))
        {
            Add("PRICE005", matters: true, "Its input or output costs nothing.", "If that is meant, state cost: 0 in the policy; else correct the book.");
        }
        if (period.Confidence == "low")
        {
            Add("PRICE006", matters: false, $"Its price is not well supported{(entry.Note is { } note ? $" ({note})" : "")}.", "Compare it with your bill, or state the price in your own book.");
        }
        if (period.To is { } ends && ends <= at.AddDays(AheadDays) && entry.At(ends) is { } next)
        {
            Add("PRICE007", matters: false,
                $"Its price changes on {Day(ends)}: input {Usd(period.Rates.Input)} → {Usd(next.Rates.Input)}, output {Usd(period.Rates.Output)} → {Usd(next.Rates.Output)} USD per million.",
                "Nothing to do: calls are priced by their own date. Ceilings may need a look.");
        }
    }

    private static string Usd(long pico) => PriceUnits.ToUsdPerMillion(pico).ToString(CultureInfo.InvariantCulture);

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Day(DateTimeOffset? instant) => instant is { } known ? Day(DateOnly.FromDateTime(known.UtcDateTime)) : "an unknown day";
}
