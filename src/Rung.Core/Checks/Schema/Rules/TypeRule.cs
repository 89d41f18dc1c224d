using System.Collections.Immutable;
using Rung.Core.Checks.Json;

namespace Rung.Core.Checks.Schema.Rules;

/// <summary><c>type</c>: one of a set of types. A number without a fraction is an integer however it is written.</summary>
internal sealed class TypeRule(string path, ImmutableArray<string> types) : SchemaRule(path)
{
    /// <summary>The types there are.</summary>
    public static readonly ImmutableArray<string> Known = ["null", "boolean", "object", "array", "number", "string", "integer"];

    private readonly bool[] accepted = Accepted(types);
    private readonly bool integers = types.Contains("integer");
    private readonly string demand = "be " + string.Join(" or ", types.Select(type => type switch
    {
        "null" => type,
        "object" or "array" or "integer" => "an " + type,
        _ => "a " + type,
    }));

    public override bool Holds(JsonValue value, SchemaRun run) =>
        accepted[(int)value.Kind] || (integers && value.Kind == JsonKind.Number && value.Number.IsInteger) || run.Fail(Path, demand, value);

    private static bool[] Accepted(ImmutableArray<string> types)
    {
        var kinds = new bool[(int)JsonKind.Object + 1];
        kinds[(int)JsonKind.Null] = types.Contains("null");
        kinds[(int)JsonKind.True] = kinds[(int)JsonKind.False] = types.Contains("boolean");
        kinds[(int)JsonKind.Object] = types.Contains("object");
        kinds[(int)JsonKind.Array] = types.Contains("array");
        kinds[(int)JsonKind.Number] = types.Contains("number");
        kinds[(int)JsonKind.String] = types.Contains("string");
        return kinds;
    }
}
