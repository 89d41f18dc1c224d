using System.Collections.Immutable;
using System.Text.Json;

namespace Rung.Core.Prices;

/// <summary>Collects what an importer finds: each model once, and a reason for everything that was left out.</summary>
internal sealed class ImportBuilder(string source)
{
    private const int MostRows = 200_000;

    private readonly Dictionary<string, PriceSchedule> entries = new(StringComparer.OrdinalIgnoreCase);
    private readonly ImmutableArray<ImportRemark>.Builder skipped = ImmutableArray.CreateBuilder<ImportRemark>();
    private readonly ImmutableArray<ImportRemark>.Builder remarks = ImmutableArray.CreateBuilder<ImportRemark>();
    private int rows;

    public static JsonDocument Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException e)
        {
            throw new PriceBookException("", $"This is not JSON (line {e.LineNumber + 1}): {e.Message}");
        }
    }

    public void BeginRow(string row)
    {
        if (++rows > MostRows) throw new PriceBookException(row, $"A price list has at most {MostRows} rows.");
    }

    public void Skip(string row, string reason) => skipped.Add(new ImportRemark(row, reason));

    public void Remark(string row, string reason) => remarks.Add(new ImportRemark(row, reason));

    /// <summary>Takes a row, unless its rates are unusable or its model came before.</summary>
    public void Take(string row, PriceSchedule entry)
    {
        var rates = entry.Periods[0].Rates;
        if (rates.Input == 0 && rates.Output == 0)
        {
            // Free to whom, and for how long? A price of nothing hides a bill; the policy may say 0 where it is meant.
            Skip(row, "listed as free: state a price in the policy if it really is");
        }
        else if (!entries.TryAdd(PriceBook.EntryKey(entry), entry))
        {
            Skip(row, $"another row already gave {entry.Provider} {entry.Model}");
        }
    }

    public PriceImport Build() => new(source, [.. entries.Values], skipped.ToImmutable(), remarks.ToImmutable());

    /// <summary>A number, or a number written as a text; null when absent or neither.</summary>
    public static decimal? Number(JsonElement row, string name)
    {
        if (row.ValueKind != JsonValueKind.Object || !row.TryGetProperty(name, out var value)) return null;
        return value.ValueKind switch
        {
            JsonValueKind.Number when value.TryGetDecimal(out var number) => number,
            JsonValueKind.String when decimal.TryParse(value.GetString(), System.Globalization.NumberStyles.Float, null, out var number) => number,
            _ => null,
        };
    }

    /// <summary>A count that fits an int and is above zero; null when absent or not one.</summary>
    public static int? Count(JsonElement row, string name) => Number(row, name) is { } number and >= 1 and <= int.MaxValue ? (int)number : null;

    public static string? Text(JsonElement row, string name) =>
        row.ValueKind == JsonValueKind.Object && row.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public static bool? Flag(JsonElement row, string name) =>
        row.ValueKind == JsonValueKind.Object && row.TryGetProperty(name, out var value)
            ? value.ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null }
            : null;

    /// <summary>Whether a row's id can be a model id: not empty, not monstrous, no control characters.</summary>
    public static bool IsUsableId(string id) => id.Length is > 0 and <= 200 && !id.Any(char.IsControl);
}
