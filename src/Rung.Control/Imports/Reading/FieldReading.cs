using System.Text.Json;

namespace Rung.Control.Imports.Reading;

/// <summary>
/// The fields of one record by name, whether it is a JSON object or a row of a table: a field that is absent, null or empty is null, one of a wrong
/// kind is a <see cref="LogRecordException"/> with its name. Valid as long as the record is.
/// </summary>
/// <remarks>Every method takes several names and reads the first that is there: the names that versions of one format gave to one thing.</remarks>
internal readonly struct FieldReading
{
    private readonly JsonElement json;
    private readonly CsvRow? row;
    private readonly string within;

    private FieldReading(JsonElement json, CsvRow? row, string within)
    {
        this.json = json;
        this.row = row;
        this.within = within;
    }

    /// <summary>The fields of an object.</summary>
    /// <param name="json">The object.</param>
    /// <param name="within">Its place in the record, for the faults: <c>metadata.</c>; empty for the record itself.</param>
    /// <exception cref="LogRecordException">It is no object.</exception>
    public static FieldReading Of(JsonElement json, string within = "") =>
        json.ValueKind == JsonValueKind.Object
            ? new FieldReading(json, null, within)
            : throw new LogRecordException(within.Length == 0 ? "The record is no JSON object." : $"{within.TrimEnd('.')} is no object.");

    /// <summary>The fields of a row.</summary>
    public static FieldReading Of(CsvRow row) => new(default, row, "");

    /// <summary>No field at all: an object that is missing.</summary>
    public static FieldReading None { get; } = new(default, null, "");

    /// <summary>Whether there is nothing to read: the object was missing.</summary>
    public bool IsMissing => row is null && json.ValueKind != JsonValueKind.Object;

    /// <summary>Whether it is a row of a table: then maps and lists come as text.</summary>
    public bool IsRow => row is not null;

    /// <summary>The object itself; of a row, undefined.</summary>
    public JsonElement Element => json;

    /// <summary>Whether one of the fields is there and neither null nor empty.</summary>
    public bool Has(params ReadOnlySpan<string> names) => Find(names, out _) is not null;

    /// <summary>A text, as it is; a number or a truth value as it is written.</summary>
    public string? Text(params ReadOnlySpan<string> names)
    {
        if (Find(names, out var name) is not { } field) return null;
        return field.Text ?? field.Json.ValueKind switch
        {
            JsonValueKind.Number => field.Json.GetRawText(),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => throw Wrong(name, "no text"),
        };
    }

    /// <summary>A name: trimmed, cut to 200 characters.</summary>
    public string? Name(params ReadOnlySpan<string> names) => TagName.Cut(Text(names));

    /// <summary>A name where other kinds are possible, too: those are null.</summary>
    public string? NameIfText(params ReadOnlySpan<string> names) => Find(names, out _) is { Text: { } text } ? TagName.Cut(text) : null;

    /// <summary>A count of tokens or requests, 0 to 10^15.</summary>
    public long? Count(params ReadOnlySpan<string> names)
    {
        if (Find(names, out var name) is not { } field) return null;
        if (field.Text is { } text) return NumberReading.TryCount(text, out var count) ? count : throw Wrong(name, "no count");
        if (field.Json.ValueKind != JsonValueKind.Number) throw Wrong(name, "no count");
        if (field.Json.TryGetInt64(out var whole) && whole is >= 0 and <= NumberReading.Most) return whole;
        return field.Json.TryGetDecimal(out var number) && NumberReading.TryCount(number, out whole) ? whole : throw Wrong(name, "no count");
    }

    /// <summary>A number of any sign.</summary>
    public decimal? Number(params ReadOnlySpan<string> names)
    {
        if (Find(names, out var name) is not { } field) return null;
        if (field.Text is { } text) return NumberReading.TryDecimal(text, out var parsed) ? parsed : throw Wrong(name, "no number");
        return field.Json.ValueKind == JsonValueKind.Number && field.Json.TryGetDecimal(out var number) ? number : throw Wrong(name, "no number");
    }

    /// <summary>An amount in USD, in nano-USD; not negative.</summary>
    public long? NanoUsd(params ReadOnlySpan<string> names)
    {
        if (Find(names, out var name) is not { } field) return null;
        var usd = field.Text is { } text ? NumberReading.TryAmount(text, out var parsed) ? parsed : throw Wrong(name, "no number") : Number(names)!.Value;
        if (NumberReading.TryNanoUsd(usd, out var nano)) return nano;
        throw Wrong(name, "no amount in USD that can be true");
    }

    /// <summary>A time, UTC; one without a zone is taken as UTC.</summary>
    public DateTimeOffset? Time(params ReadOnlySpan<string> names)
    {
        if (Find(names, out var name) is not { } field) return null;
        if (field.Text is { } text)
        {
            return TimeReading.TryText(text, TimeUnit.BySize, zone: null, out var time) ? time : throw Wrong(name, "no time that can be true");
        }
        return field.Json.ValueKind == JsonValueKind.Number && field.Json.TryGetDecimal(out var number)
            && TimeReading.TryEpoch(number, TimeUnit.BySize, out var epoch) ? epoch : throw Wrong(name, "no time that can be true");
    }

    /// <summary>A truth value: <c>true</c>, <c>"True"</c>, <c>1</c>, <c>"t"</c> and their opposites; null for <c>"None"</c> and other words.</summary>
    public bool? Flag(params ReadOnlySpan<string> names)
    {
        if (Find(names, out _) is not { } field) return null;
        if (field.Text is null && field.Json.ValueKind is JsonValueKind.True or JsonValueKind.False) return field.Json.ValueKind == JsonValueKind.True;
        var text = field.Text ?? (field.Json.ValueKind == JsonValueKind.Number ? field.Json.GetRawText() : "");
        return text.Trim().ToLowerInvariant() switch
        {
            "true" or "t" or "1" or "yes" => true,
            "false" or "f" or "0" or "no" => false,
            _ => null,
        };
    }

    /// <summary>A value of any JSON kind; text that holds a JSON object or array is parsed, as tables and careless exports write them.</summary>
    /// <returns>Null when it is missing, null, or text that is no JSON object or array.</returns>
    public JsonElement? Json(params ReadOnlySpan<string> names)
    {
        if (Find(names, out _) is not { } field) return null;
        return field.Text is { } text ? ParseNested(text) : field.Json;
    }

    /// <summary>The fields of an object within; <see cref="None"/> when it is missing or of another kind.</summary>
    public FieldReading Map(params ReadOnlySpan<string> names)
    {
        if (Find(names, out var name) is not { } field) return None;
        var value = field.Text is { } text ? ParseNested(text) : field.Json;
        return value is { ValueKind: JsonValueKind.Object } map ? new FieldReading(map, null, $"{within}{name}.") : None;
    }

    /// <summary>The texts of a list: a JSON array (numbers as they are written, other kinds left out), or such an array as text, or one text alone.</summary>
    public IReadOnlyList<string> List(params ReadOnlySpan<string> names)
    {
        if (Find(names, out _) is not { } field) return [];
        var value = field.Text is { } text ? ParseNested(text) : field.Json;
        if (value is not { ValueKind: JsonValueKind.Array } array)
        {
            return field.Text is { } one && one.Trim() is { Length: > 0 } single && single[0] is not ('[' or '{') ? [single] : [];
        }
        var list = new List<string>(array.GetArrayLength());
        foreach (var item in array.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.String) list.Add(item.GetString()!);
            else if (item.ValueKind == JsonValueKind.Number) list.Add(item.GetRawText());
        }
        return list;
    }

    /// <summary>A fault of a field of this record.</summary>
    public LogRecordException Wrong(string name, string what) => new($"{within}{name} is {what}.");

    /// <summary>A time that a record cannot do without.</summary>
    public DateTimeOffset RequiredTime(params ReadOnlySpan<string> names) => Time(names) ?? throw new LogRecordException($"{within}{names[0]} is missing.");

    /// <summary>A name that a record cannot do without.</summary>
    public string RequiredName(params ReadOnlySpan<string> names) => Name(names) ?? throw new LogRecordException($"{within}{names[0]} is missing.");

    /// <summary>A value of text that holds a JSON object or array; null for any other text.</summary>
    internal static JsonElement? ParseNested(string text)
    {
        var trimmed = text.AsSpan().Trim();
        if (trimmed.IsEmpty || trimmed[0] is not ('{' or '[')) return null;
        try
        {
            return JsonElement.Parse(trimmed);
        }
        catch (JsonException)
        {
            return null; // Text that only looks like JSON is text.
        }
    }

    private Field? Find(ReadOnlySpan<string> names, out string found)
    {
        foreach (var name in names)
        {
            found = name;
            if (row is not null)
            {
                if (row[name] is { } text && !IsNull(text)) return new Field(text, default);
            }
            else if (json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value))
            {
                if (value.ValueKind == JsonValueKind.String)
                {
                    if (value.GetString() is { Length: > 0 } content) return new Field(content, default);
                }
                else if (value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined))
                {
                    return new Field(null, value);
                }
            }
        }
        found = names.IsEmpty ? "" : names[0];
        return null;
    }

    // What databases write for null into tables: PostgreSQL's text form, ClickHouse, and plain words of exporters.
    private static bool IsNull(string text) => text is "\\N" or "NULL" or "null" or "ᴺᵁᴸᴸ";

    private readonly record struct Field(string? Text, JsonElement Json);
}
