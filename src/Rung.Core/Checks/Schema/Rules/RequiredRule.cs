using System.Collections.Immutable;
using Rung.Core.Checks.Json;

namespace Rung.Core.Checks.Schema.Rules;

/// <summary><c>required</c>, and <c>dependentRequired</c> when it hangs on another property.</summary>
/// <param name="path">Place of the keyword.</param>
/// <param name="names">The properties that must be there.</param>
/// <param name="trigger">The property in whose presence they must; null: always.</param>
internal sealed class RequiredRule(string path, ImmutableArray<string> names, string? trigger) : SchemaRule(path)
{
    private readonly string because = trigger is null ? "" : $", which {Excerpt.Of(trigger)} requires";

    public override bool Holds(JsonValue value, SchemaRun run)
    {
        if (value.Kind != JsonKind.Object || (trigger is not null && !value.Members.ContainsKey(trigger))) return true;

        var holds = true;
        foreach (var name in names)
        {
            if (value.Members.ContainsKey(name)) continue;
            holds = run.Fail(Path, $"lacks the property {Excerpt.Of(name)}{because}");
            if (run.StopsAtFirstError) break;
        }
        return holds;
    }
}
