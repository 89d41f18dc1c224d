using System.Collections.Immutable;
using Rung.Core.Checks.Json;

namespace Rung.Core.Checks.Schema;

/// <summary>A schema ready to judge. Immutable, shared between threads, bounded in steps and depth.</summary>
internal sealed class CompiledSchema(SchemaNode root)
{
    /// <summary>Judges a value.</summary>
    /// <returns>What is wrong, at most twenty errors, in the order of the schema; empty when the value is valid.</returns>
    public ImmutableArray<SchemaError> Validate(JsonValue value)
    {
        var verdict = new SchemaRun(collect: false);
        var holds = root.Holds(value, verdict);
        if (verdict.GaveUp is { } reason) return [new SchemaError("", root.Path, $"{reason}, so it counts as failed", 0, 0)];
        if (holds) return [];

        var reasons = new SchemaRun(collect: true);
        root.Holds(value, reasons);
        return reasons.Errors is [] ? [new SchemaError("", root.Path, "does not follow the schema", 0, 0)] : [.. reasons.Errors];
    }
}
