using System.Collections.Immutable;
using Rung.Core.Checks.Json;

namespace Rung.Core.Checks.Schema.Rules;

/// <summary><c>allOf</c>: every schema holds.</summary>
internal sealed class AllOfRule(string path, ImmutableArray<SchemaNode> nodes) : SchemaRule(path)
{
    public override IEnumerable<SchemaNode> AppliedInPlace => nodes;

    public override bool Holds(JsonValue value, SchemaRun run)
    {
        var holds = true;
        foreach (var node in nodes)
        {
            holds &= node.Holds(value, run);
            if (!holds && run.StopsAtFirstError) break;
        }
        return holds;
    }
}
