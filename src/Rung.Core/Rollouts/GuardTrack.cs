using Rung.Core.Statistics;

namespace Rung.Core.Rollouts;

/// <summary>All that one guard has seen, and what follows from it.</summary>
internal abstract class GuardTrack
{
    protected GuardTrack(RolloutPlan plan, Guard guard)
    {
        Guard = guard;
        Alpha = plan.Alpha;
        HarmAlpha = plan.Alpha / plan.Guards.Length;
        var factors = new double[plan.Stages.Length];
        for (var stage = 0; stage < factors.Length; stage++) factors[stage] = RolloutLaw.MarginFactor(plan, stage);
        Factors = factors;
    }

    private GuardState boundedAs;
    private long boundedUntil;
    private (double Low, double High) bounds;

    public static GuardTrack Create(RolloutPlan plan, Guard guard) =>
        GuardDefaults.IsTime(guard.Metric) ? new TimeTrack(plan, guard)
        : GuardDefaults.IsCost(guard.Metric) ? new CostTrack(plan, guard)
        : new MeanTrack(plan, guard);

    public Guard Guard { get; }

    /// <summary>Level of safety, and of each bound that is shown on the upper side.</summary>
    protected double Alpha { get; }

    /// <summary>Level of harm: α shared among all guards.</summary>
    protected double HarmAlpha { get; }

    /// <summary>By how much each stage widens the margin; 1 at the last.</summary>
    protected double[] Factors { get; }

    public long CandidateCount { get; protected set; }

    public long CurrentCount { get; protected set; }

    /// <summary>Observations of the candidate since the stage began.</summary>
    public long CandidateInStage { get; protected set; }

    /// <summary>Adds an observation: a share, a score, nano-USD or microseconds.</summary>
    public abstract void Observe(bool candidate, double value);

    public virtual void BeginStage() => CandidateInStage = 0;

    public GuardReading Read(int stage, bool withIntervals)
    {
        stage = Math.Clamp(stage, 0, Factors.Length - 1);
        var harm = LogHarm(withIntervals);
        var safety = LogSafety(stage, withIntervals);
        // A difference that is shown to be smaller than the final margin is not harm, however surely it is there.
        var broken = harm >= Math.Log(1 / HarmAlpha) && LogSafety(Factors.Length - 1, withIntervals) < Math.Log(1 / Alpha);
        var state = broken ? GuardState.Broken : safety >= Math.Log(1 / Alpha) ? GuardState.Held : GuardState.Open;
        var reading = new GuardReading
        {
            Guard = Guard, State = state, Margin = Guard.Margin * Factors[stage], CandidateCount = CandidateCount, CurrentCount = CurrentCount,
            HarmEvidence = harm, SafetyEvidence = safety, Words = GuardSentence.Word(state),
        };
        if (!withIntervals) return reading;
        reading = Describe(reading);
        return reading with { Words = GuardSentence.Of(reading) };
    }

    /// <summary>
    /// Bounds, computed when the state has changed or a hundredth more was seen: all guards' take tens of milliseconds, and bounds of a moment ago are true now as well.
    /// </summary>
    /// <param name="state">The guard's state.</param>
    /// <param name="estimate">The estimate of now.</param>
    /// <param name="compute">Computes the bounds.</param>
    protected Interval Bounded(GuardState state, double estimate, Func<(double Low, double High)> compute)
    {
        var seen = CandidateCount + CurrentCount;
        if (state != boundedAs || seen >= boundedUntil)
        {
            bounds = compute();
            (boundedAs, boundedUntil) = (state, seen + 1 + (seen / 100));
        }
        return new Interval(estimate, Math.Min(bounds.Low, estimate), Math.Max(bounds.High, estimate));
    }

    /// <summary>Logarithm of the evidence that the candidate is worse at all.</summary>
    protected abstract double LogHarm(bool exact);

    /// <summary>Logarithm of the evidence that it is not worse by the stage's margin.</summary>
    protected abstract double LogSafety(int stage, bool exact);

    /// <summary>Adds values and bounds.</summary>
    protected abstract GuardReading Describe(GuardReading reading);
}
