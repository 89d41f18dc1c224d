using System.Collections.Immutable;
using Rung.Core.Alerts;
using Rung.Core.Policies;
using Rung.Core.Policies.Changes;
using Rung.Core.Rollouts;
using Rung.Core.Steering;

namespace Rung.Control.Laboratory;

/// <summary>
/// One tag under the control loop: the real watches, the real law of steering, which really changes the policy's text, and the real book of alerts, at every virtual
/// minute. When the model is as before again, the way back is tried: a rollout of the policy that was demoted.
/// </summary>
internal sealed class ControlRun
{
    private const int MinutesPerDay = 1440;
    private const long ReturnRollout = 1;

    private readonly LabSetting setting;
    private readonly LabScenario scenario;
    private readonly LabPolicy policy;
    private readonly LabWorld world;
    private readonly LabScript script;
    private readonly RolloutPlan returnPlan;
    private readonly TagWatch watch;
    private readonly AlertBook alerts = new(new AlertTimes(), []);
    private readonly List<PastDemotion> past = [];
    private readonly ImmutableArray<string>.Builder falseAlarms = ImmutableArray.CreateBuilder<string>();
    private readonly int minutes;
    private readonly int ownRung;

    private string text;
    private long revision = 1;
    private LabArm current;
    private Return? wayBack;
    private RolloutEnd? returned;
    private int demotions;
    private int falseDemotions;
    private int? noticedAt;
    private int? returnedAt;
    private long callsSinceChange;
    private long callsToDetection;

    public ControlRun(LabSetting setting, LabScenario scenario, LabPolicy policy, RolloutPlan plan, int run, int minutes)
    {
        (this.setting, this.scenario, this.policy, this.minutes) = (setting, scenario, policy, minutes);
        var chance = LabChance.Of(setting.Terms.Seed, run);
        script = new LabScript(scenario, minutes, chance);
        world = new LabWorld(setting, chance);
        // A weaker tier is somewhat worse by nature: whoever wants it back says by how much it may be.
        returnPlan = plan with
        {
            Salt = $"return-{setting.Terms.Seed}-{run}",
            Guards = [.. plan.Guards.Select(guard => GuardDefaults.IsRelative(guard.Metric) ? guard : guard with { Margin = guard.Margin * LabControl.ReturnMargins })],
        };
        text = policy.Text;
        var snapshot = policy.Snapshot.WithRevision(revision);
        ownRung = snapshot.Tags[setting.Tag].Tier.Index;
        current = Arm(snapshot, name: null);
        watch = new TagWatch(setting.Tag, snapshot.Tags[setting.Tag], snapshot);
    }

    public ControlOutcome Play(CancellationToken cancellationToken)
    {
        for (var minute = 1; minute <= minutes; minute++)
        {
            if (minute % MinutesPerDay == 0) cancellationToken.ThrowIfCancellationRequested();
            Step(minute);
        }
        return new ControlOutcome
        {
            Demotions = demotions,
            FalseDemotions = falseDemotions,
            MinutesToDetection = noticedAt - script.Change,
            CallsToDetection = callsToDetection,
            QuietMinutes = Math.Min(minutes, script.Change ?? minutes),
            FalseAlarms = falseAlarms.ToImmutable(),
            Return = returned ?? (wayBack is null ? null : RolloutEnd.Held),
            MinutesToReturn = returnedAt - script.Repaired,
        };
    }

    private void Step(int minute)
    {
        var now = LabSetting.Began.AddMinutes(minute);
        var moment = script.At(minute - 1).Current;

        // 1. A minute of traffic.
        current.Hold(moment);
        wayBack?.Candidate.Hold(moment);
        world.Step(minute - 1, current, wayBack?.Candidate, wayBack is null ? 0 : returnPlan.Stages[wayBack.Stage]);
        if (minute > script.Change) callsSinceChange += world.Calls.Length;
        foreach (ref readonly var call in world.Calls)
        {
            watch.Add(call);
            wayBack?.Book.Add(call);
        }
        foreach (ref readonly var verdict in world.Verdicts)
        {
            watch.Add(verdict);
            wayBack?.Book.Add(verdict);
        }
        watch.Step(now);

        // 2. What the law makes of it.
        Steer(minute, now);
        if (minute == (script.Repaired is { } repaired ? repaired + (int)LabControl.ReturnAfter.TotalMinutes : -1) && demotions > 0) BeginReturn(now);
        if (wayBack is not null) StepReturn(minute, now);

        // 3. Who is told.
        var conditions = watch.Conditions().ToList();
        if (conditions.Count == 0 && alerts.Open.Count == 0) return;
        foreach (var transition in alerts.Observe(conditions, [], now).Transitions)
        {
            if (transition.Change != AlertChange.Fired) continue;
            if (minute <= (script.Change ?? minutes)) falseAlarms.Add(transition.Alert.Kind.ToString());
            else if (IsTheOne(transition.Alert.Kind)) Notice(minute);
        }
    }

    private void Steer(int minute, DateTimeOffset now)
    {
        if (!watch.IsFloorBroken)
        {
            watch.Decided(null, now);
            return;
        }
        long? open = wayBack is null ? null : ReturnRollout;
        var actions = SteeringLaw.Decide(watch.Policy, [new TagStanding(setting.Tag, watch.Route, watch.Floor, open)], past, freeze: null, now);
        var action = actions.IsEmpty ? null : actions[0];
        watch.Decided(action, now);
        if (action is not { Step: SteeringStep.Demote, To: { } tier }) return;
        if (PolicyMove.SetTier(text, setting.Tag, tier, out _) is not { } moved || policy.Compile(moved) is not { } compiled) return;

        demotions++;
        past.Add(new PastDemotion(setting.Tag, now));
        if (scenario.Event != LabEvent.Drop || minute <= script.Change || minute > script.Repaired) falseDemotions++;
        else Notice(minute);
        if (wayBack is not null) (wayBack, returned) = (null, RolloutEnd.RolledBack);
        Publish(moved, compiled, now);
    }

    private void Publish(string newText, PolicySnapshot compiled, DateTimeOffset now)
    {
        text = newText;
        var snapshot = compiled.WithRevision(++revision);
        current = Arm(snapshot, name: null);
        watch.PolicyChanged(snapshot.Tags[setting.Tag], snapshot, now);
    }

    private void BeginReturn(DateTimeOffset now)
    {
        world.Salt = returnPlan.Salt;
        var candidate = Arm(policy.Snapshot.WithRevision(++revision), ArmName.Of(ReturnRollout, RolloutArm.Candidate));
        current = Arm(current.Policy, ArmName.Of(ReturnRollout, RolloutArm.Current));
        wayBack = new Return { Candidate = candidate, Book = new GuardBook(returnPlan), StageBegan = now };
        wayBack.Book.BeginStage();
    }

    private void StepReturn(int minute, DateTimeOffset now)
    {
        var open = wayBack!;
        open.Book.Settle(now);
        switch (RolloutLaw.Decide(returnPlan, open.Stage, open.StageBegan, now, open.Book, withIntervals: false).Decision)
        {
            case RolloutDecision.RollBack:
                (wayBack, returned) = (null, RolloutEnd.RolledBack);
                current = Arm(current.Policy, name: null);
                break;
            case RolloutDecision.Advance when open.Stage + 2 == returnPlan.Stages.Length:
                (wayBack, returned, returnedAt) = (null, RolloutEnd.Completed, minute);
                Publish(policy.Text, policy.Snapshot, now);
                break;
            case RolloutDecision.Advance:
                open.Stage++;
                open.StageBegan = now;
                open.Book.BeginStage();
                break;
            default:
                break;
        }
    }

    private bool IsTheOne(AlertKind kind) => scenario.Event switch
    {
        LabEvent.Drop => kind is AlertKind.QualityFloor or AlertKind.Demotion,
        LabEvent.Price => kind == AlertKind.CostCeiling,
        LabEvent.Drift => kind == AlertKind.CheckFailureDrift,
        _ => false,
    };

    private void Notice(int minute)
    {
        if (noticedAt is not null) return;
        (noticedAt, callsToDetection) = (minute, callsSinceChange);
    }

    private LabArm Arm(PolicySnapshot snapshot, string? name) => new(snapshot, name, ownRung, setting.Quality, LabSetting.Began);

    /// <summary>The way back while it is open.</summary>
    private sealed class Return
    {
        public required LabArm Candidate { get; init; }
        public required GuardBook Book { get; init; }
        public required DateTimeOffset StageBegan { get; set; }
        public int Stage { get; set; }
    }
}
