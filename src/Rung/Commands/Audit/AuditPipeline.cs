using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Rung.Control.Audit;
using Rung.Control.Imports;
using Rung.Storage;
using Rung.Storage.Imports;

namespace Rung.Commands.Audit;

/// <summary>The whole audit: calls are read, rated, grouped into sites, and judged. One thread reads, another groups.</summary>
/// <param name="request">What to look at.</param>
/// <param name="clock">For the ledger.</param>
internal sealed class AuditPipeline(AuditRequest request, TimeProvider clock)
{
    private const int RowsOfBatch = 2_000;

    /// <summary>Audits.</summary>
    public async Task<AuditResult> RunAsync(AuditProgressLine progress, CancellationToken cancellationToken)
    {
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
            await foreach (var (call, known) in ReadLedgerAsync(cancellationToken))
            {
                traits = known;
                run.Take(call);
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
    /// <returns>How many were new, and how many the ledger had already.</returns>
    public async Task<(long New, long Known)> KeepAsync(AuditResult result, AuditProgressLine progress, CancellationToken cancellationToken)
    {
        var rater = NewRater();
        using var batches = new BlockingCollection<List<ImportedRecord>>(boundedCapacity: 4);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = Task.Run(() => ReadRecords(result.Finder, rater, batches, progress, stop.Token), stop.Token);
        try
        {
            await using var ledger = Ledger.Open(request.Data, clock);
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

    private void ReadRecords(SiteFinder finder, CallRater rater, BlockingCollection<List<ImportedRecord>> batches, AuditProgressLine progress, CancellationToken cancellationToken)
    {
        var batch = new List<ImportedRecord>(RowsOfBatch);
        try
        {
            LogImport.Run(request.Logs!, call =>
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

    private static LogImportResult Read(LogImportOptions logs, Action<ImportedCall> take, AuditProgressLine progress, CancellationToken cancellationToken)
    {
        using var queue = new CallQueue(take);
        var import = LogImport.Run(logs, queue.Add, progress.Report, cancellationToken);
        queue.Complete();
        return import;
    }

    private AuditFrame Frame(LogImportResult? import, ModelLadder ladder, AuditAssumptions assumptions) => new()
    {
        Import = import,
        Ledger = import is null ? request.Data : null,
        Ladder = [.. ladder.Tiers.Select(tier => new AuditTier(tier.Name, tier.Provider, tier.Model, tier.Why))],
        Notes = ladder.CannotBeSaid is { } reason ? [reason] : [],
        Assumptions = [.. assumptions.InWords],
        PricesCompiled = request.Prices.Compiled,
        OwnPrices = request.OwnPrices,
        PriceDate = request.PriceDate,
        TakesLoggedCosts = request.TakesLoggedCosts,
        InvoiceNanoUsd = request.InvoiceNanoUsd,
    };

    private async IAsyncEnumerable<(ImportedCall Call, CallTraits Traits)> ReadLedgerAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var ledger = Ledger.OpenReadOnly(request.Data, clock);
        var query = new ImportedQuery { Since = request.Window.Since, Until = request.Window.Until };
        await foreach (var record in ledger.ReadImportedAsync(query, cancellationToken)) yield return LedgerImports.ToCall(record);
    }
}
