namespace Rung.Core.Learning.Models;

/// <summary>The numbers of the training rows cut into a few bins each, so that a split is found by counting.</summary>
internal sealed class FeatureBins
{
    /// <summary>Most bins of a feature.</summary>
    public const int MaxBins = 32;

    private FeatureBins(float[][] edges, byte[][] bins) => (Edges, Bins) = (edges, bins);

    /// <summary>Upper edges of each feature's bins but the last; empty for a feature that never varies.</summary>
    public float[][] Edges { get; }
    /// <summary>The bin of each row, by feature.</summary>
    public byte[][] Bins { get; }

    /// <summary>Cuts at quantiles; where a feature has few values, between each of them.</summary>
    public static FeatureBins Of(IReadOnlyList<ScaledVector> rows)
    {
        var features = rows[0].Raw.Length;
        var (edges, bins) = (new float[features][], new byte[features][]);
        var values = new float[rows.Count];
        for (var f = 0; f < features; f++)
        {
            for (var r = 0; r < values.Length; r++) values[r] = rows[r].Raw[f];
            var sorted = values.ToArray();
            Array.Sort(sorted);
            edges[f] = EdgesOf(sorted);
            var binned = bins[f] = new byte[values.Length];
            for (var r = 0; r < values.Length; r++)
            {
                var at = Array.BinarySearch(edges[f], values[r]);
                binned[r] = (byte)(at < 0 ? ~at : at);
            }
        }
        return new FeatureBins(edges, bins);
    }

    private static float[] EdgesOf(float[] sorted)
    {
        var edges = new List<float>();
        var distinct = 1;
        for (var i = 1; i < sorted.Length; i++) distinct += sorted[i] != sorted[i - 1] ? 1 : 0;
        var step = distinct <= MaxBins ? 1 : sorted.Length / (double)MaxBins;
        for (double at = step; at < sorted.Length; at += step)
        {
            var i = (int)at;
            var (below, above) = (sorted[i - 1], sorted[i]);
            if (below == above) continue;
            var edge = below + ((above - below) / 2);
            if (edge >= above) edge = below;
            if (edges.Count == 0 || edge > edges[^1]) edges.Add(edge);
        }
        return [.. edges];
    }
}
