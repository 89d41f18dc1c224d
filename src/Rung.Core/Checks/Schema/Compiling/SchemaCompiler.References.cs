using System.Diagnostics.CodeAnalysis;
using Rung.Core.Checks.Json;

namespace Rung.Core.Checks.Schema.Compiling;

/// <summary>Where references lead, and which dialect a document is of.</summary>
internal sealed partial class SchemaCompiler
{
    private const string Vocabulary = "https://json-schema.org/draft/";

    /// <summary>The target of a reference, or null with a fault noted.</summary>
    /// <param name="from">The resource that it stands in.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="path">Place of the keyword.</param>
    public SchemaLocation? Target(SchemaResource from, string reference, string path)
    {
        var hash = reference.IndexOf('#');
        var name = hash < 0 ? reference : reference[..hash];
        var fragment = hash < 0 ? "" : reference[(hash + 1)..];
        if (!SchemaUri.TryResolve(from.Uri, name, out var uri))
        {
            Refuse(path, $"points to {Excerpt.Of(reference)}, which is no URI");
            return null;
        }
        if (Resource(uri, from.Dialect, out var fault) is not { } resource)
        {
            Refuse(path, $"points to another document ({Excerpt.Bare(SchemaUri.Key(uri), maxLength: 120)}), {fault}");
            return null;
        }
        if (JsonPointer.Steps(fragment) is { } steps)
        {
            if (Find(resource, steps) is { } found) return found;
        }
        else if (resource.Anchors.TryGetValue(Uri.UnescapeDataString(fragment), out var anchored))
        {
            return anchored;
        }
        Refuse(path, $"points to {Excerpt.Of(reference)}, which is not in the file");
        return null;
    }

    /// <summary>The dialect that a <c>$schema</c> names; null when it is refused.</summary>
    public SchemaDialect? Dialect(JsonValue named, string path)
    {
        if (named.Kind == JsonKind.String && DialectOf(named.Text.TrimEnd('#'), steps: 0) is { } dialect) return dialect;
        Refuse(path, $"names {JsonPhrase.Of(named)}; supported are the drafts 2020-12 ({MetaSchemas.Draft202012}), 2019-09 and 7, and meta-schemas of these that are given");
        return null;
    }

    private static SchemaLocation? Find(SchemaResource resource, IEnumerable<string> steps)
    {
        var at = resource.Root;
        foreach (var step in steps)
        {
            if (JsonPointer.Find(at.Value, [step]) is not { } value) return null;
            var pointer = $"{at.Pointer}/{JsonPointer.Escape(step)}";
            at = new SchemaLocation(at.Resource.Document.Resources.GetValueOrDefault(pointer, at.Resource), value, pointer);
        }
        return at;
    }

    /// <summary>The resource of a URI: known, built in, or given.</summary>
    private SchemaResource? Resource(Uri uri, SchemaDialect dialect, out string? fault)
    {
        var key = SchemaUri.Key(uri);
        fault = null;
        if (resources.TryGetValue(key, out var known)) return known;
        if (documents >= MostDocuments)
        {
            fault = $"but no more than {MostDocuments} documents are read";
            return null;
        }
        if (!TryRead(uri, key, out var root, out fault)) return null;

        var resource = Add(new SchemaDocument(root, key + "#", isOwn: false), new Uri(key), dialect);
        resources.TryAdd(key, resource); // Under the name that it was asked for, whatever it calls itself.
        return resource;
    }

    private bool TryRead(Uri uri, string key, [NotNullWhen(true)] out JsonValue? root, [NotNullWhen(false)] out string? fault)
    {
        root = null;
        fault = "which is not given; nothing is fetched";
        return (MetaSchemas.Find(key) ?? options.Bundle(new Uri(key))) is { } bytes
            && JsonParser.TryParse(bytes.Span, "which cannot be read: it", out root, out fault);
    }

    private SchemaDialect? DialectOf(string uri, int steps)
    {
        switch (uri.Replace("http://", "https://", StringComparison.Ordinal))
        {
            case MetaSchemas.Draft202012: return new SchemaDialect(SchemaDraft.Draft202012, Validates: true, AssertsFormats: false);
            case MetaSchemas.Draft201909: return new SchemaDialect(SchemaDraft.Draft201909, Validates: true, AssertsFormats: false);
            case "https://json-schema.org/draft-07/schema": return new SchemaDialect(SchemaDraft.Draft7, Validates: true, AssertsFormats: false);
        }
        if (dialects.TryGetValue(uri, out var known)) return known;
        return dialects[uri] = steps < 8 ? OwnDialect(uri, steps) : null;
    }

    /// <summary>The dialect of a meta-schema of somebody's own: the draft that it is written in, and the vocabularies that it names.</summary>
    private SchemaDialect? OwnDialect(string uri, int steps)
    {
        if (!Uri.TryCreate(uri, UriKind.Absolute, out var name) || !TryRead(name, SchemaUri.Key(name), out var root, out _)) return null;
        if (!root.Members.TryGetValue("$schema", out var written) || DialectOf(written.Text.TrimEnd('#'), steps + 1) is not { } dialect) return null;
        if (dialect.Draft == SchemaDraft.Draft7 || !root.Members.TryGetValue("$vocabulary", out var vocabularies)) return dialect;

        var named = vocabularies.Members;
        if (named.Any(vocabulary => vocabulary.Value.Kind == JsonKind.True && !vocabulary.Key.StartsWith(Vocabulary, StringComparison.Ordinal))) return null;
        return dialect with
        {
            Validates = named.Keys.Any(key => key.EndsWith("/vocab/validation", StringComparison.Ordinal)),
            AssertsFormats = named.ContainsKey($"{Vocabulary}2020-12/vocab/format-assertion") || named.GetValueOrDefault($"{Vocabulary}2019-09/vocab/format")?.Kind == JsonKind.True,
        };
    }
}
