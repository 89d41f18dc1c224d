using System.Collections.Immutable;
using System.Text;
using Rung.Core.Checks.Json;

namespace Rung.Core.Comparisons;

/// <summary>
/// Reads the items of an answer that is a list: the elements of a JSON array, or of the only array of a JSON object; else the lines without their
/// bullets and numbers; else, of one line, the parts between commas or semicolons. An item is compared by its normalised text, or by its value when it is
/// a number. Of an element that is an object with an <c>index</c> or an <c>id</c>, as rerankers give them, that counts.
/// </summary>
internal static class ItemReading
{
    /// <summary>Most items that are looked at; further ones are left out.</summary>
    public const int MostItems = 2_000;

    /// <summary>The items in order, at most <see cref="MostItems"/>: each a text, a number or a JSON value, to be compared by equality.</summary>
    public static ImmutableArray<object> Of(string text)
    {
        if (Array(text) is { } array) return [.. array.Items.Take(MostItems).Select(Key)];
        var lines = text.Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (lines.Length == 1) lines = lines[0].Split([',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return [.. lines.Select(WithoutBullet).Where(line => line.Length > 0).Take(MostItems).Select(Key)];
    }

    private static JsonValue? Array(string text)
    {
        if (text.AsSpan().TrimStart() is not ['[' or '{', ..] || !JsonParser.TryParse(Encoding.UTF8.GetBytes(text), "It", out var value, out _)) return null;
        if (value.Kind == JsonKind.Array) return value;
        var arrays = value.Members.Values.Where(member => member.Kind == JsonKind.Array).Take(2).ToList();
        return arrays is [var only] ? only : null;
    }

    private static object Key(JsonValue item)
    {
        if (item.Kind == JsonKind.Object && (item.Members.GetValueOrDefault("index") ?? item.Members.GetValueOrDefault("id")) is { Kind: not (JsonKind.Object or JsonKind.Array) } named) item = named;
        return item.Kind switch
        {
            JsonKind.Number => item.Number,
            JsonKind.String => Key(item.Text),
            JsonKind.Array or JsonKind.Object => item,
            _ => item.Text,
        };
    }

    private static object Key(string text) => JsonNumber.TryParse(text.AsSpan().Trim(), out var number) ? number : AnswerLikeness.Bare(text);

    // "- one", "* one", "3. one", "3) one": what stands before the blank is no part of the item.
    private static string WithoutBullet(string line)
    {
        var digits = 0;
        while (digits < line.Length && char.IsAsciiDigit(line[digits])) digits++;
        var mark = digits > 0 && digits < line.Length && line[digits] is '.' or ')' ? digits + 1 : line.Length > 0 && line[0] is '-' or '*' or '•' ? 1 : 0;
        return mark > 0 && mark < line.Length && line[mark] == ' ' ? line[mark..].Trim() : line;
    }
}
