using System.Collections.Immutable;
using Rung.Control.Imports;

namespace Rung.Control.Audit;

/// <summary>One job of an audit, in its place among the others.</summary>
/// <param name="Rank">1 for the dearest.</param>
/// <param name="Review">What it is and what the audit thinks of it.</param>
/// <param name="Totals">Its calls, cost and tokens over all its models.</param>
/// <param name="Share">Its part of the whole cost, 0 to 1; null when the whole costs nothing.</param>
public sealed record AuditRow(int Rank, SiteReview Review, AuditTotals Totals, double? Share)
{
    /// <summary>Its tag.</summary>
    public string Tag => Review.Site.Tag;
    /// <summary>Part of its input that was read from a cache, 0 to 1; null without input.</summary>
    public double? CachedShare => Totals.InputTokens > 0 ? (double)Totals.CacheReadTokens / Totals.InputTokens : null;
    /// <summary>Whether another tier than today's is proposed.</summary>
    public bool IsMoved => Review.ProposedTier is { } proposed && proposed != Review.Tier && Review.Compliance is null;
}

/// <summary>A tier of the proposed ladder.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Provider">Provider of its model.</param>
/// <param name="Model">Its model.</param>
/// <param name="Why">Why it is that model.</param>
public sealed record AuditTier(string Name, string Provider, string Model, string Why);

/// <summary>What an audit rests on, besides calls and sites.</summary>
public sealed record AuditFrame
{
    /// <summary>What was read; null when the calls come from a ledger.</summary>
    public LogImportResult? Import { get; init; }
    /// <summary>The ledger's folder; null when the calls come from files.</summary>
    public string? Ledger { get; init; }
    /// <summary>The proposed ladder, cheapest tier first.</summary>
    public ImmutableArray<AuditTier> Ladder { get; init; } = [];
    /// <summary>What a reader must know of the proposal, a sentence each.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];
    /// <summary>What the projection assumes, a sentence each.</summary>
    public ImmutableArray<string> Assumptions { get; init; } = [];
    /// <summary>When the price book was compiled.</summary>
    public required DateOnly PricesCompiled { get; init; }
    /// <summary>The user's own book laid over it; null when there is none.</summary>
    public string? OwnPrices { get; init; }
    /// <summary>The day whose prices hold for every call; null: each call's own.</summary>
    public DateOnly? PriceDate { get; init; }
    /// <summary>Whether calls without a price cost what the log says.</summary>
    public bool TakesLoggedCosts { get; init; }
    /// <summary>What was billed, in nano-USD; null when nobody said.</summary>
    public long? InvoiceNanoUsd { get; init; }
}

/// <summary>The whole audit: what was spent by which job, what could be saved, and what is not known. Its rows add up to its total, to the nano-dollar.</summary>
public sealed record AuditReport
{
    /// <summary>The jobs, the dearest first.</summary>
    public required ImmutableArray<AuditRow> Rows { get; init; }
    /// <summary>All of them.</summary>
    public required AuditTotals Totals { get; init; }
    /// <summary>When the first and the last call began, UTC; null without calls.</summary>
    public required (DateTimeOffset First, DateTimeOffset Last)? Period { get; init; }
    /// <summary>Projected saving of all rows together, in nano-USD: the middle case; null when it cannot be said of any.</summary>
    public required long? SavingNanoUsd { get; init; }
    /// <summary>The same where every assumption turns out worst, and where every one turns out best.</summary>
    public required (long Low, long High)? SavingInterval { get; init; }
    /// <summary>What it rests on.</summary>
    public required AuditFrame Frame { get; init; }
    /// <summary>Spend by day, UTC; days without calls are left out.</summary>
    public required ImmutableArray<DaySpend> Days { get; init; }
    /// <summary>Spend by format and provider, the dearest first.</summary>
    public required ImmutableArray<SourceSpend> Sources { get; init; }
    /// <summary>What usage reports and bills among the files say.</summary>
    public required ImmutableArray<SourceSum> Sums { get; init; }
    /// <summary>Calls without a known cost, by model and reason.</summary>
    public required ImmutableArray<UnknownPrice> UnknownPrices { get; init; }
    /// <summary>What the logs themselves say that calls cost.</summary>
    public required ReportedCosts Reported { get; init; }
    /// <summary>Calls whose log says that they are made up.</summary>
    public required long Simulated { get; init; }
    /// <summary>Calls that lie outside the time that was asked for, and are in no figure.</summary>
    public required long OutsideWindow { get; init; }
    /// <summary>What a reader must know, a sentence each.</summary>
    public required ImmutableArray<string> Warnings { get; init; }
    /// <summary>The comparison with a bill; null when none was given.</summary>
    public InvoiceComparison? Invoice { get; init; }

    /// <summary>Part of the cost that is projected to be saved, 0 to 1, middle, worst and best case; null when it cannot be said.</summary>
    public (double Middle, double Low, double High)? SavingShare =>
        SavingNanoUsd is { } saving && SavingInterval is var (low, high) && Totals.CostNanoUsd > 0
            ? ((double)saving / Totals.CostNanoUsd, (double)low / Totals.CostNanoUsd, (double)high / Totals.CostNanoUsd)
            : null;

    /// <summary>Days from the first to the last call, both counted; 0 without calls.</summary>
    public int DaysCovered => Period is var (first, last) ? DateOnly.FromDateTime(last.UtcDateTime).DayNumber - DateOnly.FromDateTime(first.UtcDateTime).DayNumber + 1 : 0;

    /// <summary>Puts an audit together.</summary>
    /// <param name="run">What was counted; it must be complete.</param>
    /// <param name="reviews">Every site with its review.</param>
    /// <param name="frame">What it rests on.</param>
    /// <exception cref="InvalidOperationException">The sites do not add up to what was counted: a bug.</exception>
    public static AuditReport Of(AuditRun run, IReadOnlyList<SiteReview> reviews, AuditFrame frame)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(reviews);
        ArgumentNullException.ThrowIfNull(frame);

        var priced = reviews.Select(review => (Review: review, Totals: review.Site.Statistics.Models.Aggregate(default(AuditTotals), (sum, use) => sum.Plus(use)))).ToList();
        var totals = run.Tally.Totals;
        AssertSum("calls", priced.Sum(row => row.Totals.Calls), totals.Calls);
        AssertSum("nano-dollars", priced.Sum(row => row.Totals.CostNanoUsd), totals.CostNanoUsd);
        AssertSum("calls without a price", priced.Sum(row => row.Totals.UnknownPriceCalls), totals.UnknownPriceCalls);

        var rows = priced
            .OrderByDescending(row => row.Totals.CostNanoUsd).ThenByDescending(row => row.Totals.Calls).ThenBy(row => row.Review.Site.Tag, StringComparer.Ordinal)
            .Select((row, index) => new AuditRow(index + 1, row.Review, row.Totals, totals.CostNanoUsd > 0 ? (double)row.Totals.CostNanoUsd / totals.CostNanoUsd : null))
            .ToImmutableArray();
        var said = rows.Where(row => row.Review.SavingNanoUsd is not null).ToList();
        var report = new AuditReport
        {
            Rows = rows,
            Totals = totals,
            Period = run.Tally.Period,
            SavingNanoUsd = said.Count > 0 ? said.Sum(row => row.Review.SavingNanoUsd!.Value) : null,
            SavingInterval = said.Count > 0 ? (said.Sum(row => Ends(row).Low), said.Sum(row => Ends(row).High)) : null,
            Frame = frame,
            Days = run.Tally.Days,
            Sources = run.Tally.Sources,
            Sums = run.Sums,
            UnknownPrices = run.Tally.Unknown,
            Reported = run.Tally.Reported,
            Simulated = run.Tally.Simulated,
            OutsideWindow = run.OutsideWindow,
            Warnings = [],
        };
        return report with
        {
            Warnings = [.. AuditWarnings.Of(report, run.Tally)],
            Invoice = frame.InvoiceNanoUsd is { } invoice ? InvoiceComparison.Of(invoice, report, run.Tally.Apart) : null,
        };
    }

    // A saving without an interval has no width, rather than none at all.
    private static (long Low, long High) Ends(AuditRow row) => row.Review.SavingInterval ?? (row.Review.SavingNanoUsd!.Value, row.Review.SavingNanoUsd.Value);

    private static void AssertSum(string what, long ofRows, long counted)
    {
        if (ofRows != counted) throw new InvalidOperationException($"The rows of the audit have {ofRows:#,0} {what} and its calls {counted:#,0}: this is a bug.");
    }
}
