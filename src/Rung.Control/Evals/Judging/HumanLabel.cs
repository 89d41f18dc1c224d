using System.Globalization;
using System.Text.Json;

namespace Rung.Control.Evals.Judging;

/// <summary>What a person said of a candidate's answer.</summary>
/// <param name="RowId">The row.</param>
/// <param name="Candidate">Whose answer; null: the run has one candidate.</param>
/// <param name="Score">0 to 1: how good it is; for a comparison 1 better than the reference, 0.5 a tie, 0 worse.</param>
/// <param name="Reviewer">Who; null when not stated.</param>
/// <param name="Weight">Inverse of the chance with which they were shown it, up to a factor; above 0.</param>
public sealed record HumanLabel(string RowId, string? Candidate, double Score, string? Reviewer, double Weight)
{
    /// <summary>Name for labels of a file that does not say who gave them.</summary>
    public const string Anonymous = "labels";

    /// <summary>Reads a file: one JSON object a line (<c>row</c>, <c>candidate</c>, <c>score</c> or <c>label</c>, <c>reviewer</c>, <c>weight</c>), or the same as CSV with a header.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="name">The file's name, for faults.</param>
    /// <exception cref="EvalException">A line is no label.</exception>
    public static IReadOnlyList<HumanLabel> ReadAll(IEnumerable<string> lines, string name)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var labels = new List<HumanLabel>();
        string[]? header = null;
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            Dictionary<string, string>? fields;
            if (header is null && line.AsSpan().TrimStart() is not ['{', ..])
            {
                header = [.. Cells(line).Select(cell => cell.ToLowerInvariant())];
                if (!header.Any(cell => cell is "row" or "row_id")) throw Fault(name, number);
                continue;
            }
            fields = header is null ? Members(line) : header.Zip(Cells(line)).GroupBy(pair => pair.First).ToDictionary(group => group.Key, group => group.First().Second, StringComparer.Ordinal);
            labels.Add(Of(fields) ?? throw Fault(name, number));
        }
        return labels.Count > 0 ? labels : throw new EvalException($"{name} holds no label.", "Write one label a line.");
    }

    private static HumanLabel? Of(Dictionary<string, string>? fields)
    {
        if (fields is null) return null;
        string? Field(params ReadOnlySpan<string> names)
        {
            foreach (var name in names)
            {
                if (fields.TryGetValue(name, out var value) && value.Length > 0) return value;
            }
            return null;
        }
        if (Field("row", "row_id") is not { } row || ScoreOf(Field("score", "label")) is not { } score) return null;
        var weight = 1.0;
        if (Field("weight") is { } given && !(double.TryParse(given, NumberStyles.Float, CultureInfo.InvariantCulture, out weight) && weight > 0 && double.IsFinite(weight))) return null;
        return new HumanLabel(row, Field("candidate", "model"), score, Field("reviewer", "by"), weight);
    }

    private static double? ScoreOf(string? text) => text?.Trim().ToLowerInvariant() switch
    {
        null => null,
        "good" or "right" or "pass" or "yes" or "true" or "better" or "win" => 1,
        "bad" or "wrong" or "fail" or "no" or "false" or "worse" or "loss" => 0,
        "tie" or "same" or "equal" => 0.5,
        { } number => double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var score) && score is >= 0 and <= 1 ? score : null,
    };

    private static Dictionary<string, string>? Members(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return null;
            return document.RootElement.EnumerateObject().GroupBy(member => member.Name).ToDictionary(group => group.Key, group => group.Last().Value.ToString(), StringComparer.Ordinal);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Ids, names and numbers: a comma inside a cell has no use here, quotes around it are taken off.
    private static IEnumerable<string> Cells(string line) => line.Split(',').Select(cell => cell.Trim().Trim('"'));

    private static EvalException Fault(string name, int line) =>
        new($"{name}:{line} is no label.", """Write {"row": "r-0123456789abcdef", "candidate": "haiku", "score": 1}, or a table with the columns row, candidate and score; 0 to 1, or good, bad, better, tie, worse.""");
}
