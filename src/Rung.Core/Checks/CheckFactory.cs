using System.Collections.Immutable;

namespace Rung.Core.Checks;

/// <summary>Makes checks from what a policy says. Every method returns null and a fault sentence for input that makes no check.</summary>
public static class CheckFactory
{
    /// <summary>The answer parses as JSON (one value, nothing after it).</summary>
    public static Check Json() => throw new NotSupportedException("Being built.");
    /// <summary>The answer is JSON that follows a schema.</summary>
    /// <param name="name">Name to show, usually the file name.</param>
    /// <param name="schema">The schema, UTF-8 JSON.</param>
    /// <param name="fault">What is wrong with the schema (with its place in it) when the result is null.</param>
    public static Check? Schema(string name, ReadOnlyMemory<byte> schema, out string? fault) => throw new NotSupportedException("Being built.");
    /// <summary>The answer is a JSON object that has these fields, none of them null. A field may be a path: <c>a.b.0.c</c>.</summary>
    public static Check? Required(ImmutableArray<string> fields, out string? fault) => throw new NotSupportedException("Being built.");
    /// <summary>The answer (or one of its JSON fields) is one of these values.</summary>
    /// <param name="values">Allowed values, at least one.</param>
    /// <param name="field">Path of a JSON field; null: the whole answer.</param>
    /// <param name="normalised">Compare after trimming, lower-casing, dropping surrounding quotes and a final full stop, and folding white space.</param>
    /// <param name="fault">What is wrong when the result is null.</param>
    public static Check? Allowed(ImmutableArray<string> values, string? field, bool normalised, out string? fault) => throw new NotSupportedException("Being built.");
    /// <summary>The answer matches a regular expression (or, with <paramref name="mustMatch"/> false, does not), within a time limit.</summary>
    public static Check? Regex(string pattern, bool mustMatch, TimeSpan limit, out string? fault) => throw new NotSupportedException("Being built.");
    /// <summary>The answer's length in characters lies within bounds; at least one bound is given.</summary>
    public static Check? Length(int? min, int? max, out string? fault) => throw new NotSupportedException("Being built.");
    /// <summary>A number lies within bounds: the whole answer when <paramref name="field"/> is null, else that JSON field.</summary>
    public static Check? Bounds(string? field, decimal? min, decimal? max, out string? fault) => throw new NotSupportedException("Being built.");
    /// <summary>Every tool call names a declared tool and its arguments parse as a JSON object; with <paramref name="required"/> there is at least one.</summary>
    public static Check ToolCalls(bool required) => throw new NotSupportedException("Being built.");
}
