using Rung.Core.Checks.Json;

namespace Rung.Core.Checks.Schema.Compiling;

/// <summary>
/// Compiles a schema once: every keyword is read or refused, every reference bound, every circle that would never end found, so that judging
/// an answer meets no surprise. A node is known by its place, so that references share it.
/// </summary>
internal sealed partial class SchemaCompiler
{
    private const int MostDocuments = 200;
    private const int MostNodes = 200_000;
    private const int MaxReferenceNesting = 200;

    private readonly SchemaOptions options;
    private readonly Dictionary<string, SchemaResource> resources = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SchemaDialect?> dialects = new(StringComparer.Ordinal);
    private readonly Dictionary<(SchemaDocument Document, string Pointer), SchemaNode> nodes = [];
    private readonly HashSet<SchemaResource> entered = [];
    private readonly Queue<(SchemaNode Node, SchemaLocation At)> unbuilt = [];
    private readonly List<string> faults = [];
    private int documents;
    private int patterns;

    private SchemaCompiler(SchemaOptions options) => this.options = options;

    /// <summary>Whether a reference depends on the way that judging took.</summary>
    public bool HasDynamic { get; set; }

    /// <summary>Whether patterns that need backtracking are refused.</summary>
    public bool LinearPatternsOnly => options.LinearPatternsOnly;

    /// <summary>Counts one more pattern: whether the options allow it.</summary>
    public bool TryCountPattern() => ++patterns <= options.MostPatterns;

    /// <summary>Compiles.</summary>
    /// <param name="document">The schema.</param>
    /// <param name="options">How it is read.</param>
    /// <param name="fault">The first fault and how many more there are, when the result is null.</param>
    public static CompiledSchema? Compile(JsonValue document, SchemaOptions options, out string? fault)
    {
        var compiler = new SchemaCompiler(options);
        var dialect = new SchemaDialect(options.Draft, Validates: true, AssertsFormats: false);
        var resource = compiler.Add(new SchemaDocument(document, "#", isOwn: true), options.BaseUri, dialect);
        var root = compiler.Node(resource.Root);
        compiler.BuildAll();
        compiler.RefuseEndlessCircles();

        var found = compiler.faults;
        fault = found.Count > 1 ? $"{found[0]} ({found.Count - 1} more.)" : found.FirstOrDefault();
        if (fault is not null) return null;
        NodeShapes.Find(compiler.nodes.Values, compiler.HasDynamic); // Not before: it relies on there being no circle.
        return new CompiledSchema(root, compiler.HasDynamic);
    }

    /// <summary>Whether <c>format</c> is asserted in a dialect.</summary>
    public bool AssertsFormats(SchemaDialect dialect) => options.AssertFormats || dialect.AssertsFormats;

    /// <summary>Notes a fault; compiling goes on, so that one run finds all.</summary>
    public void Refuse(string path, string reason) => faults.Add($"{path} {reason.TrimEnd('.')}.");

    /// <summary>Makes a resource known by its URI. Of two with one URI the first counts.</summary>
    public void Register(SchemaResource resource) => resources.TryAdd(SchemaUri.Key(resource.Uri), resource);

    /// <summary>The node of a schema at a place; its keywords are read later.</summary>
    public SchemaNode Node(SchemaLocation at)
    {
        var key = (at.Resource.Document, at.Pointer);
        if (nodes.TryGetValue(key, out var known)) return known;
        if (at.Resource.Document.Resources.TryGetValue(at.Pointer, out var own)) at = at with { Resource = own };

        var node = nodes[key] = new SchemaNode(at.Resource.Document.Shown + at.Pointer, at.Resource);
        unbuilt.Enqueue((node, at));
        if (entered.Add(at.Resource))
        {
            foreach (var (name, anchored) in at.Resource.DynamicAnchors) at.Resource.DynamicNodes[name] = Node(anchored);
        }
        return node;
    }

    private void BuildAll()
    {
        while (unbuilt.TryDequeue(out var next))
        {
            if (nodes.Count > MostNodes)
            {
                Refuse(next.Node.Path, $"is beyond the {MostNodes} schemas that one file may have");
                return;
            }
            switch (next.At.Value.Kind)
            {
                case JsonKind.True: break;
                case JsonKind.False: next.Node.IsFalse = true; break;
                case JsonKind.Object: NodeBuilder.Build(new SchemaPlace(this, next.At, next.Node.Path), next.Node); break;
                default: Refuse(next.Node.Path, $"must be a schema (an object, true or false), not {JsonPhrase.Kind(next.At.Value)}"); break;
            }
        }
    }

    private SchemaResource Add(SchemaDocument document, Uri uri, SchemaDialect dialect)
    {
        documents++;
        return new ResourceFinder(this, document).Find(uri, dialect);
    }

    /// <summary>Finds schemas that apply themselves to the same value: no answer would ever be judged.</summary>
    private void RefuseEndlessCircles()
    {
        var finished = new HashSet<SchemaNode>();
        foreach (var node in nodes.Values) Visit(node, [], finished);
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
        else foreach (var next in node.InPlace) Visit(next, open, finished);

        open.Remove(node);
        finished.Add(node);
    }
}
