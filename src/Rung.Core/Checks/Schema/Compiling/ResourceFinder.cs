using Rung.Core.Checks.Json;

namespace Rung.Core.Checks.Schema.Compiling;

/// <summary>
/// Goes through a document before it is compiled and notes what has a name: resources (<c>$id</c>) and anchors. Looks only where schemas stand: an
/// <c>$id</c> inside an <c>enum</c>, or under a keyword that nobody knows, is data.
/// </summary>
internal sealed class ResourceFinder(SchemaCompiler compiler, SchemaDocument document)
{
    private static readonly string[] Single =
    [
        "additionalProperties", "additionalItems", "items", "contains", "not", "if", "then", "else", "propertyNames", "unevaluatedItems",
        "unevaluatedProperties", "contentSchema",
    ];
    private static readonly string[] Lists = ["allOf", "anyOf", "oneOf", "prefixItems", "items"];
    private static readonly string[] Maps = ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies"];

    /// <summary>Finds everything.</summary>
    /// <param name="uri">Where the document is, against which its own <c>$id</c> is resolved.</param>
    /// <param name="dialect">The dialect of a document that does not name its own.</param>
    public SchemaResource Find(Uri uri, SchemaDialect dialect)
    {
        var outer = new SchemaResource(document, uri, dialect, document.Root, "");
        Visit(new SchemaLocation(outer, document.Root, ""));
        if (!document.Resources.ContainsKey("")) document.Resources[""] = outer; // No object: true or false.
        return document.Resources[""];
    }

    private void Visit(SchemaLocation at)
    {
        if (at.Value.Kind != JsonKind.Object) return;
        var members = at.Value.Members;
        var resource = at.Pointer.Length == 0 || members.ContainsKey("$id") ? Enter(at) : at.Resource;
        at = at with { Resource = resource };
        Anchor(at, "$anchor", isDynamic: false);
        Anchor(at, "$dynamicAnchor", isDynamic: true);
        if (members.TryGetValue("$recursiveAnchor", out var recursive) && recursive.Kind == JsonKind.True && resource.Dialect.Draft == SchemaDraft.Draft201909)
        {
            resource.DynamicAnchors.TryAdd("", at);
        }

        foreach (var keyword in Single) Child(at, keyword);
        foreach (var keyword in Lists)
        {
            if (!members.TryGetValue(keyword, out var list) || list.Kind != JsonKind.Array) continue;
            for (var i = 0; i < list.Items.Length; i++) Visit(new SchemaLocation(resource, list.Items[i], $"{at.Pointer}/{keyword}/{i}"));
        }
        foreach (var keyword in Maps)
        {
            if (!members.TryGetValue(keyword, out var map)) continue;
            foreach (var (name, value) in map.Members) Visit(new SchemaLocation(resource, value, $"{at.Pointer}/{keyword}/{JsonPointer.Escape(name)}"));
        }
    }

    private void Child(SchemaLocation at, string keyword)
    {
        if (at.Value.Members.TryGetValue(keyword, out var value)) Visit(new SchemaLocation(at.Resource, value, $"{at.Pointer}/{keyword}"));
    }

    /// <summary>Takes note of a resource: the document, or a part that has an <c>$id</c>.</summary>
    private SchemaResource Enter(SchemaLocation at)
    {
        var isRoot = at.Pointer.Length == 0;
        var dialect = at.Value.Members.TryGetValue("$schema", out var named) ? compiler.Dialect(named, $"{document.Shown}{at.Pointer}/$schema") ?? at.Resource.Dialect : at.Resource.Dialect;
        var uri = at.Resource.Uri;
        var hasName = isRoot;
        var anchor = "";
        var isHidden = dialect.Draft == SchemaDraft.Draft7 && at.Value.Members.ContainsKey("$ref"); // A $ref of draft 7 hides what stands beside it.
        if (!isHidden && at.Value.Members.TryGetValue("$id", out var id) && TryId(at, dialect, id, ref uri, out anchor)) hasName = true;
        if (!hasName)
        {
            if (anchor.Length > 0) at.Resource.Anchors.TryAdd(anchor, at);
            return at.Resource;
        }
        var resource = new SchemaResource(document, uri, dialect, at.Value, at.Pointer);
        document.Resources[at.Pointer] = resource;
        compiler.Register(resource);
        if (anchor.Length > 0) resource.Anchors.TryAdd(anchor, resource.Root);
        return resource;
    }

    /// <summary>Reads an <c>$id</c>: true when it names a resource. In draft 7 it may instead be an anchor, or both.</summary>
    private bool TryId(SchemaLocation at, SchemaDialect dialect, JsonValue id, ref Uri uri, out string anchor)
    {
        anchor = "";
        var hash = id.Text.IndexOf('#');
        var fragment = hash < 0 ? "" : id.Text[(hash + 1)..];
        var name = hash < 0 ? id.Text : id.Text[..hash];
        if (id.Kind != JsonKind.String || (fragment.Length > 0 && dialect.Draft != SchemaDraft.Draft7) || !SchemaUri.TryResolve(at.Resource.Uri, name, out var resolved))
        {
            compiler.Refuse($"{document.Shown}{at.Pointer}/$id", "must be a URI without a fragment");
            return false;
        }
        anchor = fragment;
        uri = resolved;
        return name.Length > 0;
    }

    private void Anchor(SchemaLocation at, string keyword, bool isDynamic)
    {
        if (at.Resource.Dialect.Draft == SchemaDraft.Draft7 || !at.Value.Members.TryGetValue(keyword, out var anchor)) return;
        if (anchor.Kind != JsonKind.String) compiler.Refuse($"{document.Shown}{at.Pointer}/{keyword}", "must be a string");
        else if (!at.Resource.Anchors.TryAdd(anchor.Text, at) && at.Resource.Anchors[anchor.Text].Pointer != at.Pointer)
        {
            compiler.Refuse($"{document.Shown}{at.Pointer}/{keyword}", $"repeats the anchor {Excerpt.Of(anchor.Text)}");
        }
        if (isDynamic && at.Resource.Dialect.Draft == SchemaDraft.Draft202012) at.Resource.DynamicAnchors.TryAdd(anchor.Text, at);
    }
}
