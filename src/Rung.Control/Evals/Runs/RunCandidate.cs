namespace Rung.Control.Evals.Runs;

/// <summary>A model that is judged, as the policy had it when the run began.</summary>
public sealed record RunCandidate
{
    /// <summary>The policy's name of it.</summary>
    public required string Name { get; init; }
    /// <summary>The upstream's id.</summary>
    public required string Id { get; init; }
    /// <summary>The tier that the policy has it in, the lowest where there are several; null when it stands in none.</summary>
    public string? Tier { get; init; }
    /// <summary>The tag's cap on output tokens, under which it answers; 0 for none.</summary>
    public int MaxTokens { get; init; }
    /// <summary>The tag's cap on the temperature; null for none.</summary>
    public double? MaxTemperature { get; init; }
}
