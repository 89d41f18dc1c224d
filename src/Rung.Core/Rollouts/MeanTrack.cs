using Rung.Core.Statistics;

namespace Rung.Core.Rollouts;

/// <summary>A guard on the difference of two means in [0, 1]: quality, and shares of calls.</summary>
internal sealed class MeanTrack : GuardTrack
{
    /// <summary>A difference of shares is never more than 1; a margin that is widened to that is no margin.</summary>
    private const double WidestMargin = 0.99;

    private readonly bool higherIsBetter;
    private readonly StagedTest harm = new();
    private readonly BettingTest[] safety; // Stage by stage; stages with the same margin share one.
    private readonly BettingTest[] distinct;
    private readonly MeanSequence worse = new(-1, 1);
    private Pairing pairing;
    private double candidateSum;
    private double currentSum;

    public MeanTrack(RolloutPlan plan, Guard guard) : base(plan, guard)
    {
        higherIsBetter = GuardDefaults.HigherIsBetter(guard.Metric);
        var byFactor = Factors.Distinct().ToDictionary(factor => factor, factor => new BettingTest(-1, 1, Math.Min(WidestMargin, guard.Margin * factor), MeanSide.Below));
        safety = [.. Factors.Select(factor => byFactor[factor])];
        distinct = [.. byFactor.Values];
    }

    public override void Observe(bool candidate, double value)
    {
        value = Math.Clamp(value, 0, 1);
        if (candidate)
        {
            CandidateCount++;
            CandidateInStage++;
        }
        else
        {
            CurrentCount++;
        }
        if (!pairing.Add(candidate, value, out var candidateMean, out var currentMean)) return;
        candidateSum += candidateMean;
        currentSum += currentMean;
        var difference = higherIsBetter ? currentMean - candidateMean : candidateMean - currentMean;
        harm.Add(difference);
        foreach (var test in distinct) test.Add(difference);
        worse.Add(difference);
    }

    public override void BeginStage()
    {
        base.BeginStage();
        harm.BeginStage();
    }

    protected override double LogHarm(bool exact) => harm.LogEvidence;

    protected override double LogSafety(int stage, bool exact) => safety[stage].LogEvidence;

    protected override GuardReading Describe(GuardReading reading) => worse.Count == 0 ? reading : reading with
    {
        Candidate = candidateSum / worse.Count,
        Current = currentSum / worse.Count,
        Worse = Bounded(reading.State, worse.Mean, () => (worse.Lower(HarmAlpha), worse.Upper(Alpha))),
    };
}
