using Rung.Core.Checks.Json;

namespace Rung.Core.Checks.Schema.Rules;

/// <summary>The schema <c>false</c>: nothing is valid.</summary>
internal sealed class FalseRule(string path) : SchemaRule(path)
{
    public override bool Holds(JsonValue value, SchemaRun run) => run.Fail(Path, "is not allowed here");
}
