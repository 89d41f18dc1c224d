using System.Globalization;

namespace Rung.Replay;

/// <summary>Reads gates: <c>[TAG:] FIGURE[.low|.high] &lt;|&lt;=|&gt;|&gt;= AMOUNT</c>.</summary>
internal static class GateReader
{
    /// <summary>Reads one gate.</summary>
    /// <exception cref="GateException">It is none; the message says where, and what is possible there.</exception>
    public static Gate Read(string text)
    {
        var at = 0;
        var tag = ReadTag(text, ref at);
        Skip(text, ref at);
        var metric = ReadMetric(text, ref at);
        var end = ReadEnd(text, ref at);
        Skip(text, ref at);
        var comparison = ReadComparison(text, ref at);
        Skip(text, ref at);
        var (number, unit) = ReadAmount(text, ref at, metric);
        Skip(text, ref at);
        return at == text.Length ? new Gate(tag, metric, end, comparison, number, unit) : throw new GateException(text, at, "The condition has ended here.", "One condition each: repeat --fail-if for more.");
    }

    private static string? ReadTag(string text, ref int at)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0) return null;
        var tag = text[..colon].Trim();
        if (tag.Length is 0 or > 64 || !tag.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '_' or '-'))
            throw new GateException(text, 0, $"\"{tag}\" is no tag.", "A tag has 1 to 64 of a-z, 0-9, dot, dash and underscore, before a colon: classify-intent: accuracy < -1pt.");
        at = colon + 1;
        return tag;
    }

    private static ReplayMetric ReadMetric(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && char.IsAsciiLetter(text[at])) at++;
        var place = Array.IndexOf(Gate.Metrics, text[start..at].ToLowerInvariant());
        if (place >= 0) return (ReplayMetric)place;
        throw new GateException(text, start, start == at ? "A figure is missing." : $"There is no figure \"{text[start..at]}\".", $"Figures are {string.Join(", ", Gate.Metrics)}.");
    }

    private static GateEnd ReadEnd(string text, ref int at)
    {
        if (at >= text.Length || text[at] != '.') return GateEnd.Value;
        var start = ++at;
        while (at < text.Length && char.IsAsciiLetter(text[at])) at++;
        return text[start..at].ToLowerInvariant() switch
        {
            "low" => GateEnd.Low,
            "high" => GateEnd.High,
            var word => throw new GateException(text, start, $"An interval has no end \"{word}\".", "Write .low or .high, or leave it out for the figure itself."),
        };
    }

    private static GateComparison ReadComparison(string text, ref int at)
    {
        var start = at;
        if (at < text.Length && text[at] is '<' or '>')
        {
            var isMore = text[at++] == '>';
            var isOrEqual = at < text.Length && text[at] == '=';
            if (isOrEqual) at++;
            return (isMore, isOrEqual) switch { (true, true) => GateComparison.AtLeast, (true, false) => GateComparison.More, (false, true) => GateComparison.AtMost, _ => GateComparison.Less };
        }
        throw new GateException(text, start, "A comparison is missing.", "Comparisons are <, <=, > and >=.");
    }

    private static (decimal Number, GateUnit Unit) ReadAmount(string text, ref int at, ReplayMetric metric)
    {
        var start = at;
        var sign = at < text.Length && text[at] is '+' or '-' ? text[at++] : (char?)null;
        var isUsd = at < text.Length && text[at] == '$';
        if (isUsd) at++;
        var digits = at;
        while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] == '.')) at++;
        if (!decimal.TryParse(text.AsSpan(digits, at - digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            throw new GateException(text, digits, digits == at ? "A number is missing." : $"\"{text[digits..at]}\" is no number.", Possible(metric));
        if (number > 1_000_000_000_000m) throw new GateException(text, digits, "The number is beyond all that can be measured.", Possible(metric));

        Skip(text, ref at);
        var unitAt = at;
        if (at < text.Length && text[at] == '%') at++;
        else while (at < text.Length && char.IsAsciiLetter(text[at])) at++;
        var unit = text[unitAt..at];
        if (isUsd && unit.Length > 0) throw new GateException(text, unitAt, $"An amount in dollars has no unit \"{unit}\" behind it.", Possible(metric));
        var signed = sign == '-' ? -number : number;
        return (metric is ReplayMetric.Cost, sign is not null, isUsd ? "$" : unit.ToLowerInvariant()) switch
        {
            (true, false, "$") => (number, GateUnit.Usd),
            (true, true, "$") => (signed, GateUnit.UsdMore),
            (true, true, "%") => (signed, GateUnit.PercentMore),
            (false, false, "%") => (number, GateUnit.Percent),
            (false, true, "pt") => (signed, GateUnit.Points),
            (true, false, "%") => throw new GateException(text, start, "A change of cost needs its sign.", Possible(metric)),
            (false, true, "%") => throw new GateException(text, start, "This could be a relative change or percentage points.", Possible(metric)),
            (false, false, "pt") => throw new GateException(text, start, "A change in percentage points needs its sign.", Possible(metric)),
            (_, _, "") => throw new GateException(text, unitAt, "A unit is missing.", Possible(metric)),
            _ => throw new GateException(text, isUsd ? digits - 1 : unitAt, $"\"{(isUsd ? "$" : unit)}\" is no unit of this figure.", Possible(metric)),
        };
    }

    private static string Possible(ReplayMetric metric) => metric is ReplayMetric.Cost
        ? "Amounts of cost: $12.50 (in all), +$1.50 or -$1.50 (change), +5% or -5% (relative change)."
        : $"Amounts of {Gate.Metrics[(int)metric]}: 30% (the share itself), +1pt or -1pt (change in percentage points).";

    private static void Skip(string text, ref int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
    }
}

/// <summary>A text is no gate.</summary>
/// <param name="text">The text.</param>
/// <param name="place">Where, from 0.</param>
/// <param name="message">What is wrong.</param>
/// <param name="fix">What is possible.</param>
internal sealed class GateException(string text, int place, string message, string fix) : Exception($"--fail-if \"{text}\", character {place + 1}: {message}")
{
    /// <summary>What is possible there.</summary>
    public string Fix { get; } = fix;
}
