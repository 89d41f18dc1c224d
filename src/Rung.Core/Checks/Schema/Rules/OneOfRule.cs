using System.Collections.Immutable;
using System.Globalization;
using Rung.Core.Checks.Json;

namespace Rung.Core.Checks.Schema.Rules;

/// <summary><c>oneOf</c>: exactly one schema holds.</summary>
internal sealed class OneOfRule(string path, ImmutableArray<SchemaNode> nodes) : SchemaRule(path)
{
    public override IEnumerable<SchemaNode> AppliedInPlace => nodes;

    public override bool Holds(JsonValue value, SchemaRun run)
    {
        var first = -1;
        for (var i = 0; i < nodes.Length; i++)
        {
            if (!run.Probe(nodes[i], value)) continue;
            if (first >= 0) return run.Fail(Path, string.Create(CultureInfo.InvariantCulture, $"matches the alternatives {first} and {i}; exactly one must match"));
            first = i;
        }
        return first >= 0 || Alternatives.FailWithClosest(Path, nodes, value, run);
    }
}
