using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rung.Control.Audit;
using Rung.Control.Imports;
using Rung.Control.Imports.Otlp;
using Rung.Storage.Imports;

namespace Rung.Serving;

/// <summary>What becomes of received calls.</summary>
/// <param name="Rate">What a call cost.</param>
/// <param name="Read">What its content tells; after that the content is let go.</param>
/// <param name="Append">Appends to the ledger; the same call twice leaves one copy.</param>
internal sealed record TraceDestination(
    Func<ImportedCall, CallRating> Rate, Func<ImportedCall, CallTraits> Read, Func<IReadOnlyList<ImportedRecord>, CancellationToken, Task<int>> Append);

/// <summary>
/// Between received traces and the ledger: spans wait in an intake until their trace is quiet; every few seconds what is complete is rated, read and
/// appended. Runs beside the hot path and shares nothing with it but the ledger.
/// </summary>
internal sealed partial class TraceSweeper(TraceDestination destination, TraceReceiverOptions options, TimeProvider clock, ILogger<TraceSweeper> logger) : BackgroundService
{
    private readonly SemaphoreSlim sweeping = new(1, 1);
    private readonly OtlpIntake intake = new(clock, options.HeldSpans);
    private readonly Queue<ImportedRecord> waiting = []; // Used under sweeping. Survives a failed append, to be tried again.
    private long spansSinceSweep;
    private long bytesSinceSweep;
    private long refused;
    private volatile bool failing; // Written under sweeping.

    /// <summary>Calls that were new to the ledger.</summary>
    public long Written { get; private set; }

    /// <summary>Whether the last append failed: nothing more is taken until one succeeds.</summary>
    public bool IsFailing => failing;

    /// <summary>Whether no more is taken before the next sweep.</summary>
    public bool IsFull => Interlocked.Read(ref spansSinceSweep) >= options.SpansPerSweep || Interlocked.Read(ref bytesSinceSweep) >= options.BytesPerSweep;

    /// <summary>When a sender that was refused may try again.</summary>
    public TimeSpan RetryAfter => options.Interval;

    /// <summary>Takes the spans of one export. Decodes on the caller's thread.</summary>
    /// <exception cref="FormatException">The body cannot be decoded.</exception>
    public OtlpIntakeResult Take(ReadOnlyMemory<byte> body, bool isJson)
    {
        var result = intake.Take(body, isJson);
        if (result.IsFull) return result;
        Interlocked.Add(ref spansSinceSweep, result.Accepted);
        Interlocked.Add(ref bytesSinceSweep, body.Length);
        return result;
    }

    /// <summary>Counts an export that was refused because there was no room, for the log.</summary>
    public void CountRefused() => Interlocked.Increment(ref refused);

    /// <summary>Rates, reads and appends what is complete.</summary>
    /// <param name="all">Also traces that may not be complete yet: nothing more comes.</param>
    /// <param name="cancellationToken">Looked at between batches.</param>
    public async Task SweepAsync(bool all, CancellationToken cancellationToken)
    {
        await sweeping.WaitAsync(cancellationToken);
        try
        {
            if (waiting.Count == 0) Fill(all);
            while (waiting.Count > 0)
            {
                ImportedRecord[] batch = [.. waiting.Take(options.BatchSize)];
                Written += await destination.Append(batch, cancellationToken);
                for (var i = 0; i < batch.Length; i++) waiting.Dequeue();
                if (waiting.Count == 0 && all) Fill(all); // What had waited for a ledger that failed is written: now the rest.
            }
            if (failing) Log.AppendsAgain(logger, Written);
            failing = false;
        }
        finally
        {
            sweeping.Release();
        }
    }

    /// <summary>Sweeps once, and says in the log what went wrong.</summary>
    internal async Task StepAsync(bool all, CancellationToken cancellationToken)
    {
        try
        {
            await SweepAsync(all, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // What waits is kept and tried again; meanwhile senders are told to wait, which bounds the memory.
            if (!failing) Log.AppendFailed(logger, waiting.Count, e);
            failing = true;
        }
        if (Interlocked.Exchange(ref refused, 0) is > 0 and var count) Log.Refused(logger, count);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        sweeping.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await StepAsync(all: false, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping: the server sweeps what is left when nothing more can come.
        }
    }

    private void Fill(bool all)
    {
        // First, so that what comes meanwhile counts for the next time.
        Interlocked.Exchange(ref spansSinceSweep, 0);
        Interlocked.Exchange(ref bytesSinceSweep, 0);
        foreach (var call in intake.Sweep(all))
        {
            try
            {
                waiting.Enqueue(LedgerImports.ToRecord(call, destination.Read(call), destination.Rate(call)));
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                Log.Unusable(logger, call.Source, e); // One sender's call must not cost the others theirs.
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(6001, LogLevel.Error, "The ledger took no batch of received traces ({Waiting} calls wait); senders are told to wait, trying again")]
        public static partial void AppendFailed(ILogger logger, int waiting, Exception exception);

        [LoggerMessage(6002, LogLevel.Information, "The ledger takes received traces again: {Written} calls written so far")]
        public static partial void AppendsAgain(ILogger logger, long written);

        [LoggerMessage(6004, LogLevel.Error, "A received call ({Source}) could not be read or rated, and is left out; this is a defect of Rung")]
        public static partial void Unusable(ILogger logger, string source, Exception exception);

        [LoggerMessage(6003, LogLevel.Warning, "{Refused} trace exports were told to come again later: too much came at once")]
        public static partial void Refused(ILogger logger, long refused);
    }
}
