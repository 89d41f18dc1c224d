using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Rung.Storage.Reports;
using Rung.Storage.Rollups;

namespace Rung.Control.Measurement;

/// <summary>What a period is compared with.</summary>
public enum PeriodComparison : byte
{
    /// <summary>The time just before it, equally long; of a calendar month the month before, which may be longer or shorter.</summary>
    Previous = 0,
    /// <summary>The same hours one week before; of a period that is longer, as many weeks as it takes.</summary>
    Week = 1,
    /// <summary>Nothing.</summary>
    None = 2,
}

/// <summary>
/// A span of time that pages and reports agree on: it begins and ends at whole minutes, and <c>rung report --since From --until To</c> adds up the same calls. Up to six hours it begins at a
/// minute, up to seven days at an hour, else at a day, UTC, so that a series has no torn first part; it ends behind the present minute.
/// </summary>
public sealed record Period
{
    /// <summary>The longest time that is read at once: three years of days are already more points than a page shows.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1100);

    private const string ThisMonth = "month", LastMonth = "last-month";

    private static readonly TimeSpan Short = TimeSpan.FromHours(6), Long = TimeSpan.FromDays(7);

    private static readonly (string Name, TimeSpan Length, string Words)[] Names =
    [
        ("1h", TimeSpan.FromHours(1), "the last hour"), ("6h", TimeSpan.FromHours(6), "the last 6 hours"), ("24h", TimeSpan.FromHours(24), "the last 24 hours"), ("7d", TimeSpan.FromDays(7), "the last 7 days"),
        ("30d", TimeSpan.FromDays(30), "the last 30 days"), ("90d", TimeSpan.FromDays(90), "the last 90 days"), ("365d", TimeSpan.FromDays(365), "the last 365 days"),
    ];

    /// <summary>First instant, UTC.</summary>
    public required DateTimeOffset From { get; init; }
    /// <summary>First instant behind it, UTC.</summary>
    public required DateTimeOffset To { get; init; }
    /// <summary>The grain of a series over it.</summary>
    public required RollupGrain Grain { get; init; }
    /// <summary>What it is compared with, equally long unless both are calendar months (<see cref="IsComparedByDay"/>); null: with nothing.</summary>
    public Period? Compared { get; init; }
    /// <summary>How <see cref="Compared"/> was chosen.</summary>
    public PeriodComparison Comparison { get; init; } = PeriodComparison.None;
    /// <summary>The word that it was asked for by (<c>24h</c>); null where it was asked for by its ends.</summary>
    public string? Name { get; init; }
    /// <summary>What it is, in words: <c>the last 24 hours</c>, <c>2026-11-01 00:00 to 2026-11-08 00:00 UTC</c>.</summary>
    public required string Words { get; init; }

    /// <summary>How long it is.</summary>
    public TimeSpan Length => To - From;

    /// <summary>How many days it is, with parts of one.</summary>
    public double Days => Length.TotalDays;

    /// <summary>Whether it and the compared one are not equally long: then sums of the two say something only by the day.</summary>
    public bool IsComparedByDay => Compared is { } compared && compared.Length != Length;

    /// <summary>The words of <see cref="Name"/>: spans, the shortest first, then calendar months.</summary>
    public static IReadOnlyList<string> Choices { get; } = [.. Names.Select(name => name.Name), ThisMonth, LastMonth];

    /// <summary>One of <see cref="Choices"/> as people read it.</summary>
    public static string Label(string name) => name switch { ThisMonth => "this month", LastMonth => "last month", _ => name };

    /// <summary>The begins of the parts of a series over it, in order; the first and the last part may reach beyond its ends.</summary>
    public IEnumerable<DateTimeOffset> Points() => Points(Grain.Length());

    /// <summary>The same with longer parts.</summary>
    /// <param name="step">Length of a part: a whole number of them is a day.</param>
    public IEnumerable<DateTimeOffset> Points(TimeSpan step)
    {
        for (var at = RollupGrains.Begin(From, step); at < To; at += step) yield return at;
    }

    /// <summary>It as the parameters of an address, without a question mark: <c>period=24h&amp;compare=week</c>.</summary>
    public string ToQuery() => string.Create(CultureInfo.InvariantCulture,
        $"{(Name is { } name ? $"period={name}" : $"from={From:yyyy-MM-dd'T'HH:mm'Z'}&to={To:yyyy-MM-dd'T'HH:mm'Z'}")}{Comparison switch { PeriodComparison.Week => "&compare=week", PeriodComparison.None => "&compare=none", _ => "" }}");

    /// <summary>Reads a period as addresses state it.</summary>
    /// <param name="period">One of <see cref="Choices"/>; null or empty: <paramref name="usual"/>. Not beside <paramref name="from"/>.</param>
    /// <param name="from">A time as of <see cref="ReportQuery.TryParseInstant"/>; null or empty: the period is a span back from now.</param>
    /// <param name="to">Likewise, where there is a <paramref name="from"/>; null or empty: now.</param>
    /// <param name="compare">previous, week or none; null or empty: previous.</param>
    /// <param name="now">The present.</param>
    /// <param name="found">The period.</param>
    /// <param name="fault">What is wrong and how to write it, in a sentence or two.</param>
    /// <param name="usual">The period where none is stated.</param>
    /// <returns>False when something is wrong.</returns>
    public static bool TryParse(string? period, string? from, string? to, string? compare, DateTimeOffset now, [NotNullWhen(true)] out Period? found, [NotNullWhen(false)] out string? fault, string usual = "24h")
    {
        (found, fault) = (null, null);
        if (ComparisonOf(compare) is not { } comparison) fault = $"compare \"{compare}\" is not known. Write previous, week or none.";
        else if (!string.IsNullOrEmpty(from) && !string.IsNullOrEmpty(period)) fault = "period and from exclude each other. Leave one of them out.";
        else if (!string.IsNullOrEmpty(from)) found = Between(from, to, comparison, now, out fault);
        else if (!string.IsNullOrEmpty(to)) fault = "to needs a from. Add one, or write period=24h for a span back from now.";
        else found = Back(string.IsNullOrEmpty(period) ? usual : period, comparison, now, out fault);
        return found is not null;
    }

    /// <summary>A span back from now.</summary>
    /// <param name="name">One of <see cref="Choices"/>.</param>
    /// <param name="now">The present.</param>
    /// <param name="comparison">What it is compared with.</param>
    /// <exception cref="ArgumentException">There is no such span.</exception>
    public static Period Last(string name, DateTimeOffset now, PeriodComparison comparison = PeriodComparison.Previous) => Back(name, comparison, now, out var fault) ?? throw new ArgumentException(fault, nameof(name));

    private static Period? Back(string name, PeriodComparison comparison, DateTimeOffset now, out string? fault)
    {
        fault = null;
        if (name is ThisMonth or LastMonth) return Month(name, comparison, now, out fault);
        var known = Array.Find(Names, candidate => candidate.Name == name);
        if (known.Name is null)
        {
            fault = $"period \"{name}\" is not known. Write one of {string.Join(", ", Choices)}, or from and to.";
            return null;
        }
        var end = EndOf(now);
        var begin = GrainOf(known.Length) switch { RollupGrain.Day => RollupGrain.Day, RollupGrain.Hour => RollupGrain.Hour, _ => RollupGrain.Minute };
        return Of(begin.Begin(end - known.Length), end, comparison, known.Name, known.Words);
    }

    // The words of the command line mean the same instants: rung report --since last-month --until month.
    private static Period? Month(string name, PeriodComparison comparison, DateTimeOffset now, out string? fault)
    {
        fault = null;
        if (!ReportQuery.TryParseInstant(ThisMonth, now, out var month) || !ReportQuery.TryParseInstant(LastMonth, now, out var last) || last.Year == 1)
        {
            fault = $"period \"{name}\" lies before the calendar.";
            return null;
        }
        var (from, to, before) = name == ThisMonth ? (month, EndOf(now), last) : (last, month, last.AddMonths(-1));
        var words = string.Create(CultureInfo.InvariantCulture, $"{Label(name)}{(name == ThisMonth ? " so far" : "")} ({from:yyyy-MM})");
        if (comparison != PeriodComparison.Previous) return Of(from, to, comparison, name, words);
        return Of(from, to, PeriodComparison.None, name, words) with
        {
            Comparison = comparison, Compared = new Period { From = before, To = from, Grain = GrainOf(from - before), Words = string.Create(CultureInfo.InvariantCulture, $"the month before ({before:yyyy-MM})") },
        };
    }

    private static Period? Between(string from, string? to, PeriodComparison comparison, DateTimeOffset now, out string? fault)
    {
        fault = null;
        var end = EndOf(now);
        if (!ReportQuery.TryParseInstant(from, now, out var first)) fault = NoTime("from", from);
        var last = end;
        if (!string.IsNullOrEmpty(to) && !ReportQuery.TryParseInstant(to, now, out last)) fault ??= NoTime("to", to);
        if (fault is not null) return null;
        if (last > end) last = end; // Nothing has happened there yet.
        if (first >= last)
        {
            fault = "from is not before to, or not in the past. Turn them round, or choose an earlier from.";
            return null;
        }
        if (last - first > Longest)
        {
            fault = string.Create(CultureInfo.InvariantCulture, $"from {first:yyyy-MM-dd} to {last:yyyy-MM-dd} is longer than {Longest.TotalDays:0} days. Look at it in parts.");
            return null;
        }
        var (begin, rounded) = (RollupGrain.Minute.Begin(first), Up(RollupGrain.Minute, last));
        if (rounded - begin > Short) (begin, rounded) = (RollupGrain.Hour.Begin(begin), Up(RollupGrain.Hour, rounded));
        return Of(begin, rounded < end ? rounded : end, comparison, name: null, words: null);
    }

    private static DateTimeOffset Up(RollupGrain grain, DateTimeOffset instant) => grain.Begin(instant) is var begin && begin < instant ? begin + grain.Length() : instant;

    private static Period Of(DateTimeOffset from, DateTimeOffset to, PeriodComparison comparison, string? name, string? words)
    {
        var plain = new Period { From = from, To = to, Grain = GrainOf(to - from), Name = name, Words = words ?? Ends(from, to) };
        if (comparison == PeriodComparison.None) return plain;
        // Equally long, so that sums can be compared, and moved by whole parts, so that the same hours of the day face one another.
        var step = comparison == PeriodComparison.Week ? Long : plain.Grain switch { RollupGrain.Minute => plain.Length, var grain => grain.Length() };
        var parts = (plain.Length.Ticks + step.Ticks - 1) / step.Ticks;
        // Seven days and the present hour are still compared with the week before.
        if (comparison == PeriodComparison.Week && plain.Length <= Long + TimeSpan.FromHours(1)) parts = 1;
        var back = parts * step.Ticks;
        if (from.UtcTicks < back) return plain; // Before the year 1.
        var before = (From: from.AddTicks(-back), To: to.AddTicks(-back));
        return plain with
        {
            Comparison = comparison,
            Compared = new Period { From = before.From, To = before.To, Grain = plain.Grain, Words = Ends(before.From, before.To) },
        };
    }

    private static DateTimeOffset EndOf(DateTimeOffset now) => RollupGrain.Minute.Begin(now).AddMinutes(1);

    // An hour more: seven days and the present hour are told apart by hours.
    private static RollupGrain GrainOf(TimeSpan length) => length <= Short ? RollupGrain.Minute : length <= Long + TimeSpan.FromHours(1) ? RollupGrain.Hour : RollupGrain.Day;

    private static PeriodComparison? ComparisonOf(string? word) => word switch
    {
        null or "" or "previous" => PeriodComparison.Previous,
        "week" => PeriodComparison.Week,
        "none" => PeriodComparison.None,
        _ => null,
    };

    private static string Ends(DateTimeOffset from, DateTimeOffset to) => string.Create(CultureInfo.InvariantCulture, $"{from:yyyy-MM-dd HH:mm} to {to:yyyy-MM-dd HH:mm} UTC");

    private static string NoTime(string name, string text) => $"{name} \"{text}\" is no time. Write an ISO date or time (2026-11-22, 2026-11-22T08:00Z), a month (2026-10, last-month) or a span back from now (7d, 24h).";
}
