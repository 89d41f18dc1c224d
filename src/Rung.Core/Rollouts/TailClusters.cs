namespace Rung.Core.Rollouts;

/// <summary>Counts slow calls cluster by cluster, and says how far the calls of a cluster hang together.</summary>
/// <remarks>The variance of a ratio of sums over clusters, over what it would be for independent calls: L. Kish, Survey Sampling, 1965, section 5.4.</remarks>
internal struct TailClusters
{
    /// <summary>Fewer calls of clusters say nothing about how they hang together.</summary>
    public const long LeastCalls = 200;

    private double calls;
    private double beyond;
    private double callsSquared;
    private double beyondSquared;
    private double callsTimesBeyond;

    /// <summary>Adds a cluster: how many of its calls lay in the tail.</summary>
    public void Add(int ofCalls, int inTail)
    {
        calls += ofCalls;
        beyond += inTail;
        callsSquared += (double)ofCalls * ofCalls;
        beyondSquared += (double)inTail * inTail;
        callsTimesBeyond += (double)ofCalls * inTail;
    }

    /// <summary>The design effect, at least 1: 1 for single calls, and as long as too little is known.</summary>
    public readonly double DesignEffect
    {
        get
        {
            if (calls < LeastCalls || !(beyond > 0 && beyond < calls)) return 1;
            var share = beyond / calls;
            var variance = beyondSquared - (2 * share * callsTimesBeyond) + (share * share * callsSquared);
            return Math.Max(1, variance / (calls * share * (1 - share)));
        }
    }
}
