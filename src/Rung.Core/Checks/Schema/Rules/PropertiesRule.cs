using System.Collections.Frozen;
using System.Collections.Immutable;
using Rung.Core.Checks.Json;

namespace Rung.Core.Checks.Schema.Rules;

/// <summary>A schema for the properties whose names match a pattern.</summary>
internal sealed record PatternProperty(SchemaPattern Pattern, SchemaNode Node);

/// <summary><c>properties</c>, <c>patternProperties</c> and <c>additionalProperties</c>, which only make sense together.</summary>
/// <param name="path">Place of the schema.</param>
/// <param name="named">Schemas by name.</param>
/// <param name="patterned">Schemas by pattern of the name.</param>
/// <param name="additional">Schema of every other property; null: anything.</param>
internal sealed class PropertiesRule(
    string path, FrozenDictionary<string, SchemaNode> named, ImmutableArray<PatternProperty> patterned, SchemaNode? additional) : SchemaRule(path)
{
    public override bool Holds(JsonValue value, SchemaRun run)
    {
        if (value.Kind != JsonKind.Object) return true;

        var holds = true;
        foreach (var (name, member) in value.Members)
        {
            holds &= MemberHolds(name, member, run);
            if (!holds && run.StopsAtFirstError) return false;
        }
        return holds;
    }

    private bool MemberHolds(string name, JsonValue member, SchemaRun run)
    {
        var holds = true;
        var isKnown = named.TryGetValue(name, out var node);
        if (node is not null) holds = run.HoldsAt(node, member, name);

        foreach (var (pattern, patternNode) in patterned)
        {
            if (!pattern.Matches(name, run)) continue;
            isKnown = true;
            holds &= run.HoldsAt(patternNode, member, name);
        }
        if (isKnown || additional is null) return holds;
        return additional.IsFalse ? Unexpected(name, additional, run) : run.HoldsAt(additional, member, name);
    }

    private bool Unexpected(string name, SchemaNode node, SchemaRun run)
    {
        if (!run.Collects) return false;
        var known = named.Count == 0 ? "" : $"; known are: {JsonPhrase.List([.. named.Keys.Order(StringComparer.Ordinal)])}";
        var shown = Excerpt.Of(name);
        return run.Fail(node.Path, $"has the property {shown}, which is not allowed{known}", shown.Length);
    }
}
