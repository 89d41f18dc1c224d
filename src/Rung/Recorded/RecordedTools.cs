using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rung.Recorded;

/// <summary>Turns the tools of a recorded row into the <c>tools</c> of a chat request, as well as that can be done.</summary>
/// <remarks>
/// Recordings hold one function or a list, as the languages of their benchmarks spell types: Python's <c>dict</c>, <c>float</c> and <c>tuple</c>,
/// Java's <c>ArrayList</c>. Servers take JSON Schema only, so each becomes its nearest type, and a type without one is left out: anything goes.
/// </remarks>
internal static class RecordedTools
{
    private const int MaxDepth = 32;

    /// <summary>The <c>tools</c> array; null when the recorded text is no JSON, which a recording that cuts long texts can cause.</summary>
    public static JsonArray? Read(string recorded)
    {
        try
        {
            var tools = new JsonArray();
            var parsed = JsonNode.Parse(recorded, documentOptions: new JsonDocumentOptions { MaxDepth = MaxDepth });
            foreach (var tool in parsed is JsonArray list ? list.ToArray() : [parsed])
            {
                if (tool is JsonObject function) tools.Add(Tool(function));
            }
            return tools.Count > 0 ? tools : null;
        }
        // ArgumentException: the same name twice in one object.
        catch (Exception unreadable) when (unreadable is JsonException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    private static JsonObject Tool(JsonObject recorded)
    {
        var function = recorded["function"] is JsonObject inner ? inner : recorded;
        var tool = new JsonObject { ["name"] = Name(function["name"]?.ToString() ?? "function") };
        if (function["description"] is { } description) tool["description"] = description.DeepClone();
        if (function["parameters"] is JsonObject parameters) tool["parameters"] = Schema(parameters);
        return new JsonObject { ["type"] = "function", ["function"] = tool };
    }

    // Function names are [A-Za-z0-9_-]{1,64} on the wire; benchmarks name methods with dots, and their recorded models were asked with underscores.
    private static string Name(string recorded)
    {
        var name = new StringBuilder(recorded.Length);
        foreach (var c in recorded.AsSpan(0, Math.Min(recorded.Length, 64))) name.Append(char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '_');
        return name.ToString();
    }

    private static JsonNode? Schema(JsonNode? recorded)
    {
        if (recorded is not JsonObject schema) return recorded?.DeepClone();

        var converted = new JsonObject();
        foreach (var (key, value) in schema)
        {
            if (key == "type" && value is JsonValue type && type.TryGetValue<string>(out var word))
            {
                if (JsonType(word) is { } known) converted[key] = known;
            }
            else if (key == "properties" && value is JsonObject properties)
            {
                converted[key] = new JsonObject(properties.Select(property => KeyValuePair.Create(property.Key, Schema(property.Value))));
            }
            else
            {
                converted[key] = key is "items" or "additionalProperties" ? Schema(value) : value?.DeepClone();
            }
        }
        return converted;
    }

    private static string? JsonType(string recorded) => recorded.ToLowerInvariant() switch
    {
        "string" or "str" or "char" => "string",
        "integer" or "int" or "long" or "short" or "byte" or "bigint" => "integer",
        "number" or "float" or "double" => "number",
        "boolean" or "bool" => "boolean",
        "array" or "list" or "tuple" or "set" or "arraylist" or "queue" or "stack" => "array",
        "object" or "dict" or "hashmap" or "hashtable" => "object",
        "null" => "null",
        _ => null,
    };
}
