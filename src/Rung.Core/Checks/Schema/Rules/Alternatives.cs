using System.Collections.Immutable;
using Rung.Core.Checks.Json;

namespace Rung.Core.Checks.Schema.Rules;

/// <summary>How <c>anyOf</c> and <c>oneOf</c> explain that no alternative holds: by the one that got furthest.</summary>
internal static class Alternatives
{
    /// <summary>Reports. Always false.</summary>
    public static bool FailWithClosest(string path, ImmutableArray<SchemaNode> nodes, JsonValue value, SchemaRun run)
    {
        if (!run.Collects) return false;

        SchemaError? closest = null;
        foreach (var node in nodes)
        {
            if (run.Deepest(node, value) is { } error && error.Depth > (closest?.Depth ?? -1)) closest = error;
        }
        var hint = closest is null || closest.AnswerLength > Excerpt.MaxLength ? "" : $"; the closest fails because {closest.Place} {closest.Message}";
        return run.Fail(path, $"matches none of the {nodes.Length} alternatives{hint}", hint.Length == 0 ? 0 : closest!.AnswerLength);
    }
}
