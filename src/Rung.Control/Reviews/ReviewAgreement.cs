using Rung.Core.Statistics;
using Rung.Storage.Content;

namespace Rung.Control.Reviews;

/// <summary>How far two reviewers agree on the items that both judged.</summary>
public sealed record ReviewAgreement
{
    /// <summary>The job.</summary>
    public required string Tag { get; init; }
    /// <summary>On whether the judged answer is good enough.</summary>
    public required KappaResult Good { get; init; }
    /// <summary>Of pairs: on which answer is the better one, or neither.</summary>
    public required KappaResult Preference { get; init; }
    /// <summary>Items that two people judged.</summary>
    public required int Items { get; init; }
    /// <summary>Of these, items of which one or both could not tell.</summary>
    public required int Unsure { get; init; }
    /// <summary>Who judged them.</summary>
    public required IReadOnlyList<string> Reviewers { get; init; }

    /// <summary>Compares, tag by tag, the first two verdicts of each item, in the order of the reviewers' names: with two reviewers that is Cohen's κ between them.</summary>
    /// <param name="items">Items with their verdicts.</param>
    /// <param name="confidence">Of the intervals.</param>
    public static IReadOnlyList<ReviewAgreement> Of(IEnumerable<ReviewedItem> items, double confidence = 0.95)
    {
        ArgumentNullException.ThrowIfNull(items);
        return [.. items.GroupBy(entry => entry.Item.Tag, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => OfTag(group.Key, group, confidence))];
    }

    private static ReviewAgreement OfTag(string tag, IEnumerable<ReviewedItem> items, double confidence)
    {
        var (good, preferred) = (new List<(int First, int Second)>(), new List<(int First, int Second)>());
        var reviewers = new SortedSet<string>(StringComparer.Ordinal);
        var (both, unsure) = (0, 0);
        foreach (var (_, verdicts) in items)
        {
            var two = verdicts.Where(verdict => verdict.Choice != ReviewChoice.Skip).Take(2).OrderBy(verdict => verdict.Reviewer, StringComparer.Ordinal).ToArray();
            if (two.Length < 2) continue;
            both++;
            reviewers.Add(two[0].Reviewer);
            reviewers.Add(two[1].Reviewer);
            if (two[0].Score is { } one && two[1].Score is { } other) good.Add((one >= 0.5 ? 1 : 0, other >= 0.5 ? 1 : 0));
            else unsure++;
            if (two[0].Preference is { } left && two[1].Preference is { } right) preferred.Add(((int)(left * 2), (int)(right * 2)));
        }
        return new ReviewAgreement
        {
            Tag = tag, Items = both, Unsure = unsure, Reviewers = [.. reviewers], Good = Kappa(good, 2, confidence), Preference = Kappa(preferred, 3, confidence),
        };
    }

    private static KappaResult Kappa(List<(int First, int Second)> pairs, int categories, double confidence) =>
        CohensKappa.Of([.. pairs.Select(pair => pair.First)], [.. pairs.Select(pair => pair.Second)], categories, confidence);
}
