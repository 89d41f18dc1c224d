using Rung.Core.Rollouts;

namespace Rung.Control.Laboratory;

/// <summary>
/// One simulated rollout: the real assignment, guards and law, looked at every virtual minute. When the law has rolled back, the traffic goes on through the stages
/// as if it had not, until the t-test has decided too: both are to see the same data.
/// </summary>
internal sealed class RolloutRun
{
    private const int MinutesPerDay = 1440;

    private readonly RolloutPlan plan;
    private readonly LabWorld world;
    private readonly LabScript script;
    private readonly LabArm current;
    private readonly LabArm candidate;
    private readonly GuardBook book;
    private readonly WelchTest test;
    private readonly int minutes;

    /// <param name="setting">What all runs share.</param>
    /// <param name="scenario">What happens.</param>
    /// <param name="policies">The policy in force and the candidate.</param>
    /// <param name="template">The plan; each run has a salt of its own.</param>
    /// <param name="run">The run's number, from 0.</param>
    /// <param name="minutes">How long it goes on at most, virtual minutes.</param>
    public RolloutRun(LabSetting setting, LabScenario scenario, (LabPolicy Current, LabPolicy Candidate) policies, RolloutPlan template, int run, int minutes)
    {
        var chance = LabChance.Of(setting.Terms.Seed, run);
        this.minutes = minutes;
        plan = template with { Salt = $"laboratory-{setting.Terms.Seed}-{run}" };
        script = new LabScript(scenario, minutes, chance);
        world = new LabWorld(setting, chance) { Salt = plan.Salt };
        current = Arm(policies.Current, RolloutArm.Current);
        candidate = Arm(policies.Candidate, RolloutArm.Candidate);
        book = new GuardBook(plan);
        book.BeginStage();
        test = new WelchTest(plan);

        LabArm Arm(LabPolicy policy, RolloutArm side)
        {
            var route = policy.Snapshot.Tags.GetValueOrDefault(setting.Tag) ?? policy.Snapshot.Default;
            return new(policy.Snapshot, ArmName.Of(1, side), route.Tier.Index, setting.Quality, LabSetting.Began);
        }
    }

    public RolloutOutcome Play(CancellationToken cancellationToken)
    {
        var (stage, stageBegan) = (0, LabSetting.Began);
        RolloutOutcome? ended = null;
        int? testMinute = null;
        long testExposed = 0;
        var played = 0;
        GuardMetric? delayedBy = null;
        for (var minute = 1; minute <= minutes; minute++)
        {
            if (minute % MinutesPerDay == 0) cancellationToken.ThrowIfCancellationRequested();
            played = minute;
            var moment = script.At(minute - 1);
            current.Hold(moment.Current);
            candidate.Hold(moment.Candidate);
            world.Step(minute - 1, current, candidate, plan.Stages[stage]);
            Feed(isOpen: ended is null, isTested: testMinute is null);
            var now = LabSetting.Began.AddMinutes(minute);

            if (ended is null)
            {
                book.Settle(now);
                var verdict = RolloutLaw.Decide(plan, stage, stageBegan, now, book, withIntervals: false);
                if (verdict.Decision == RolloutDecision.RollBack)
                {
                    ended = new(RolloutEnd.RolledBack, stage, minute, book.CallsExposed, Broken(verdict), OpenGuard: null, null, 0);
                }
                else if (verdict.Decision == RolloutDecision.Advance)
                {
                    (stage, stageBegan) = (stage + 1, now);
                    book.BeginStage();
                    if (stage == plan.Stages.Length - 1) ended = new(RolloutEnd.Completed, stage, minute, book.CallsExposed, Guard: null, OpenGuard: null, null, 0);
                }
                else
                {
                    if (delayedBy is null && now >= verdict.NotBefore) delayedBy = Open(verdict);
                    if (minute == minutes) ended = new(RolloutEnd.Held, stage, minute, book.CallsExposed, Guard: null, OpenGuard: null, null, 0);
                }
            }
            else if (stage < plan.Stages.Length - 2 && now - stageBegan >= plan.MinTime / (plan.Stages.Length - 1))
            {
                (stage, stageBegan) = (stage + 1, now); // Only the t-test still looks: it goes on by the clock.
            }

            if (testMinute is null && minute % MinutesPerDay == 0 && test.IsWorse()) (testMinute, testExposed) = (minute, test.CallsExposed);
            if (ended is { } end && (testMinute is not null || end.End == RolloutEnd.Completed)) break;
        }
        return ended!.Value with { OpenGuard = delayedBy, TestMinute = testMinute, TestCallsExposed = testExposed, PlayedMinutes = played };
    }

    private void Feed(bool isOpen, bool isTested)
    {
        foreach (ref readonly var call in world.Calls)
        {
            if (isOpen) book.Add(call);
            if (isTested) test.Add(call, IsCandidate(call.Arm));
        }
        foreach (ref readonly var verdict in world.Verdicts)
        {
            if (isOpen) book.Add(verdict);
            if (isTested) test.Add(verdict, IsCandidate(verdict.Arm));
        }
    }

    private bool IsCandidate(string? arm) => ReferenceEquals(arm, candidate.Name);

    private static GuardMetric? Broken(RolloutVerdict verdict)
    {
        foreach (var reading in verdict.Guards)
        {
            if (reading.State == GuardState.Broken) return reading.Guard.Metric;
        }
        return null;
    }

    /// <summary>The guard that is farthest from being held; when all are, the one that has seen the fewest.</summary>
    private static GuardMetric? Open(RolloutVerdict verdict) =>
        verdict.Guards.OrderBy(reading => reading.State == GuardState.Held).ThenBy(reading => reading.State == GuardState.Held ? reading.CandidateCount : reading.SafetyEvidence).First().Guard.Metric;
}
