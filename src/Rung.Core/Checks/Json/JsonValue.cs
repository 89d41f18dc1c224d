using System.Collections.Immutable;

namespace Rung.Core.Checks.Json;

/// <summary>
/// A JSON value, read once and then asked many times. Unlike a <c>JsonElement</c> it holds escaped lone surrogates without throwing,
/// keeps numbers exactly, and keeps the last of two members with one name. Two values are equal as JSON Schema has it: numbers by
/// value, objects without regard to order.
/// </summary>
internal sealed class JsonValue : IEquatable<JsonValue>
{
    private static readonly OrderedDictionary<string, JsonValue> NoMembers = []; // Before the values below, which take it.
    public static readonly JsonValue Null = new(JsonKind.Null) { Text = "null" };
    public static readonly JsonValue True = new(JsonKind.True) { Text = "true" };
    public static readonly JsonValue False = new(JsonKind.False) { Text = "false" };

    private JsonValue(JsonKind kind) => Kind = kind;

    public JsonKind Kind { get; }

    /// <summary>The text of a string, or the JSON text of a number, a boolean or null; empty for arrays and objects.</summary>
    public string Text { get; private init; } = "";

    /// <summary>The value of a number.</summary>
    public JsonNumber Number { get; private init; }

    /// <summary>The items of an array.</summary>
    public ImmutableArray<JsonValue> Items { get; private init; } = [];

    /// <summary>The members of an object, in order. Never changed after reading.</summary>
    public OrderedDictionary<string, JsonValue> Members { get; private init; } = NoMembers;

    public static JsonValue OfString(string text) => new(JsonKind.String) { Text = text };

    public static JsonValue OfNumber(string text, JsonNumber number) => new(JsonKind.Number) { Text = text, Number = number };

    public static JsonValue OfArray(ImmutableArray<JsonValue> items) => new(JsonKind.Array) { Items = items };

    public static JsonValue OfObject(OrderedDictionary<string, JsonValue> members) => new(JsonKind.Object) { Members = members };

    public bool Equals(JsonValue? other)
    {
        if (ReferenceEquals(this, other)) return true;
        if (other is null || Kind != other.Kind) return false;
        return Kind switch
        {
            JsonKind.Number => Number.Equals(other.Number),
            JsonKind.String => string.Equals(Text, other.Text, StringComparison.Ordinal),
            JsonKind.Array => Items.AsSpan().SequenceEqual(other.Items.AsSpan()),
            JsonKind.Object => SameMembers(other),
            _ => true,
        };
    }

    public override bool Equals(object? obj) => Equals(obj as JsonValue);

    public override int GetHashCode()
    {
        var hash = (int)Kind;
        if (Kind == JsonKind.Number) return HashCode.Combine(hash, Number);
        if (Kind == JsonKind.String) return HashCode.Combine(hash, Text);
        foreach (var item in Items) hash = HashCode.Combine(hash, item);
        foreach (var (name, value) in Members) hash += HashCode.Combine(name, value); // A sum: order does not count.
        return hash;
    }

    private bool SameMembers(JsonValue other)
    {
        if (Members.Count != other.Members.Count) return false;
        foreach (var (name, value) in Members)
        {
            if (!other.Members.TryGetValue(name, out var theirs) || !value.Equals(theirs)) return false;
        }
        return true;
    }
}
