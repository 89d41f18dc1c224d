using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Rung.Core.Checks.Json;

namespace Rung.Core.Checks.Schema;

/// <summary>
/// One schema object while it is compiled: gives its keywords in the shape that the standard demands of them. A wrong shape is reported
/// to the compiler, and then the keyword reads as absent, so that compiling can go on to further faults.
/// </summary>
internal sealed class SchemaPlace(SchemaCompiler compiler, JsonValue schema, string path)
{
    public SchemaDraft Dialect => compiler.Dialect;

    public bool Has(string keyword) => schema.Members.ContainsKey(keyword);

    public string At(string keyword) => $"{path}/{JsonPointer.Escape(keyword)}";

    public string Path => path;

    public void Refuse(string keyword, string reason) => compiler.Refuse(At(keyword), reason);

    public bool TryValue(string keyword, [NotNullWhen(true)] out JsonValue? value) => schema.Members.TryGetValue(keyword, out value);

    public bool TryNumber(string keyword, [NotNullWhen(true)] out JsonValue? number) => TryKind(keyword, JsonKind.Number, "a number", out number);

    public bool TryText(string keyword, [NotNullWhen(true)] out string? text)
    {
        text = TryKind(keyword, JsonKind.String, "a string", out var value) ? value.Text : null;
        return text is not null;
    }

    public bool TryCount(string keyword, out int count)
    {
        count = 0;
        if (!TryNumber(keyword, out var number)) return false;
        if (number.Number.TryGetCount(out count)) return true;
        Refuse(keyword, "must be a whole number, 0 or more");
        return false;
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
    public SchemaNode? Node(string keyword) => TryValue(keyword, out var value) ? compiler.Node(value, At(keyword)) : null;

    public SchemaNode Node(JsonValue value, string at) => compiler.Node(value, at);

    /// <summary>A list of schemas, at least one; empty when the keyword is absent.</summary>
    public ImmutableArray<SchemaNode> Nodes(string keyword)
    {
        if (!TryKind(keyword, JsonKind.Array, "a list of schemas", out var list)) return [];
        if (list.Items.IsEmpty) Refuse(keyword, "must have at least one schema");
        return [.. list.Items.Select((item, i) => compiler.Node(item, string.Create(CultureInfo.InvariantCulture, $"{At(keyword)}/{i}")))];
    }

    /// <summary>Schemas by name; empty when the keyword is absent.</summary>
    public ImmutableArray<KeyValuePair<string, SchemaNode>> NamedNodes(string keyword) =>
        [.. Entries(keyword).Select(entry => KeyValuePair.Create(entry.Name, compiler.Node(entry.Value, entry.At)))];

    /// <summary>The entries of an object, each with its place; none when the keyword is absent.</summary>
    public IEnumerable<(string Name, JsonValue Value, string At)> Entries(string keyword) =>
        TryKind(keyword, JsonKind.Object, "an object", out var value)
            ? value.Members.Select(member => (member.Key, member.Value, $"{At(keyword)}/{JsonPointer.Escape(member.Key)}"))
            : [];

    /// <summary>A compiled pattern, or null when it is refused.</summary>
    public SchemaPattern? Pattern(string source, string at)
    {
        var pattern = SchemaPattern.Compile(source, out var fault);
        if (pattern is null) compiler.Refuse(at, fault!); // A null pattern always comes with its fault.
        return pattern;
    }

    /// <summary>A reference, bound when the whole document has been read.</summary>
    public SchemaRule Reference(string keyword, string reference) => compiler.Reference(At(keyword), reference);

    private bool TryKind(string keyword, JsonKind kind, string wanted, [NotNullWhen(true)] out JsonValue? value)
    {
        if (!TryValue(keyword, out value)) return false;
        if (value.Kind == kind) return true;
        Refuse(keyword, $"must be {wanted}, not {JsonPhrase.Kind(value)}");
        value = null;
        return false;
    }
}
