namespace Rung.Storage.Content;

/// <summary>The content of one call, as far as the policy says that it is kept: already redacted, and within its size.</summary>
public sealed record CapturedCall
{
    /// <summary>The call in the ledger.</summary>
    public required string CallId { get; init; }
    /// <summary>When the call began, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }
    /// <summary>From when on it is to be gone, UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
    /// <summary>The tag that the client gave; null when none.</summary>
    public string? Tag { get; init; }
    /// <summary>The route that served it.</summary>
    public required string Route { get; init; }
    /// <summary>The client's session; null when none.</summary>
    public string? Session { get; init; }
    /// <summary>The client's end user; null when none.</summary>
    public string? User { get; init; }
    /// <summary>Data class of the call, its route's included; null when none.</summary>
    public string? DataClass { get; init; }
    /// <summary>Probability with which it was sampled, above 0, at most 1.</summary>
    public required double SampledAt { get; init; }
    /// <summary>Number of the policy revision that decided.</summary>
    public long PolicyRevision { get; init; }
    /// <summary>Text pieces that were blotted out.</summary>
    public int Redactions { get; init; }
    /// <summary>The client's request: a JSON object in the form of chat completions, UTF-8, with <c>stream</c> and <c>user</c> left out.</summary>
    public required ReadOnlyMemory<byte> Request { get; init; }
    /// <summary>Every whole answer that the call got, in order of attempts: more than one where it climbed.</summary>
    public required IReadOnlyList<CapturedAnswer> Answers { get; init; }
}

/// <summary>One whole answer.</summary>
public sealed record CapturedAnswer
{
    /// <summary>Ordinal of the attempt within the call.</summary>
    public required int Ordinal { get; init; }
    /// <summary>The policy's name of the model.</summary>
    public required string Model { get; init; }
    /// <summary>The rung that it stood on.</summary>
    public required string Tier { get; init; }
    /// <summary>Whether the client got this one.</summary>
    public required bool Served { get; init; }
    /// <summary>Whether no check failed it.</summary>
    public required bool Passed { get; init; }
    /// <summary>Score of a verifier or a scoring check, 0 to 1; null when none scored it. The lowest where there are several.</summary>
    public double? Score { get; init; }
    /// <summary>Finish reason as the upstream gave it; null when none.</summary>
    public string? FinishReason { get; init; }
    /// <summary>The assistant's message: a JSON object with <c>content</c> and <c>tool_calls</c> as in chat completions, UTF-8.</summary>
    public required ReadOnlyMemory<byte> Message { get; init; }
}
