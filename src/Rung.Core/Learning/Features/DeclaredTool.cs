using System.Text.Json;

namespace Rung.Core.Learning.Features;

/// <summary>A tool that the request declared, as far as features look at it.</summary>
internal sealed class DeclaredTool
{
    private const int MaxTools = 128;

    /// <summary>Its name.</summary>
    public required string Name { get; init; }
    /// <summary>Its description in small letters; empty without one.</summary>
    public required string Description { get; init; }
    /// <summary>Its parameter schema; undefined without one.</summary>
    public required JsonElement Parameters { get; init; }
    /// <summary>The words of its name and description that say something.</summary>
    public WordSet Words => field ??= TextFacts.ContentOf($"{Spoken(Name)} {Description}");
    /// <summary>How deep its parameters are nested.</summary>
    public int Depth => field > 0 ? field : field = DepthOf(Parameters, 0);
    /// <summary>Parameters without a JSON type: the recorded or declared type belongs to another language.</summary>
    public int Untyped => Properties.Values.Count(schema => schema.ValueKind == JsonValueKind.Object && !schema.TryGetProperty("type", out _));
    /// <summary>The schemas of its parameters by name.</summary>
    public required Dictionary<string, JsonElement> Properties { get; init; }
    /// <summary>The parameters that must be given.</summary>
    public required HashSet<string> Required { get; init; }

    /// <summary>Reads a request's <c>tools</c>, OpenAI's form. What cannot be read is left out.</summary>
    public static List<DeclaredTool> Read(JsonElement tools)
    {
        var found = new List<DeclaredTool>();
        if (tools.ValueKind != JsonValueKind.Array) return found;
        foreach (var tool in tools.EnumerateArray())
        {
            if (found.Count >= MaxTools) break;
            if (tool.ValueKind != JsonValueKind.Object) continue;
            var function = tool.TryGetProperty("function", out var inner) && inner.ValueKind == JsonValueKind.Object ? inner : tool;
            if (Text(function, "name") is not { } name) continue;
            var parameters = function.TryGetProperty("parameters", out var schema) && schema.ValueKind == JsonValueKind.Object ? schema : default;
            found.Add(new DeclaredTool
            {
                Name = name, Description = (Text(function, "description") ?? "").ToLowerInvariant(), Parameters = parameters,
                Properties = PropertiesOf(parameters), Required = RequiredOf(parameters),
            });
        }
        return found;
    }

    /// <summary>A name as words in small letters: <c>get_weather</c> is <c>get weather</c>.</summary>
    public static string Spoken(string name) => name.Replace('_', ' ').Replace('.', ' ').ToLowerInvariant();

    /// <summary>The parameter schemas that an object schema names; empty for what is none.</summary>
    public static Dictionary<string, JsonElement> PropertiesOf(JsonElement schema)
    {
        var found = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        if (schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("properties", out var properties) || properties.ValueKind != JsonValueKind.Object) return found;
        foreach (var property in properties.EnumerateObject()) found[property.Name] = property.Value;
        return found;
    }

    /// <summary>The names that an object schema requires.</summary>
    public static HashSet<string> RequiredOf(JsonElement schema)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        if (schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("required", out var required) || required.ValueKind != JsonValueKind.Array) return found;
        foreach (var name in required.EnumerateArray())
        {
            if (name.ValueKind == JsonValueKind.String) found.Add(name.GetString()!);
        }
        return found;
    }

    private static int DepthOf(JsonElement schema, int depth)
    {
        if (schema.ValueKind != JsonValueKind.Object || depth > 12) return depth;
        var deepest = depth;
        foreach (var property in PropertiesOf(schema).Values) deepest = Math.Max(deepest, DepthOf(property, depth + 1));
        return schema.TryGetProperty("items", out var items) ? Math.Max(deepest, DepthOf(items, depth + 1)) : deepest;
    }

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
