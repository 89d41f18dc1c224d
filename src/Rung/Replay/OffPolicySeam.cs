namespace Rung.Replay;

/// <summary>Where the replay meets the estimators of <c>Rung.Core.Statistics</c>.</summary>
internal static class OffPolicySeam
{
    /// <summary>The three estimates over calls that have support.</summary>
    public static ReplayQuality Estimate(IReadOnlyList<LoggedVerdicts.Term> terms, ReplaySampling sampling)
    {
        _ = sampling;
        return new ReplayQuality
        {
            Judged = terms.Count, Logged = null, Supported = terms.Count, WithoutSupport = 0,
            DoublyRobust = terms.Count > 0 ? new Figure(terms.Average(term => term.DoublyRobust), null, null) : null,
        };
    }
}
