using System.Globalization;

namespace Rung.Control.Reviews;

/// <summary>
/// Draws items for people. Two independent Poisson samples: a uniform part, in which every item has the same chance, and a targeted part, in which the chance is
/// in proportion to how much an item needs a look. An item is drawn when either draws it, so that its probability is known: 1 − (1 − u)(1 − t). Given its size, the
/// uniform part is a simple random sample.
/// </summary>
/// <remarks>
/// Poisson sampling with probabilities in proportion to size: C.-E. Särndal, B. Swensson, J. Wretman, Model Assisted Survey Sampling (Springer 1992), sections 3.5 and
/// 3.6.2; permanent random numbers: see <see cref="ReviewChance"/>. The size of a Poisson sample varies: with a quota of 100 about 80 to 120 are drawn.
/// </remarks>
public static class ReviewDraw
{
    /// <summary>Draws. Same frame and same design, same items.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The design is out of range, or a need is negative or no number.</exception>
    public static IReadOnlyList<DrawnReview> Draw(IReadOnlyList<ReviewCandidate> frame, ReviewDesign design)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(design);
        var (uniform, targeted) = Chances(frame, design);
        var chance = new ReviewChance(design.Seed, design.Scope);
        var drawn = new List<DrawnReview>();
        for (var i = 0; i < frame.Count; i++)
        {
            var key = frame[i].Key;
            var isUniform = chance.Of(key, ReviewPurpose.Uniform) < uniform;
            if (!isUniform && chance.Of(key, ReviewPurpose.Targeted) >= targeted[i]) continue;
            drawn.Add(new DrawnReview
            {
                Index = i,
                IsUniform = isUniform,
                UniformInclusion = uniform,
                TargetedInclusion = targeted[i],
                IsDouble = chance.Of(key, ReviewPurpose.Double) < design.DoubleShare,
                IsFlipped = chance.Of(key, ReviewPurpose.Side) < 0.5,
                Shuffle = (long)(chance.Bits(key, ReviewPurpose.Order) >> 1),
                Id = "v-" + chance.Bits(key, ReviewPurpose.Id).ToString("x16", CultureInfo.InvariantCulture),
            });
        }
        return drawn;
    }

    /// <summary>The probabilities: one for the uniform part, one an item for the targeted part. They sum to the quota, or to the frame where that is smaller.</summary>
    internal static (double Uniform, double[] Targeted) Chances(IReadOnlyList<ReviewCandidate> frame, ReviewDesign design)
    {
        if (!(design.Quota > 0)) throw new ArgumentOutOfRangeException(nameof(design), design.Quota, "The quota is above 0.");
        if (!(design.UniformShare is >= 0.5 and <= 1)) throw new ArgumentOutOfRangeException(nameof(design), design.UniformShare, "The uniform part is at least half.");
        if (!(design.DoubleShare is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(design), design.DoubleShare, "The share for two reviewers lies in [0, 1].");
        var targeted = new double[frame.Count];
        if (frame.Count <= design.Quota) return (1, targeted);

        var needy = 0;
        for (var i = 0; i < frame.Count; i++)
        {
            if (!(frame[i].Need is >= 0 and < double.PositiveInfinity)) throw new ArgumentOutOfRangeException(nameof(frame), frame[i].Need, "A need is at least 0.");
            if (frame[i].Need > 0) needy++;
        }
        var uniform = design.Quota * design.UniformShare / frame.Count;
        // What the uniform part draws anyway is not drawn twice: the targeted part aims higher by that share, so that both together meet the quota.
        var aimed = design.Quota * (1 - design.UniformShare) / (1 - uniform);
        if (needy > aimed)
        {
            InProportion(frame, aimed, targeted);
            return (uniform, targeted);
        }
        // All that need a look are drawn, and what is left of the quota goes to the uniform part.
        for (var i = 0; i < frame.Count; i++) targeted[i] = frame[i].Need > 0 ? 1 : 0;
        return ((design.Quota - needy) / (frame.Count - needy), targeted);
    }

    // Proportional to size; whoever would come out above 1 is certain, and the others share what is left.
    private static void InProportion(IReadOnlyList<ReviewCandidate> frame, double aimed, double[] targeted)
    {
        var left = aimed;
        var size = 0.0;
        for (var i = 0; i < frame.Count; i++) size += frame[i].Need;
        for (var found = true; found && size > 0;)
        {
            found = false;
            var (nextLeft, nextSize) = (left, size);
            for (var i = 0; i < frame.Count; i++)
            {
                if (targeted[i] >= 1 || frame[i].Need * left < size) continue;
                targeted[i] = 1;
                nextLeft -= 1;
                nextSize -= frame[i].Need;
                found = true;
            }
            (left, size) = (Math.Max(0, nextLeft), nextSize);
        }
        for (var i = 0; i < frame.Count; i++)
        {
            if (targeted[i] < 1) targeted[i] = size > 0 ? Math.Min(1, frame[i].Need * left / size) : 0;
        }
    }
}
