using Rung.Core.Checks.Json;

namespace Rung.Core.Checks.Schema.Rules;

/// <summary><c>if</c>, <c>then</c>, <c>else</c>.</summary>
internal sealed class ConditionRule(string path, SchemaNode condition, SchemaNode? then, SchemaNode? otherwise) : SchemaRule(path)
{
    public override IEnumerable<SchemaNode> AppliedInPlace => new[] { condition, then, otherwise }.OfType<SchemaNode>();

    public override bool Holds(JsonValue value, SchemaRun run)
    {
        var branch = run.Probe(condition, value) ? then : otherwise;
        return branch is null || branch.Holds(value, run);
    }
}
