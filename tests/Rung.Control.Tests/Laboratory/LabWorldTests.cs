using Rung.Control.Laboratory;
using Rung.Core.Measurement;
using Rung.Core.Policies;
using Rung.Core.Prices;
using Rung.Core.Rollouts;

namespace Rung.Control.Tests.Laboratory;

public sealed class LabWorldTests
{
    private const double Quality = 0.9;
    private const int Minutes = 3 * 1440;

    [Fact]
    public void Traffic_is_what_the_terms_say()
    {
        var (calls, verdicts) = Play(candidate: null, share: 0, LabMoment.Plain);

        Assert.InRange(calls.Count, 58_000, 62_000); // 20,000 a day.
        Assert.InRange(calls.Count / (double)calls.Select(call => call.Session).Distinct().Count(), 3.8, 4.2);
        Assert.InRange(verdicts.Average(verdict => verdict.Score), Quality - 0.01, Quality + 0.01);
        Assert.InRange(verdicts.Count / (double)calls.Count, 0.48, 0.52);
        Assert.InRange(calls.Average(call => call.CheckFailed ? 1.0 : 0), 0.018, 0.022);
        Assert.All(calls, call => Assert.True((call.Failed || call.CostNanoUsd > 0) && call.Tier == "small"));
        Assert.True(calls.Zip(calls.Skip(1)).All(pair => pair.First.At <= pair.Second.At));
        Assert.Equal(calls.Count(call => call.CheckFailed), calls.Count(call => call.Escalated)); // The policy says that a failed check climbs.
        Assert.All(calls.Where(call => call.Escalated), call => Assert.Equal("middle", call.Model));
    }

    [Fact]
    public void Calls_of_a_session_go_alike_and_stay_on_one_side()
    {
        var (calls, verdicts) = Play(Candidate(), share: 3_000, LabMoment.Plain with { Quality = -0.2 });

        Assert.All(calls.GroupBy(call => call.Session), session => Assert.Single(session.Select(call => call.Arm).Distinct()));
        Assert.InRange(calls.Count(call => call.Arm == "1:candidate") / (double)calls.Count, 0.27, 0.33);
        var (candidate, current) = (verdicts.Where(verdict => verdict.Arm == "1:candidate").ToList(), verdicts.Where(verdict => verdict.Arm == "1:current").ToList());
        Assert.InRange(current.Average(verdict => verdict.Score) - candidate.Average(verdict => verdict.Score), 0.17, 0.23);

        // Two verdicts on one session correlate by the square of the pull.
        var pairs = current.GroupBy(verdict => verdict.Unit).Where(unit => unit.Count() > 1).Select(unit => (unit.First().Score - Quality, unit.Last().Score - Quality)).ToList();
        Assert.InRange(pairs.Average(pair => pair.Item1 * pair.Item2) / (Quality * (1 - Quality)), 0.18, 0.32);
    }

    [Fact]
    public void A_dearer_candidate_costs_as_much_more_by_the_real_price_code()
    {
        var (calls, _) = Play(Candidate(), share: 5_000, LabMoment.Plain with { Price = 1.5 });

        var ratio = calls.Where(call => call.Arm == "1:candidate").Average(call => call.CostNanoUsd!.Value) / calls.Where(call => call.Arm == "1:current").Average(call => call.CostNanoUsd!.Value);
        Assert.InRange(ratio, 1.45, 1.55);
    }

    [Fact]
    public void A_minute_of_traffic_allocates_next_to_nothing()
    {
        var world = World();
        var arm = Current();
        var minute = 0;
        for (; minute < 4 * 1440; minute++) world.Step(minute, arm, candidate: null, share: 0);

        long calls = 0, before = GC.GetAllocatedBytesForCurrentThread();
        for (; minute < 5 * 1440; minute++)
        {
            world.Step(minute, arm, candidate: null, share: 0);
            calls += world.Calls.Length;
        }

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / calls, 0, 100); // What is left are new blocks of names, and lists that still grow.
    }

    private static (List<ObservedCall> Calls, List<ObservedVerdict> Verdicts) Play(LabArm? candidate, int share, LabMoment moment)
    {
        var (world, current) = (World(), candidate is null ? Current() : Current(ArmName.Of(1, RolloutArm.Current)));
        candidate?.Hold(moment);
        var (calls, verdicts) = (new List<ObservedCall>(), new List<ObservedVerdict>());
        for (var minute = 0; minute < Minutes; minute++)
        {
            world.Step(minute, current, candidate, share);
            calls.AddRange(world.Calls);
            verdicts.AddRange(world.Verdicts);
        }
        return (calls, verdicts);
    }

    private static LabWorld World() => new(new LabSetting
    {
        Terms = new LabTerms(), Tag = LabPolicy.SmallTag, Quality = Quality, Signals = new HashSet<QualitySignal> { QualitySignal.Judge }, Sessions = new SessionNames("s", 1 << 16), Calls = new SessionNames("c", 1 << 16),
    }, LabChance.Of(3, 0)) { Salt = "salt" };

    private static LabArm Current(string? name = null) => Arm(isCandidate: false, name);

    private static LabArm Candidate() => Arm(isCandidate: true, ArmName.Of(1, RolloutArm.Candidate));

    private static LabArm Arm(bool isCandidate, string? name)
    {
        var compilation = PolicyCompiler.Compile(new PolicySource("small.yaml", LabPolicy.SmallText(isCandidate), _ => null), PriceBook.Embedded, new DateOnly(2026, 11, 22));
        return new LabArm(compilation.Snapshot!, name, ownRung: 0, Quality, LabSetting.Began);
    }
}
