using System.Text.Json;

namespace Rung.Control.Imports.Generic;

/// <summary>Any table or list of JSON records in which columns have usual names, or names that the user has mapped. The last to be asked.</summary>
internal sealed class TableFormat : ILogFormat
{
    /// <inheritdoc/>
    public string Name => "table";

    /// <inheritdoc/>
    public string Title => "any CSV or JSON lines, by usual column names or by a mapping file";

    /// <inheritdoc/>
    public bool Recognises(in LogSample sample)
    {
        if (sample.Shape == LogShape.Csv) return IsEnough(sample.Columns);
        if (sample.Shape != LogShape.Json) return false;
        foreach (var record in sample.Records)
        {
            if (record.ValueKind == JsonValueKind.Object && IsEnough(TableRecord.NamesOf(record))) return true;
        }
        return false;
    }

    /// <inheritdoc/>
    public ILogReader CreateReader(ImportContext context) => new TableReader(context.Mapping);

    // A time, a model, and something that was used or paid: less is no log of calls.
    private static bool IsEnough(IEnumerable<string> names)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (TableWords.Synonyms.TryGetValue(TableWords.Fold(name), out var meant)) words.Add(meant.Word);
        }
        return words.Contains("time") && words.Contains("model") && (words.Contains("input_tokens") || words.Contains("output_tokens") || words.Contains("cost_usd"));
    }
}
