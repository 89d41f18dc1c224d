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
        if (sample.Shape == LogShape.Binary) return false;
        // Who maps the columns of a file and names the file has said that it is a table; reading it says what is missing, if something is.
        if (sample is { Mapping: not null, IsNamed: true, Start.Length: > 0 }) return true;
        if (sample.Shape == LogShape.Csv) return IsEnough(TableRecord.WordsOf(sample.Columns, sample.Mapping));
        foreach (var record in sample.Records)
        {
            if (record.ValueKind == JsonValueKind.Object && IsEnough(TableRecord.WordsOf(record, sample.Mapping))) return true;
        }
        return false;
    }

    /// <inheritdoc/>
    public ILogReader CreateReader(ImportContext context) => new TableReader(context.Mapping);

    // A time, a model, and something that was used or paid: less is no log of calls.
    private static bool IsEnough(HashSet<string> words) =>
        words.Contains("time") && words.Contains("model") && (words.Contains("input_tokens") || words.Contains("output_tokens") || words.Contains("cost_usd"));
}
