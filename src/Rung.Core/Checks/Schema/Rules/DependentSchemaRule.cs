using Rung.Core.Checks.Json;

namespace Rung.Core.Checks.Schema.Rules;

/// <summary>One entry of <c>dependentSchemas</c>: an object that has the property follows the schema.</summary>
internal sealed class DependentSchemaRule(string path, string trigger, SchemaNode node) : SchemaRule(path)
{
    public override IEnumerable<SchemaNode> AppliedInPlace => [node];

    public override bool Holds(JsonValue value, SchemaRun run) => !value.Members.ContainsKey(trigger) || node.Holds(value, run);
}
