namespace Rung.Control.Audit;

/// <summary>What a call cost, by the price book.</summary>
/// <param name="CostNanoUsd">Nano-USD; null when the price is unknown. Zero only when nothing was billed.</param>
public readonly record struct CallRating(long? CostNanoUsd);
