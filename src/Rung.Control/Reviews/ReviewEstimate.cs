using Rung.Core.Statistics;
using Rung.Storage.Content;

namespace Rung.Control.Reviews;

/// <summary>What the sample says about how many answers of a job are good.</summary>
public sealed record ReviewEstimate
{
    /// <summary>The job.</summary>
    public required string Tag { get; init; }
    /// <summary>The week; null: all that was planned from calls.</summary>
    public string? Scope { get; init; }
    /// <summary>Share of good answers, by every item with its weight; null when there are too few.</summary>
    public Interval? Quality { get; init; }
    /// <summary>The same by the uniform part alone; null when there are too few.</summary>
    public Interval? UniformQuality { get; init; }
    /// <summary>Items with a score.</summary>
    public required int Judged { get; init; }
    /// <summary>Of these, of the uniform part.</summary>
    public required int UniformJudged { get; init; }
    /// <summary>Items that were looked at and could not be told.</summary>
    public required int Unsure { get; init; }
    /// <summary>Items nobody has looked at.</summary>
    public required int Waiting { get; init; }
    /// <summary>Confidence of the intervals.</summary>
    public required double Confidence { get; init; }

    /// <summary>Fewest judged items of which an interval is given.</summary>
    public const int Least = 10;

    /// <summary>Estimates from items of captured calls, with their verdicts. An item with several reviewers counts with their mean.</summary>
    public static ReviewEstimate Of(string tag, string? scope, IEnumerable<ReviewedItem> items, double confidence = 0.95)
    {
        ArgumentNullException.ThrowIfNull(items);
        var (all, uniform) = (new List<SampledScore>(), new List<SampledScore>());
        var (unsure, waiting) = (0, 0);
        foreach (var (item, verdicts) in items)
        {
            if (item.Source != ReviewSource.Call || item.Tag != tag || (scope is not null && item.Scope != scope)) continue;
            var scores = verdicts.Where(verdict => verdict.Score is not null).Select(verdict => verdict.Score!.Value).ToArray();
            if (scores.Length == 0)
            {
                if (verdicts.Any(verdict => verdict.Choice == ReviewChoice.Unsure)) unsure++;
                else if (!item.IsWithdrawn) waiting++;
                continue;
            }
            all.Add(new SampledScore(scores.Average(), item.SampledAt));
            if (item.Part == ReviewPart.Uniform) uniform.Add(new SampledScore(scores.Average(), item.UniformInclusion * item.CapturedAt));
        }
        return new ReviewEstimate
        {
            Tag = tag, Scope = scope, Judged = all.Count, UniformJudged = uniform.Count, Unsure = unsure, Waiting = waiting, Confidence = confidence,
            Quality = all.Count < Least ? null : WeightedMean.Hajek([.. all], confidence),
            UniformQuality = uniform.Count < Least ? null : WeightedMean.Hajek([.. uniform], confidence),
        };
    }
}
