namespace Rung.Core.Learning.Models;

/// <summary>A small regression tree in arrays: node 0 is the root; a split's children lie side by side.</summary>
/// <param name="Features">The number that a node asks about; −1 for a leaf.</param>
/// <param name="Thresholds">A row goes left where its number is at most this.</param>
/// <param name="Left">The left child; the right one follows it.</param>
/// <param name="Values">What a leaf adds to the log-odds.</param>
internal sealed record RegressionTree(short[] Features, float[] Thresholds, short[] Left, float[] Values);

/// <summary>A sum of small trees over numbers as they are.</summary>
/// <param name="Base">The log-odds before any tree.</param>
/// <param name="Trees">The trees.</param>
internal sealed record BoostedTrees(double Base, RegressionTree[] Trees)
{
    // All nodes side by side, eight bytes each: a tree's arrays would be four places in memory for every tree.
    private readonly record struct Node(float Number, short Feature, short Left);

    private Node[] Nodes => field ??= [.. Trees.SelectMany(tree => tree.Features.Select((feature, i) => new Node(feature < 0 ? tree.Values[i] : tree.Thresholds[i], feature, tree.Left[i])))];

    /// <summary>The log-odds of one answer.</summary>
    /// <param name="numbers">Its numbers as they are.</param>
    public double LogOdds(float[] numbers)
    {
        ReadOnlySpan<Node> nodes = Nodes;
        var sum = Base;
        var root = 0;
        foreach (var tree in Trees)
        {
            var node = nodes[root];
            while (node.Feature >= 0) node = nodes[root + node.Left + (numbers[node.Feature] <= node.Number ? 0 : 1)];
            sum += node.Number;
            root += tree.Features.Length;
        }
        return sum;
    }
}
