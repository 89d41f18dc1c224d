using System.Text.Json.Serialization;

namespace Rung.Commands.Checking;

/// <summary>What a run over documents found: the <c>--json</c> of <c>rung check --schema</c>.</summary>
internal sealed record DocumentReport
{
    /// <summary>Path of the schema, as given.</summary>
    public required string Schema { get; init; }
    /// <summary>Documents judged.</summary>
    public required long Documents { get; init; }
    /// <summary>How many follow the schema.</summary>
    public required long Valid { get; init; }
    /// <summary>How many do not.</summary>
    public required long Invalid { get; init; }
    /// <summary>Of the invalid ones those that are no JSON at all.</summary>
    public required long NotJson { get; init; }
    /// <summary>What giving up early would have saved, all invalid documents together.</summary>
    public required DoomedSummary Doomed { get; init; }
    /// <summary>What is wrong with the first invalid documents, in the order of their lines.</summary>
    public required IReadOnlyList<DocumentViolation> Violations { get; init; }
    /// <summary>Invalid documents that <see cref="Violations"/> says nothing of.</summary>
    public required long InvalidNotShown { get; init; }
}

/// <summary>Documents that a watch gives up before their end.</summary>
/// <param name="Documents">How many.</param>
/// <param name="BytesNotNeeded">Their bytes behind the place where they were given up.</param>
/// <param name="TokensNotNeededEstimate">The same in tokens, at four bytes each: an estimate.</param>
internal sealed record DoomedSummary(long Documents, long BytesNotNeeded, long TokensNotNeededEstimate);

/// <summary>One violation.</summary>
/// <param name="Line">Line of the document, from 1.</param>
/// <param name="InstancePath">Where in it, as a JSON pointer; empty for the whole.</param>
/// <param name="SchemaPath">The keyword that says so.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="DoomedAt">Bytes of the document before the one that made every continuation invalid; null when only its end showed it.</param>
/// <param name="Bytes">Length of the document, in bytes.</param>
internal sealed record DocumentViolation(int Line, string InstancePath, string SchemaPath, string Message, long? DoomedAt, long Bytes);

/// <summary>An invalid document.</summary>
/// <param name="Violations">What is wrong with it, at least one.</param>
internal sealed record InvalidDocument(IReadOnlyList<DocumentViolation> Violations)
{
    /// <summary>Bytes behind the one that made every continuation invalid; 0 when that was the last, or only the end showed it.</summary>
    [JsonIgnore]
    public long BytesNotNeeded => Violations[0] is { DoomedAt: { } at, Bytes: var bytes } ? Math.Max(0, bytes - at - 1) : 0;

    /// <summary>Whether it is no JSON.</summary>
    [JsonIgnore]
    public bool IsNoJson => Violations is [{ SchemaPath: "#", InstancePath: "", Message: var message }] && message.StartsWith("The document ", StringComparison.Ordinal);
}
