using Rung.Core.Checks.Json;

namespace Rung.Core.Checks.Schema.Rules;

/// <summary><c>$ref</c> to a place in the same document.</summary>
internal sealed class ReferenceRule(string path) : SchemaRule(path)
{
    private SchemaNode? target;

    public override IEnumerable<SchemaNode> AppliedInPlace => target is null ? [] : [target];

    /// <summary>Gives the rule its target, at the end of the compilation: the target may stand later in the document.</summary>
    public void Bind(SchemaNode node) => target = node;

    public override bool Holds(JsonValue value, SchemaRun run) => target!.Holds(value, run); // The compiler binds or refuses.
}
