using System.Globalization;
using Rung.Core.Prices;
using Spectre.Console;

namespace Rung.Commands;

/// <summary>Tables of prices for people, at most 100 columns wide.</summary>
internal static class PricesTable
{
    private const int Columns = 100;

    public static void WritePrices(TextWriter output, DateOnly day, IReadOnlyList<PriceSchedule> rows)
    {
        if (rows.Count == 0) return;
        var table = NewTable();
        table.AddColumns(Text("provider"), Text("model"), Number("input"), Number("output"), Number("cached"), Number("write"), Text("also"), Text("trust"));
        var at = new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero);
        foreach (var entry in rows)
        {
            var period = entry.At(at);
            table.AddRow(
                Markup.Escape(entry.Provider), Markup.Escape(entry.Model),
                Usd(period?.Rates.Input), Usd(period?.Rates.Output), Usd(period?.Rates.CacheRead), Usd(period?.Rates.CacheWrite),
                Markup.Escape(period is null ? "no price: ended" : Also(period)), period?.Confidence ?? "");
        }
        Write(output, table);
    }

    public static void WriteChanges(TextWriter output, IReadOnlyList<PriceChange> changes)
    {
        if (changes.Count == 0) return;
        var table = NewTable();
        table.AddColumns(Text(""), Text("provider"), Text("model"), Text("input"), Text("output"), Text("cached"), Text("note"));
        foreach (var change in changes)
        {
            table.AddRow(
                Word(change.Kind), Markup.Escape(change.Provider), Markup.Escape(change.Model),
                Step(change, rates => rates.Input), Step(change, rates => rates.Output), Step(change, rates => rates.CacheRead),
                Markup.Escape(change.Reason ?? (change.Before is not null && change.After is not null && SameRates(change) ? "tiers or multipliers differ" : "")));
        }
        Write(output, table);
    }

    public static void WriteFindings(TextWriter output, IReadOnlyList<PriceFinding> findings)
    {
        if (findings.Count == 0) return;
        var table = NewTable();
        table.AddColumns(Text("code"), Text(""), Text("model"), Text("finding"));
        foreach (var finding in findings)
        {
            table.AddRow(
                finding.Code, finding.Matters ? "matters" : "note",
                Markup.Escape(finding.Model is null ? "the book" : $"{finding.Provider} {finding.Model}"),
                Markup.Escape($"{finding.Message} {finding.Fix}"));
        }
        Write(output, table);
    }

    /// <summary>A window of peak hours as <c>01:00-04:00</c>.</summary>
    public static string Window((int From, int To) window) => $"{window.From / 60:00}:{window.From % 60:00}-{window.To / 60:00}:{window.To % 60:00}";

    private static bool SameRates(PriceChange change) => change.Before!.Rates == change.After!.Rates;

    private static string Also(PricePeriod period)
    {
        var parts = period.Tiers
            .Select(tier => $">{tier.AboveInput / 1000m:0.#}k {Plain(tier.Rates.Input)}/{Plain(tier.Rates.Output)}")
            .ToList();
        if (period.Peak is { } peak) parts.Add($"peak ×{peak.Permille / 1000m:0.###}");
        if (period.PromotionUntil is { } promised) parts.Add($"promo to {promised:yyyy-MM-dd}");
        if (period.To is { } to) parts.Add($"until {to.UtcDateTime:yyyy-MM-dd}");
        return string.Join(", ", parts);
    }

    private static string Word(PriceChangeKind kind) => kind switch
    {
        PriceChangeKind.Added => "added",
        PriceChangeKind.Changed => "changed",
        PriceChangeKind.Refused => "refused",
        PriceChangeKind.Kept => "kept",
        _ => "same",
    };

    private static string Step(PriceChange change, Func<PriceRates, long?> rate)
    {
        var before = change.Before is { } old ? rate(old.Rates) : null;
        var after = change.After is { } next ? rate(next.Rates) : before;
        return change.Before is null || before == after ? Usd(after) : $"{Usd(before)} → {Usd(after)}";
    }

    private static string Usd(long? pico) => pico is { } known ? Plain(known) : "-";

    private static string Plain(long pico) => PriceUnits.ToUsdPerMillion(pico).ToString("0.######", CultureInfo.InvariantCulture);

    private static Table NewTable() => new Table().Border(TableBorder.Simple);

    private static TableColumn Text(string title) => new(title);

    private static TableColumn Number(string title) => new TableColumn(title).RightAligned().NoWrap();

    private static void Write(TextWriter output, Table table)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output), Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors });
        console.Profile.Width = Columns;
        console.Write(table);
    }
}
