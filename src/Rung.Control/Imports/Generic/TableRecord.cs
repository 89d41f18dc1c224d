using System.Text.Json;
using Rung.Control.Imports.Reading;

namespace Rung.Control.Imports.Generic;

/// <summary>One record of a table by Rung's words: through the user's mapping first, then by usual names.</summary>
internal readonly struct TableRecord
{
    // Objects in which JSON logs keep what tables have as columns.
    private static readonly string[] s_inner = ["usage", "metadata", "metrics", "tokens"];

    private readonly FieldReading fields;
    private readonly ColumnMapping? mapping;
    private readonly Dictionary<string, (string Name, string? Within)> columns;

    private TableRecord(FieldReading fields, ColumnMapping? mapping, Dictionary<string, (string Name, string? Within)> columns)
    {
        this.fields = fields;
        this.mapping = mapping;
        this.columns = columns;
    }

    /// <summary>A row; what its columns mean was found once for the file.</summary>
    public static TableRecord Of(CsvRow row, ColumnMapping? mapping, Dictionary<string, (string Name, string? Within)> columns) => new(FieldReading.Of(row), mapping, columns);

    /// <summary>A JSON record; every one may have other fields.</summary>
    public static TableRecord Of(JsonElement json, ColumnMapping? mapping) => new(FieldReading.Of(json), mapping, ColumnsOf(Members(json), mapping));

    /// <summary>Rung's words that a JSON record has something for.</summary>
    public static HashSet<string> WordsOf(JsonElement json, ColumnMapping? mapping)
    {
        var record = Of(json, mapping);
        return [.. TableWords.All.Where(word => record.Constant(word) is not null || record.Find(word, out _, out _))];
    }

    /// <summary>Rung's words that a header has a column for.</summary>
    public static HashSet<string> WordsOf(IReadOnlyList<string> header, ColumnMapping? mapping)
    {
        var words = ColumnsOf(header, mapping).Keys.ToHashSet(StringComparer.Ordinal);
        if (mapping is null) return words;
        words.UnionWith(mapping.Constants.Keys);
        words.UnionWith(mapping.Fields.Where(field => header.Contains(field.Value, StringComparer.OrdinalIgnoreCase)).Select(field => field.Key));
        return words;
    }

    /// <summary>What the columns of a header mean.</summary>
    public static Dictionary<string, (string Name, string? Within)> ColumnsOf(IReadOnlyList<string> header, ColumnMapping? mapping) =>
        ColumnsOf(header.Select(name => (name, (string?)null)), mapping);

    /// <summary>The name of the column that a word was found in; null when none.</summary>
    public string? ColumnOf(string word) => Find(word, out _, out var name) ? name : null;

    /// <summary>A name; null when not told.</summary>
    public string? Name(string word) => Constant(word) is { } constant ? TagName.Cut(constant) : Find(word, out var place, out var name) ? place.NameIfText(name) ?? place.Name(name) : null;

    /// <summary>A text in its full length; null when not told.</summary>
    public string? Text(string word) => Constant(word) ?? (Find(word, out var place, out var name) ? place.Text(name) : null);

    /// <summary>A JSON value; null when not told, or when it is plain text.</summary>
    public JsonElement? Json(string word) => Find(word, out var place, out var name) ? place.Json(name) : null;

    /// <summary>A count; null when not told.</summary>
    public long? Count(string word) => Find(word, out var place, out var name) ? place.Count(name) : null;

    /// <summary>A number; null when not told.</summary>
    public decimal? Number(string word) => Find(word, out var place, out var name) ? place.Number(name) : null;

    /// <summary>An amount in USD, in nano-USD; null when not told.</summary>
    public long? NanoUsd(string word) => Find(word, out var place, out var name) ? place.NanoUsd(name) : null;

    /// <summary>A fault of a word's column.</summary>
    public LogRecordException Wrong(string word, string what) => fields.Wrong(ColumnOf(word) ?? word, what);

    private string? Constant(string word) => mapping is not null && mapping.Constants.TryGetValue(word, out var value) ? value : null;

    private bool Find(string word, out FieldReading place, out string name)
    {
        (place, name) = (fields, word);
        if (mapping is not null && mapping.Fields.TryGetValue(word, out var path))
        {
            name = path;
            if (fields.IsRow || fields.Has(path)) return true;
            // usage.input_tokens: into the objects, one by one.
            for (var dot = path.IndexOf('.', StringComparison.Ordinal); dot > 0; dot = name.IndexOf('.', StringComparison.Ordinal))
            {
                place = place.Map(name[..dot]);
                name = name[(dot + 1)..];
                if (place.IsMissing) return false;
                if (place.Has(name)) return true;
            }
            return place.Has(name);
        }
        if (!columns.TryGetValue(word, out var column)) return false;
        if (column.Within is not null) place = fields.Map(column.Within);
        name = column.Name;
        return true;
    }

    private static Dictionary<string, (string Name, string? Within)> ColumnsOf(IEnumerable<(string Name, string? Within)> names, ColumnMapping? mapping)
    {
        var taken = mapping?.Fields.Values.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var columns = new Dictionary<string, (string, string?)>(StringComparer.Ordinal);
        var ranks = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (name, within) in names)
        {
            if (taken?.Contains(name) == true || !TableWords.Synonyms.TryGetValue(TableWords.Fold(name), out var meant)) continue;
            // A field of the record itself wins over one of an inner object.
            var rank = meant.Rank + (within is null ? 0 : 1_000);
            if (ranks.TryGetValue(meant.Word, out var best) && best <= rank) continue;
            ranks[meant.Word] = rank;
            columns[meant.Word] = (name, within);
        }
        return columns;
    }

    private static IEnumerable<(string Name, string? Within)> Members(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object) yield break;
        foreach (var member in json.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Null) continue;
            yield return (member.Name, null);
        }
        foreach (var inner in s_inner)
        {
            if (MessageText.Within(json, inner) is not { } within) continue;
            foreach (var member in within.EnumerateObject())
            {
                if (member.Value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Object or JsonValueKind.Array)) yield return (member.Name, inner);
            }
        }
    }
}
