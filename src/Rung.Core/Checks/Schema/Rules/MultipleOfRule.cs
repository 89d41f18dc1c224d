using Rung.Core.Checks.Json;

namespace Rung.Core.Checks.Schema.Rules;

/// <summary><c>multipleOf</c>, in exact decimal arithmetic: 0.3 is a multiple of 0.1.</summary>
internal sealed class MultipleOfRule(string path, JsonValue divisor) : SchemaRule(path)
{
    public override bool Holds(JsonValue value, SchemaRun run) =>
        value.Kind != JsonKind.Number || value.Number.IsMultipleOf(divisor.Number)
            || run.Fail(Path, $"be a multiple of {JsonPhrase.Literal(divisor)}", value);
}
