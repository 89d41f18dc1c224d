using Rung.Core.Checks.Json;

namespace Rung.Core.Checks.Schema.Rules;

/// <summary><c>propertyNames</c>: every name, as a string, follows a schema.</summary>
internal sealed class PropertyNamesRule(string path, SchemaNode node) : SchemaRule(path)
{
    public override bool Holds(JsonValue value, SchemaRun run)
    {
        foreach (var name in value.Members.Keys)
        {
            if (run.Probe(node, JsonValue.OfString(name))) continue;
            var shown = Excerpt.Of(name);
            return run.Fail(Path, $"has a property with the name {shown}, which is not allowed", shown.Length);
        }
        return true;
    }
}
