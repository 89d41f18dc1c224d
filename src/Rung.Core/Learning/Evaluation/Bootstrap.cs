using Rung.Core.Learning.Models;

namespace Rung.Core.Learning.Evaluation;

/// <summary>Intervals by resampling groups with replacement (B. Efron, Ann. Statist. 7 (1979), 1–26; percentile method, 95 %). Folds and fits stay as they are.</summary>
internal sealed class Bootstrap
{
    private const int Samples = 400;
    private readonly List<int[]> _times = [];

    /// <param name="groups">The group of each row.</param>
    /// <param name="seed">Decides the samples.</param>
    public Bootstrap(IReadOnlyList<string> groups, ulong seed)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        var groupOf = groups.Select(group => ids.TryAdd(group, ids.Count) ? ids.Count - 1 : ids[group]).ToArray();
        var chance = new SeededSequence(seed);
        for (var sample = 0; sample < Samples; sample++)
        {
            var picked = new int[ids.Count];
            for (var i = 0; i < picked.Length; i++) picked[chance.Below(picked.Length)]++;
            _times.Add([.. groupOf.Select(group => picked[group])]);
        }
    }

    /// <summary>An estimate with its interval; null when the figure itself is.</summary>
    /// <param name="order">The rows in the order that the figure needs them.</param>
    /// <param name="figure">The figure of rows, which may occur more than once.</param>
    public Estimate? Of(int[] order, Func<int[], double?> figure)
    {
        if (figure(order) is not { } value) return null;
        var found = new List<double>();
        var rows = new List<int>();
        foreach (var times in _times)
        {
            rows.Clear();
            foreach (var row in order)
            {
                for (var i = 0; i < times[row]; i++) rows.Add(row);
            }
            if (figure([.. rows]) is { } other && double.IsFinite(other)) found.Add(other);
        }
        if (found.Count == 0) return new Estimate(value, value, value);
        found.Sort();
        return new Estimate(value, found[(int)(0.025 * (found.Count - 1))], found[(int)Math.Ceiling(0.975 * (found.Count - 1))]);
    }
}
