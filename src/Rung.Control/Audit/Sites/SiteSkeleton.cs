using System.Globalization;

namespace Rung.Control.Audit.Sites;

/// <summary>How a call of a site looks, in one line without content: sizes, tools, form of the answer.</summary>
internal static class SiteSkeleton
{
    private const int MostTools = 4;

    private static readonly string[] Shapes = ["", "empty answers", "labels", "JSON", "tool calls", "code", "text"];

    /// <summary>The line.</summary>
    public static string Of(SiteDraft draft, SiteStatistics statistics, IReadOnlyDictionary<ulong, string[]> fields, IReadOnlyDictionary<ulong, string[]> toolNames)
    {
        var parts = new List<string>();
        var tally = draft.Tally;
        var (system, message, messages) = tally.Sizes;
        if (system is > 0) parts.Add($"system ~{Number(system.Value)} characters" + (draft.SharedSentences > 0 ? $" ({draft.SharedSentences} sentences in common)" : ""));
        if (message is { } chars) parts.Add($"{(messages is > 1.5 ? $"~{Number(messages.Value)} messages" : "one message")} ~{Number(chars)} characters");
        if (system is null && message is null && statistics.Input.Count > 0) parts.Add($"~{Number(statistics.Input.P50)} tokens in, ~{Number(statistics.Output.P50)} out, content not in the log");
        if (tally.ToolSets.ByCount().FirstOrDefault() is > 0 and var tools && toolNames.TryGetValue(tools, out var names)) parts.Add(Tools(names));
        if (tally.Schemas.ByCount().FirstOrDefault() is > 0 and var schema && fields.TryGetValue(schema, out var keys) && keys.Length > 0) parts.Add($"schema with {string.Join(", ", keys.Take(MostTools))}{(keys.Length > MostTools ? ", …" : "")}");
        if (statistics.Shapes.Count > 0) parts.Add("answers " + string.Join(", ", Answers(statistics)));
        return parts.Count > 0 ? string.Join("; ", parts) : "sums only";
    }

    private static IEnumerable<string> Answers(SiteStatistics statistics)
    {
        var total = statistics.Shapes.Values.Sum();
        return statistics.Shapes.OrderByDescending(pair => pair.Value).Take(2).Where(pair => pair.Value * 20 >= total)
            .Select(pair => pair.Value == total ? Shapes[(int)pair.Key] : string.Create(CultureInfo.InvariantCulture, $"{Shapes[(int)pair.Key]} {100.0 * pair.Value / total:0} %"));
    }

    private static string Tools(string[] names) =>
        $"{names.Length} {(names.Length == 1 ? "tool" : "tools")}: {string.Join(", ", names.Take(MostTools))}{(names.Length > MostTools ? ", …" : "")}";

    private static string Number(double value)
    {
        // Two digits are enough to recognise a call, and do not change with every audit.
        var unit = Math.Pow(10, Math.Max(0, Math.Floor(Math.Log10(Math.Max(1, value))) - 1));
        return (Math.Round(value / unit) * unit).ToString("#,##0", CultureInfo.InvariantCulture);
    }
}
