using Rung.Core.Checks.Json;

namespace Rung.Core.Checks.Schema.Compiling;

/// <summary>A schema with a URI of its own (a document, or a part of one with <c>$id</c>), and the names in it.</summary>
internal sealed class SchemaResource(SchemaDocument document, Uri uri, SchemaDialect dialect, JsonValue root, string pointer)
{
    public SchemaDocument Document { get; } = document;
    public Uri Uri { get; } = uri;
    public SchemaDialect Dialect { get; } = dialect;
    public SchemaLocation Root => new(this, root, pointer);

    /// <summary>Places by <c>$anchor</c> and <c>$dynamicAnchor</c> (in draft 7: by an <c>$id</c> that is a fragment).</summary>
    public Dictionary<string, SchemaLocation> Anchors { get; } = new(StringComparer.Ordinal);

    /// <summary>Which of the anchors are dynamic; "" stands for <c>$recursiveAnchor</c>.</summary>
    public Dictionary<string, SchemaLocation> DynamicAnchors { get; } = new(StringComparer.Ordinal);

    /// <summary>The schemas of the dynamic anchors, compiled.</summary>
    public Dictionary<string, SchemaNode> DynamicNodes { get; } = new(StringComparer.Ordinal);
}
