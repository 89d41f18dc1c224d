using Rung.Core.Checks.Schema;

namespace Rung.Core.Checks;

/// <summary>Checks by JSON Schema.</summary>
public static partial class CheckFactory
{
    /// <summary>The answer is JSON that follows a schema, which is read with the default options.</summary>
    /// <inheritdoc cref="Schema(string, ReadOnlyMemory{byte}, SchemaOptions, out string?)"/>
    public static Check? Schema(string name, ReadOnlyMemory<byte> schema, out string? fault) => Schema(name, schema, new SchemaOptions(), out fault);

    /// <summary>The answer is JSON that follows a schema.</summary>
    /// <param name="name">Name to show, usually the file name; of a path only the last part is shown.</param>
    /// <param name="schema">
    /// The schema, UTF-8 JSON, at most 4 MiB. Drafts 2020-12, 2019-09 and 7. Keywords that would do nothing (of another draft, or misspelt) and references that
    /// lead nowhere are refused, never ignored.
    /// </param>
    /// <param name="options">How it is read: draft, formats, and the documents that it may refer to.</param>
    /// <param name="fault">What is wrong with the schema (with its place in it) when the result is null.</param>
    public static Check? Schema(string name, ReadOnlyMemory<byte> schema, SchemaOptions options, out string? fault)
    {
        ArgumentNullException.ThrowIfNull(name);
        return JsonSchema.Compile(schema, options, out fault) is { } compiled ? new SchemaCheck(name[(name.LastIndexOfAny(['/', '\\']) + 1)..], compiled.Compiled) : null;
    }
}
