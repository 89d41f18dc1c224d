namespace Rung.Core.Policies.Documents;

/// <summary>A verifier as written; null: not stated. A good one has exactly one of its three kinds.</summary>
internal sealed record VerifierEntry
{
    public required string Name { get; init; }
    /// <summary>Path of a model file.</summary>
    public string? Trained { get; init; }
    public ModelVerifierEntry? Llm { get; init; }
    public HttpVerifierEntry? Http { get; init; }
    public decimal? LimitSeconds { get; init; }
}

/// <summary>A model with a rubric, as written.</summary>
internal sealed record ModelVerifierEntry(string? Model, string? Rubric, int? MaxTokens);

/// <summary>A served classifier, as written.</summary>
internal sealed record HttpVerifierEntry
{
    public string? Url { get; init; }
    public string? Body { get; init; }
    public string? Score { get; init; }
    public string? Label { get; init; }
    public SecretReference? Key { get; init; }
    public decimal? UsdPerCall { get; init; }
    public bool? PinnedCalls { get; init; }
}
