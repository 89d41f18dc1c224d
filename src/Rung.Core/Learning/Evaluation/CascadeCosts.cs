namespace Rung.Core.Learning.Evaluation;

/// <summary>What costs are counted in.</summary>
public enum CostBasis : byte
{
    /// <summary>Nano-USD of both models.</summary>
    Usd = 1,
    /// <summary>Calls to the strong model; weak answers count nothing, because the recording has no prices.</summary>
    StrongCalls = 2,
}

/// <summary>The costs of the rows, whole: what is missing here and there is filled with the mean of the model.</summary>
/// <param name="Basis">What they are counted in.</param>
/// <param name="Weak">Of each weak answer.</param>
/// <param name="Strong">Of each strong answer.</param>
/// <param name="Filled">How many were filled in.</param>
internal sealed record CascadeCosts(CostBasis Basis, long[] Weak, long[] Strong, int Filled)
{
    /// <summary>Reads the costs of rows. Where a model has none for more than half of them, calls are counted instead.</summary>
    public static CascadeCosts Of(IReadOnlyList<TrainingRow> rows)
    {
        var weak = rows.Select(row => row.WeakCostNanoUsd).ToArray();
        var strong = rows.Select(row => row.StrongCostNanoUsd).ToArray();
        if (Missing(weak) * 2 > rows.Count || Missing(strong) * 2 > rows.Count || strong.Sum(cost => cost ?? 0) <= 0)
        {
            return new CascadeCosts(CostBasis.StrongCalls, new long[rows.Count], [.. rows.Select(_ => 1L)], Filled: 0);
        }
        return new CascadeCosts(CostBasis.Usd, Fill(weak), Fill(strong), Missing(weak) + Missing(strong));
    }

    private static int Missing(long?[] costs) => costs.Count(cost => cost is null);

    private static long[] Fill(long?[] costs)
    {
        var mean = (long)Math.Round(costs.Where(cost => cost is not null).Average(cost => (double)cost!.Value));
        return [.. costs.Select(cost => cost ?? mean)];
    }
}
