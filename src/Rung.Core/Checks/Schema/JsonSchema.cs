using System.Collections.Immutable;
using Rung.Core.Checks.Json;
using Rung.Core.Checks.Schema.Compiling;

namespace Rung.Core.Checks.Schema;

/// <summary>The draft of JSON Schema that a document is written in, in order of time.</summary>
public enum SchemaDraft : byte
{
    /// <summary>Draft 7.</summary>
    Draft7 = 7,
    /// <summary>Draft 2019-09.</summary>
    Draft201909 = 19,
    /// <summary>Draft 2020-12.</summary>
    Draft202012 = 20,
}

/// <summary>How a schema is read.</summary>
public sealed record SchemaOptions
{
    /// <summary>The draft of documents that do not name theirs (<c>$schema</c>).</summary>
    public SchemaDraft Draft { get; init; } = SchemaDraft.Draft202012;
    /// <summary>Where the document is: what its relative references are resolved against, unless it has an <c>$id</c>. Absolute.</summary>
    public Uri BaseUri { get; init; } = new("schema:///");
    /// <summary>Whether <c>format</c> is asserted; otherwise it is an annotation, as the standard has it.</summary>
    public bool AssertFormats { get; init; }
    /// <summary>
    /// Gives the bytes of another document by its absolute URI without fragment; null when there is none. Never asked for the meta-schemas of the
    /// known drafts, which are built in. Nothing is ever fetched: a reference to a document that this does not give is refused.
    /// </summary>
    public Func<Uri, ReadOnlyMemory<byte>?> Bundle { get; init; } = static _ => null;
    /// <summary>Most patterns that it may have: they are what takes long to compile. For schemas that somebody outside has written.</summary>
    internal int MostPatterns { get; init; } = int.MaxValue;
    /// <summary>
    /// Refuses patterns that need backtracking (look-around, back references). Their limit is one for each match, and a document has many: for schemas that
    /// somebody outside has written.
    /// </summary>
    internal bool LinearPatternsOnly { get; init; }
}

/// <summary>One place where a document does not follow a schema.</summary>
/// <param name="InstancePath">Where in the document, as a JSON pointer; empty for the whole. Cut when it is long.</param>
/// <param name="SchemaPath">The keyword that says so: <c>#/properties/intent/enum</c>.</param>
/// <param name="Message">What is wrong, in words that fit behind the place: <c>must be a string but is 12</c>.</param>
public sealed record SchemaViolation(string InstancePath, string SchemaPath, string Message);

/// <summary>A JSON Schema, compiled once. Immutable, shared between threads, bounded in steps, depth and time; judging never throws.</summary>
public sealed class JsonSchema
{
    private const int LongestPlace = 200;

    private JsonSchema(CompiledSchema compiled) => Compiled = compiled;

    internal CompiledSchema Compiled { get; }

    /// <summary>Compiles.</summary>
    /// <param name="schema">The schema, UTF-8 JSON, at most 4 MiB.</param>
    /// <param name="options">How it is read.</param>
    /// <param name="fault">What is wrong with it, with its place, when the result is null.</param>
    public static JsonSchema? Compile(ReadOnlyMemory<byte> schema, SchemaOptions options, out string? fault)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!JsonParser.TryParse(schema.Span, "The schema", out var document, out fault)) return null;
        return SchemaCompiler.Compile(document, options, out fault) is { } compiled ? new JsonSchema(compiled) : null;
    }

    /// <summary>Judges a whole document. Of two members with one name each must be valid.</summary>
    /// <param name="document">UTF-8 JSON text; what is no JSON is one violation at the whole.</param>
    /// <returns>What is wrong, at most twenty violations; empty when the document is valid.</returns>
    public ImmutableArray<SchemaViolation> Validate(ReadOnlySpan<byte> document)
    {
        var errors = Compiled.Validate(document, "The document", LongestPlace, out var fault);
        if (fault is not null) return [new("", "#", fault)];
        return errors.IsEmpty ? [] : [.. errors.Select(error => new SchemaViolation(error.InstancePath, error.SchemaPath, error.Message))];
    }

    /// <summary>Whether a whole document is valid: as <see cref="Validate"/>, without the reasons.</summary>
    /// <param name="document">UTF-8 JSON text.</param>
    public bool IsValid(ReadOnlySpan<byte> document) => Compiled.Holds(document);

    /// <summary>Follows one answer as it arrives, to say at the first byte after which no continuation can be valid that it is doomed.</summary>
    public AnswerWatch Watch() => new SchemaWatch(Compiled);
}
