using Rung.Core.Checks.Json;

namespace Rung.Core.Checks.Schema.Compiling;

/// <summary>One file of JSON that schemas stand in. Known by itself, not by its content: it is a key.</summary>
/// <param name="root">Its value.</param>
/// <param name="shown">How places in it begin: <c>#</c> for the schema itself, else its URI and <c>#</c>.</param>
/// <param name="isOwn">Whether it is the schema that was given, of which misspelt keywords are refused; others are taken as the standard has them.</param>
internal sealed class SchemaDocument(JsonValue root, string shown, bool isOwn)
{
    public JsonValue Root => root;
    public string Shown => shown;
    public bool IsOwn => isOwn;

    /// <summary>The resources in it by the pointers of their roots; "" is the document's.</summary>
    public Dictionary<string, SchemaResource> Resources { get; } = new(StringComparer.Ordinal);
}
