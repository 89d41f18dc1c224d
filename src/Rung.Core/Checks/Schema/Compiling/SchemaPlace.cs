using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Rung.Core.Checks.Json;

namespace Rung.Core.Checks.Schema.Compiling;

/// <summary>
/// One schema object while it is compiled: gives its keywords in the shape that the standard demands of them. A wrong shape is reported
/// to the compiler, and then the keyword reads as absent, so that compiling can go on to further faults.
/// </summary>
internal sealed class SchemaPlace(SchemaCompiler compiler, SchemaLocation location, string path)
{
    private readonly JsonValue schema = location.Value;

    public SchemaDialect Dialect => location.Resource.Dialect;

    public SchemaDraft Draft => Dialect.Draft;

    public bool AssertsFormats => compiler.AssertsFormats(Dialect);

    public bool Has(string keyword) => schema.Members.ContainsKey(keyword);

    public string At(string keyword) => $"{path}/{JsonPointer.Escape(keyword)}";

    public void Refuse(string keyword, string reason) => compiler.Refuse(At(keyword), reason);

    public bool TryValue(string keyword, [NotNullWhen(true)] out JsonValue? value) => schema.Members.TryGetValue(keyword, out value);

    public bool TryNumber(string keyword, [NotNullWhen(true)] out JsonValue? number) => TryKind(keyword, JsonKind.Number, "a number", out number);

    public bool TryText(string keyword, [NotNullWhen(true)] out string? text)
    {
        text = TryKind(keyword, JsonKind.String, "a string", out var value) ? value.Text : null;
        return text is not null;
    }

    /// <summary>A count; <paramref name="otherwise"/> when the keyword is absent.</summary>
    public int Count(string keyword, int otherwise)
    {
        if (!TryNumber(keyword, out var number)) return otherwise;
        if (number.Number.TryGetCount(out var count)) return count;
        Refuse(keyword, "must be a whole number, 0 or more");
        return otherwise;
    }

    public bool TryFlag(string keyword)
    {
        if (!TryValue(keyword, out var value)) return false;
        if (value.Kind is not (JsonKind.True or JsonKind.False)) Refuse(keyword, "must be true or false");
        return value.Kind == JsonKind.True;
    }

    /// <summary>A list of names: <c>required</c>.</summary>
    public ImmutableArray<string> Names(string keyword) => TryValue(keyword, out var value) ? Names(value, At(keyword)) : [];

    public ImmutableArray<string> Names(JsonValue value, string at)
    {
        if (value.Kind == JsonKind.Array && value.Items.All(item => item.Kind == JsonKind.String)) return [.. value.Items.Select(item => item.Text)];
        compiler.Refuse(at, "must be a list of strings");
        return [];
    }

    /// <summary>A schema; null when the keyword is absent.</summary>
    public SchemaNode? Node(string keyword) => TryValue(keyword, out var value) ? NodeAt(value, $"/{keyword}") : null;

    /// <summary>A schema at a place below this one, given as <see cref="Entries"/> gives it.</summary>
    public SchemaNode Node(JsonValue value, string at) => NodeAt(value, at[path.Length..]);

    /// <summary>The schema that a reference leads to.</summary>
    public SchemaNode Node(SchemaLocation target) => compiler.Node(target);

    /// <summary>A list of schemas, at least one; empty when the keyword is absent.</summary>
    public ImmutableArray<SchemaNode> Nodes(string keyword)
    {
        if (!TryKind(keyword, JsonKind.Array, "a list of schemas", out var list)) return [];
        if (list.Items.IsEmpty) Refuse(keyword, "must have at least one schema");
        return [.. list.Items.Select((item, i) => NodeAt(item, string.Create(CultureInfo.InvariantCulture, $"/{keyword}/{i}")))];
    }

    /// <summary>Schemas by name; empty when the keyword is absent.</summary>
    public ImmutableArray<KeyValuePair<string, SchemaNode>> NamedNodes(string keyword) =>
        [.. Entries(keyword).Select(entry => KeyValuePair.Create(entry.Name, Node(entry.Value, entry.At)))];

    /// <summary>The entries of an object, each with its place; none when the keyword is absent.</summary>
    public IEnumerable<(string Name, JsonValue Value, string At)> Entries(string keyword) =>
        TryKind(keyword, JsonKind.Object, "an object", out var value)
            ? value.Members.Select(member => (member.Key, member.Value, $"{At(keyword)}/{JsonPointer.Escape(member.Key)}"))
            : [];

    /// <summary>A compiled pattern, or null when it is refused.</summary>
    public SchemaPattern? Pattern(string source, string at)
    {
        if (!compiler.TryCountPattern())
        {
            compiler.Refuse(at, "is beyond the patterns that this schema may have");
            return null;
        }
        var pattern = SchemaPattern.Compile(source, compiler.LinearPatternsOnly, out var fault);
        if (pattern is null) compiler.Refuse(at, fault!); // A null pattern always comes with its fault.
        return pattern;
    }

    /// <summary>Where a reference leads; null when it is refused.</summary>
    public SchemaLocation? Target(string keyword, string reference) => compiler.Target(location.Resource, reference, At(keyword));

    /// <summary>A reference that depends on the way that judging took.</summary>
    public DynamicTarget DynamicTarget(string anchor, SchemaLocation otherwise)
    {
        compiler.HasDynamic = true;
        return new DynamicTarget(anchor, compiler.Node(otherwise));
    }

    /// <summary>Refuses keywords that do nothing here, though somebody seems to think that they do.</summary>
    public void RefuseForeign()
    {
        if (!location.Resource.Document.IsOwn) return;
        foreach (var keyword in schema.Members.Keys)
        {
            if (SchemaKeywords.Refusal(keyword, Draft) is { } refusal) Refuse(keyword, refusal);
        }
        var isNamed = location.Resource.Root.Pointer == location.Pointer;
        if (!isNamed && TryValue("$schema", out var draft) && !draft.Equals(location.Resource.Root.Value.Members.GetValueOrDefault("$schema")))
        {
            Refuse("$schema", "is supported only beside $id or at the root");
        }
    }

    private SchemaNode NodeAt(JsonValue value, string below) => compiler.Node(new SchemaLocation(location.Resource, value, location.Pointer + below));

    private bool TryKind(string keyword, JsonKind kind, string wanted, [NotNullWhen(true)] out JsonValue? value)
    {
        if (!TryValue(keyword, out value)) return false;
        if (value.Kind == kind) return true;
        Refuse(keyword, $"must be {wanted}, not {JsonPhrase.Kind(value)}");
        value = null;
        return false;
    }
}
