using Rung.Core.Statistics;

namespace Rung.Core.Rollouts;

/// <summary>A guard on the ratio of two 95th percentiles of times.</summary>
/// <remarks>
/// Each side has bounds that hold at all times, at half the level (G. Boole). Harm is shown at the level at which some time is below the candidate's percentile and not below the current
/// one's; safety at the level at which some time is above the candidate's while it is, less the margin, not above the current one's. The evidence is the logarithm of one over that level.
/// Percentiles of all data cannot be paired in time as means are. The ramp gives the candidate most of its calls late: where latency changes for both meanwhile, its percentile over the
/// whole life is another one though nothing is wrong with it (E. H. Simpson, J. R. Stat. Soc. B 13 (1951)). Within a stage the shares are constant, so each stage is compared by
/// itself, at its part of the level.
/// Calls of a conversation hang together; the evidence is divided by the design effect of their tail, estimated from both sides: of bursts, and of a unit's runs of calls, whichever is
/// larger. Of bursts alone, one in ten guards at α = 0.05 showed harm where there was none, with sessions of thirty calls that shared half of the variance of the logarithm of a time.
/// </remarks>
internal sealed class TimeTrack(RolloutPlan plan, Guard guard) : GuardTrack(plan, guard)
{
    private const double Share = 0.95;
    private const double MicrosOfSecond = 1e6;

    /// <summary>Evidence is computed anew when either side has grown by a fiftieth: looking less often costs time to a decision, never its truth.</summary>
    private const double Growth = 1.02;

    private readonly int stages = Math.Max(1, plan.Stages.Length - 1);
    private QuantileSequence candidates = new();
    private QuantileSequence currents = new();
    private long candidateCount;
    private long currentCount;
    private readonly Looked[] safety = new Looked[Math.Max(1, plan.Stages.Length)];
    private Looked harm;
    private double tailMicros; // About the 95th percentile of both sides: calls beyond it are counted burst by burst.
    private long tailAt;
    private TailClusters bursts;
    private TailClusters runs;

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
        if (count > tailAt * 1.1 && count >= TailClusters.LeastCalls / 2)
        {
            tailAt = count;
            tailMicros = (currentCount > candidateCount ? currents : candidates).Sketch.Quantile(Share);
        }
        return tailMicros > 0 && micros > tailMicros;
    }

    /// <summary>Adds a burst that ended: how many of its calls lay in the tail.</summary>
    public void AddBurst(int ofCalls, int inTail)
    {
        if (ofCalls > 0 && tailMicros > 0) bursts.Add(ofCalls, inTail);
    }

    /// <summary>The same of a unit's run of calls, which is longer than a burst.</summary>
    public void AddRun(int ofCalls, int inTail)
    {
        if (ofCalls > 0 && tailMicros > 0) runs.Add(ofCalls, inTail);
    }

    // Bursts end early and tell soon; runs tell the whole.
    private double DesignEffect() => Math.Max(bursts.DesignEffect, runs.DesignEffect);

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
