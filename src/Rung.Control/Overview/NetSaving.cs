using Rung.Core.Measurement;
using Rung.Core.Statistics;

namespace Rung.Control.Overview;

/// <summary>What was saved net of every attempt, against the baseline.</summary>
/// <param name="NanoUsd">Baseline minus cost, nano-USD, exact; negative for a loss.</param>
/// <param name="BaselineNanoUsd">The baseline of the same calls, nano-USD, exact.</param>
/// <param name="Calls">Calls that have a baseline and no attempt of unknown price: those that the sums are of.</param>
/// <param name="AllCalls">All calls of the period.</param>
/// <param name="Share">Part of the baseline that was saved, with a 95 % interval; null with too few sessions.</param>
public sealed record NetSaving(long NanoUsd, long BaselineNanoUsd, long Calls, long AllCalls, Interval? Share)
{
    /// <summary>Puts the exact sums together with the spread over sessions.</summary>
    /// <param name="nanoUsd">Baseline minus cost, nano-USD.</param>
    /// <param name="baselineNanoUsd">The baseline of the same calls.</param>
    /// <param name="calls">Calls that the sums are of.</param>
    /// <param name="allCalls">All calls.</param>
    /// <param name="tags">What was measured of every tag.</param>
    /// <remarks>
    /// The share is the ratio of the exact sums. Its interval is that of a ratio estimated by strata, the tags: Σ (B_t / B)² h_t², B_t the baseline of a tag and h_t half of the
    /// interval of its own share (W. G. Cochran, Sampling Techniques, 1977, §6.10). A tag with one session has none, and is counted as if it were certain.
    /// </remarks>
    public static NetSaving? Of(long? nanoUsd, long? baselineNanoUsd, long calls, long allCalls, IEnumerable<MeasureReading> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        if (nanoUsd is not { } saved || baselineNanoUsd is not { } baseline) return null;
        if (baseline <= 0) return new NetSaving(saved, baseline, calls, allCalls, null);
        var (whole, square, known) = ((double)baseline, 0.0, false);
        foreach (var tag in tags)
        {
            if (tag.Saving is not { } own) continue;
            var half = (own.Share.High - own.Share.Low) / 2 * (tag.BaselineNanoUsd / whole);
            square += half * half;
            known = true;
        }
        var share = saved / whole;
        return new NetSaving(saved, baseline, calls, allCalls, known ? new Interval(share, share - Math.Sqrt(square), share + Math.Sqrt(square)) : null);
    }
}
