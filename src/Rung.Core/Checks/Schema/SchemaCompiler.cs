using Rung.Core.Checks.Json;
using Rung.Core.Checks.Schema.Rules;

namespace Rung.Core.Checks.Schema;

/// <summary>
/// Compiles a schema document once: every keyword is read or refused, every reference bound, every circle that would never end found,
/// so that judging an answer meets no surprise. A node is known by its place, so that references share it.
/// </summary>
internal sealed class SchemaCompiler
{
    private const string Latest = "https://json-schema.org/draft/2020-12/schema";
    private const int MaxReferenceNesting = 200;

    private readonly JsonValue document;
    private readonly Dictionary<string, SchemaNode> nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SchemaNode> anchors = new(StringComparer.Ordinal);
    private readonly Queue<(ReferenceRule Rule, string Reference)> unbound = [];
    private readonly List<string> faults = [];
    private string baseUri = "";

    private SchemaCompiler(JsonValue document) => this.document = document;

    /// <summary>The draft that the document is written in.</summary>
    public SchemaDraft Dialect { get; private set; } = SchemaDraft.Draft202012;

    /// <summary>Compiles.</summary>
    /// <param name="document">The schema.</param>
    /// <param name="fault">The first fault and how many more there are, when the result is null.</param>
    public static CompiledSchema? Compile(JsonValue document, out string? fault)
    {
        var compiler = new SchemaCompiler(document);
        compiler.ReadHead();
        var root = compiler.Node(document, "#");
        compiler.BindReferences();
        compiler.RefuseEndlessCircles(root);

        var found = compiler.faults;
        fault = found.Count > 1 ? $"{found[0]} ({found.Count - 1} more.)" : found.FirstOrDefault();
        return fault is null ? new CompiledSchema(root) : null;
    }

    /// <summary>Notes a fault; compiling goes on, so that one run finds all.</summary>
    public void Refuse(string path, string reason) => faults.Add($"{path} {reason.TrimEnd('.')}.");

    /// <summary>The node of a schema at a place, compiled at the first call for that place.</summary>
    public SchemaNode Node(JsonValue schema, string path)
    {
        if (nodes.TryGetValue(path, out var known)) return known;

        var node = nodes[path] = new SchemaNode(path);
        switch (schema.Kind)
        {
            case JsonKind.True: break;
            case JsonKind.False: node.Seal([new FalseRule(path)]); break;
            case JsonKind.Object: CompileObject(schema, node); break;
            default: Refuse(path, $"must be a schema (an object, true or false), not {JsonPhrase.Kind(schema)}"); break;
        }
        return node;
    }

    /// <summary>A rule for a reference, bound at the end.</summary>
    public ReferenceRule Reference(string path, string reference)
    {
        var rule = new ReferenceRule(path);
        unbound.Enqueue((rule, reference));
        return rule;
    }

    /// <summary>Reads what the root says about the whole document: its draft and its name.</summary>
    private void ReadHead()
    {
        if (document.Members.TryGetValue("$schema", out var draft)) Dialect = ReadDialect(draft);
        if (!document.Members.TryGetValue("$id", out var id)) return;
        baseUri = id.Text.TrimEnd('#');
        if (id.Kind != JsonKind.String || baseUri.Contains('#')) Refuse("#/$id", "must be a URI without a fragment");
    }

    private SchemaDraft ReadDialect(JsonValue draft)
    {
        switch (draft.Text.TrimEnd('#').Replace("http://", "https://"))
        {
            case Latest: return SchemaDraft.Draft202012;
            case "https://json-schema.org/draft/2019-09/schema": return SchemaDraft.Draft201909;
            case "https://json-schema.org/draft-07/schema": return SchemaDraft.Draft7;
            default:
                Refuse("#/$schema", $"names {JsonPhrase.Of(draft)}; supported are the drafts 2020-12 ({Latest}), 2019-09 and 7");
                return SchemaDraft.Draft202012;
        }
    }

    private void CompileObject(JsonValue schema, SchemaNode node)
    {
        var place = new SchemaPlace(this, schema, node.Path);
        foreach (var keyword in schema.Members.Keys)
        {
            if (SchemaKeywords.Refusal(keyword, Dialect) is { } refusal) place.Refuse(keyword, refusal);
        }
        RefuseForeignHead(schema, place);
        ReadAnchor(place, node, "$anchor");
        ReadAnchor(place, node, "$dynamicAnchor"); // Without $dynamicRef, which is refused, it is an anchor like any other.
        place.NamedNodes("$defs");
        place.NamedNodes("definitions");
        node.Seal([.. SchemaRules.For(place)]);
    }

    /// <summary>Refuses what would make a part of the document a document of its own, or change the meaning of its siblings.</summary>
    private void RefuseForeignHead(JsonValue schema, SchemaPlace place)
    {
        var isRoot = ReferenceEquals(schema, document);
        if (!isRoot && place.Has("$id")) place.Refuse("$id", "is supported at the root only; refer to a part by #/$defs/… or $anchor");
        if (!isRoot && place.TryValue("$schema", out var draft) && !draft.Equals(document.Members.GetValueOrDefault("$schema")))
        {
            place.Refuse("$schema", "is supported at the root only");
        }
        if (Dialect == SchemaDraft.Draft7 && place.Has("$ref") && schema.Members.Keys.Any(keyword => keyword != "$ref" && !SchemaKeywords.IsAnnotation(keyword)))
        {
            place.Refuse("$ref", "makes draft 7 ignore the keywords beside it; put them into allOf, or name draft 2020-12");
        }
    }

    private void ReadAnchor(SchemaPlace place, SchemaNode node, string keyword)
    {
        if (place.TryText(keyword, out var anchor) && !anchors.TryAdd(anchor, node)) place.Refuse(keyword, $"repeats the anchor {Excerpt.Of(anchor)}");
    }

    /// <summary>Binds every reference. A target that no keyword led to is compiled now, and may bring further references.</summary>
    private void BindReferences()
    {
        while (unbound.TryDequeue(out var next))
        {
            if (Target(next.Reference, next.Rule.Path) is { } target) next.Rule.Bind(target);
        }
    }

    private SchemaNode? Target(string reference, string path)
    {
        var hash = reference.IndexOf('#');
        var uri = hash < 0 ? reference : reference[..hash];
        if (uri.Length > 0 && uri != baseUri)
        {
            Refuse(path, $"points to another document ({Excerpt.Of(reference)}); only references inside the file are supported");
            return null;
        }

        var fragment = hash < 0 ? "" : reference[(hash + 1)..];
        if (JsonPointer.Steps(fragment) is not { } steps)
        {
            if (anchors.TryGetValue(Uri.UnescapeDataString(fragment), out var anchored)) return anchored;
        }
        else if (JsonPointer.Find(document, steps) is { } schema)
        {
            return Node(schema, JsonPointer.Text(steps));
        }
        Refuse(path, $"points to {Excerpt.Of(reference)}, which is not in the file");
        return null;
    }

    /// <summary>Finds schemas that apply themselves to the same value: no answer would ever be judged.</summary>
    private void RefuseEndlessCircles(SchemaNode root)
    {
        var finished = new HashSet<SchemaNode>();
        foreach (var node in nodes.Values.Prepend(root)) Visit(node, [], finished);
    }

    private void Visit(SchemaNode node, HashSet<SchemaNode> open, HashSet<SchemaNode> finished)
    {
        if (finished.Contains(node)) return;
        if (!open.Add(node))
        {
            Refuse(node.Path, "leads back to itself without going into the value, so judging would never end");
            finished.Add(node);
            return;
        }
        if (open.Count > MaxReferenceNesting) Refuse(node.Path, $"is reached through more than {MaxReferenceNesting} schemas on one value");
        else foreach (var next in node.Rules.SelectMany(rule => rule.AppliedInPlace)) Visit(next, open, finished);

        open.Remove(node);
        finished.Add(node);
    }
}
