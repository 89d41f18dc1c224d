using Rung.Core.Statistics;

namespace Rung.Core.Rollouts;

/// <summary>A guard on the ratio of two mean costs. What is dearer than the cap counts as the cap, on both sides.</summary>
internal sealed class CostTrack : GuardTrack
{
    private const double NanoUsdOfUsd = 1e9;

    private readonly double cap;
    private readonly StagedTest harm = new();
    private readonly BettingTest[] safety;
    private readonly (BettingTest Test, double Part)[] distinct;
    private readonly RatioSequence ratio = new();
    private Pairing pairing;

    public CostTrack(RolloutPlan plan, Guard guard) : base(plan, guard)
    {
        cap = guard.CapNanoUsd is > 0 ? guard.CapNanoUsd.Value : throw new ArgumentException($"The guard {GuardWords.Of(guard.Metric)} needs a cap.", nameof(guard));
        // Safety is a bet against "candidate ≥ (1 + r) · current": the difference lies between −(1 + r) and 1.
        var byFactor = Factors.Distinct().ToDictionary(factor => factor, factor => (Test: new BettingTest(-(1 + (guard.Margin * factor)), 1, 0, MeanSide.Below), Part: 1 + (guard.Margin * factor)));
        safety = [.. Factors.Select(factor => byFactor[factor].Test)];
        distinct = [.. byFactor.Values];
    }

    public override void Observe(bool candidate, double value)
    {
        if (candidate)
        {
            CandidateCount++;
            CandidateInStage++;
        }
        else
        {
            CurrentCount++;
        }
        if (!pairing.Add(candidate, Math.Clamp(value / cap, 0, 1), out var candidateMean, out var currentMean)) return;
        harm.Add(candidateMean - currentMean);
        foreach (var (test, part) in distinct) test.Add(candidateMean - (part * currentMean));
        ratio.Add(candidateMean, currentMean);
    }

    public override void BeginStage()
    {
        base.BeginStage();
        harm.BeginStage();
    }

    protected override double LogHarm(bool exact) => harm.LogEvidence;

    protected override double LogSafety(int stage, bool exact) => safety[stage].LogEvidence;

    protected override GuardReading Describe(GuardReading reading)
    {
        if (ratio.Count == 0) return reading;
        var usd = cap / NanoUsdOfUsd;
        return reading with
        {
            Candidate = ratio.First * usd,
            Current = ratio.Second * usd,
            Worse = ratio.Second > 0 ? Bounded(reading.State, ratio.Estimate, () => (ratio.Lower(HarmAlpha), ratio.Upper(Alpha))) : null,
        };
    }
}
