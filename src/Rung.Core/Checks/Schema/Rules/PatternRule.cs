using Rung.Core.Checks.Json;

namespace Rung.Core.Checks.Schema.Rules;

/// <summary><c>pattern</c>: a match anywhere in a string.</summary>
internal sealed class PatternRule(string path, SchemaPattern pattern) : SchemaRule(path)
{
    public override bool Holds(JsonValue value, SchemaRun run) =>
        value.Kind != JsonKind.String || pattern.Matches(value.Text, run) || run.Fail(Path, $"match the pattern {pattern.Shown}", value);
}
