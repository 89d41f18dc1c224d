using Rung.Core.Checks.Json;

namespace Rung.Core.Checks.Schema;

/// <summary>What one keyword (or a group that only makes sense together) demands. Immutable after compilation.</summary>
/// <param name="path">Place of the keyword in the document: <c>#/properties/intent/enum</c>.</param>
internal abstract class SchemaRule(string path)
{
    /// <summary>Place of the keyword in the document.</summary>
    public string Path { get; } = path;

    /// <summary>Schemas that this rule applies to the same value: a circle of these would never end, so the compiler looks for one.</summary>
    public virtual IEnumerable<SchemaNode> AppliedInPlace => [];

    /// <summary>Whether the value satisfies the rule; when not, the reason is reported to the run.</summary>
    public abstract bool Holds(JsonValue value, SchemaRun run);
}
