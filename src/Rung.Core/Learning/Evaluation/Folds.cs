using Rung.Core.Learning.Models;

namespace Rung.Core.Learning.Evaluation;

/// <summary>Deals rows to folds: groups stay together, and every fold gets its share of each kind of row.</summary>
internal static class Folds
{
    /// <summary>The fold of each row, 0 to <paramref name="folds"/> − 1.</summary>
    /// <param name="groups">The group of each row.</param>
    /// <param name="strata">The kind of each row.</param>
    /// <param name="folds">How many folds, at least 2.</param>
    /// <param name="seed">Decides the order of dealing.</param>
    public static int[] Deal(IReadOnlyList<string> groups, IReadOnlyList<int> strata, int folds, ulong seed)
    {
        var members = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        var order = new List<List<int>>();
        for (var row = 0; row < groups.Count; row++)
        {
            if (!members.TryGetValue(groups[row], out var rows))
            {
                members[groups[row]] = rows = [];
                order.Add(rows);
            }
            rows.Add(row);
        }
        var chance = new SeededSequence(seed);
        chance.Shuffle(order);

        var fold = new int[groups.Count];
        var next = chance.Below(folds);
        // A group is of the kind of its first row; kinds are dealt one after the other, each going on where the last one stopped.
        foreach (var group in order.OrderBy(rows => strata[rows[0]]).ThenByDescending(rows => rows.Count))
        {
            foreach (var row in group) fold[row] = next;
            next = (next + 1) % folds;
        }
        return fold;
    }
}
