using Rung.Core.Prices;

namespace Rung.Control.Audit;

/// <summary>One rung of a proposed ladder.</summary>
public sealed record LadderTier
{
    /// <summary><c>small</c>, <c>mid</c> or <c>frontier</c>.</summary>
    public required string Name { get; init; }
    /// <summary>The provider, in the words of policies.</summary>
    public required string Provider { get; init; }
    /// <summary>The model id, as the price book has it.</summary>
    public required string Model { get; init; }
    /// <summary>What the model costs.</summary>
    public required PriceSchedule Price { get; init; }
    /// <summary>Whether calls of the log already go to it.</summary>
    public required bool IsInUse { get; init; }
    /// <summary>Its price by the audited mix of tokens, in pico-USD per token.</summary>
    public required long BlendedPicoPerToken { get; init; }
    /// <summary>Why this model, in one sentence with its figures.</summary>
    public required string Why { get; init; }
}
