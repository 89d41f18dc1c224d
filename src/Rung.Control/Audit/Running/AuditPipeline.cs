using System.Collections.Concurrent;
using Rung.Control.Imports;
using Rung.Storage;
using Rung.Storage.Imports;

namespace Rung.Control.Audit.Running;

/// <summary>The whole audit: calls are read, rated, grouped into sites, and judged. One thread reads, another groups.</summary>
/// <param name="request">What to look at.</param>
/// <param name="clock">For the day of the prices where there is no call.</param>
public sealed class AuditPipeline(AuditRequest request, TimeProvider clock)
{
    private const int RowsOfBatch = 2_000;
    private const int LedgerStep = 4_096; // Calls of a ledger between two reports of progress; a power of two.

    /// <summary>Audits. Reading logs runs on the caller's thread: call it from a background task.</summary>
    /// <param name="progress">Is told how far it is.</param>
    /// <param name="cancellationToken">Stops it between two records.</param>
    /// <exception cref="ArgumentException">The request names a format that Rung does not read.</exception>
    /// <exception cref="IOException">A path that was named does not exist, or a pattern finds nothing.</exception>
    /// <exception cref="LadderException">A rung that the user named has no price.</exception>
    /// <exception cref="InvalidOperationException">The request names neither logs nor a ledger.</exception>
    /// <exception cref="LedgerException">The ledger cannot be read.</exception>
    public async Task<AuditResult> RunAsync(IAuditProgress progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(progress);
        var rater = NewRater();
        var finder = new SiteFinder(request.Names);

        // 1. Every call: its cost, its traits, its site.
        CallTraits? traits = null; // Of a call from the ledger; a log's content tells them.
        var run = new AuditRun(rater, request.Window, (call, rating) => finder.Add(call, traits ?? TraitReader.Read(call, request.KeepsOpenings), rating));
        LogImportResult? import = null;
        if (request.Logs is { } logs)
        {
            import = Read(logs, run.Take, progress, cancellationToken);
        }
        else
        {
            var ledger = request.Ledger ?? throw new InvalidOperationException("An audit reads logs or a ledger; the request names neither.");
            var seen = 0L;
            await foreach (var record in ledger.ReadImportedAsync(new ImportedQuery { Since = request.Window.Since, Until = request.Window.Until }, cancellationToken))
            {
                (var call, traits) = LedgerImports.ToCall(record);
                run.Take(call);
                if ((++seen & (LedgerStep - 1)) == 0) progress.Report(new ImportProgress(Ledger.FileName, 0, null, seen, seen));
            }
            traits = null;
        }
        run.Complete();

        // 2. Every site: what it needs, and what a cheaper model would save.
        progress.Say("grouping calls into sites");
        var sites = finder.Complete();
        var priceDate = request.FixedDate ?? run.Tally.Period?.Last ?? clock.GetUtcNow();
        var ladder = ModelLadder.Propose(sites, request.Prices, priceDate, request.Tiers);
        var assumptions = new AuditAssumptions();
        var reviews = NecessityReview.Of(sites, ladder, assumptions, priceDate);
        return new AuditResult(AuditReport.Of(run, reviews, Frame(import, ladder, assumptions)), sites, reviews, ladder, assumptions, finder);
    }

    /// <summary>
    /// Keeps every call of the logs in the ledger, with the tag of its site. The logs are read a second time: a call's site is known only when all calls
    /// have been seen, and keeping them all meanwhile would take as much memory as the logs have.
    /// </summary>
    /// <param name="result">What <see cref="RunAsync"/> found in the same logs.</param>
    /// <param name="ledger">Where they are kept; open for writing.</param>
    /// <param name="progress">Is told how far it is.</param>
    /// <param name="cancellationToken">Stops it between two batches; those that are written stay.</param>
    /// <returns>How many were new, and how many the ledger had already.</returns>
    /// <exception cref="InvalidOperationException">The calls come from a ledger already.</exception>
    /// <exception cref="LedgerException">The ledger cannot be written.</exception>
    public async Task<(long New, long Known)> KeepAsync(AuditResult result, Ledger ledger, IAuditProgress progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(progress);
        var logs = request.Logs ?? throw new InvalidOperationException("What is in a ledger need not be kept in it again.");
        var rater = NewRater();
        using var batches = new BlockingCollection<List<ImportedRecord>>(boundedCapacity: 4);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = Task.Run(() => ReadRecords(logs, result.Finder, rater, batches, progress, stop.Token), stop.Token);
        try
        {
            var (added, seen) = (0L, 0L);
            foreach (var batch in batches.GetConsumingEnumerable(cancellationToken))
            {
                added += await ledger.AppendImportedAsync(batch, cancellationToken);
                seen += batch.Count;
            }
            await reading; // Its fault, if it had one, comes out here.
            return (added, seen - added);
        }
        catch
        {
            await stop.CancelAsync(); // Who adds to a full queue must not wait for ever.
            throw;
        }
        finally
        {
            await Task.WhenAny(reading);
        }
    }

    private void ReadRecords(LogImportOptions logs, SiteFinder finder, CallRater rater, BlockingCollection<List<ImportedRecord>> batches, IAuditProgress progress, CancellationToken cancellationToken)
    {
        var batch = new List<ImportedRecord>(RowsOfBatch);
        try
        {
            LogImport.Run(logs, call =>
            {
                if (call.StartedAt < request.Window.Since || call.StartedAt >= request.Window.Until) return;
                var traits = TraitReader.Read(call, keepOpening: false);
                batch.Add(LedgerImports.ToRecord(call, traits, rater.Rate(call), finder.SiteOf(call, traits)?.Tag));
                if (batch.Count < RowsOfBatch) return;
                batches.Add(batch, cancellationToken);
                batch = new List<ImportedRecord>(RowsOfBatch);
            }, progress.Report, cancellationToken);
            if (batch.Count > 0) batches.Add(batch, cancellationToken);
        }
        finally
        {
            batches.CompleteAdding();
        }
    }

    private CallRater NewRater() => new(request.Prices, request.FixedDate) { TakesLoggedCosts = request.TakesLoggedCosts };

    private static LogImportResult Read(LogImportOptions logs, Action<ImportedCall> take, IAuditProgress progress, CancellationToken cancellationToken)
    {
        using var queue = new CallQueue(take);
        var import = LogImport.Run(logs, queue.Add, progress.Report, cancellationToken);
        queue.Complete();
        return import;
    }

    private AuditFrame Frame(LogImportResult? import, ModelLadder ladder, AuditAssumptions assumptions) => new()
    {
        Import = import,
        Ledger = import is null ? request.LedgerName : null,
        Ladder = [.. ladder.Tiers.Select(tier => new AuditTier(tier.Name, tier.Provider, tier.Model, tier.Why))],
        Notes = ladder.CannotBeSaid is { } reason ? [reason] : [],
        Assumptions = [.. assumptions.InWords],
        PricesCompiled = request.Prices.Compiled,
        OwnPrices = request.OwnPrices,
        PriceDate = request.PriceDate,
        TakesLoggedCosts = request.TakesLoggedCosts,
        InvoiceNanoUsd = request.InvoiceNanoUsd,
    };
}
