using System.Buffers;
using System.Text.Json;

namespace Rung.Core.Learning.Features;

/// <summary>Counts over the arguments of an answer's tool calls, held against the declared parameters.</summary>
internal sealed class ArgumentFacts(TextFacts prompt)
{
    private const int MaxValues = 500;
    private const int MaxDepth = 16;
    private static readonly SearchValues<char> s_codeMarks = SearchValues.Create("(){}=;<>*^");
    private int _seen;

    public int Given { get; private set; }
    public int Optional { get; private set; }
    public int Missing { get; private set; }
    public int Unknown { get; private set; }
    public int WrongTypes { get; private set; }
    public int WrongEnums { get; private set; }
    public int Nested { get; private set; }
    public int CodeStrings { get; private set; }
    public int EmptyStrings { get; private set; }
    public int Defaults { get; private set; }
    /// <summary>Numbers and words given as values.</summary>
    public int Values { get; private set; }
    /// <summary>Those of them that stand in the prompt.</summary>
    public int Placed { get; private set; }
    /// <summary>Numbers given that the prompt does not have.</summary>
    public int UnplacedNumbers { get; private set; }

    /// <summary>Adds the arguments of one call.</summary>
    public void Add(JsonElement arguments, DeclaredTool tool)
    {
        foreach (var required in tool.Required)
        {
            if (!arguments.TryGetProperty(required, out _)) Missing++;
        }
        foreach (var argument in arguments.EnumerateObject())
        {
            Given++;
            if (!tool.Required.Contains(argument.Name)) Optional++;
            if (!tool.Properties.TryGetValue(argument.Name, out var schema)) Unknown++;
            Add(argument.Value, schema, depth: 0);
        }
    }

    private void Add(JsonElement value, JsonElement schema, int depth)
    {
        if (depth > MaxDepth || ++_seen > MaxValues) return;
        Fit(value, schema);
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                Nested++;
                var properties = DeclaredTool.PropertiesOf(schema);
                foreach (var member in value.EnumerateObject()) Add(member.Value, properties.GetValueOrDefault(member.Name), depth + 1);
                break;
            case JsonValueKind.Array:
                var items = schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("items", out var item) ? item : default;
                foreach (var element in value.EnumerateArray()) Add(element, items, depth + 1);
                break;
            case JsonValueKind.Number:
                Place(value.TryGetDouble(out var number) ? number : 0);
                break;
            case JsonValueKind.String:
                Place(value.GetString()!);
                break;
        }
    }

    private void Place(double number)
    {
        Values++;
        var isGiven = prompt.Numbers.Exists(one => TextNumber.Same(one.Value, number) || TextNumber.Same(one.Value / 100, number) || TextNumber.Same(Math.Abs(one.Value), Math.Abs(number)));
        if (isGiven) Placed++;
        else UnplacedNumbers++;
    }

    private void Place(string text)
    {
        Values++;
        if (text.Length == 0) EmptyStrings++;
        if (text.AsSpan().ContainsAny(s_codeMarks)) CodeStrings++;
        if (text.Length > 0 && prompt.Lower.Contains(text.ToLowerInvariant(), StringComparison.Ordinal)) Placed++;
    }

    private void Fit(JsonElement value, JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object) return;
        if (schema.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && !IsOf(value, type.GetString()!)) WrongTypes++;
        if (schema.TryGetProperty("enum", out var allowed) && allowed.ValueKind == JsonValueKind.Array && !Has(allowed, value)) WrongEnums++;
        if (schema.TryGetProperty("default", out var usual) && JsonElement.DeepEquals(usual, value)) Defaults++;
    }

    private static bool IsOf(JsonElement value, string type) => type switch
    {
        "string" => value.ValueKind == JsonValueKind.String,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsInteger(number),
        "number" => value.ValueKind == JsonValueKind.Number,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "array" => value.ValueKind == JsonValueKind.Array,
        "object" => value.ValueKind == JsonValueKind.Object,
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => true,
    };

    private static bool Has(JsonElement allowed, JsonElement value)
    {
        foreach (var one in allowed.EnumerateArray())
        {
            if (JsonElement.DeepEquals(one, value)) return true;
        }
        return false;
    }
}
