using Rung.Storage.Content;

namespace Rung.Control.Reviews;

/// <summary>What reviews say of answers of eval runs, as labels that a judge is measured by.</summary>
public static class ReviewLabels
{
    /// <summary>One label a verdict that can be told; verdicts on calls and on references are none.</summary>
    /// <param name="items">Items with their verdicts.</param>
    /// <param name="comparing">True: which of two is better, for a judge of pairs. False: whether the candidate's answer is good enough, for a judge by a rubric.</param>
    public static IReadOnlyList<ReviewLabel> Of(IEnumerable<ReviewedItem> items, bool comparing)
    {
        ArgumentNullException.ThrowIfNull(items);
        var labels = new List<ReviewLabel>();
        foreach (var (item, verdicts) in items)
        {
            if (item.Source != ReviewSource.Run || item.RowId is null) continue;
            foreach (var verdict in verdicts)
            {
                if ((comparing ? verdict.Preference : verdict.Score) is { } score) labels.Add(new ReviewLabel(item.RowId, item.Candidate, score, verdict.Reviewer, 1 / item.SampledAt));
            }
        }
        return labels;
    }
}

/// <summary>What a person said of an answer of an eval run.</summary>
/// <param name="Row">The row.</param>
/// <param name="Candidate">Whose answer.</param>
/// <param name="Score">0 to 1: good enough or not; for a comparison 1 better than the reference, 0.5 a tie, 0 worse.</param>
/// <param name="Reviewer">Who.</param>
/// <param name="Weight">Inverse of the probability of having been shown it.</param>
public sealed record ReviewLabel(string Row, string? Candidate, double Score, string Reviewer, double Weight);
