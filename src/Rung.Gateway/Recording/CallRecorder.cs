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
    private static readonly TimeSpan s_reminder = TimeSpan.FromMinutes(1);

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
    private volatile string? problem; // Written by the loop.
    private volatile int held; // Calls of the batch; written while draining is held.
    private long toldAt, toldDropped; // Touched only by the loop and, after it, by whoever ends it.

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

    /// <summary>Calls that were not recorded, because the queue was full or the ledger took none when the gateway stopped.</summary>
    public long Dropped => Interlocked.Read(ref dropped);

    /// <summary>Calls written so far.</summary>
    public long Written => Interlocked.Read(ref written);

    /// <summary>Appends that failed; each is tried again.</summary>
    public long Failures => Interlocked.Read(ref failures);

    /// <summary>Whether the last append failed.</summary>
    public bool IsFailing => problem is not null;

    /// <summary>Why the last append failed, and what to do about it; null when it did not.</summary>
    public string? Problem => problem;

    /// <summary>Calls waiting, those included that were tried and not taken.</summary>
    public int Waiting => queue.Reader.Count + held;

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
                held = batch.Count;
                await append(batch, cancellationToken);
                Interlocked.Add(ref written, batch.Count);
                batch.Clear();
                held = 0;
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
    }

    /// <summary>Writes what is left when the gateway has stopped. What the ledger does not take is counted as dropped, and told; it never throws for that.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        await StepAsync(cancellationToken);
        if (Waiting is > 0 and var lost)
        {
            Interlocked.Add(ref dropped, lost); // Nobody tries them again.
            Log.CallsLost(logger, lost, problem ?? "There was no time left.");
        }
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

    /// <summary>Writes everything that waits, and keeps what the ledger does not take. Touched from one place at a time.</summary>
    internal async Task StepAsync(CancellationToken cancellationToken)
    {
        try
        {
            await FlushAsync(cancellationToken);
            if (IsFailing) Log.AppendsAgain(logger, Written);
            problem = null;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // The batch is kept and tried again at the next tick; calls go on meanwhile, and the queue's limit bounds the memory.
            Interlocked.Increment(ref failures);
            // Once, then once a minute: not four times a second.
            if (!IsFailing || clock.GetElapsedTime(toldAt) >= s_reminder)
            {
                if (IsFailing) Log.StillFailing(logger, Waiting, Dropped, e.Message);
                else Log.AppendFailed(logger, Waiting, e.Message, e);
                (toldAt, toldDropped) = (clock.GetTimestamp(), Dropped);
            }
            problem = e.Message;
        }
        if (IsFailing || Dropped == toldDropped) return;
        toldDropped = Dropped;
        Log.CallsDropped(logger, toldDropped);
    }

    private static partial class Log
    {
        [LoggerMessage(3001, LogLevel.Error, "The ledger takes no calls; {Waiting} wait, and are tried again. {Problem}")]
        public static partial void AppendFailed(ILogger logger, int waiting, string problem, Exception exception);

        [LoggerMessage(3004, LogLevel.Error, "The ledger still takes no calls: {Waiting} wait, {Dropped} in all were served but not recorded. {Problem}")]
        public static partial void StillFailing(ILogger logger, int waiting, long dropped, string problem);

        [LoggerMessage(3005, LogLevel.Error, "{Lost} calls were served but could not be recorded before the gateway stopped. {Problem}")]
        public static partial void CallsLost(ILogger logger, int lost, string problem);

        [LoggerMessage(3003, LogLevel.Information, "The ledger takes calls again: {Written} written so far")]
        public static partial void AppendsAgain(ILogger logger, long written);

        [LoggerMessage(3002, LogLevel.Error, "{Dropped} calls in all were served but not recorded")]
        public static partial void CallsDropped(ILogger logger, long dropped);
    }
}
