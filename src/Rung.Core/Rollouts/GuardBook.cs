using System.Collections.Immutable;
using Rung.Core.Measurement;

namespace Rung.Core.Rollouts;

/// <summary>
/// All that one rollout has seen, as its guards see it: calls and verdicts come in as they happen, in the order of time as far as possible, each once. Not thread-safe.
/// Memory is bounded by the units that are active at one time, and by limits that are counted where they are reached (<see cref="Unobserved"/>).
/// </summary>
/// <remarks>
/// The calls of one session hang together, and so do their judgements: ten of them are not ten times the evidence. What is compared is the mean of a unit over a burst, which ends when
/// the unit was idle for <see cref="BurstIdle"/>, or after <see cref="BurstCalls"/> calls. Bursts are taken to be independent. Times are compared call by call, with their evidence divided by how much the calls of a unit hang together.
/// </remarks>
public sealed class GuardBook
{
    /// <summary>A burst ends when its unit was idle for so long.</summary>
    public static readonly TimeSpan BurstIdle = TimeSpan.FromMinutes(2);

    /// <summary>
    /// A burst of verdicts ends when none came for its unit for so long. Verdicts come late, and those on one session not at the same time: closed as soon as a burst of calls, each
    /// would be an observation by itself, though they hang together as their calls do. In simulations that made false roll-backs about ten times as frequent.
    /// </summary>
    public static readonly TimeSpan VerdictIdle = TimeSpan.FromHours(1);

    /// <summary>A burst ends after so many calls.</summary>
    public const int BurstCalls = 10;

    /// <summary>A unit's run of calls, by which it is estimated how far their times hang together, ends after so many, or when the unit was idle for <see cref="SessionIdle"/>.</summary>
    public const int RunCalls = 100;

    /// <summary>A session ends when it was idle for so long.</summary>
    public static readonly TimeSpan SessionIdle = TimeSpan.FromMinutes(30);

    /// <summary>Calls of copies that nobody saw are kept under tags that begin so; they are compared elsewhere.</summary>
    public const string ShadowPrefix = "shadow.";

    private static readonly int Metrics = (int)GuardDefaults.All.Max() + 1;

    private readonly RolloutPlan plan;
    private readonly long? rollout;
    private readonly GuardTrack?[] tracks = new GuardTrack?[Metrics];
    private readonly GuardTrack[] inOrder;
    private readonly TimeTrack? latency;
    private readonly TimeTrack? firstByte;
    private readonly BurstTable calls;
    private readonly BurstTable? runs;
    private readonly BurstTable? judge;
    private readonly BurstTable? feedback;
    private readonly OverrideQueue? overrides;
    private readonly SessionSums? sessions;

    /// <summary>Creates an empty book.</summary>
    /// <param name="plan">The plan; its guards say what is kept.</param>
    /// <param name="rollout">The rollout's number: calls and verdicts with another one's arm are left out. Null: every arm is this rollout's.</param>
    public GuardBook(RolloutPlan plan, long? rollout = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        this.plan = plan;
        this.rollout = rollout;
        inOrder = [.. plan.Guards.Select(guard => GuardTrack.Create(plan, guard))];
        foreach (var track in inOrder) tracks[(int)track.Guard.Metric] = track;
        latency = Track(GuardMetric.LatencyP95) as TimeTrack;
        firstByte = Track(GuardMetric.FirstByteP95) as TimeTrack;
        var each = plan.Unit == RolloutUnit.Call;
        calls = new BurstTable(each, BurstIdle, OnCalls);
        if (!each && (latency ?? firstByte) is not null) runs = new BurstTable(each, SessionIdle, OnRun, RunCalls);
        if (Track(GuardMetric.Judge) is { } judged) judge = new BurstTable(each, VerdictIdle, burst => judged.Observe(burst.Candidate, burst.Mean));
        if (Track(GuardMetric.Feedback) is { } rated) feedback = new BurstTable(each, VerdictIdle, burst => rated.Observe(burst.Candidate, burst.Mean));
        if (Track(GuardMetric.Override) is { } replaced) overrides = new OverrideQueue(plan.VerdictLag, each, replaced);
        if (Track(GuardMetric.CostPerSession) is { } spent) sessions = new SessionSums(spent);
    }

    /// <summary>Calls that the candidate has answered.</summary>
    public long CallsExposed { get; private set; }

    /// <summary>Calls that the current policy has answered beside it, those held back included.</summary>
    public long CallsCurrent { get; private set; }

    /// <summary>Calls and sessions that could not be observed for their cost because a price is unknown.</summary>
    public long UnknownPrices => unknownPrices + (sessions?.Unknown ?? 0);

    /// <summary>Calls and sessions that were left out: sessions that were on both sides of the ramp, and calls beyond the limits of memory.</summary>
    public long Unobserved => (overrides?.Dropped ?? 0) + (sessions?.Dropped ?? 0);

    private long unknownPrices;

    /// <summary>Says that a stage begins, the first one included: samples of the stage count from now on, and a part of the evidence of harm is gathered afresh.</summary>
    public void BeginStage()
    {
        foreach (var track in inOrder) track.BeginStage();
    }

    /// <summary>Adds a call that has ended. Calls outside the rollout are left out.</summary>
    public void Add(in ObservedCall call)
    {
        if (!IsMine(call.Arm, call.Tag, out var candidate)) return;
        if (candidate) CallsExposed++;
        else CallsCurrent++;

        var slow = Time(latency, call.Failed || call.LatencyMicros <= 0 ? null : call.LatencyMicros, candidate);
        var firstSlow = Time(firstByte, call.FirstByteMicros, candidate);
        if (call.CostNanoUsd is null && Track(GuardMetric.CostPerCall) is not null) unknownPrices++;
        calls.Add(in call, candidate, slow, firstSlow);
        runs?.AddTimes(in call, candidate, slow, firstSlow);
        overrides?.Add(in call, candidate);
        if (call.Session is not null) sessions?.Add(in call, candidate);
    }

    /// <summary>Adds a verdict. Verdicts outside the rollout are left out, and so are kinds that no guard looks at.</summary>
    public void Add(in ObservedVerdict verdict)
    {
        if (!IsMine(verdict.Arm, verdict.Tag, out var candidate)) return;
        switch (verdict.Signal)
        {
            case QualitySignal.Judge: judge?.Add(verdict.Unit, candidate, verdict.At, verdict.Score); break;
            case QualitySignal.Feedback: feedback?.Add(verdict.Unit, candidate, verdict.At, verdict.Score); break;
            case QualitySignal.Override when verdict.Score < 1: overrides?.Replace(in verdict); break;
            default: break;
        }
    }

    /// <summary>Closes what has been idle for long enough, and counts calls whose time for a verdict is over. Cheap when there is nothing to close.</summary>
    /// <param name="now">Now, UTC.</param>
    public void Settle(DateTimeOffset now)
    {
        calls.Settle(now);
        runs?.Settle(now);
        judge?.Settle(now);
        feedback?.Settle(now);
        overrides?.Settle(now);
        sessions?.Settle(now);
    }

    /// <summary>Every guard's reading, in the order of the plan.</summary>
    /// <param name="stage">The stage whose margin counts; −1 as the first one.</param>
    /// <param name="withIntervals">Whether readings have bounds and words.</param>
    public IReadOnlyList<GuardReading> Read(int stage, bool withIntervals) => ReadAll(stage, withIntervals);

    internal ImmutableArray<GuardReading> ReadAll(int stage, bool withIntervals)
    {
        var readings = ImmutableArray.CreateBuilder<GuardReading>(inOrder.Length);
        foreach (var track in inOrder) readings.Add(track.Read(stage, withIntervals));
        return readings.MoveToImmutable();
    }

    /// <summary>The first guard that has not seen enough of the candidate in this stage; null when all have.</summary>
    internal (Guard Guard, long Count, string Noun)? FirstShort(int least)
    {
        foreach (var track in inOrder)
        {
            if (track.CandidateInStage < least) return (track.Guard, track.CandidateInStage, GuardSentence.Noun(track.Guard.Metric));
        }
        return null;
    }

    private GuardTrack? Track(GuardMetric metric) => tracks[(int)metric];

    private bool IsMine(string? arm, string? tag, out bool candidate)
    {
        candidate = false;
        if (!ArmName.TryParse(arm, out var number, out var side) || (rollout is { } mine && number != mine)) return false;
        if (tag is not null && tag.StartsWith(ShadowPrefix, StringComparison.Ordinal)) return false;
        candidate = side == RolloutArm.Candidate;
        return true;
    }

    private static bool? Time(TimeTrack? track, long? micros, bool candidate)
    {
        if (track is null || micros is not { } time) return null;
        track.Observe(candidate, time);
        return track.IsBeyond(time);
    }

    private void OnRun(Burst run)
    {
        latency?.AddRun(run.Timed, run.Slow);
        firstByte?.AddRun(run.FirstTimed, run.FirstSlow);
    }

    private void OnCalls(Burst burst)
    {
        latency?.AddBurst(burst.Timed, burst.Slow);
        firstByte?.AddBurst(burst.FirstTimed, burst.FirstSlow);
        Track(GuardMetric.Escalation)?.Observe(burst.Candidate, (double)burst.Escalated / burst.Count);
        Track(GuardMetric.Error)?.Observe(burst.Candidate, (double)burst.Failed / burst.Count);
        if (burst.Checked > 0) Track(GuardMetric.CheckFailure)?.Observe(burst.Candidate, (double)burst.CheckFailed / burst.Checked);
        if (burst.Scored > 0) Track(GuardMetric.Verifier)?.Observe(burst.Candidate, burst.Mean);
        if (burst.Priced > 0) Track(GuardMetric.CostPerCall)?.Observe(burst.Candidate, burst.Cost / burst.Priced);
    }
}
