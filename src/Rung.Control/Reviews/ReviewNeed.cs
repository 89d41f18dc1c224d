namespace Rung.Control.Reviews;

/// <summary>What a captured call tells about whether a person should look at it. No content.</summary>
public sealed record ReviewSigns
{
    /// <summary>The call.</summary>
    public required string CallId { get; init; }
    /// <summary>Score of the first answer that has one, 0 to 1; null when nothing scored it.</summary>
    public double? Score { get; init; }
    /// <summary>Whether the answer with that score passed.</summary>
    public bool ScorePassed { get; init; }
    /// <summary>Whether a check failed one of its answers.</summary>
    public bool CheckFailed { get; init; }
    /// <summary>Whether it got two answers that say different things.</summary>
    public bool AnswersDiffer { get; init; }
    /// <summary>Whether what users say contradicts the checks or a judge.</summary>
    public bool IsDisputed { get; init; }
}

/// <summary>
/// How much a call needs a look. Three kinds of reason add up: it is uncertain (its score is near the threshold: from 1 for the nearest down to 0), a check failed it
/// or its two answers differ (1 each), users and machines disagree about it (2).
/// </summary>
internal static class ReviewNeed
{
    private const double Disputed = 2;
    private const double UncertainWords = 0.5; // From here on it is said to be uncertain; below, the reason would be said of nearly everything.

    /// <summary>The frame of a draw, in the order of the signs.</summary>
    public static ReviewCandidate[] Of(IReadOnlyList<ReviewSigns> signs)
    {
        var uncertain = Uncertainty(signs);
        var frame = new ReviewCandidate[signs.Count];
        for (var i = 0; i < frame.Length; i++)
        {
            var sign = signs[i];
            var need = uncertain[i] + (sign.CheckFailed ? 1 : 0) + (sign.AnswersDiffer ? 1 : 0) + (sign.IsDisputed ? Disputed : 0);
            frame[i] = new ReviewCandidate(sign.CallId, need, Words(sign, uncertain[i]));
        }
        return frame;
    }

    /// <summary>The threshold that tells passed from failed with the fewest errors; with nothing failed the lowest score.</summary>
    internal static double Threshold(IReadOnlyList<(double Score, bool Passed)> scores)
    {
        var sorted = scores.OrderBy(entry => entry.Score).ToArray();
        if (sorted.Length == 0) return 0;
        // Everything passes at the left end; every step to the right gives up one more.
        var errors = sorted.Count(entry => !entry.Passed);
        var (fewest, threshold) = (errors, sorted[0].Score);
        for (var i = 0; i < sorted.Length; i++)
        {
            errors += sorted[i].Passed ? 1 : -1;
            var last = i + 1 == sorted.Length;
            if (!last && sorted[i + 1].Score <= sorted[i].Score) continue; // Equal scores cannot be told apart.
            if (errors >= fewest) continue;
            (fewest, threshold) = (errors, last ? sorted[i].Score : (sorted[i].Score + sorted[i + 1].Score) / 2);
        }
        return threshold;
    }

    private static double[] Uncertainty(IReadOnlyList<ReviewSigns> signs)
    {
        var uncertain = new double[signs.Count];
        var scored = Enumerable.Range(0, signs.Count).Where(i => signs[i].Score is not null).ToArray();
        if (scored.Length == 0) return uncertain;
        var threshold = Threshold([.. scored.Select(i => (signs[i].Score!.Value, signs[i].ScorePassed))]);
        // By rank and not by distance: what "near" means differs from verifier to verifier.
        var ranked = scored.OrderBy(i => Math.Abs(signs[i].Score!.Value - threshold)).ThenBy(i => signs[i].CallId, StringComparer.Ordinal).ToArray();
        for (var rank = 0; rank < ranked.Length; rank++)
        {
            var share = 1 - ((double)rank / ranked.Length);
            uncertain[ranked[rank]] = share * share;
        }
        return uncertain;
    }

    private static string? Words(ReviewSigns sign, double uncertain)
    {
        var words = new List<string>(4);
        if (sign.IsDisputed) words.Add("users and machines disagree");
        if (sign.CheckFailed) words.Add("a check failed");
        if (sign.AnswersDiffer) words.Add("two answers differ");
        if (uncertain >= UncertainWords) words.Add("score near the threshold");
        return words.Count == 0 ? null : string.Join(", ", words);
    }
}
