using System.Globalization;

namespace Rung.Control.Laboratory;

/// <summary>What happens in a run.</summary>
public enum LabEvent : byte
{
    /// <summary>The candidate is as good as the current policy.</summary>
    Equal = 0,
    /// <summary>The candidate's answers are worse by so many points of quality.</summary>
    Worse = 1,
    /// <summary>All latencies of the candidate are so many times as long.</summary>
    Slower = 2,
    /// <summary>The candidate's first answers fail their checks so many times as often.</summary>
    Checks = 3,
    /// <summary>Such a share of the candidate's calls fails.</summary>
    Errors = 4,
    /// <summary>The candidate's models cost so many times as much.</summary>
    Dearer = 5,
    /// <summary>The candidate is better at first, then otherwise.</summary>
    Novelty = 6,
    /// <summary>The upstream of both arms fails for a while.</summary>
    Outage = 7,
    /// <summary>Inputs become longer and harder for both arms.</summary>
    Shift = 8,
    /// <summary>Nothing happens to the policy in force.</summary>
    Noise = 9,
    /// <summary>The model of the policy in force becomes worse by so many points of quality.</summary>
    Drop = 10,
    /// <summary>The model of the policy in force costs so many times as much.</summary>
    Price = 11,
    /// <summary>First answers of the policy in force fail their checks at another rate.</summary>
    Drift = 12,
    /// <summary>The quality of both arms is that of two recorded models.</summary>
    Recorded = 13,
}

/// <summary>A script for a run.</summary>
/// <param name="Words">As it was written: <c>worse:0.03</c>.</param>
/// <param name="Event">What happens.</param>
/// <param name="Size">How much; see <see cref="LabEvent"/>.</param>
public sealed record LabScenario(string Words, LabEvent Event, double Size)
{
    private const string Known =
        "Known are: equal, worse:0.03, slower:1.2, checks:2, errors:0.03, dearer:1.5, novelty:+0.03,2d, outage:2h, shift, recorded; "
        + "and for the control loop: noise, drop:0.05@10d, price:1.5@10d, drift:0.02>0.08@5d.";

    /// <summary>A second size: what comes after the novelty, or the rate before a drift.</summary>
    public double Other { get; init; }
    /// <summary>When it happens, or how long the novelty or the outage lasts.</summary>
    public TimeSpan Time { get; init; }

    /// <summary>Whether a candidate is rolled out; else the policy in force is watched.</summary>
    public bool IsRollout => Event is <= LabEvent.Shift or LabEvent.Recorded;

    /// <summary>Whether a roll-back (or, without a rollout, a demotion) would be a false alarm.</summary>
    public bool IsHarmless => Event is LabEvent.Equal or LabEvent.Outage or LabEvent.Shift or LabEvent.Noise or LabEvent.Price;

    /// <summary>What it is, in one sentence.</summary>
    public string Says => Event switch
    {
        LabEvent.Equal => "The candidate is as good as the current policy in everything.",
        LabEvent.Worse => $"The candidate's quality is {Points(Size)} lower.",
        LabEvent.Slower => $"Every call of the candidate takes {Size:0.###} times as long, so its p95 is {Percent(Size - 1)} higher.",
        LabEvent.Checks => $"The candidate's first answers fail their checks {Size:0.###} times as often.",
        LabEvent.Errors => $"{Percent(Size)} of the candidate's calls fail, instead of {Percent(LabOutcomes.ErrorRate)}.",
        LabEvent.Dearer => $"The candidate's models cost {Size:0.###} times as much.",
        LabEvent.Novelty => $"The candidate's quality is {Points(Size)} {(Size >= 0 ? "higher" : "lower")} for {Span(Time)}, then "
            + (Other == 0 ? "the same." : $"{Points(Other)} {(Other > 0 ? "higher" : "lower")}."),
        LabEvent.Outage => $"The upstream of both arms is down for {Span(Time)} at a random time; the candidate is as good as the current policy.",
        LabEvent.Shift => "At a random time inputs become longer and harder for both arms; the candidate is as good as the current policy.",
        LabEvent.Noise => $"Nothing happens; the true quality is {Points(Size)} above the floor.",
        LabEvent.Drop => $"After {Span(Time)} the model becomes worse by {Points(Size)}; {Span(LabControl.RepairAfter)} later it is as before, and {Span(LabControl.ReturnAfter)} "
            + "after that the way back begins: a rollout.",
        LabEvent.Price => $"After {Span(Time)} every model costs {Size:0.###} times as much.",
        LabEvent.Drift => $"After {Span(Time)} first answers fail their checks at {Percent(Size)} instead of {Percent(Other)}.",
        _ => "The quality of both arms is that of two recorded models on the same prompts.",
    };

    /// <summary>Reads scenarios, several in one text separated by commas.</summary>
    /// <exception cref="FormatException">One cannot be read; the message says which and what is known.</exception>
    public static IReadOnlyList<LabScenario> ParseAll(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        // A part that begins with a letter is a scenario; any other one belongs to the scenario before it: novelty:+0.03,2d.
        var words = new List<string>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (words.Count > 0 && !char.IsAsciiLetter(part[0])) words[^1] += $",{part}";
            else words.Add(part);
        }
        if (words.Count == 0) throw new FormatException($"No scenario is named. {Known}");
        return [.. words.Select(Parse)];
    }

    /// <summary>Reads one scenario.</summary>
    /// <exception cref="FormatException">It cannot be read; the message says what is known.</exception>
    public static LabScenario Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var colon = text.IndexOf(':');
        var (name, rest) = colon < 0 ? (text, "") : (text[..colon], text[(colon + 1)..]);
        try
        {
            return name switch
            {
                "equal" when rest.Length == 0 => new(text, LabEvent.Equal, 0),
                "shift" when rest.Length == 0 => new(text, LabEvent.Shift, 0.05),
                "recorded" when rest.Length == 0 => new(text, LabEvent.Recorded, 0),
                "worse" => new(text, LabEvent.Worse, Number(rest, 0, 0.9)),
                "slower" => new(text, LabEvent.Slower, Number(rest, 0.1, 100)),
                "checks" => new(text, LabEvent.Checks, Number(rest, 0, 20)),
                "errors" => new(text, LabEvent.Errors, Number(rest, 0, 1)),
                "dearer" => new(text, LabEvent.Dearer, Number(rest, 0.1, 1000)),
                "novelty" => Novelty(text, rest),
                "outage" => new(text, LabEvent.Outage, 0.9) { Time = Duration(rest) },
                "noise" => new(text, LabEvent.Noise, rest.Length == 0 ? LabOutcomes.AboveFloor : Number(rest, 0, 0.5)),
                "drop" => At(rest) is var (size, time) ? new(text, LabEvent.Drop, Number(size, 0, 0.9)) { Time = time } : throw new FormatException(),
                "price" => At(rest) is var (times, then) ? new(text, LabEvent.Price, Number(times, 0.1, 1000)) { Time = then } : throw new FormatException(),
                "drift" => Drift(text, rest),
                _ => throw new FormatException(),
            };
        }
        catch (FormatException e)
        {
            throw new FormatException($"'{text}' is no scenario. {Known}", e);
        }
    }

    /// <summary>Days, hours or minutes for people: <c>2 days</c>.</summary>
    internal static string Span(TimeSpan time) =>
        time.TotalDays >= 1 ? Counted(time.TotalDays, "day") : time.TotalHours >= 1 ? Counted(time.TotalHours, "hour") : Counted(time.TotalMinutes, "minute");

    /// <summary>A difference of shares for people: <c>3 points</c>.</summary>
    internal static string Points(double size) => Counted(Math.Abs(size) * 100, "point");

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.##} %");

    private static string Counted(double number, string word) => number.ToString("0.##", CultureInfo.InvariantCulture) is "1" ? $"1 {word}" : $"{number.ToString("0.##", CultureInfo.InvariantCulture)} {word}s";

    private static LabScenario Novelty(string text, string rest)
    {
        var parts = rest.Split(',');
        if (parts.Length is < 2 or > 3) throw new FormatException();
        return new(text, LabEvent.Novelty, Number(parts[0], -0.9, 0.9)) { Time = Duration(parts[1]), Other = parts.Length == 3 ? Number(parts[2], -0.9, 0.9) : 0 };
    }

    private static LabScenario Drift(string text, string rest)
    {
        var (rates, time) = At(rest);
        var parts = rates.Split('>');
        if (parts.Length != 2) throw new FormatException();
        return new(text, LabEvent.Drift, Number(parts[1], 0, 1)) { Other = Number(parts[0], 0, 1), Time = time };
    }

    private static (string Size, TimeSpan Time) At(string text) =>
        text.Split('@') is [var size, var time] ? (size, Duration(time)) : throw new FormatException();

    private static double Number(string text, double least, double most) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : throw new FormatException();

    private static TimeSpan Duration(string text)
    {
        if (text.Length < 2) throw new FormatException();
        var number = Number(text[..^1], 0.01, 100_000);
        return text[^1] switch
        {
            'd' => TimeSpan.FromDays(number),
            'h' => TimeSpan.FromHours(number),
            'm' => TimeSpan.FromMinutes(number),
            _ => throw new FormatException(),
        };
    }
}
