using System.Text;
using System.Text.Json;
using Rung.Core.Checks.Schema;

namespace Rung.Core.Checks;

/// <summary>
/// Holds the arguments of tool calls against the parameter schemas that requests declare. Clients send the same tools again and again, so compiled
/// schemas are kept by their bytes: at most two generations of 64, the older dropped when the younger is full. Schemas above 64 KiB ask for nothing.
/// </summary>
internal sealed class ToolSchemas
{
    private const int MostKept = 64;
    private const int Largest = 64 * 1024;

    // Clients write these schemas: a thousand patterns take seconds to compile, and hundreds of megabytes while they are kept; patterns that backtrack
    // take a tenth of a second for each text they are matched with.
    private static readonly SchemaOptions Options = new() { MostPatterns = 100, LinearPatternsOnly = true };

    private readonly Lock gate = new();
    private Dictionary<byte[], JsonSchema?> young = new(BytesComparer.Instance);
    private Dictionary<byte[], JsonSchema?> old = new(BytesComparer.Instance);

    /// <summary>What is wrong with the arguments of a call to a declared tool; null when nothing is, or when the tool has no schema that could be used.</summary>
    public string? Fault(ToolCall call, CallContext? context)
    {
        if (context is null || Parameters(context.Tools, call.Name) is not { } parameters || SchemaOf(parameters) is not { } schema) return null;
        var arguments = call.Arguments.Span.Trim(" \t\r\n"u8);
        var violations = schema.Validate(arguments.IsEmpty ? "{}"u8 : arguments);
        if (violations.IsEmpty) return null;
        var first = violations[0];
        var where = first.InstancePath.Length == 0 ? "its arguments" : $"the argument {Excerpt.Bare(first.InstancePath, Excerpt.MaxLength)}";
        return $"{where} {first.Message}{(violations.Length > 1 ? $" (and {violations.Length - 1} more)" : "")}; see the parameters of {Excerpt.Bare(call.Name)}.";
    }

    /// <summary>The <c>parameters</c> of a function, as they stand in the request's <c>tools</c>.</summary>
    private static byte[]? Parameters(ReadOnlyMemory<byte> tools, string name)
    {
        if (tools.IsEmpty) return null;
        try
        {
            using var document = JsonDocument.Parse(tools);
            if (document.RootElement.ValueKind != JsonValueKind.Array) return null;
            foreach (var tool in document.RootElement.EnumerateArray())
            {
                if (tool.ValueKind != JsonValueKind.Object || !tool.TryGetProperty("function", out var function) || function.ValueKind != JsonValueKind.Object) continue;
                if (!function.TryGetProperty("name", out var named) || named.ValueKind != JsonValueKind.String || named.GetString() != name) continue;
                return function.TryGetProperty("parameters", out var parameters) && parameters.ValueKind is JsonValueKind.Object or JsonValueKind.False ? Encoding.UTF8.GetBytes(parameters.GetRawText()) : null;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Tools that cannot be read declare no schema; the upstream says what it thinks of them. (A lone surrogate in a name throws the second.)
        }
        return null;
    }

    private JsonSchema? SchemaOf(byte[] parameters)
    {
        if (parameters.Length > Largest) return null;
        JsonSchema? kept;
        lock (gate)
        {
            if (young.TryGetValue(parameters, out kept)) return kept;
            if (old.TryGetValue(parameters, out kept)) return Keep(parameters, kept);
        }
        // Not under the lock: a schema that takes long holds up its own call alone. Two calls may do it at once, and one of them wins.
        kept = JsonSchema.Compile(parameters, Options, out _);
        lock (gate) return Keep(parameters, kept);

        JsonSchema? Keep(byte[] parameters, JsonSchema? schema)
        {
            if (young.Count >= MostKept) (old, young) = (young, new Dictionary<byte[], JsonSchema?>(BytesComparer.Instance));
            young[parameters] = schema;
            return schema;
        }
    }

    private sealed class BytesComparer : IEqualityComparer<byte[]>
    {
        public static readonly BytesComparer Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj)
        {
            var hash = new HashCode();
            hash.AddBytes(obj);
            return hash.ToHashCode();
        }
    }
}
