using System.Globalization;

namespace Rung.Core.Rollouts;

/// <summary>
/// Decides from the guards whether a rollout advances, holds or is rolled back. Pure, and free to be asked as often as one likes: the statements of the guards hold at all times at once.
/// </summary>
/// <remarks>
/// Rolled back when any guard shows harm at level α ÷ guards (G. Boole's inequality: a candidate that is as good by every guard is rolled back with a probability of at
/// most α in its whole life), unless the harm is shown to be smaller than the margin. Advanced when every guard shows safety at level α, which needs no correction: a
/// candidate that is worse by a margin must pass the very guard that sees it (intersection–union test: R. L. Berger, Technometrics 24 (1982), 295–300).
/// </remarks>
public static class RolloutLaw
{
    /// <summary>The most that a margin is widened while few users see the candidate.</summary>
    public const double WidestMargin = 5;

    /// <summary>By how much the margins are widened for leaving a stage: the share of the next one times the tolerated harm is never more than the margin itself.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="stage">Place in its stages.</param>
    public static double MarginFactor(RolloutPlan plan, int stage)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (stage < 0) stage = 0;
        return stage + 1 >= plan.Stages.Length ? 1 : Math.Min(WidestMargin, (double)RolloutPlan.Whole / plan.Stages[stage + 1]);
    }

    /// <summary>The least time of a stage before the last.</summary>
    public static TimeSpan LeastTime(RolloutPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.MinTime / Math.Max(1, plan.Stages.Length - 1);
    }

    /// <summary>Decides.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="stage">The stage that it is at: place in <see cref="RolloutPlan.Stages"/>; −1 in the shadow, which is only ever held.</param>
    /// <param name="stageBegan">When the stage began, UTC.</param>
    /// <param name="now">Now, UTC.</param>
    /// <param name="book">What was seen.</param>
    /// <param name="withIntervals">Whether readings have bounds and words. Without them a decision takes some microseconds instead of milliseconds.</param>
    public static RolloutVerdict Decide(RolloutPlan plan, int stage, DateTimeOffset stageBegan, DateTimeOffset now, GuardBook book, bool withIntervals = true)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(book);
        var last = stage + 1 >= plan.Stages.Length;
        var notBefore = last || stage < 0 ? default(DateTimeOffset?) : stageBegan + LeastTime(plan);
        var readings = book.ReadAll(stage, withIntervals);

        // 1. Harm at any guard ends it, at every stage and at once.
        foreach (var reading in readings)
        {
            if (reading.State == GuardState.Broken) return Verdict(RolloutDecision.RollBack, withIntervals ? $"Worse than the current policy: {reading.Words}." : "Worse than the current policy.");
        }
        // 2. What keeps it where it is.
        if (stage < 0) return Verdict(RolloutDecision.Hold, "Nobody sees the candidate yet: it answers copies.");
        if (last) return Verdict(RolloutDecision.Hold, "It is at the last stage.");
        if (now < notBefore) return Verdict(RolloutDecision.Hold, withIntervals ? string.Create(CultureInfo.InvariantCulture, $"The stage's least time is over at {notBefore:yyyy-MM-dd HH:mm} UTC.") : "The stage's least time is not over.");
        if (book.FirstShort(plan.MinSample) is { } few)
        {
            return Verdict(RolloutDecision.Hold, withIntervals
                ? string.Create(CultureInfo.InvariantCulture, $"{GuardWords.Of(few.Guard.Metric)} has seen {few.Count:N0} of the {plan.MinSample:N0} {few.Noun} of the candidate that the stage needs.")
                : "A guard has not seen enough of the candidate.");
        }
        foreach (var reading in readings)
        {
            if (reading.State != GuardState.Held) return Verdict(RolloutDecision.Hold, withIntervals ? $"Not yet shown to be within its margin: {reading.Words}." : "A guard is open.");
        }
        // 3. Every guard holds.
        return Verdict(RolloutDecision.Advance, withIntervals ? string.Create(CultureInfo.InvariantCulture, $"{(readings.Length == 1 ? "Its guard is within its margin" : $"All {readings.Length} guards are within their margins")} for {plan.Stages[stage + 1] / 100.0:0.##} % of the units.") : "All guards are within their margins.");

        RolloutVerdict Verdict(RolloutDecision decision, string why) => new()
        {
            Decision = decision, Why = why, Guards = readings, CallsExposed = book.CallsExposed, NotBefore = notBefore,
        };
    }
}
