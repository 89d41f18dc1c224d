using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rung.Core.Policies;
using Rung.Core.Redaction;
using Rung.Core.Requests;
using Rung.Core.Spans;

namespace Rung.Gateway.Recording;

/// <summary>How content travels from the hot path to its store.</summary>
public sealed class ContentTapOptions
{
    /// <summary>Most calls waiting. A full queue drops the newest and counts it; it never blocks a call.</summary>
    public int QueueCapacity { get; init; } = 1024;
    /// <summary>Most bytes that all waiting calls hold together.</summary>
    public long QueueBytes { get; init; } = 64 * 1024 * 1024;
    /// <summary>How often waiting calls are redacted and stored: what a crash may lose.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMilliseconds(500);
    /// <summary>Most calls in one transaction.</summary>
    public int BatchSize { get; init; } = 64;
}

/// <summary>
/// Where a route has a capture, takes the content of sampled calls off the path: the path copies bytes, everything else is done here, by a timer. Content that
/// cannot be redacted is not stored. A call of a route without a capture costs a test for null.
/// </summary>
public sealed partial class ContentTap : BackgroundService
{
    // Who asks stands in columns that can be cleared; how the answer travels says nothing about the job.
    private static readonly FrozenSet<string> s_leftOut =
        new[] { "stream", "stream_options", "user", "safety_identifier", "prompt_cache_key", "session_id", "metadata", "tags", "store" }.ToFrozenSet(StringComparer.Ordinal);
    private static readonly FrozenSet<string> s_nothing = [];

    private readonly Channel<HeardCall> queue;
    private readonly SemaphoreSlim draining = new(1, 1);
    private readonly List<CallContent> batch = []; // Touched only while draining is held. Survives a failed append, to be tried again.
    private readonly ConditionalWeakTable<Capture, Redactor> redactors = [];
    private readonly KeepContent? keep;
    private readonly ContentTapOptions options;
    private readonly TimeProvider clock;
    private readonly ILogger<ContentTap> logger;
    private long waitingBytes;
    private long dropped;
    private long kept;
    private long tooLarge;
    private long unreadable;
    private long failures;
    private volatile bool failing; // Written by the loop.

    /// <summary>Makes the queue.</summary>
    /// <param name="keep">The store; null: nothing is taken.</param>
    /// <param name="options">Limits.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="logger">Where trouble is said, never content.</param>
    public ContentTap(KeepContent? keep, ContentTapOptions options, TimeProvider clock, ILogger<ContentTap> logger)
    {
        this.keep = keep;
        this.options = options;
        this.clock = clock;
        this.logger = logger;
        queue = Channel.CreateBounded<HeardCall>(new BoundedChannelOptions(options.QueueCapacity)
        {
            FullMode = BoundedChannelFullMode.Wait, // Only TryWrite is used: a full queue says no at once.
            SingleReader = true,
            AllowSynchronousContinuations = false,
        });
    }

    /// <summary>Sampled calls whose content was not stored, because the queue was full.</summary>
    public long Dropped => Interlocked.Read(ref dropped);
    /// <summary>Calls whose content was handed to the store.</summary>
    public long Kept => Interlocked.Read(ref kept);
    /// <summary>Sampled calls whose content is larger than the policy keeps.</summary>
    public long TooLarge => Interlocked.Read(ref tooLarge);
    /// <summary>Sampled calls whose content could not be redacted, and so was not stored.</summary>
    public long Unreadable => Interlocked.Read(ref unreadable);
    /// <summary>Appends that failed; each is tried again.</summary>
    public long Failures => Interlocked.Read(ref failures);
    /// <summary>Whether the last append failed.</summary>
    public bool IsFailing => failing;
    /// <summary>Calls waiting.</summary>
    public int Waiting => queue.Reader.Count;

    /// <summary>Redacts and stores everything that waits.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (keep is null) return;
        await draining.WaitAsync(cancellationToken);
        try
        {
            while (true)
            {
                while (batch.Count < options.BatchSize && queue.Reader.TryRead(out var heard))
                {
                    Interlocked.Add(ref waitingBytes, -heard.Bytes);
                    if (Redacted(heard) is { } content) batch.Add(content);
                }
                if (batch.Count == 0) return;
                await keep(batch, cancellationToken);
                Interlocked.Add(ref kept, batch.Count);
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
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        draining.Dispose();
        base.Dispose();
    }

    /// <summary>Begins to listen to a call; null when nothing of it is kept.</summary>
    internal HeardCall? Begin(CallRecord call, PolicySnapshot policy, Route route, in CallFacts facts)
    {
        if (route.Capture is not { } capture || keep is null || !capture.Takes(call.Id)) return null;
        var dataClass = (facts.DataClass, route.DataClass) switch
        {
            (null, var routes) => routes,
            (var calls, null) => calls,
            var (calls, routes) => $"{calls},{routes}",
        };
        return new HeardCall(call, policy, capture, dataClass);
    }

    /// <summary>Takes a call that has ended, where the client got an answer. Never waits.</summary>
    /// <param name="heard">The call.</param>
    /// <param name="request">Its body, which goes back to its pool now.</param>
    internal void End(HeardCall heard, ReadOnlySpan<byte> request)
    {
        if (heard.Capture is not { } kept) return; // It is copied for a candidate, and not kept.
        if (heard.Served is null || heard.Call.Status is not (CallStatus.Answered or CallStatus.AnsweredUnverified)) return;
        // Pictures and the like become a mark, so a body may shrink a lot; far above the limit it is not worth the copy.
        if (heard.IsTooLarge || request.Length > Math.Max(kept.MaxBytes * 16L, 1024 * 1024))
        {
            Interlocked.Increment(ref tooLarge);
            return;
        }
        if (heard.Answers.Count == 0) return;
        if (Interlocked.Read(ref waitingBytes) + heard.Bytes + request.Length > options.QueueBytes)
        {
            Interlocked.Increment(ref dropped);
            return;
        }
        heard.Request = request.ToArray();
        var bytes = heard.Bytes;
        Interlocked.Add(ref waitingBytes, bytes);
        if (queue.Writer.TryWrite(heard)) return;
        Interlocked.Add(ref waitingBytes, -bytes);
        Interlocked.Increment(ref dropped);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (keep is null) return;
        using var timer = new PeriodicTimer(options.Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await StepAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping: StopAsync stores what is left.
        }
    }

    /// <summary>Stores everything that waits, and keeps what the store does not take. Touched from one place at a time.</summary>
    public async Task StepAsync(CancellationToken cancellationToken)
    {
        var (droppedBefore, unreadableBefore) = (Dropped, Unreadable);
        try
        {
            await FlushAsync(cancellationToken);
            if (failing) Log.StoresAgain(logger, Kept);
            failing = false;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // The batch is kept and tried again at the next tick; the queue's limits bound the memory.
            Interlocked.Increment(ref failures);
            if (!failing) Log.StoreFailed(logger, batch.Count, Waiting, e);
            failing = true;
        }
        if (Dropped > droppedBefore) Log.ContentDropped(logger, Dropped);
        if (Unreadable > unreadableBefore) Log.ContentUnreadable(logger, Unreadable);
    }

    // Null when it is not kept. Fails closed: whatever goes wrong here, nothing is stored.
    private CallContent? Redacted(HeardCall heard)
    {
        try
        {
            var capture = heard.Capture!;
            var redactor = redactors.GetValue(capture, terms => Redactor.Of(heard.Policy, terms));
            var request = redactor.Json(heard.Request, s_leftOut, out var redactions);
            var answers = new List<AnswerContent>(heard.Answers.Count);
            long size = request.Length;
            foreach (var answer in heard.Answers)
            {
                var message = HeardMessage.Of(answer) ?? throw new RedactionException("An answer has no readable choice.");
                message = redactor.Json(message, s_nothing, out var more);
                redactions += more;
                size += message.Length;
                answers.Add(new AnswerContent(answer.Attempt, ReferenceEquals(answer.Attempt, heard.Served), message));
            }
            if (size > capture.MaxBytes)
            {
                Interlocked.Increment(ref tooLarge);
                return null;
            }
            return new CallContent { Call = heard.Call, Capture = capture, DataClass = heard.DataClass, Redactions = redactions, Request = request, Answers = answers };
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Interlocked.Increment(ref unreadable);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3101, LogLevel.Error, "The store of content took no batch of {Calls} calls ({Waiting} more wait); trying again")]
        public static partial void StoreFailed(ILogger logger, int calls, int waiting, Exception exception);

        [LoggerMessage(3102, LogLevel.Information, "The store of content takes calls again: {Kept} stored so far")]
        public static partial void StoresAgain(ILogger logger, long kept);

        [LoggerMessage(3103, LogLevel.Warning, "The queue of content was full: the content of {Dropped} sampled calls in all was not stored")]
        public static partial void ContentDropped(ILogger logger, long dropped);

        [LoggerMessage(3104, LogLevel.Warning, "The content of {Unreadable} sampled calls in all could not be redacted, and was not stored")]
        public static partial void ContentUnreadable(ILogger logger, long unreadable);
    }
}
