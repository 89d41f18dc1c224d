namespace Rung.Core.Learning.Models;

/// <summary>A small regression tree in arrays: node 0 is the root; a split's children lie side by side.</summary>
/// <param name="Features">The number that a node asks about; −1 for a leaf.</param>
/// <param name="Thresholds">A row goes left where its number is at most this.</param>
/// <param name="Left">The left child; the right one follows it.</param>
/// <param name="Values">What a leaf adds to the log-odds.</param>
internal sealed record RegressionTree(short[] Features, float[] Thresholds, short[] Left, float[] Values)
{
    /// <summary>What the tree adds for one answer.</summary>
    public double Evaluate(float[] numbers)
    {
        var node = 0;
        while (Features[node] >= 0) node = Left[node] + (numbers[Features[node]] <= Thresholds[node] ? 0 : 1);
        return Values[node];
    }
}

/// <summary>A sum of small trees over numbers as they are.</summary>
/// <param name="Base">The log-odds before any tree.</param>
/// <param name="Trees">The trees.</param>
internal sealed record BoostedTrees(double Base, RegressionTree[] Trees)
{
    /// <summary>The log-odds of one answer.</summary>
    public double LogOdds(ScaledVector row)
    {
        var sum = Base;
        foreach (var tree in Trees) sum += tree.Evaluate(row.Raw);
        return sum;
    }
}
