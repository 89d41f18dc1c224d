namespace Rung.Control.Audit.Sites;

/// <summary>When the calls of a cluster began: every k-th one, at most 64, k doubling as they come. Tells whether one cluster came after another.</summary>
internal sealed class TimeSample
{
    private const int Most = 64;
    private readonly List<long> ticks = [];
    private long seen, stride = 1;

    /// <summary>Adds a time.</summary>
    public void Add(DateTimeOffset at)
    {
        if (seen++ % stride != 0) return;
        if (ticks.Count == Most)
        {
            for (var i = 0; i < Most / 2; i++) ticks[i] = ticks[2 * i];
            ticks.RemoveRange(Most / 2, Most / 2);
            stride *= 2;
            if ((seen - 1) % stride != 0) return;
        }
        ticks.Add(at.UtcTicks);
    }

    /// <summary>Share of pairs in which the call of this sample began first; ½ when either is empty. Near 0 or 1: one came after the other.</summary>
    public double Precedes(TimeSample other)
    {
        if (ticks.Count == 0 || other.ticks.Count == 0) return 0.5;
        var halves = 0L;
        foreach (var mine in ticks)
        {
            foreach (var its in other.ticks) halves += mine < its ? 2 : mine == its ? 1 : 0;
        }
        return halves / 2.0 / ticks.Count / other.ticks.Count;
    }

    /// <summary>Calls in the sample.</summary>
    public int Count => ticks.Count;
}
