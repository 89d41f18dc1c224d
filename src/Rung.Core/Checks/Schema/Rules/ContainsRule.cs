using Rung.Core.Checks.Json;

namespace Rung.Core.Checks.Schema.Rules;

/// <summary><c>contains</c> with <c>minContains</c> (1 when absent) and <c>maxContains</c>: how many items follow a schema.</summary>
internal sealed class ContainsRule(string path, SchemaNode node, int min, int? max) : SchemaRule(path)
{
    public override bool Holds(JsonValue value, SchemaRun run)
    {
        if (value.Kind != JsonKind.Array) return true;

        var count = 0;
        foreach (var item in value.Items)
        {
            if (run.Probe(node, item)) count++;
            if (count >= min && max is null) return true;
            if (count > max) return run.Fail(Path, $"has more than {max} items of the kind that {node.Path} describes");
        }
        return count >= min || run.Fail(Path, $"must contain at least {min} item(s) of the kind that {node.Path} describes but contains {count}");
    }
}
