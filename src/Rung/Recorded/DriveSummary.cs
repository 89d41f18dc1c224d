namespace Rung.Recorded;

/// <summary>Adds up the calls of a drive.</summary>
internal static class DriveSummary
{
    /// <summary>The report of the calls that ended.</summary>
    /// <param name="options">What was asked.</param>
    /// <param name="calls">The calls that ended.</param>
    /// <param name="prompts">How many were to be made.</param>
    /// <param name="wall">From the first call to the end of the last.</param>
    /// <param name="interrupted">Whether it was stopped before its end.</param>
    public static DriveReport Of(DriveOptions options, IReadOnlyList<DriveCall> calls, int prompts, TimeSpan wall, bool interrupted)
    {
        var answered = calls.Where(call => call.Error is null).ToArray();
        var correct = answered.Sum(call => call.Grade?.Score ?? 0);
        return new DriveReport
        {
            Gateway = options.Root,
            Tag = options.TagFromSource ? null : options.Tag,
            Streamed = options.Stream,
            Interrupted = interrupted,
            Prompts = prompts,
            Calls = calls.Count,
            Answered = answered.Length,
            Errors = CountBy(calls.Select(call => call.Error).OfType<string>()),
            Correct = correct,
            Accuracy = calls.Count > 0 ? correct / calls.Count : null,
            AccuracyAnswered = answered.Length > 0 ? correct / answered.Length : null,
            GradedAsRecorded = answered.Count(call => call.Grade?.Source == GradeSource.Recorded),
            GradedByGold = answered.Count(call => call.Grade?.Source == GradeSource.Gold),
            Ungraded = answered.Count(call => call.Grade is null or { Source: GradeSource.Ungraded }),
            CallsByModel = CountBy(answered.Select(call => call.Model ?? "unknown")),
            CallsByTier = CountBy(answered.Select(call => call.Tier).OfType<string>()),
            Attempts = SumOrNull(calls.Select(call => (long?)call.AttemptCount)) is { } attempts ? (int)attempts : null,
            AttemptsByModel = calls.Any(call => call.Attempts is not null)
                ? CountBy(calls.SelectMany(call => call.Attempts ?? []).Select(attempt => attempt.Model)) : null,
            Escalations = calls.Any(call => call.Escalations is not null) ? calls.Count(call => call.Escalations > 0) : null,
            ClimbsWithoutAnswer = calls.Any(call => call.Attempts is not null) ? answered.Count(call => call.Escalations > 0 && call.Attempts is [.., var last] && last.Model != call.Model) : null,
            // A call that failed may have cost money too: its attempts are in the sum, as they are on the bill.
            CostNanoUsd = SumOrNull(calls.Select(call => call.CostNanoUsd)),
            BaselineNanoUsd = SumOrNull(calls.Select(call => call.BaselineNanoUsd)),
            CallsWithoutCost = answered.Count(call => call.CostNanoUsd is null),
            CallsWithoutBaseline = answered.Count(call => call.BaselineNanoUsd is null),
            LatencyMs = LatencyOf(answered),
            WallSeconds = wall.TotalSeconds,
            CallsPerSecond = wall > TimeSpan.Zero ? calls.Count / wall.TotalSeconds : 0,
            Always = AlwaysOf(calls),
        };
    }

    private static Dictionary<string, int> CountBy(IEnumerable<string> names) => names
        .CountBy(name => name, StringComparer.Ordinal)
        .OrderByDescending(count => count.Value).ThenBy(count => count.Key, StringComparer.Ordinal)
        .ToDictionary(StringComparer.Ordinal);

    private static long? SumOrNull(IEnumerable<long?> amounts)
    {
        long? sum = null;
        foreach (var amount in amounts)
        {
            if (amount is { } known) sum = (sum ?? 0) + known;
        }
        return sum;
    }

    private static DriveLatency? LatencyOf(DriveCall[] answered)
    {
        if (answered.Length == 0) return null;
        var sorted = answered.Select(call => call.Latency.TotalMilliseconds).Order().ToArray();
        return new DriveLatency(Quantile(sorted, 0.50), Quantile(sorted, 0.95), sorted.Average());
    }

    /// <summary>Nearest rank: the smallest value that at least this share of the values does not exceed.</summary>
    private static double Quantile(double[] sorted, double share) => sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];

    private static AlwaysModel[] AlwaysOf(IReadOnlyList<DriveCall> calls)
    {
        var byModel = calls.SelectMany(call => call.Row.Outcomes).Where(outcome => outcome.Score is not null)
            .GroupBy(outcome => outcome.Model, StringComparer.Ordinal);
        var always = byModel.Select(group =>
        {
            var outcomes = group.ToArray();
            var correct = outcomes.Sum(outcome => outcome.Score!.Value);
            var isPriced = Array.TrueForAll(outcomes, outcome => outcome.CostNanoUsd is not null);
            return new AlwaysModel(group.Key, correct / outcomes.Length, correct, outcomes.Length, isPriced ? outcomes.Sum(outcome => outcome.CostNanoUsd!.Value) : null);
        });
        return [.. always.OrderByDescending(model => model.Accuracy).ThenBy(model => model.Model, StringComparer.Ordinal)];
    }
}
