using Rung.Storage.Content;

namespace Rung.Control.Reviews;

/// <summary>How far reviews are, what they say, and whether people agree.</summary>
public sealed record ReviewOverview
{
    /// <summary>Every plan and how far it is, the newest first.</summary>
    public required IReadOnlyList<ReviewProgress> Plans { get; init; }
    /// <summary>What the samples say, by tag and week.</summary>
    public required IReadOnlyList<ReviewEstimate> Estimates { get; init; }
    /// <summary>How far two people agree, by tag.</summary>
    public required IReadOnlyList<ReviewAgreement> Agreements { get; init; }
    /// <summary>Who has judged how much, the most first.</summary>
    public required IReadOnlyList<ReviewerTally> Reviewers { get; init; }

    /// <summary>Items that wait for somebody.</summary>
    public int Waiting => Plans.Sum(plan => Math.Max(0, plan.Items - plan.Judged));
}

/// <summary>What one person has judged.</summary>
/// <param name="Reviewer">Who.</param>
/// <param name="Judged">Items with a verdict of theirs, skipped ones not among them.</param>
/// <param name="Unsure">Of these, items that they could not tell.</param>
/// <param name="Skipped">Items that they skipped.</param>
/// <param name="LastAt">When they gave their last verdict, UTC.</param>
public sealed record ReviewerTally(string Reviewer, int Judged, int Unsure, int Skipped, DateTimeOffset LastAt)
{
    /// <summary>Counts the verdicts in force.</summary>
    public static IReadOnlyList<ReviewerTally> Of(IEnumerable<ReviewedItem> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        return
        [
            .. items.SelectMany(entry => entry.Verdicts).GroupBy(verdict => verdict.Reviewer, StringComparer.Ordinal)
                .Select(group => new ReviewerTally(
                    group.Key, group.Count(verdict => verdict.Choice != ReviewChoice.Skip), group.Count(verdict => verdict.Choice == ReviewChoice.Unsure),
                    group.Count(verdict => verdict.Choice == ReviewChoice.Skip), group.Max(verdict => verdict.GivenAt)))
                .OrderByDescending(tally => tally.Judged).ThenBy(tally => tally.Reviewer, StringComparer.Ordinal),
        ];
    }
}
