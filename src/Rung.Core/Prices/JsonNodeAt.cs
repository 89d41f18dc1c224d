using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Rung.Core.Prices;

/// <summary>A JSON value and where it is, so that every fault can say where.</summary>
internal readonly record struct JsonNodeAt(JsonElement Element, string Path)
{
    private const int MostTextLength = 1000;

    public PriceBookException Fault(string problem) => new(Path, problem);

    public void RequireMembers(string[] known)
    {
        if (Element.ValueKind != JsonValueKind.Object) throw Fault("An object is needed here.");
        foreach (var member in Element.EnumerateObject())
        {
            if (!known.Contains(member.Name, StringComparer.Ordinal)) throw new PriceBookException(At(member.Name), $"This member is unknown here; known are {string.Join(", ", known)}.");
        }
    }

    public JsonNodeAt Member(string name) => Optional(name) ?? throw new PriceBookException(At(name), "This member is required.");

    public JsonNodeAt? Optional(string name) =>
        Element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? new JsonNodeAt(value, At(name)) : null;

    public List<JsonNodeAt> Items()
    {
        if (Element.ValueKind != JsonValueKind.Array) throw Fault("An array is needed here.");
        var path = Path;
        return [.. Element.EnumerateArray().Select((item, i) => new JsonNodeAt(item, $"{path}[{i}]"))];
    }

    public List<(string Name, JsonNodeAt Value)> Members()
    {
        if (Element.ValueKind != JsonValueKind.Object) throw Fault("An object is needed here.");
        var here = this;
        return [.. Element.EnumerateObject().DistinctBy(member => member.Name).Select(member => (member.Name, new JsonNodeAt(member.Value, here.At(member.Name))))];
    }

    public string Text() =>
        Element.ValueKind == JsonValueKind.String && Element.GetString() is { Length: > 0 and <= MostTextLength } text && !text.Any(char.IsControl)
            ? text
            : throw Fault($"A text of 1 to {MostTextLength} characters without control characters is needed here.");

    public ImmutableArray<string> Texts() => [.. Items().Select(item => item.Text())];

    public string OneOf(params string[] words) => words.Contains(Text(), StringComparer.Ordinal) ? Text() : throw Fault($"This must be one of {string.Join(", ", words)}.");

    public DateOnly Date() =>
        DateOnly.TryParseExact(Text(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date
            : throw Fault("A date is written YYYY-MM-DD.");

    public int Count() =>
        Element.ValueKind == JsonValueKind.Number && Element.TryGetInt32(out var count) && count > 0 ? count : throw Fault("A whole number above 0 is needed here.");

    public long Rate() =>
        Element.ValueKind == JsonValueKind.Number && Element.TryGetDecimal(out var usd) && PriceUnits.TryToPico(usd, out var pico)
            ? pico
            : throw Fault("A price in USD per million tokens is needed here: 0 to 1,000,000, with at most six decimals.");

    /// <summary>A multiplier with at most three decimals, in thousandths.</summary>
    public int Permille() =>
        Element.ValueKind == JsonValueKind.Number && Element.TryGetDecimal(out var times) && times is > 0 and <= 1000m && decimal.Truncate(times * 1000) == times * 1000
            ? (int)(times * 1000)
            : throw Fault("A multiplier above 0 and up to 1000, with at most three decimals, is needed here.");

    private string At(string name) => Path.Length == 0 ? name : $"{Path}.{name}";
}
