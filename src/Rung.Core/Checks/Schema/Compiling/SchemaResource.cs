using Rung.Core.Checks.Json;

namespace Rung.Core.Checks.Schema.Compiling;

/// <summary>What the keywords of a part mean.</summary>
/// <param name="Draft">The draft.</param>
/// <param name="Validates">Whether <c>type</c>, <c>required</c> and the like are keywords at all: a meta-schema can leave their vocabulary out.</param>
/// <param name="AssertsFormats">Whether the meta-schema names the vocabulary that asserts <c>format</c>.</param>
internal sealed record SchemaDialect(SchemaDraft Draft, bool Validates, bool AssertsFormats);

/// <summary>One file of JSON that schemas stand in.</summary>
/// <param name="Root">Its value.</param>
/// <param name="Shown">How places in it begin: <c>#</c> for the schema itself, else its URI and <c>#</c>.</param>
/// <param name="IsOwn">Whether it is the schema that was given, of which misspelt keywords are refused; others are taken as the standard has them.</param>
internal sealed record SchemaDocument(JsonValue Root, string Shown, bool IsOwn)
{
    /// <summary>The resources in it by the pointers of their roots; "" is the document's.</summary>
    public Dictionary<string, SchemaResource> Resources { get; } = new(StringComparer.Ordinal);
}

/// <summary>A place where a schema stands.</summary>
/// <param name="Resource">The resource that it belongs to.</param>
/// <param name="Value">The value there.</param>
/// <param name="Pointer">The way to it from the document's root.</param>
internal readonly record struct SchemaLocation(SchemaResource Resource, JsonValue Value, string Pointer);

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
