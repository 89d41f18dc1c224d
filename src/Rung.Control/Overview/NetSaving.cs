using Rung.Core.Measurement;
using Rung.Core.Statistics;
using Rung.Storage.Rollups;

namespace Rung.Control.Overview;

/// <summary>What was saved net of every attempt, against the baseline.</summary>
/// <param name="NanoUsd">Baseline minus cost, nano-USD, exact; negative for a loss.</param>
/// <param name="Calls">Calls that have a baseline and no attempt of unknown price: those that the sums are of.</param>
/// <param name="AllCalls">All calls of the period.</param>
/// <param name="Share">Part of the baseline that was saved, exact; null when that baseline is 0.</param>
/// <param name="Interval">The same with the 95 % interval that follows from the spread over sessions; null with too few of them.</param>
public sealed record NetSaving(long NanoUsd, long Calls, long AllCalls, double? Share, Interval? Interval)
{
    /// <summary>Puts exact sums together with the spread over sessions.</summary>
    /// <param name="sums">The sums.</param>
    /// <param name="tags">What was measured of every tag; none: without an interval.</param>
    public static NetSaving? Of(SpendSums sums, IEnumerable<MeasureReading> tags)
    {
        ArgumentNullException.ThrowIfNull(sums);
        return Of(sums.SavingNanoUsd, sums.SavedShare, sums.CallsInSaving, sums.Calls, tags);
    }

    /// <summary>Puts the exact sums together with the spread over sessions.</summary>
    /// <param name="nanoUsd">Baseline minus cost, nano-USD; null when there is no call that it is known of.</param>
    /// <param name="share">The same as a part of the baseline.</param>
    /// <param name="calls">Calls that the sums are of.</param>
    /// <param name="allCalls">All calls.</param>
    /// <param name="tags">What was measured of every tag.</param>
    /// <remarks>
    /// The interval is that of a ratio estimated by strata, the tags: its half is √Σ (B_t / B)² h_t², B_t the baseline of a tag and h_t half of the interval of its own share
    /// (W. G. Cochran, Sampling Techniques, 1977, §6.10). A tag with one session has none, and is counted as if it were certain.
    /// </remarks>
    public static NetSaving? Of(long? nanoUsd, double? share, long calls, long allCalls, IEnumerable<MeasureReading> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        if (nanoUsd is not { } saved) return null;
        var (baseline, square) = (0.0, 0.0);
        foreach (var tag in tags)
        {
            if (tag.Saving is not { } own) continue;
            var half = (own.Share.High - own.Share.Low) / 2 * tag.BaselineNanoUsd;
            square += half * half;
            baseline += tag.BaselineNanoUsd;
        }
        if (share is not { } part || !(baseline > 0)) return new NetSaving(saved, calls, allCalls, share, null);
        var error = Math.Sqrt(square) / baseline;
        return new NetSaving(saved, calls, allCalls, part, new Interval(part, part - error, part + error));
    }
}
