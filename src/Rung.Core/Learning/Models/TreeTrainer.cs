namespace Rung.Core.Learning.Models;

/// <summary>How trees are grown.</summary>
internal sealed record TreeOptions
{
    /// <summary>How many trees.</summary>
    public int Rounds { get; init; } = 160;
    /// <summary>Most questions from the root to a leaf.</summary>
    public int Depth { get; init; } = 3;
    /// <summary>The share of each tree's answer that is kept.</summary>
    public double Shrinkage { get; init; } = 0.05;
    /// <summary>The share of the rows that each tree sees.</summary>
    public double RowShare { get; init; } = 0.7;
    /// <summary>The share of the features that each tree may ask about.</summary>
    public double FeatureShare { get; init; } = 0.4;
    /// <summary>Penalty of a leaf's squared value.</summary>
    public double Lambda { get; init; } = 2;
    /// <summary>Least curvature (about four times fewer than rows) of a leaf.</summary>
    public double LeastCurvature { get; init; } = 3;
}

/// <summary>
/// Grows boosted trees for the log loss by Newton steps over histograms, with shrinkage and random rows and features for each tree (J. Friedman, Ann. Statist.
/// 29 (2001), 1189–1232, and Comput. Stat. Data Anal. 38 (2002), 367–378; T. Chen, C. Guestrin, XGBoost, KDD 2016, for the gain of a split).
/// </summary>
internal sealed class TreeTrainer
{
    private readonly FeatureBins _bins;
    private readonly double[] _targets;
    private readonly double[] _weights;
    private readonly TreeOptions _options;
    private readonly double[] _odds;
    private readonly double[] _slopes;
    private readonly double[] _curves;
    private SeededSequence _chance;

    private TreeTrainer(FeatureBins bins, double[] targets, double[] weights, TreeOptions options, ulong seed)
    {
        (_bins, _targets, _weights, _options, _chance) = (bins, targets, weights, options, new SeededSequence(seed));
        _odds = new double[targets.Length];
        _slopes = new double[targets.Length];
        _curves = new double[targets.Length];
    }

    /// <summary>Grows.</summary>
    /// <param name="bins">The training rows.</param>
    /// <param name="targets">The probability to learn of each row, 0 to 1.</param>
    /// <param name="weights">How much each row counts; 0 leaves it out.</param>
    /// <param name="options">How trees are grown.</param>
    /// <param name="seed">Decides which rows and features each tree sees.</param>
    public static BoostedTrees Fit(FeatureBins bins, double[] targets, double[] weights, TreeOptions options, ulong seed) =>
        new TreeTrainer(bins, targets, weights, options, seed).Fit();

    private BoostedTrees Fit()
    {
        var start = Target.LogOdds(Target.Mean(_targets, _weights));
        Array.Fill(_odds, start);
        var rows = Enumerable.Range(0, _targets.Length).Where(row => _weights[row] > 0).ToArray();
        var features = Enumerable.Range(0, _bins.Edges.Length).Where(feature => _bins.Edges[feature].Length > 0).ToArray();
        var trees = new List<RegressionTree>();
        for (var round = 0; round < _options.Rounds && features.Length > 0 && rows.Length > 0; round++)
        {
            foreach (var row in rows)
            {
                var probability = Target.Probability(_odds[row]);
                _slopes[row] = _weights[row] * (probability - _targets[row]);
                _curves[row] = _weights[row] * probability * (1 - probability);
            }
            var tree = Grow(Sample(rows, _options.RowShare), Sample(features, _options.FeatureShare), out var splits);
            if (splits == 0) continue; // These features tell nothing about these rows; the next tree sees others.
            trees.Add(tree);
            foreach (var row in rows) _odds[row] += Evaluate(tree, row);
        }
        return new BoostedTrees(start, [.. trees]);
    }

    private int[] Sample(int[] all, double share)
    {
        var count = Math.Clamp((int)Math.Round(share * all.Length), 1, all.Length);
        if (count == all.Length) return all;
        var picked = (int[])all.Clone();
        for (var i = 0; i < count; i++)
        {
            var j = i + _chance.Below(picked.Length - i);
            (picked[i], picked[j]) = (picked[j], picked[i]);
        }
        return picked[..count];
    }

    private RegressionTree Grow(int[] rows, int[] features, out int splits)
    {
        var most = (1 << (_options.Depth + 1)) - 1;
        var tree = new RegressionTree(new short[most], new float[most], new short[most], new float[most]);
        var open = new Queue<(int Node, ArraySegment<int> Rows, int Depth)>();
        open.Enqueue((0, rows, 0));
        var nodes = 1;
        while (open.TryDequeue(out var at))
        {
            tree.Features[at.Node] = -1;
            tree.Values[at.Node] = (float)(_options.Shrinkage * LeafValue(at.Rows));
            if (at.Depth >= _options.Depth || Best(at.Rows, features) is not { } split) continue;

            tree.Features[at.Node] = (short)split.Feature;
            tree.Thresholds[at.Node] = _bins.Edges[split.Feature][split.Bin];
            tree.Left[at.Node] = (short)nodes;
            var left = Partition(at.Rows, split);
            open.Enqueue((nodes, at.Rows[..left], at.Depth + 1));
            open.Enqueue((nodes + 1, at.Rows[left..], at.Depth + 1));
            nodes += 2;
        }
        splits = (nodes - 1) / 2;
        return new RegressionTree(tree.Features[..nodes], tree.Thresholds[..nodes], tree.Left[..nodes], tree.Values[..nodes]);
    }

    private double LeafValue(ArraySegment<int> rows)
    {
        double slope = 0, curve = 0;
        foreach (var row in rows)
        {
            slope += _slopes[row];
            curve += _curves[row];
        }
        return -slope / (curve + _options.Lambda);
    }

    private (int Feature, int Bin)? Best(ArraySegment<int> rows, int[] features)
    {
        double slope = 0, curve = 0;
        foreach (var row in rows)
        {
            slope += _slopes[row];
            curve += _curves[row];
        }
        var whole = slope * slope / (curve + _options.Lambda);
        var (best, bestGain) = ((-1, -1), 1e-6);
        Span<double> slopes = stackalloc double[FeatureBins.MaxBins + 1], curves = stackalloc double[FeatureBins.MaxBins + 1];
        foreach (var feature in features)
        {
            slopes.Clear();
            curves.Clear();
            var bins = _bins.Bins[feature];
            foreach (var row in rows)
            {
                var bin = bins[row];
                slopes[bin] += _slopes[row];
                curves[bin] += _curves[row];
            }
            double left = 0, leftCurve = 0;
            for (var bin = 0; bin < _bins.Edges[feature].Length; bin++)
            {
                left += slopes[bin];
                leftCurve += curves[bin];
                var rightCurve = curve - leftCurve;
                if (leftCurve < _options.LeastCurvature || rightCurve < _options.LeastCurvature) continue;
                var right = slope - left;
                var gain = (left * left / (leftCurve + _options.Lambda)) + (right * right / (rightCurve + _options.Lambda)) - whole;
                if (gain > bestGain) (best, bestGain) = ((feature, bin), gain);
            }
        }
        return best.Item1 < 0 ? null : best;
    }

    // Rows that go left come first; returns how many there are.
    private int Partition(ArraySegment<int> rows, (int Feature, int Bin) split)
    {
        var bins = _bins.Bins[split.Feature];
        var left = 0;
        for (var i = 0; i < rows.Count; i++)
        {
            if (bins[rows[i]] > split.Bin) continue;
            (rows[left], rows[i]) = (rows[i], rows[left]);
            left++;
        }
        return left;
    }

    private double Evaluate(RegressionTree tree, int row)
    {
        var node = 0;
        while (tree.Features[node] >= 0)
        {
            var feature = tree.Features[node];
            var bin = _bins.Bins[feature][row];
            // A row lies left of an edge when its bin's upper edge is at most that edge.
            var edges = _bins.Edges[feature];
            node = tree.Left[node] + (bin < edges.Length && edges[bin] <= tree.Thresholds[node] ? 0 : 1);
        }
        return tree.Values[node];
    }
}
