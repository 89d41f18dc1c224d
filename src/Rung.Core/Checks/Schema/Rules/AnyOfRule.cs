using System.Collections.Immutable;
using Rung.Core.Checks.Json;

namespace Rung.Core.Checks.Schema.Rules;

/// <summary><c>anyOf</c>: at least one schema holds.</summary>
internal sealed class AnyOfRule(string path, ImmutableArray<SchemaNode> nodes) : SchemaRule(path)
{
    public override IEnumerable<SchemaNode> AppliedInPlace => nodes;

    public override bool Holds(JsonValue value, SchemaRun run)
    {
        foreach (var node in nodes)
        {
            if (run.Probe(node, value)) return true;
        }
        return Alternatives.FailWithClosest(Path, nodes, value, run);
    }
}
