using System.Collections.Immutable;
using Rung.Core.Checks.Json;
using Rung.Core.Checks.Schema.Running;

namespace Rung.Core.Checks.Schema;

/// <summary>A schema ready to judge. Immutable, shared between threads, bounded in steps, size and depth.</summary>
/// <param name="root">The schema of the whole.</param>
/// <param name="hasDynamic">Whether a reference depends on the way that judging took.</param>
internal sealed class CompiledSchema(SchemaNode root, bool hasDynamic)
{
    /// <summary>The schema of the whole.</summary>
    public SchemaNode Root => root;

    /// <summary>Whether a reference depends on the way that judging took.</summary>
    public bool HasDynamic => hasDynamic;

    /// <summary>Whether a text is JSON that follows the schema: one pass, nothing built.</summary>
    public bool Holds(ReadOnlySpan<byte> json)
    {
        var run = SchemaRun.For(this, collects: false, longestPlace: 0);
        var holds = run.Append(json) && run.Complete();
        run.Release();
        return holds;
    }

    /// <summary>Judges a text; one that fails is gone through again for the reasons.</summary>
    /// <param name="json">UTF-8, perhaps no JSON at all.</param>
    /// <param name="subject">Who is spoken of: <c>The answer</c>.</param>
    /// <param name="longestPlace">Longest instance path in an error, in characters.</param>
    /// <param name="fault">Why the text is no JSON, in one sentence; null when it is.</param>
    /// <returns>What is wrong, at most twenty errors, in the order of the text; empty when it follows the schema (or is no JSON).</returns>
    public ImmutableArray<SchemaError> Validate(ReadOnlySpan<byte> json, string subject, int longestPlace, out string? fault)
    {
        fault = null;
        if (Holds(json)) return [];
        if (json.Length > JsonParser.MaxTreeBytes) fault = $"{subject} is larger than {JsonParser.MaxTreeBytes} bytes, the limit for JSON that is checked.";
        else JsonParser.TryScan(json, subject, out _, out fault);
        if (fault is not null) return [];

        var run = SchemaRun.For(this, collects: true, longestPlace);
        if (run.Append(json)) run.Complete();
        var errors = run.Errors.ToImmutableArray();
        run.Release();
        return errors.IsEmpty ? [new SchemaError("", root.Path, "does not follow the schema", 0, 0)] : errors;
    }
}
