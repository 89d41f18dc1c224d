using Rung.Core.Learning;

namespace Rung.Core.Guarantees;

/// <summary>How a way of choosing thresholds did over many splits.</summary>
/// <param name="Chosen">Splits in which it chose a threshold; in the others every call goes to the strong model.</param>
/// <param name="Violations">Splits in which the loss on the held-out part was more than promised.</param>
/// <param name="Saving">Mean saving against always strong on the held-out part, as a share; 0 in a split without a threshold.</param>
/// <param name="Loss">Mean loss on the held-out part.</param>
public sealed record SplitTally(int Chosen, int Violations, double Saving, double Loss);

/// <summary>What an experiment of many splits found.</summary>
/// <param name="Plan">What was promised.</param>
/// <param name="Splits">How many splits.</param>
/// <param name="Seed">The seed of the splits.</param>
/// <param name="CalibrationShare">Share of the groups that each split calibrates on; the rest is held out.</param>
/// <param name="Certified">The certified threshold.</param>
/// <param name="Uncalibrated">The cheapest threshold whose own mean loss on the calibration part is at most ε: no guarantee.</param>
public sealed record SplitReport(CalibrationPlan Plan, int Splits, long Seed, double CalibrationShare, SplitTally Certified, SplitTally Uncalibrated)
{
    /// <summary>The most violations that the promise allows in so many splits: δ plus three binomial standard errors, as a share.</summary>
    public double AllowedShare => Plan.Level + (3 * Math.Sqrt(Plan.Level * (1 - Plan.Level) / Splits));

    /// <summary>Share of the splits in which the certified threshold broke its promise.</summary>
    public double ViolationShare => (double)Certified.Violations / Splits;

    /// <summary>Whether the promise was kept.</summary>
    public bool IsKept => ViolationShare <= AllowedShare;
}

/// <summary>Puts the guarantee to the test: graded queries are split at random many times, calibrated on one part, and judged on the other.</summary>
public static class SplitExperiment
{
    /// <summary>Runs it. Groups stay on one side.</summary>
    /// <param name="rows">The graded queries, of at least two groups.</param>
    /// <param name="plan">What is promised.</param>
    /// <param name="splits">How many splits, at least 1.</param>
    /// <param name="seed">Decides the splits.</param>
    /// <param name="calibrationShare">Share of the groups to calibrate on, above 0 and below 1.</param>
    /// <param name="progress">Told how many splits are done; null for nobody.</param>
    public static SplitReport Run(
        IReadOnlyList<CascadeOutcome> rows, CalibrationPlan plan, int splits, long seed, double calibrationShare, Action<int>? progress)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentOutOfRangeException.ThrowIfLessThan(splits, 1);
        if (!(calibrationShare is > 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(calibrationShare), calibrationShare, "The share lies between 0 and 1.");
        var groups = rows.GroupBy(row => row.Group, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => group.ToArray()).ToArray();
        if (groups.Length < 2) throw new ArgumentException("There must be two groups to split.", nameof(rows));

        var order = new SeededOrder((ulong)seed);
        var taken = Math.Clamp((int)Math.Round(groups.Length * calibrationShare), 1, groups.Length - 1);
        var (certified, plugIn) = (new Running(plan.MostLoss), new Running(plan.MostLoss));
        for (var split = 0; split < splits; split++)
        {
            order.Shuffle(groups.AsSpan());
            var calibration = groups[..taken].SelectMany(group => group).ToArray();
            var heldOut = groups[taken..];
            certified.Add(heldOut, ThresholdCalibration.Certify(calibration, plan));
            plugIn.Add(heldOut, ThresholdCalibration.PlugIn(calibration, plan.MostLoss));
            progress?.Invoke(split + 1);
        }
        return new SplitReport(plan, splits, seed, calibrationShare, certified.ToTally(splits), plugIn.ToTally(splits));
    }

    private sealed class Running(double most)
    {
        private int chosen;
        private int violations;
        private double saving;
        private double loss;

        public void Add(CascadeOutcome[][] heldOut, double? threshold)
        {
            if (threshold is not { } least) return;
            var (lost, cost, strong) = (0.0, 0.0, 0.0);
            foreach (var group in heldOut)
            {
                foreach (var row in group)
                {
                    var isKept = row.KeepScore >= least;
                    if (isKept) lost += (row.StrongQuality - row.WeakQuality) / group.Length;
                    cost += ((double)row.WeakCostNanoUsd + (isKept ? 0 : row.StrongCostNanoUsd)) / group.Length;
                    strong += (double)row.StrongCostNanoUsd / group.Length;
                }
            }
            lost /= heldOut.Length;
            chosen++;
            loss += lost;
            // A loss of exactly ε keeps the promise; sums of grades carry errors of rounding.
            if (lost > most + 1e-12) violations++;
            if (strong > 0) saving += 1 - (cost / strong);
        }

        public SplitTally ToTally(int splits) => new(chosen, violations, saving / splits, loss / splits);
    }
}
