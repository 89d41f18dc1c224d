using System.Globalization;
using Microsoft.AspNetCore.Http;
using Rung.Control.Measurement;
using Rung.Control.Spend;
using Rung.Dashboard.Frame;

namespace Rung.Dashboard.Spend;

/// <summary>What an address of the page of spending asks for, and addresses made of it.</summary>
/// <param name="Period">The period.</param>
/// <param name="By">The groupings, in the order of columns.</param>
/// <param name="Filter">The filter.</param>
public sealed record SpendAddress(Period Period, IReadOnlyList<SpendGrouping> By, SpendFilter Filter)
{
    /// <summary>Path of the page.</summary>
    public const string Page = "/spend";

    /// <summary>Path of the table as CSV.</summary>
    public const string Csv = "/spend.csv";

    /// <summary>Path of the table as JSON.</summary>
    public const string Json = "/spend.json";

    // Names come from clients; longer ones are none.
    private const int LongestValue = 256;

    /// <summary>Reads an address.</summary>
    /// <exception cref="BadHttpRequestException">It asks for what cannot be; shown as a page that says what would be right.</exception>
    public static SpendAddress Of(PageRequest page)
    {
        var by = new List<SpendGrouping>();
        foreach (var word in page.QueryAll("by").SelectMany(value => value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)))
            by.Add(SpendKeys.Parse(word) ?? throw Bad($"Nothing is told apart by \"{Shown(word)}\": by is {Known()}, several of them by repeating it."));
        var filter = SpendFilter.None;
        foreach (var one in SpendKeys.All)
        {
            var word = SpendKeys.Word(one);
            var values = page.QueryAll(word);
            if (values.Count == 0) continue;
            if (values.Count > 1) throw Bad($"{word} is stated {values.Count} times. State it once, or leave it out and group by it.");
            if (values[0].Length > LongestValue) throw Bad($"{word} is longer than {LongestValue} characters.");
            if (one == SpendGrouping.Day && !DateOnly.TryParseExact(values[0], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
                throw Bad($"day \"{Shown(values[0])}\" is no day. Write it as 2026-11-22.");
            filter = filter.With(one, values[0]);
        }
        foreach (var word in page.QueryAll("none"))
        {
            if (SpendKeys.Parse(word) is not { } one || one == SpendGrouping.Day) throw Bad($"none \"{Shown(word)}\" is not known: none is team, tag, role, tier or model, for calls that have none.");
            if (filter.Has(one)) throw Bad($"{word} and none={word} exclude each other. Leave one of them out.");
            filter = filter.With(one, null);
        }
        if (by.Count == 0) by.Add(SpendKeys.Next(filter.Groupings) ?? SpendGrouping.Model);
        return new SpendAddress(page.Period("7d"), [.. SpendKeys.All.Where(by.Contains)], filter);
    }

    /// <summary>This address with other groupings.</summary>
    public string With(IReadOnlyList<SpendGrouping> by, SpendFilter filter, string page = Page) => $"{page}?{Query(by, filter)}";

    /// <summary>This address at another page: as a file.</summary>
    public string At(string page) => With(By, Filter, page);

    /// <summary>The address of a row, one step further down; null: only its calls are left.</summary>
    public string? Narrowed(SpendReadingRow row)
    {
        var filter = FilterOf(row);
        return SpendKeys.Next(filter.Groupings) is { } next ? With([next], filter) : null;
    }

    /// <summary>The calls behind a row.</summary>
    public string CallsOf(SpendReadingRow row) => CallsOf(FilterOf(row));

    /// <summary>The calls behind the whole of it.</summary>
    public string Calls => CallsOf(Filter);

    /// <summary>Those of them that have an attempt of unknown price.</summary>
    public string UnknownCalls => $"{Calls}&unknown_price=true";

    /// <summary>The filter without one of its conditions.</summary>
    public string Without(SpendGrouping by)
    {
        var filter = Filter.Stated.Where(condition => condition.Key != by).Aggregate(SpendFilter.None, (all, condition) => all.With(condition.Key, condition.Value));
        return With(By, filter);
    }

    /// <summary>The command that says the same total.</summary>
    public string Command
    {
        get
        {
            var by = By.Count == 1 && By[0] != SpendGrouping.Team ? $" --by {SpendKeys.Word(By[0])}" : "";
            return string.Create(CultureInfo.InvariantCulture, $"rung report --since {Period.From:yyyy-MM-dd'T'HH:mm'Z'} --until {Period.To:yyyy-MM-dd'T'HH:mm'Z'}{by}");
        }
    }

    private SpendFilter FilterOf(SpendReadingRow row) => By.Aggregate(Filter, (filter, by) => filter.With(by, SpendKeys.ValueOf(row, by)));

    private string CallsOf(SpendFilter filter)
    {
        var period = Period;
        var pairs = new List<KeyValuePair<string, string?>>();
        foreach (var (by, value) in filter.Stated)
        {
            // A team is the owner of tags in the policy of now; calls do not know it.
            if (by is SpendGrouping.Team) continue;
            if (by == SpendGrouping.Day && value is not null && DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            {
                var from = new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero);
                period = period with { Name = null, From = from > period.From ? from : period.From, To = from.AddDays(1) < period.To ? from.AddDays(1) : period.To };
            }
            else if (value is not null) pairs.Add(new(SpendKeys.Word(by), value));
            else if (by == SpendGrouping.Tag) pairs.Add(new("untagged", "true"));
        }
        var query = QueryString.Create(pairs).Value;
        return $"/calls{(string.IsNullOrEmpty(query) ? "?" : query + "&")}{(period with { Comparison = PeriodComparison.Previous }).ToQuery()}";
    }

    private string Query(IReadOnlyList<SpendGrouping> by, SpendFilter filter)
    {
        var pairs = by.Select(one => KeyValuePair.Create("by", (string?)SpendKeys.Word(one))).ToList();
        pairs.AddRange(filter.Stated.Select(condition => condition.Value is { } value ? KeyValuePair.Create(SpendKeys.Word(condition.Key), (string?)value) : KeyValuePair.Create("none", (string?)SpendKeys.Word(condition.Key))));
        return $"{QueryString.Create(pairs).Value![1..]}&{Period.ToQuery()}";
    }

    private static string Known() => string.Join(", ", SpendKeys.All.Select(SpendKeys.Word));

    private static string Shown(string text) => text.Length <= 40 ? text : text[..40] + "…";

    private static BadHttpRequestException Bad(string words) => new(words, StatusCodes.Status400BadRequest);
}
