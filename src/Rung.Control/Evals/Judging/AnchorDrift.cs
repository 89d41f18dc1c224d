using Rung.Core.Statistics;
using Rung.Storage.Content;

namespace Rung.Control.Evals.Judging;

/// <summary>Whether a judge still says what it said of its anchors.</summary>
public sealed record AnchorDrift
{
    /// <summary>Chance of an alarm where nothing changed, over all comparisons of one report.</summary>
    public const double FalseAlarmRate = 0.01;

    /// <summary>Fewer anchors in common say nothing.</summary>
    public const int LeastItems = 10;

    /// <summary>Against the run before, and against the first one, where that is another: small steps add up.</summary>
    public required IReadOnlyList<AnchorComparison> Comparisons { get; init; }
    /// <summary>Whether any of them is beyond noise.</summary>
    public bool IsAlarm => Comparisons.Any(comparison => comparison.IsAlarm);
    /// <summary>What was found, in one sentence, with the likely cause.</summary>
    public required string Words { get; init; }

    /// <summary>Compares a run with those before it that were made under the same terms.</summary>
    /// <param name="now">The newest run.</param>
    /// <param name="earlier">Runs of the same tag, oldest first.</param>
    public static AnchorDrift Of(JudgeAnchorRun now, IReadOnlyList<JudgeAnchorRun> earlier)
    {
        ArgumentNullException.ThrowIfNull(now);
        ArgumentNullException.ThrowIfNull(earlier);
        var same = earlier.Where(run => run.Terms == now.Terms && run.Id != now.Id && Common(now, run).Count >= LeastItems).ToList();
        if (same.Count == 0)
        {
            return new AnchorDrift
            {
                Comparisons = [],
                Words = earlier.Any(run => run.Id != now.Id)
                    ? $"No earlier run under the same terms has {LeastItems} anchors in common with this one: nothing to compare with."
                    : "This is the first run: nothing to compare with yet.",
            };
        }
        List<JudgeAnchorRun> baselines = same.Count == 1 ? [same[0]] : [same[^1], same[0]];
        // Two tests on each baseline share the rate.
        var each = FalseAlarmRate / (2 * baselines.Count);
        var comparisons = baselines.Select(run => Compare(now, run, each)).ToList();
        return new AnchorDrift { Comparisons = comparisons, Words = Say(now, comparisons) };
    }

    private static AnchorComparison Compare(JudgeAnchorRun now, JudgeAnchorRun before, double level)
    {
        var common = Common(now, before);
        var (lost, won) = (common.Count(pair => pair.Before.IsRight == true && pair.Now.IsRight == false), common.Count(pair => pair.Before.IsRight == false && pair.Now.IsRight == true));
        // McNemar's exact test: of the anchors that turned, as many should turn either way.
        var p = lost + won == 0 ? 1 : Math.Min(1, 2 * Binomial.AtMost(Math.Min(lost, won), lost + won, 0.5));
        var rows = common.Select((pair, i) => new PairedScore(pair.Now.Score!.Value, pair.Before.Score!.Value, Weight: 1, Group: i)).ToArray();
        var shift = NonInferiority.Test(rows, margin: 0.03, confidence: 1 - level);
        return new AnchorComparison
        {
            Before = before,
            Items = common.Count,
            RightBefore = common.Count(pair => pair.Before.IsRight == true),
            RightNow = common.Count(pair => pair.Now.IsRight == true),
            TurnedPValue = p,
            MeanShift = shift.TwoSided,
            // All anchors moved by the same amount leaves no spread: that is no noise either.
            IsAlarm = p < level || !shift.TwoSided.Covers(0),
        };
    }

    private static List<(JudgeAnchorScore Now, JudgeAnchorScore Before)> Common(JudgeAnchorRun now, JudgeAnchorRun before)
    {
        var known = before.Scores.Where(score => score.Score is not null).ToDictionary(score => score.Anchor, StringComparer.Ordinal);
        return [.. now.Scores.Where(score => score.Score is not null && known.ContainsKey(score.Anchor)).Select(score => (score, known[score.Anchor]))];
    }

    private static string Say(JudgeAnchorRun now, List<AnchorComparison> comparisons)
    {
        if (comparisons.Find(comparison => comparison.IsAlarm) is not { } alarm)
        {
            var last = comparisons[0];
            return FormattableString.Invariant($"The judge says what it said on {last.Before.At:yyyy-MM-dd}: {last.RightNow} of {last.Items} anchors right, {last.RightBefore} then.");
        }
        var cause = now.Model != alarm.Before.Model ? $"another model judges now ({alarm.Before.Model} then, {now.Model} now)"
            : now.Version != alarm.Before.Version ? $"its upstream reports another version ({alarm.Before.Version ?? "none"} then, {now.Version ?? "none"} now)"
            : "model and version are reported as the same: its provider may have changed it without saying so";
        return FormattableString.Invariant(
            $"the judge has drifted since {alarm.Before.At:yyyy-MM-dd}: {alarm.RightNow} of {alarm.Items} anchors right, {alarm.RightBefore} then, scores {alarm.MeanShift.Estimate * 100:+0.0;-0.0;0.0} points. Likely cause: {cause}.");
    }
}

/// <summary>Two runs over the same anchors.</summary>
public sealed record AnchorComparison
{
    /// <summary>The earlier run.</summary>
    public required JudgeAnchorRun Before { get; init; }
    /// <summary>Anchors with a verdict in both.</summary>
    public required int Items { get; init; }
    /// <summary>Right then.</summary>
    public required int RightBefore { get; init; }
    /// <summary>Right now.</summary>
    public required int RightNow { get; init; }
    /// <summary>Chance of as many turning one way, were turning a matter of luck: McNemar's exact test, two-sided.</summary>
    public required double TurnedPValue { get; init; }
    /// <summary>Change of the mean score, paired by anchor, −1 to 1.</summary>
    public required Interval MeanShift { get; init; }
    /// <summary>Whether either is beyond noise.</summary>
    public required bool IsAlarm { get; init; }
}
