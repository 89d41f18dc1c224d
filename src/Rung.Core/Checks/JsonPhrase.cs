using Rung.Core.Checks.Json;

namespace Rung.Core.Checks;

/// <summary>How a JSON value is named in a sentence.</summary>
internal static class JsonPhrase
{
    /// <summary>Its kind with the article: <c>a string</c>.</summary>
    public static string Kind(JsonValue value) => Kind(value.Kind);

    /// <summary>A kind with the article.</summary>
    public static string Kind(JsonKind kind) => kind switch
    {
        JsonKind.Null => "null",
        JsonKind.False or JsonKind.True => "a boolean",
        JsonKind.Number => "a number",
        JsonKind.String => "a string",
        JsonKind.Array => "an array",
        _ => "an object",
    };

    /// <summary>A short form of the value: <c>the string "red"</c>, <c>12</c>, <c>an array of 3 items</c>.</summary>
    public static string Of(JsonValue value) => value.Kind switch
    {
        JsonKind.String => $"the string {Excerpt.Of(value.Text)}",
        JsonKind.Array => $"an array of {value.Items.Length} items",
        JsonKind.Object => "an object",
        _ => Excerpt.Bare(value.Text),
    };

    /// <summary>A value of a schema as it stands there, shortened: <c>"red"</c>, <c>12</c>.</summary>
    public static string Literal(JsonValue value) => value.Kind == JsonKind.String ? Excerpt.Of(value.Text) : Of(value);

    /// <summary>A list for a sentence, with what is left out counted.</summary>
    public static string List(IReadOnlyCollection<string> words, int shown = 12) =>
        string.Join(", ", words.Take(shown)) + (words.Count > shown ? $", and {words.Count - shown} more" : "");
}
