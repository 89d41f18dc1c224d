namespace Rung.Core.Rollouts;

/// <summary>
/// Pairs observations of both sides in time: as soon as each has a new one, their means since the last pair are a pair. What changes for both, an hour or a release, so falls out.
/// </summary>
internal struct Pairing
{
    private double candidateSum;
    private double currentSum;
    private long candidates;
    private long currents;

    /// <summary>Adds an observation; true when it completes a pair.</summary>
    public bool Add(bool candidate, double value, out double candidateMean, out double currentMean)
    {
        if (candidate)
        {
            candidateSum += value;
            candidates++;
        }
        else
        {
            currentSum += value;
            currents++;
        }
        if (candidates == 0 || currents == 0)
        {
            (candidateMean, currentMean) = (0, 0);
            return false;
        }
        (candidateMean, currentMean) = (candidateSum / candidates, currentSum / currents);
        this = default;
        return true;
    }
}
