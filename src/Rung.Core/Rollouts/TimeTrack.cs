using Rung.Core.Statistics;

namespace Rung.Core.Rollouts;

/// <summary>A guard on the ratio of two 95th percentiles of times.</summary>
/// <remarks>
/// Each side has bounds that hold at all times, at half the level (G. Boole). Harm is shown at the level at which some time is below the candidate's percentile and not below the current
/// one's; safety at the level at which some time is above the candidate's while it is, less the margin, not above the current one's. The evidence is the logarithm of one over that level.
/// Percentiles of all data cannot be paired in time as means are. The ramp gives the candidate most of its calls late: where latency changes for both meanwhile, its percentile over the
/// whole life is another one though nothing is wrong with it (E. H. Simpson, J. R. Stat. Soc. B 13 (1951)). Within a stage the shares are constant, so each stage is compared by
/// itself, at its part of the level.
/// Calls of a burst hang together; their evidence is divided by the design effect of their tail, estimated from the bursts of both sides (L. Kish, Survey Sampling, 1965, section 5.4).
/// </remarks>
internal sealed class TimeTrack(RolloutPlan plan, Guard guard) : GuardTrack(plan, guard)
{
    private const double Share = 0.95;
    private const double MicrosOfSecond = 1e6;

    /// <summary>Evidence is computed anew when either side has grown by a fiftieth: looking less often costs time to a decision, never its truth.</summary>
    private const double Growth = 1.02;

    /// <summary>Fewer calls of bursts say nothing about how calls of a burst hang together.</summary>
    private const long LeastClustered = 200;

    private readonly int stages = Math.Max(1, plan.Stages.Length - 1);
    private QuantileSequence candidates = new();
    private QuantileSequence currents = new();
    private long candidateCount;
    private long currentCount;
    private readonly Looked[] safety = new Looked[Math.Max(1, plan.Stages.Length)];
    private Looked harm;
    private double tailMicros; // About the 95th percentile of both sides: calls beyond it are counted burst by burst.
    private long tailAt;
    private double calls;
    private double beyond;
    private double callsSquared;
    private double beyondSquared;
    private double callsTimesBeyond;

    /// <summary>Evidence, and how much had been seen when it was computed.</summary>
    private record struct Looked(double Evidence, long Candidates, long Currents);

    public override void Observe(bool candidate, double value)
    {
        if (candidate)
        {
            CandidateCount++;
            CandidateInStage++;
            candidateCount++;
            candidates.Add((long)value);
        }
        else
        {
            CurrentCount++;
            currentCount++;
            currents.Add((long)value);
        }
    }

    public override void BeginStage()
    {
        base.BeginStage();
        (candidates, currents, candidateCount, currentCount, harm) = (new(), new(), 0, 0, default);
        tailAt = 0;
        Array.Clear(safety);
    }

    /// <summary>Whether a time lies in the tail of the side that has more calls, as far as it is known.</summary>
    public bool IsBeyond(long micros)
    {
        var count = candidateCount + currentCount;
        if (count > tailAt * 1.1 && count >= LeastClustered / 2)
        {
            tailAt = count;
            tailMicros = (currentCount > candidateCount ? currents : candidates).Sketch.Quantile(Share);
        }
        return tailMicros > 0 && micros > tailMicros;
    }

    /// <summary>Adds a burst that ended: how many of its calls lay in the tail.</summary>
    public void AddBurst(int ofCalls, int inTail)
    {
        if (ofCalls == 0 || !(tailMicros > 0)) return;
        calls += ofCalls;
        beyond += inTail;
        callsSquared += (double)ofCalls * ofCalls;
        beyondSquared += (double)inTail * inTail;
        callsTimesBeyond += (double)ofCalls * inTail;
    }

    /// <summary>The variance of the counts of bursts over what it would be if calls were independent: 1 for single calls.</summary>
    private double DesignEffect()
    {
        if (calls < LeastClustered || !(beyond > 0)) return 1;
        var share = beyond / calls;
        var variance = beyondSquared - (2 * share * callsTimesBeyond) + (share * share * callsSquared);
        return Math.Max(1, variance / (calls * share * (1 - share)));
    }

    protected override double LogHarm(bool exact)
    {
        if (IsDue(ref harm, exact)) harm.Evidence = Harm(candidates.Sketch.BinAt(Rank(candidateCount)), currents.Sketch.BinAt(Rank(currentCount)));
        return Math.Max(0, harm.Evidence - Math.Log(stages)); // G. Boole again: harm at any stage counts.
    }

    protected override double LogSafety(int stage, bool exact)
    {
        ref var looked = ref safety[stage];
        if (IsDue(ref looked, exact))
            looked.Evidence = Safety(candidates.Sketch.BinAt(Rank(candidateCount)), currents.Sketch.BinAt(Rank(currentCount)), QuantileSketch.BinsWithin(1 + (Guard.Margin * Factors[stage])));
        return looked.Evidence;
    }

    protected override GuardReading Describe(GuardReading reading)
    {
        if (candidateCount == 0 || currentCount == 0) return reading;
        var (candidate, current) = (candidates.Sketch.Quantile(Share), currents.Sketch.Quantile(Share));
        var (harmEach, safetyEach) = (HarmAlpha / 2 / stages, Alpha / 2);
        var lowest = candidates.Lower(Share, harmEach) / currents.Upper(Share, harmEach);
        var highest = currents.Lower(Share, safetyEach) is > 0 and var least ? candidates.Upper(Share, safetyEach) / least : double.PositiveInfinity;
        return reading with
        {
            Candidate = candidate / MicrosOfSecond,
            Current = current / MicrosOfSecond,
            // The estimate is a middle of a bin and the bounds are ends of bins: within half a percent of one another they may be out of order.
            Worse = new Interval((candidate / current) - 1, Math.Min(lowest, candidate / current) - 1, Math.Max(highest, candidate / current) - 1),
        };
    }

    /// <summary>Whether it is time to compute anew; what was seen is then noted.</summary>
    private bool IsDue(ref Looked looked, bool exact)
    {
        if (candidateCount == 0 || currentCount == 0) return false;
        var growth = exact ? 1 : Growth;
        if (candidateCount <= (long)(looked.Candidates * growth) && currentCount <= (long)(looked.Currents * growth)) return false;
        looked = looked with { Candidates = candidateCount, Currents = currentCount };
        candidates.DesignEffect = currents.DesignEffect = DesignEffect();
        return true;
    }

    private static long Rank(long count) => Math.Max(1, (long)Math.Ceiling(Share * count));

    /// <summary>The most over all points q of the less of "the candidate's percentile is above q" and "the current one's is at or below q".</summary>
    private double Harm(int candidate, int current)
    {
        if (candidate <= current) return 0; // Nothing points to it, and the search would find nothing.
        // The first falls and the second rises with q: they cross between the two percentiles.
        return Best(current - 1, candidate, bin => candidates.LogEvidenceAbove(Share, candidates.Sketch.CountTo(bin)), bin => currents.LogEvidenceBelow(Share, currents.Sketch.CountTo(bin)));
    }

    /// <summary>The same of "the current percentile is above q less the margin" and "the candidate's is at or below q".</summary>
    private double Safety(int candidate, int current, int margin)
    {
        if (candidate >= current + margin) return 0;
        return Best(candidate - 1, current + margin, bin => currents.LogEvidenceAbove(Share, currents.Sketch.CountTo(bin - margin)), bin => candidates.LogEvidenceBelow(Share, candidates.Sketch.CountTo(bin)));
    }

    private static double Best(int low, int high, Func<int, double> falling, Func<int, double> rising)
    {
        var best = 0.0;
        while (low <= high)
        {
            var middle = low + ((high - low) / 2);
            var (fall, rise) = (falling(middle), rising(middle));
            best = Math.Max(best, Math.Min(fall, rise) - Math.Log(2));
            if (fall > rise) low = middle + 1;
            else high = middle - 1;
        }
        return best;
    }
}
