using System.Collections.Immutable;

namespace Rung.Control.Audit;

/// <summary>Why a bill and an audit may differ.</summary>
/// <param name="Kind">In one word: <c>unknown_prices</c>, <c>missing_days</c>, …</param>
/// <param name="Sentence">In words, with its figures.</param>
/// <param name="AmountNanoUsd">What it would add to (or, negative, take from) the computed spend, in nano-USD; null when the data cannot say.</param>
/// <param name="Calls">Calls that it is about; null when it is not about calls.</param>
public sealed record InvoiceCause(string Kind, string Sentence, long? AmountNanoUsd, long? Calls);

/// <summary>A bill beside the audit of the same calls.</summary>
/// <param name="AmountNanoUsd">What was billed, in nano-USD.</param>
/// <param name="DifferenceNanoUsd">The bill less the computed cost.</param>
/// <param name="Share">The difference as a part of the computed cost; null when that is zero.</param>
/// <param name="Causes">What in the data could explain it: only what pulls in the direction of the difference, those with the largest amounts first.</param>
public sealed record InvoiceComparison(long AmountNanoUsd, long DifferenceNanoUsd, double? Share, ImmutableArray<InvoiceCause> Causes)
{
    internal static InvoiceComparison Of(long amount, AuditReport report, in BilledApart apart)
    {
        var difference = amount - report.Totals.CostNanoUsd;
        var causes = difference == 0
            ? []
            : InvoiceCauses.Of(report, apart, billedMore: difference > 0).OrderByDescending(cause => Math.Abs(cause.AmountNanoUsd ?? 0)).ToImmutableArray();
        return new InvoiceComparison(amount, difference, report.Totals.CostNanoUsd > 0 ? (double)difference / report.Totals.CostNanoUsd : null, causes);
    }
}
