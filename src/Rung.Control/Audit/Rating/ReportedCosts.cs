namespace Rung.Control.Audit;

/// <summary>What the logs themselves say that calls cost, beside what the price book says. Amounts in nano-USD.</summary>
/// <param name="Calls">Calls for which the log states a cost and a price is known.</param>
/// <param name="ReportedNanoUsd">Sum of the log's figures over them.</param>
/// <param name="ComputedNanoUsd">Sum of tokens × price over the same calls.</param>
/// <param name="UnpricedCalls">Calls for which the log states a cost and no price is known: their figure is in no sum.</param>
/// <param name="UnpricedNanoUsd">Sum of the log's figures over them.</param>
public readonly record struct ReportedCosts(long Calls, long ReportedNanoUsd, long ComputedNanoUsd, long UnpricedCalls, long UnpricedNanoUsd)
{
    /// <summary>The log's figures less the computed ones.</summary>
    public long DifferenceNanoUsd => ReportedNanoUsd - ComputedNanoUsd;
}
