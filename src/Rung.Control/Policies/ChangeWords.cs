using System.Collections.Immutable;
using System.Globalization;
using Rung.Core.Policies.Changes;

namespace Rung.Control.Policies;

/// <summary>Differences between policies in few words.</summary>
public static class ChangeWords
{
    /// <summary>What two policies are that differ in nothing that matters.</summary>
    public const string Same = "no change in meaning (layout, comments or order)";

    private const int SentencesOfSummary = 2;

    /// <summary>How many changes, and the first of them.</summary>
    public static string Summary(ImmutableArray<PolicyChange> changes)
    {
        if (changes.IsEmpty) return Same;
        var first = string.Join("; ", changes.Take(SentencesOfSummary).Select(change => change.Sentence));
        var more = changes.Length - SentencesOfSummary;
        return string.Create(CultureInfo.InvariantCulture, $"{changes.Length:N0} change{(changes.Length == 1 ? "" : "s")}: {first}{(more > 0 ? $"; and {more} more" : "")}");
    }
}
