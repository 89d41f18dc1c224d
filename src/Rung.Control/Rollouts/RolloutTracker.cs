using Rung.Core.Rollouts;
using Rung.Storage.Rollouts;

namespace Rung.Control.Rollouts;

/// <summary>
/// One open rollout as the control loop follows it: its guards' book, and what its copies cost and were judged. Given the same observations in the same order it is
/// in the same state, whenever and however often it was asked.
/// </summary>
internal sealed class RolloutTracker
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    private readonly GuardBook _book;
    private int _begun; // Events that were looked at for the beginning of a stage.
    private DateTimeOffset _settled;

    public RolloutTracker(Rollout rollout)
    {
        Rollout = rollout;
        Began = rollout.Events[0].At;
        _settled = LedgerFeed.Minute(Began);
        _book = new GuardBook(rollout.Plan, rollout.Id);
    }

    /// <summary>The rollout as it was read last.</summary>
    public Rollout Rollout { get; set; }

    /// <summary>When it was started: what was known before is not its business.</summary>
    public DateTimeOffset Began { get; }

    /// <summary>What the copies of its shadow have cost and were judged so far.</summary>
    public ShadowTally Shadow { get; private set; } = new();

    /// <summary>Takes one observation; they come in the order of their instants.</summary>
    public void Take(in Observed observed)
    {
        if (observed.At <= Began) return;
        SettleBefore(observed.At);
        if (observed.Call is { } call)
        {
            // A copy has the candidate's arm; what asking the judge about it costs has the other, or none.
            if (call.Tag is { } tag && InternalTags.IsInternal(tag)) Shadow = IsMine(tag, call.Arm) ? Shadow.With(call, isCopy: IsCopy(tag, call.Arm)) : Shadow;
            else _book.Add(call);
        }
        else if (observed.Verdict is { } verdict)
        {
            if (IsCopy(verdict.Tag, verdict.Arm)) Shadow = Shadow.With(verdict);
            else _book.Add(verdict);
        }
    }

    /// <summary>Lets whole minutes pass up to the instant that was read to: the same ones in every run.</summary>
    public void SettleTo(DateTimeOffset cutoff)
    {
        while (_settled + s_minute <= cutoff) Settle(_settled + s_minute);
        BeginStages();
    }

    /// <summary>What the guards say.</summary>
    public RolloutVerdict Decide(DateTimeOffset now) => RolloutLaw.Decide(Rollout.Plan, Rollout.Last.Stage, Rollout.StageBegan(), now, _book);

    // Whole minutes that lie before an observation: those after which it is, in every run.
    private void SettleBefore(DateTimeOffset at)
    {
        BeginStages();
        while (_settled + s_minute < at) Settle(_settled + s_minute);
    }

    private void Settle(DateTimeOffset minute)
    {
        _book.Settle(minute);
        _settled = minute;
        BeginStages();
    }

    // A stage begins, for the samples of its guards, at the first whole minute after what had been read when it was decided.
    private void BeginStages()
    {
        for (; _begun < Rollout.Events.Length && LedgerFeed.CutoffOf(Rollout.Events[_begun].At) <= _settled; _begun++)
        {
            if (Rollout.Events[_begun] is { Stage: >= 0, Kind: RolloutEventKind.Started or RolloutEventKind.ShadowEnded or RolloutEventKind.Advanced or RolloutEventKind.Completed }) _book.BeginStage();
        }
    }

    private bool IsMine(string tag, string? arm) =>
        IsOf(arm, out _) || (arm is null && (Rollout.Plan.Tags.IsEmpty || Rollout.Plan.Tags.Any(covered => InternalTags.IsCopyOf(tag, covered))));

    private bool IsCopy(string? tag, string? arm) => tag is not null && InternalTags.IsInternal(tag) && IsOf(arm, out var side) && side == RolloutArm.Candidate;

    private bool IsOf(string? arm, out RolloutArm side) => ArmName.TryParse(arm, out var number, out side) && number == Rollout.Id;
}
