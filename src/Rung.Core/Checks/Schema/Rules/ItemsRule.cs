using System.Collections.Immutable;
using Rung.Core.Checks.Json;

namespace Rung.Core.Checks.Schema.Rules;

/// <summary><c>prefixItems</c> and <c>items</c> (before 2020-12: <c>items</c> as an array, and <c>additionalItems</c>).</summary>
/// <param name="path">Place of the schema.</param>
/// <param name="prefix">Schemas of the first items, by position.</param>
/// <param name="rest">Schema of every further item; null: anything.</param>
internal sealed class ItemsRule(string path, ImmutableArray<SchemaNode> prefix, SchemaNode? rest) : SchemaRule(path)
{
    public override bool Holds(JsonValue value, SchemaRun run)
    {
        var holds = true;
        for (var i = 0; i < value.Items.Length; i++)
        {
            if (i >= prefix.Length && rest is null) break;
            holds &= run.HoldsAt(i < prefix.Length ? prefix[i] : rest!, value.Items[i], i);
            if (!holds && run.StopsAtFirstError) break;
        }
        return holds;
    }
}
