namespace Rung.Control.Evals.Sets.Sampling;

/// <summary>
/// Clusters texts by their words: spherical k-means (I. Dhillon, D. Modha, Machine Learning 42, 2001) over hashed words (K. Weinberger et al., ICML 2009) weighted by
/// rarity, begun as k-means++ does (D. Arthur, S. Vassilvitskii, SODA 2007). The same texts and seed give the same clusters, in whatever order they are read.
/// </summary>
internal static class TextClusters
{
    private const int Buckets = 4096;
    private const int MostClusters = 8;
    private const int RowsOfCluster = 20; // About so many squared: 8 clusters from 1,280 rows on.
    private const int MostRounds = 12;
    private const ulong BeginPurpose = 100;

    /// <summary>Clusters rows.</summary>
    /// <param name="ids">Their ids, ascending.</param>
    /// <param name="texts">Their texts.</param>
    /// <param name="priority">Decides where clusters begin.</param>
    /// <returns>Of every row its cluster: 0 is the largest.</returns>
    public static int[] Of(IReadOnlyList<string> ids, IReadOnlyList<RowText> texts, SeededPriority priority)
    {
        var count = Math.Clamp((int)Math.Sqrt((double)texts.Count / RowsOfCluster), 1, MostClusters);
        if (count == 1) return new int[texts.Count];
        var vectors = Vectors(texts);
        var centres = Begin(ids, vectors, count, priority);
        var clusters = new int[texts.Count];
        for (var round = 0; round < MostRounds; round++)
        {
            var moved = false;
            for (var i = 0; i < vectors.Length; i++)
            {
                var nearest = Nearest(vectors[i], centres).Index;
                moved |= nearest != clusters[i];
                clusters[i] = nearest;
            }
            if (!moved && round > 0) break;
            centres = Centres(vectors, clusters, centres.Length);
        }
        return BySize(clusters);
    }

    /// <summary>The words that tell a cluster from the others best, for people.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="clusters">Their clusters.</param>
    /// <param name="cluster">Which.</param>
    /// <param name="words">Words by hash.</param>
    public static IReadOnlyList<string> WordsOf(IReadOnlyList<RowText> texts, int[] clusters, int cluster, IReadOnlyDictionary<ulong, string> words)
    {
        const int Most = 4;
        var (inside, outside) = (new Dictionary<ulong, int>(), new Dictionary<ulong, int>());
        var (insideRows, outsideRows) = (0, 0);
        for (var i = 0; i < texts.Count; i++)
        {
            var target = clusters[i] == cluster ? inside : outside;
            _ = clusters[i] == cluster ? insideRows++ : outsideRows++;
            foreach (var word in texts[i].Words.Distinct()) target[word] = target.GetValueOrDefault(word) + 1;
        }
        if (insideRows == 0) return [];
        return
        [
            .. inside.Where(word => words.TryGetValue(word.Key, out var text) && text.Length >= 3)
                .Select(word => (Text: words[word.Key], More: ((double)word.Value / insideRows) - (outsideRows == 0 ? 0 : (double)outside.GetValueOrDefault(word.Key) / outsideRows)))
                .OrderByDescending(word => word.More).ThenBy(word => word.Text, StringComparer.Ordinal).Take(Most).Select(word => word.Text),
        ];
    }

    private static Vector[] Vectors(IReadOnlyList<RowText> texts)
    {
        var rows = new int[Buckets];
        var counts = texts.Select(text => text.Words.GroupBy(word => (int)(word & (Buckets - 1))).OrderBy(group => group.Key).Select(group => (Bucket: group.Key, Count: group.Count())).ToArray()).ToArray();
        foreach (var (bucket, _) in counts.SelectMany(row => row)) rows[bucket]++;
        return [.. counts.Select(row =>
        {
            var weights = row.Select(term => (1 + Math.Log(term.Count)) * Math.Log((1.0 + texts.Count) / rows[term.Bucket])).ToArray();
            var length = Math.Sqrt(weights.Sum(weight => weight * weight));
            return new Vector([.. row.Select(term => term.Bucket)], [.. weights.Select(weight => length > 0 ? (float)(weight / length) : 0)]);
        })];
    }

    // The next centre is drawn in proportion to its squared distance: by an exponential clock for each row, so that the order of rows does not matter.
    private static float[][] Begin(IReadOnlyList<string> ids, Vector[] vectors, int count, SeededPriority priority)
    {
        var centres = new List<float[]>();
        while (centres.Count < count)
        {
            var (best, earliest) = (-1, double.PositiveInfinity);
            for (var i = 0; i < vectors.Length; i++)
            {
                var distance = centres.Count == 0 ? 1 : Math.Max(0, 1 - Nearest(vectors[i], centres).Likeness);
                if (distance <= 1e-9) continue;
                var rings = -Math.Log(priority.Share(ids[i], BeginPurpose + (ulong)centres.Count)) / (distance * distance);
                if (rings >= earliest) continue;
                (best, earliest) = (i, rings);
            }
            if (best < 0) break; // Fewer different texts than clusters.
            var centre = new float[Buckets];
            vectors[best].AddTo(centre);
            centres.Add(centre);
        }
        return [.. centres];
    }

    private static (int Index, double Likeness) Nearest(Vector vector, IReadOnlyList<float[]> centres)
    {
        var (best, most) = (0, double.NegativeInfinity);
        for (var i = 0; i < centres.Count; i++)
        {
            var likeness = vector.Dot(centres[i]);
            if (likeness <= most) continue;
            (best, most) = (i, likeness);
        }
        return (best, most);
    }

    private static float[][] Centres(Vector[] vectors, int[] clusters, int count)
    {
        var centres = Enumerable.Range(0, count).Select(_ => new float[Buckets]).ToArray();
        for (var i = 0; i < vectors.Length; i++) vectors[i].AddTo(centres[clusters[i]]);
        foreach (var centre in centres)
        {
            var length = Math.Sqrt(centre.Sum(weight => (double)weight * weight));
            if (length > 0) for (var i = 0; i < centre.Length; i++) centre[i] = (float)(centre[i] / length);
        }
        return centres;
    }

    // Rows stand in the order of their ids: of equal sizes the one with the smallest id comes first.
    private static int[] BySize(int[] clusters)
    {
        var order = clusters.Select((cluster, i) => (cluster, i)).GroupBy(row => row.cluster).OrderByDescending(group => group.Count()).ThenBy(group => group.Min(row => row.i))
            .Select((group, place) => (group.Key, place)).ToDictionary(entry => entry.Key, entry => entry.place);
        return [.. clusters.Select(cluster => order[cluster])];
    }

    private sealed class Vector(int[] buckets, float[] weights)
    {
        public double Dot(float[] centre)
        {
            var sum = 0.0;
            for (var i = 0; i < buckets.Length; i++) sum += weights[i] * centre[buckets[i]];
            return sum;
        }

        public void AddTo(float[] centre)
        {
            for (var i = 0; i < buckets.Length; i++) centre[buckets[i]] += weights[i];
        }
    }
}
