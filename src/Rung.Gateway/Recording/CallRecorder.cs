using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rung.Core.Spans;

namespace Rung.Gateway.Recording;

/// <summary>Appends a batch of calls to the ledger. Appending the same call twice leaves one copy.</summary>
public delegate Task AppendCalls(IReadOnlyList<CallRecord> batch, CancellationToken cancellationToken);

/// <summary>How calls travel from the hot path to the ledger.</summary>
public sealed class RecorderOptions
{
    /// <summary>Most calls waiting to be written. A full queue drops the newest call and counts it; it never blocks a call.</summary>
    public int QueueCapacity { get; init; } = 65_536;
    /// <summary>How often waiting calls are written: what a crash may lose.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMilliseconds(250);
    /// <summary>Most calls in one transaction.</summary>
    public int BatchSize { get; init; } = 4096;
}

/// <summary>
/// The bounded queue between the hot path and the ledger. Calls are taken out by a timer, not by a waiting reader, so that posting one
/// wakes nobody.
/// </summary>
public sealed partial class CallRecorder : BackgroundService
{
    private readonly Channel<CallRecord> queue;
    private readonly SemaphoreSlim draining = new(1, 1);
    private readonly List<CallRecord> batch = []; // Touched only while draining is held. Survives a failed append, to be tried again.
    private readonly AppendCalls append;
    private readonly DetailRedaction details;
    private readonly RecorderOptions options;
    private readonly TimeProvider clock;
    private readonly ILogger<CallRecorder> logger;
    private long dropped;
    private long written;
    private long failures;
    private volatile bool failing; // Written by the loop.

    /// <summary>Makes the queue.</summary>
    internal CallRecorder(AppendCalls append, DetailRedaction details, RecorderOptions options, TimeProvider clock, ILogger<CallRecorder> logger)
    {
        this.append = append;
        this.details = details;
        this.options = options;
        this.clock = clock;
        this.logger = logger;
        queue = Channel.CreateBounded<CallRecord>(new BoundedChannelOptions(options.QueueCapacity)
        {
            FullMode = BoundedChannelFullMode.Wait, // Only TryWrite is used: a full queue says no at once.
            SingleReader = true,
            AllowSynchronousContinuations = false,
        });
    }

    /// <summary>Calls that were not recorded because the queue was full.</summary>
    public long Dropped => Interlocked.Read(ref dropped);

    /// <summary>Calls written so far.</summary>
    public long Written => Interlocked.Read(ref written);

    /// <summary>Appends that failed; each is tried again.</summary>
    public long Failures => Interlocked.Read(ref failures);

    /// <summary>Whether the last append failed.</summary>
    public bool IsFailing => failing;

    /// <summary>Calls waiting.</summary>
    public int Waiting => queue.Reader.Count;

    /// <summary>Hands over a call that has ended. Never waits.</summary>
    public void Post(CallRecord call)
    {
        if (!queue.Writer.TryWrite(call)) Interlocked.Increment(ref dropped);
    }

    /// <summary>Writes everything that waits.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await draining.WaitAsync(cancellationToken);
        try
        {
            while (true)
            {
                while (batch.Count < options.BatchSize && queue.Reader.TryRead(out var call))
                {
                    details.Apply(call);
                    batch.Add(call);
                }
                if (batch.Count == 0) return;
                await append(batch, cancellationToken);
                Interlocked.Add(ref written, batch.Count);
                batch.Clear();
            }
        }
        finally
        {
            draining.Release();
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await StepAsync(cancellationToken);
        if (Dropped > 0) Log.CallsDropped(logger, Dropped);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        draining.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await StepAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping: StopAsync writes what is left.
        }
    }

    private async Task StepAsync(CancellationToken cancellationToken)
    {
        var droppedBefore = Dropped;
        try
        {
            await FlushAsync(cancellationToken);
            if (failing) Log.AppendsAgain(logger, Written);
            failing = false;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // The batch is kept and tried again at the next tick; calls go on meanwhile, and the queue's limit bounds the memory.
            Interlocked.Increment(ref failures);
            if (!failing) Log.AppendFailed(logger, batch.Count, Waiting, e); // Once, not four times a second.
            failing = true;
        }
        if (Dropped > droppedBefore) Log.CallsDropped(logger, Dropped);
    }

    private static partial class Log
    {
        [LoggerMessage(3001, LogLevel.Error, "The ledger took no batch of {Calls} calls ({Waiting} more wait); trying again")]
        public static partial void AppendFailed(ILogger logger, int calls, int waiting, Exception exception);

        [LoggerMessage(3003, LogLevel.Information, "The ledger takes calls again: {Written} written so far")]
        public static partial void AppendsAgain(ILogger logger, long written);

        [LoggerMessage(3002, LogLevel.Error, "The ledger's queue was full: {Dropped} calls in all were served but not recorded")]
        public static partial void CallsDropped(ILogger logger, long dropped);
    }
}
