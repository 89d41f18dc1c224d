using Rung.Storage.Content;

namespace Rung.Control.Evals.Sets.Sampling;

/// <summary>Holds a part out: whole groups, and of every stratum about the same share.</summary>
internal static class PartSplit
{
    private const ulong OrderPurpose = 4;

    /// <summary>The part of every group.</summary>
    /// <param name="groups">Of each: its name, the stratum of its first row, how many rows it has, and the part that the source names for any of them.</param>
    /// <param name="holdout">Share of the rows to be held out, 0 to 1.</param>
    /// <param name="priority">Decides which.</param>
    public static Dictionary<string, EvalPart> Of(IReadOnlyList<(string Name, string Stratum, int Rows, EvalPart? Named)> groups, double holdout, SeededPriority priority)
    {
        var parts = new Dictionary<string, EvalPart>(StringComparer.Ordinal);
        foreach (var group in groups)
        {
            if (group.Named is { } named) parts.Add(group.Name, named);
        }
        // Stratum after stratum, every group goes to whichever part is behind: no stratum is off by more than one group. Large groups first, while there is room for them.
        var (rows, test) = (0, 0);
        foreach (var group in groups.Where(group => group.Named is null).OrderByDescending(group => group.Rows > 1).ThenBy(group => group.Stratum, StringComparer.Ordinal)
            .ThenBy(group => priority.Bits(group.Name, OrderPurpose)).ThenBy(group => group.Name, StringComparer.Ordinal))
        {
            rows += group.Rows;
            var isTest = (holdout * rows) - test >= group.Rows / 2.0;
            if (holdout is 0 or 1) isTest = holdout == 1;
            parts.Add(group.Name, isTest ? EvalPart.Test : EvalPart.Tune);
            if (isTest) test += group.Rows;
        }
        return parts;
    }
}
