using System.Globalization;
using System.Text;
using System.Text.Json;
using Rung.Dashboard.Frame;

namespace Rung.Dashboard.Parts;

/// <summary>Writes tables as CSV and JSON.</summary>
/// <remarks>
/// CSV as of RFC 4180, in UTF-8 with lines that end in CR LF. A text that a spreadsheet would take for a formula gets an apostrophe before it
/// (https://owasp.org/www-community/attacks/CSV_Injection): names of tags come from clients.
/// </remarks>
internal static class TableFile
{
    private static readonly JsonWriterOptions s_json = new() { Indented = true };

    /// <summary>A table as CSV, to be saved under a name.</summary>
    public static DataReply Csv(TableData table, string fileName) =>
        new("text/csv; charset=utf-8", (stream, cancellationToken) => stream.WriteAsync(Encoding.UTF8.GetBytes(CsvOf(table)), cancellationToken).AsTask(), fileName);

    /// <summary>A table as JSON.</summary>
    public static DataReply Json(TableData table) => new("application/json; charset=utf-8", async (stream, cancellationToken) =>
    {
        await using var json = new Utf8JsonWriter(stream, s_json);
        Write(json, table);
        await json.FlushAsync(cancellationToken);
    });

    /// <summary>The text of a CSV file.</summary>
    internal static string CsvOf(TableData table)
    {
        var text = new StringBuilder();
        AddLine(text, table.Columns);
        foreach (var row in table.Rows) AddLine(text, row);
        return text.ToString();
    }

    private static void AddLine(StringBuilder text, IEnumerable<object?> values) => text.AppendJoin(',', values.Select(Cell)).Append("\r\n");

    private static string Cell(object? value) => value switch
    {
        null => "",
        string words => Quoted(Harmless(words)),
        bool yes => yes ? "true" : "false",
        DateTimeOffset at => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        double number => double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture) : "",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => Quoted(Harmless(value.ToString() ?? "")),
    };

    private static string Harmless(string words) => words is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '＝' or '＋' or '－' or '＠', ..] ? "'" + words : words;

    private static string Quoted(string words) => words.AsSpan().IndexOfAny(",\"\r\n") < 0 ? words : $"\"{words.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static void Write(Utf8JsonWriter json, TableData table)
    {
        json.WriteStartObject();
        foreach (var (name, value) in table.About)
        {
            json.WritePropertyName(name);
            Write(json, value);
        }
        json.WriteStartArray("rows");
        foreach (var row in table.Rows) Write(json, table.Columns, row);
        json.WriteEndArray();
        if (table.Totals is { } totals)
        {
            json.WritePropertyName("totals");
            Write(json, table.Columns, totals);
        }
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<string> columns, IReadOnlyList<object?> row)
    {
        json.WriteStartObject();
        for (var i = 0; i < columns.Count; i++)
        {
            json.WritePropertyName(columns[i]);
            Write(json, row[i]);
        }
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case string words: json.WriteStringValue(words); break;
            case bool yes: json.WriteBooleanValue(yes); break;
            case DateTimeOffset at: json.WriteStringValue(at.UtcDateTime); break;
            case long number: json.WriteNumberValue(number); break;
            case int number: json.WriteNumberValue(number); break;
            case decimal number: json.WriteNumberValue(number); break;
            case double number when double.IsFinite(number): json.WriteNumberValue(number); break;
            case double: json.WriteNullValue(); break;
            case IEnumerable<string> list:
                json.WriteStartArray();
                foreach (var words in list) json.WriteStringValue(words);
                json.WriteEndArray();
                break;
            default: json.WriteStringValue(value.ToString()); break;
        }
    }
}
