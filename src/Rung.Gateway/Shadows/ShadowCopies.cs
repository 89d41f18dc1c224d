using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rung.Core.Policies;
using Rung.Core.Requests;
using Rung.Core.Spans;
using Rung.Gateway.Recording;
using Rung.Gateway.Rollouts;

namespace Rung.Gateway.Shadows;

/// <summary>
/// While a rollout is in its shadow: takes copies of answered calls off the path, puts them to the candidate a few at a time, and hands both answers to whoever
/// compares. The path copies bytes; a full queue drops the copy. Copies end when the budget is spent, a price is unknown, or enough was judged.
/// </summary>
public sealed partial class ShadowCopies : BackgroundService
{
    private readonly Channel<HeardCall> queue;
    private readonly ShadowBudgets budgets = new();
    private readonly ShadowCaller caller;
    private readonly PolicyHolder policies;
    private readonly CallRecorder recorder;
    private readonly JudgeShadow? judge;
    private readonly ShadowOptions options;
    private readonly ILogger<ShadowCopies> logger;
    private long waitingBytes;
    private long asked;
    private long answered;
    private long judged;
    private long dropped;
    private long tooLarge;
    private long refused;
    private long unjudged;
    private long reportedFor; // The rollout whose end by budget was last said.

    internal ShadowCopies(ShadowCaller caller, PolicyHolder policies, CallRecorder recorder, JudgeShadow? judge, ShadowOptions options, ILogger<ShadowCopies> logger)
    {
        (this.caller, this.policies, this.recorder, this.judge, this.options, this.logger) = (caller, policies, recorder, judge, options, logger);
        queue = Channel.CreateBounded<HeardCall>(new BoundedChannelOptions(options.QueueCapacity)
        {
            FullMode = BoundedChannelFullMode.Wait, // Only TryWrite is used: a full queue says no at once.
            AllowSynchronousContinuations = false,
        });
    }

    /// <summary>Copies that were asked.</summary>
    public long Asked => Interlocked.Read(ref asked);
    /// <summary>Of these, the ones with an answer.</summary>
    public long Answered => Interlocked.Read(ref answered);
    /// <summary>Pairs with a verdict.</summary>
    public long Judged => Interlocked.Read(ref judged);
    /// <summary>Pairs whose comparison failed, or came to no verdict.</summary>
    public long Unjudged => Interlocked.Read(ref unjudged);
    /// <summary>Copies that were not asked because the queue was full.</summary>
    public long Dropped => Interlocked.Read(ref dropped);
    /// <summary>Copies that were not asked because request or answer were too large.</summary>
    public long TooLarge => Interlocked.Read(ref tooLarge);
    /// <summary>Copies that were not asked because pins, the candidate's abilities, the state of its models, its price or the budget forbid it, or the shadow had ended.</summary>
    public long Refused => Interlocked.Read(ref refused);
    /// <summary>Copies waiting.</summary>
    public int Waiting => queue.Reader.Count;

    /// <summary>Marks a call to be copied, once it has been answered.</summary>
    internal HeardCall? Begin(HeardCall? heard, CallRecord call, PolicySnapshot policy, in CallFacts facts, ActiveRollout rollout)
    {
        if (!budgets.IsOpen(rollout.Terms)) return heard;
        heard ??= new HeardCall(call, policy, capture: null, facts.DataClass);
        heard.Shadow = new ShadowOrder(rollout.Terms.Id, facts, options.MostBytes);
        return heard;
    }

    /// <summary>Takes a call that has ended, where the client got an answer. Never waits.</summary>
    internal void End(HeardCall heard, ReadOnlySpan<byte> request)
    {
        if (heard.Shadow is null || heard.Served is null || heard.Call.Status is not (CallStatus.Answered or CallStatus.AnsweredUnverified)) return;
        if (heard.IsTooLarge || request.Length > options.MostBytes || heard.Answers.Count == 0)
        {
            Interlocked.Increment(ref tooLarge);
            return;
        }
        if (heard.Request.Length == 0) heard.Request = request.ToArray();
        var bytes = heard.Bytes;
        if (Interlocked.Add(ref waitingBytes, bytes) <= options.QueueBytes && queue.Writer.TryWrite(heard)) return;
        Interlocked.Add(ref waitingBytes, -bytes);
        Interlocked.Increment(ref dropped);
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(Enumerable.Range(0, Math.Max(1, options.AtOnce)).Select(_ => WorkAsync(stoppingToken)));

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var heard in queue.Reader.ReadAllAsync(stoppingToken))
            {
                Interlocked.Add(ref waitingBytes, -heard.Bytes);
                try
                {
                    await CopyAsync(heard, stoppingToken);
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    Interlocked.Increment(ref unjudged);
                    Log.CopyBroke(logger, heard.Call.Id, e); // The call itself has long been answered.
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping: copies that wait are not worth waiting for.
        }
    }

    private async Task CopyAsync(HeardCall heard, CancellationToken cancellationToken)
    {
        var inForce = policies.InForce;
        budgets.KeepOnly(inForce);
        if (inForce.Find(heard.Shadow!.Rollout) is not { Terms.IsShadow: true } rollout || caller.Prepare(heard, rollout, inForce) is not { } question)
        {
            Interlocked.Increment(ref refused);
            return;
        }
        var id = rollout.Terms.Id;
        if (question.EstimateNanoUsd is not { } reserved || !budgets.TryReserve(rollout.Terms, reserved))
        {
            Interlocked.Increment(ref refused);
            if (question.EstimateNanoUsd is null)
            {
                if (Interlocked.Exchange(ref reportedFor, id) != id) Log.NoPrice(logger, id);
            }
            else if (!budgets.IsOpen(rollout.Terms) && Interlocked.Exchange(ref reportedFor, id) != id) Log.CopiesEnded(logger, id);
            return;
        }
        long? spent = reserved; // What a fault leaves unsaid counts as the estimate.
        CallRecord record;
        byte[]? message;
        try
        {
            Interlocked.Increment(ref asked);
            (record, message) = await caller.AskAsync(heard, question, rollout, cancellationToken);
            spent = record.UnknownPriceAttempts > 0 ? null : record.CostNanoUsd;
            recorder.Post(record);
        }
        finally
        {
            budgets.Settle(id, reserved, spent);
        }
        if (message is null) return;
        Interlocked.Increment(ref answered);
        var served = heard.Answers.FindLast(answer => ReferenceEquals(answer.Attempt, heard.Served));
        if (judge is null || served is null || HeardMessage.Of(served) is not { } current) return;

        var judgement = await judge(
            new ShadowPair
            {
                Rollout = id, Current = heard.Call, Candidate = record, CurrentPolicy = heard.Policy, Facts = heard.Shadow.Facts, Request = heard.Request,
                CurrentMessage = current, CandidateMessage = message,
            },
            cancellationToken);
        budgets.Spend(id, judgement.CostNanoUsd);
        if (judgement.IsJudged) budgets.Judged(id);
        Interlocked.Increment(ref judgement.IsJudged ? ref judged : ref unjudged);
    }

    private static partial class Log
    {
        [LoggerMessage(3201, LogLevel.Error, "The copy of call {CallId} for a candidate broke; the call itself was answered")]
        public static partial void CopyBroke(ILogger logger, string callId, Exception exception);

        [LoggerMessage(3202, LogLevel.Information, "Rollout {Rollout} makes no more copies here: enough were judged, or what they may cost is spent")]
        public static partial void CopiesEnded(ILogger logger, long rollout);

        [LoggerMessage(3203, LogLevel.Warning, "Rollout {Rollout} makes no copies: the candidate's price is unknown, so no budget can hold. State its price in the policy or the price book")]
        public static partial void NoPrice(ILogger logger, long rollout);
    }
}
