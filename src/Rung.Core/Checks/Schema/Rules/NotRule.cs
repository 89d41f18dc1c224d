using Rung.Core.Checks.Json;

namespace Rung.Core.Checks.Schema.Rules;

/// <summary><c>not</c>: the schema does not hold.</summary>
internal sealed class NotRule(string path, SchemaNode node) : SchemaRule(path)
{
    public override IEnumerable<SchemaNode> AppliedInPlace => [node];

    public override bool Holds(JsonValue value, SchemaRun run) => !run.Probe(node, value) || run.Fail(Path, "matches a schema that it must not match");
}
