using System.Collections.Immutable;
using Rung.Core.Policies.Changes;

namespace Rung.Commands.Policy;

/// <summary>Differences between policies as sentences.</summary>
internal static class ChangeLines
{
    private const int SentencesOfSummary = 2;

    /// <summary>One sentence a change, marked + (new), - (gone) or ~ (another value).</summary>
    public static void Write(TextWriter output, ImmutableArray<PolicyChange> changes)
    {
        foreach (var change in changes)
            Lines.Write(output, change.Kind switch { ChangeKind.Added => "  + ", ChangeKind.Removed => "  - ", _ => "  ~ " }, change.Sentence);
    }

    /// <summary>How many changes, and the first of them.</summary>
    public static string Summary(ImmutableArray<PolicyChange> changes)
    {
        if (changes.IsEmpty) return "no change in meaning (layout, comments or order)";
        var first = string.Join("; ", changes.Take(SentencesOfSummary).Select(change => change.Sentence));
        var more = changes.Length - SentencesOfSummary;
        return $"{Lines.Count(changes.Length, "change")}: {first}{(more > 0 ? $"; and {more} more" : "")}";
    }
}
