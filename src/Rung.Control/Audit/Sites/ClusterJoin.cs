using Rung.Control.Audit.Traits;

namespace Rung.Control.Audit.Sites;

/// <summary>
/// Joins the clusters of one source that are one job, at the end, when all of them are known: a template that was edited, one with an optional section, one with a slot
/// of few values, one whose set of tools varies.
/// </summary>
/// <remarks>
/// Two templates that share a long preamble and are used side by side stay apart; the same two, where one ends when the other begins, are versions of one. Several parts of a
/// program that run side by side under one named step stay one job, unless at least three templates with different forms show that the name is only the name of a
/// wrapper.
/// </remarks>
internal sealed class ClusterJoin
{
    private const double SameShare = 0.5, AlmostAll = 0.9, After = 0.97;
    private const int FewestToOrder = 8, MostParameterSets = 24, MostToolSets = 4;
    private readonly List<TemplateCluster> clusters;
    private readonly int[] parent;

    private ClusterJoin(List<TemplateCluster> clusters)
    {
        this.clusters = clusters;
        parent = [.. Enumerable.Range(0, clusters.Count)];
    }

    /// <summary>The clusters of a source, those of one job together, the largest of each first.</summary>
    public static IReadOnlyList<IReadOnlyList<TemplateCluster>> Of(SourceGroup group)
    {
        var join = new ClusterJoin(group.Clusters);
        join.JoinPairs();
        join.JoinOpenParameters();
        if (group.Step is not null) join.JoinNamed();
        return join.Jobs();
    }

    private List<IReadOnlyList<TemplateCluster>> Jobs() =>
    [
        .. Enumerable.Range(0, clusters.Count).GroupBy(Root)
            .Select(job => (IReadOnlyList<TemplateCluster>)[.. job.Select(i => clusters[i]).OrderBy(cluster => cluster.IsLoose).ThenByDescending(cluster => cluster.Tally.Calls)]),
    ];

    private void JoinPairs()
    {
        for (var i = 0; i < clusters.Count; i++)
        {
            for (var j = i + 1; j < clusters.Count; j++)
            {
                if (!clusters[i].IsLoose && !clusters[j].IsLoose && AreOneJob(i, j)) Join(i, j);
            }
        }
    }

    private bool AreOneJob(int i, int j)
    {
        var (a, b) = (clusters[i], clusters[j]);
        var shared = SharedWeight(a, b);
        if (shared < 0.75) return false;
        var (ownA, ownB) = (a.CoreWeight - shared, b.CoreWeight - shared);
        var isSameForm = (a.Tools is null || b.Tools is null || a.Tools == b.Tools) && (a.Schema is null || b.Schema is null || a.Schema == b.Schema) && (a.Request ?? 0) == (b.Request ?? 0);
        if (ownA < 1 && ownB < 1) return isSameForm || AreFormsOfOne(a, b);
        if (IsLater(a, b) && shared >= SameShare * Math.Max(a.CoreWeight, b.CoreWeight))
        {
            return isSameForm || shared >= AlmostAll * Math.Max(a.CoreWeight, b.CoreWeight);
        }
        if (!isSameForm) return false;
        if (AreSlots(a, b) && a.Profile == b.Profile) return true;
        if (ownB < 1) return IsOptionOf(a, b, ownA);
        return ownA < 1 && IsOptionOf(b, a, ownB);
    }

    /// <summary>The same text with other tools or another schema: another job when both are used side by side and such variants are few.</summary>
    private bool AreFormsOfOne(TemplateCluster a, TemplateCluster b)
    {
        if (IsLater(a, b)) return true;
        if (a.Schema != b.Schema) return Variants(a) > MostToolSets + 2;
        // A turn without tools (the last of an agent's loop) belongs to the turns with them.
        if (a.Tools == 0 || b.Tools == 0) return true;
        return a.Tools == b.Tools || Variants(a) > MostToolSets;
    }

    private int Variants(TemplateCluster of)
    {
        var variants = 0;
        foreach (var cluster in clusters)
        {
            if (cluster.IsLoose) continue;
            var shared = SharedWeight(of, cluster);
            if (of.CoreWeight - shared < 1 && cluster.CoreWeight - shared < 1) variants++;
        }
        return variants;
    }

    /// <summary>Whether one is the other and a section more.</summary>
    private bool IsOptionOf(TemplateCluster longer, TemplateCluster plain, double own)
    {
        // Few calls of a long variant: sentences that a few calls had in common by chance.
        if (longer.Tally.Calls * 20 <= plain.Tally.Calls) return true;
        if (own > 0.35 * longer.CoreWeight || longer.Profile != plain.Profile) return false;
        // A preamble to which several different tasks are added is no job that they are options of.
        foreach (var other in clusters)
        {
            if (other == longer || other == plain || other.IsLoose) continue;
            if (other.CoreWeight - SharedWeight(other, plain) >= 1 && plain.CoreWeight - SharedWeight(other, plain) < 1 && SharedWeight(other, longer) <= plain.CoreWeight) return false;
        }
        return true;
    }

    private static bool AreSlots(TemplateCluster a, TemplateCluster b)
    {
        var mine = a.Core.Where(item => item.IsSentence && !b.Core.Contains(item)).ToList();
        var its = b.Core.Where(item => item.IsSentence && !a.Core.Contains(item)).ToList();
        return mine.Count is > 0 and <= 2 && its.Count <= 2 && mine.TrueForAll(item =>
            its.Exists(other => other.Kind == item.Kind && new TemplatePiece(item.Value).IsVariantOf(new TemplatePiece(other.Value))));
    }

    private static bool IsLater(TemplateCluster a, TemplateCluster b) =>
        a.Times.Count >= FewestToOrder && b.Times.Count >= FewestToOrder && a.Times.Precedes(b.Times) is >= After or <= 1 - After;

    private static double SharedWeight(TemplateCluster a, TemplateCluster b)
    {
        var weight = 0.0;
        foreach (var item in a.Core)
        {
            if (b.Core.Contains(item)) weight += item.Weight;
        }
        return weight;
    }

    /// <summary>Parameters with very many values are computed for each call and say nothing of the job.</summary>
    private void JoinOpenParameters()
    {
        foreach (var same in Enumerable.Range(0, clusters.Count).Where(i => !clusters[i].HasContent && clusters[i].Parameters == "parameters")
            .GroupBy(i => (clusters[i].Tools, clusters[i].Schema, clusters[i].Request)))
        {
            var members = same.ToList();
            if (members.Count <= MostParameterSets) continue;
            foreach (var i in members) Join(members[0], i);
        }
    }

    /// <summary>A step with a name is one job, unless different templates with different forms show that many jobs use it.</summary>
    private void JoinNamed()
    {
        var total = clusters.Sum(cluster => cluster.Tally.Calls);
        var jobs = Enumerable.Range(0, clusters.Count).GroupBy(Root).Select(job => job.ToList()).ToList();
        var main = jobs.Where(job => job.Exists(i => !clusters[i].IsLoose) && job.Sum(i => clusters[i].Tally.Calls) * 50 >= total)
            .Select(job => clusters[job.MaxBy(i => clusters[i].IsLoose ? -1 : clusters[i].Tally.Calls)]).ToList();
        var strangers = main.Where(cluster => main.TrueForAll(other => other == cluster || SharedWeight(cluster, other) < 0.3 * Math.Min(cluster.CoreWeight, other.CoreWeight))).ToList();
        var forms = strangers.Select(cluster => (cluster.Tools, cluster.Schema, cluster.Profile)).Distinct().Count();
        if (strangers.Count >= 3 && forms >= 2) return;
        for (var i = 1; i < clusters.Count; i++) Join(0, i);
    }

    private int Root(int i)
    {
        while (parent[i] != i) i = parent[i] = parent[parent[i]];
        return i;
    }

    private void Join(int i, int j)
    {
        var (a, b) = (Root(i), Root(j));
        if (a != b) parent[Math.Max(a, b)] = Math.Min(a, b);
    }
}
