using Rung.Control.Imports;

namespace Rung.Control.Audit.Sites;

/// <summary>
/// The calls of one source: one agent, step and role, as far as the log tells. Calls wait in a batch until enough of them are there to see their templates; from then on a
/// call that has all of a known template goes there at once.
/// </summary>
/// <param name="agent">The agent; null when not told.</param>
/// <param name="step">The step; null when not told, or when its name only says that a model was called.</param>
/// <param name="role">The role; null when not told.</param>
internal sealed class SourceGroup(string? agent, string? step, string? role)
{
    private const int MostClusters = 160, MostParameterSets = 96;
    private readonly Dictionary<ulong, TemplateCluster> without = [];
    private List<SeenCall> waiting = [];

    /// <summary>The agent; null when not told.</summary>
    public string? Agent => agent;
    /// <summary>The step; null when not told.</summary>
    public string? Step => step;
    /// <summary>The role; null when not told.</summary>
    public string? Role => role;
    /// <summary>A number for the three.</summary>
    public ulong Key { get; } = TextHash.Join(TextHash.Join(TextHash.Of(agent), TextHash.Of(step)), TextHash.Of(role));
    /// <summary>The clusters found so far.</summary>
    public List<TemplateCluster> Clusters { get; } = [];
    /// <summary>Calls that wait.</summary>
    public int Waiting => waiting.Count;

    /// <summary>Adds a call.</summary>
    public void Add(in SeenCall seen)
    {
        if (seen.Traits.Template.IsEmpty)
        {
            WithoutTemplate(seen).Add(seen);
            return;
        }
        Span<ulong> memory = stackalloc ulong[KeySet.Places];
        var keys = new KeySet(seen.Traits, memory);
        if (Match(seen, keys) is { } cluster && !cluster.IsDoubtful(seen.Traits))
        {
            cluster.Add(seen);
            return;
        }
        waiting.Add(seen.ToKeep());
        if (waiting.Count >= TemplateBatch.Most) Settle(mayWait: TemplateBatch.Most / 2);
    }

    /// <summary>The cluster that a call belongs to, now that all are known. Counts nothing.</summary>
    public TemplateCluster PlaceOf(in SeenCall seen)
    {
        if (seen.Traits.Template.IsEmpty) return WithoutTemplate(seen);
        Span<ulong> memory = stackalloc ulong[KeySet.Places];
        var keys = new KeySet(seen.Traits, memory);
        return Match(seen, keys) ?? Nearest(seen, keys) ?? Loose(seen);
    }

    /// <summary>Sorts the calls that wait into clusters, old or new.</summary>
    /// <param name="mayWait">How many of those of which too little is known may go on waiting; 0 the last time.</param>
    public void Settle(int mayWait)
    {
        if (waiting.Count == 0) return;
        var batch = waiting;
        var leaves = TemplateBatch.Split(batch);
        waiting = [];
        var undecided = new List<SeenCall>();
        foreach (var leaf in leaves)
        {
            var cluster = leaf.Cluster is { } found ? Known(found) ?? Keep(found) : null;
            foreach (var i in leaf.Calls)
            {
                if (cluster is not null) cluster.Add(batch[i]);
                else undecided.Add(batch[i]);
            }
        }
        // Never all of them: a batch that decided nothing would come again with every call.
        var keep = Math.Min(undecided.Count, mayWait);
        Span<ulong> memory = stackalloc ulong[KeySet.Places];
        for (var i = 0; i < undecided.Count - keep; i++)
        {
            var seen = undecided[i];
            var keys = new KeySet(seen.Traits, memory);
            (Match(seen, keys) ?? Nearest(seen, keys) ?? Loose(seen)).Add(seen);
        }
        waiting.AddRange(undecided[^keep..]);
    }

    /// <summary>The most special cluster of which a call has everything.</summary>
    private TemplateCluster? Match(in SeenCall seen, in KeySet keys)
    {
        TemplateCluster? best = null;
        foreach (var cluster in Clusters)
        {
            if ((best is null || cluster.CoreWeight > best.CoreWeight) && !cluster.IsLoose && cluster.Matches(seen, keys)) best = cluster;
        }
        return best;
    }

    /// <summary>The cluster most of whose core a call has: an edited template, an optional section.</summary>
    private TemplateCluster? Nearest(in SeenCall seen, in KeySet keys)
    {
        TemplateCluster? best = null;
        var most = 0.0;
        foreach (var cluster in Clusters)
        {
            if (cluster.IsLoose || !cluster.HasContent) continue;
            var coverage = cluster.Coverage(keys);
            if (cluster.Tools is { } tools && tools != seen.Traits.ToolSet) coverage *= 0.7;
            if (cluster.Schema is { } schema && schema != seen.Traits.Schema) coverage *= 0.7;
            // Of two that are covered alike, the longer template says more.
            if (coverage >= 0.6 && coverage * Math.Sqrt(cluster.CoreWeight) > most) (best, most) = (cluster, coverage * Math.Sqrt(cluster.CoreWeight));
        }
        return best;
    }

    /// <summary>A cluster that is there already and has the same evidence.</summary>
    private TemplateCluster? Known(TemplateCluster found)
    {
        foreach (var cluster in Clusters)
        {
            if (cluster.IsLoose || cluster.Tools != found.Tools || cluster.Schema != found.Schema || cluster.Request != found.Request) continue;
            if (cluster.Required.Length == found.Required.Length && !cluster.Required.AsSpan().ContainsAnyExcept(found.Required.AsSpan())) return cluster;
        }
        return null;
    }

    private TemplateCluster? Keep(TemplateCluster found)
    {
        if (Clusters.Count >= MostClusters) return null;
        Clusters.Add(found);
        return found;
    }

    /// <summary>Calls with content that share no template: told apart by tools, schema and whether there is a system prompt.</summary>
    private TemplateCluster Loose(in SeenCall seen)
    {
        var key = TextHash.Join(TextHash.Join(seen.Traits.ToolSet, seen.Traits.Schema), seen.Traits.SystemPieces > 0 ? 2UL : 1UL);
        key = TextHash.Join(key, TemplateCluster.RequestOf(seen.Call));
        if (without.TryGetValue(key, out var cluster)) return cluster;
        if (without.Count >= MostParameterSets) key = 1;
        if (without.TryGetValue(key, out cluster)) return cluster;
        cluster = key == 1
            ? new TemplateCluster { IsLoose = true, Key = key }
            : new TemplateCluster { IsLoose = true, Key = key, Tools = seen.Traits.ToolSet, Schema = seen.Traits.Schema, Request = TemplateCluster.RequestOf(seen.Call) };
        without.Add(key, cluster);
        Clusters.Add(cluster);
        return cluster;
    }

    /// <summary>Calls without content: told apart by tools, schema and parameters, and where these are silent by model and team.</summary>
    private TemplateCluster WithoutTemplate(in SeenCall seen)
    {
        var (call, traits) = (seen.Call, seen.Traits);
        // A step that has a name is evidence enough; what its calls declare varies within it.
        var parameters = step is not null ? 0 : ParametersOf(call, traits);
        var isSilent = step is null && traits.ToolSet == 0 && traits.Schema == 0 && call.MaxTokens is null;
        if (isSilent) parameters = TextHash.Join(TextHash.Join(parameters, TextHash.Of(call.Model)), TextHash.Of(call.Team));
        var key = TextHash.Join(parameters, 77);
        if (without.TryGetValue(key, out var cluster)) return cluster;
        if (without.Count >= MostParameterSets)
        {
            key = TextHash.Join(TextHash.Join(traits.ToolSet, traits.Schema), 78); // Parameters that are computed for each call say nothing.
            if (without.TryGetValue(key, out cluster)) return cluster;
            if (without.Count >= 2 * MostParameterSets) key = 79;
            if (without.TryGetValue(key, out cluster)) return cluster;
        }
        cluster = new TemplateCluster
        {
            HasContent = false,
            IsLoose = true,
            Key = key,
            Tools = step is null ? traits.ToolSet : null,
            Schema = step is null ? traits.Schema : null,
            Request = step is null ? TemplateCluster.RequestOf(call) : null,
            Parameters = isSilent ? "model" : "parameters",
        };
        without.Add(key, cluster);
        Clusters.Add(cluster);
        return cluster;
    }

    private static ulong ParametersOf(ImportedCall call, CallTraits traits)
    {
        var hash = TextHash.Join(TextHash.Join(traits.ToolSet, traits.Schema), TemplateCluster.RequestOf(call));
        hash = TextHash.Join(hash, call.Temperature is { } temperature ? (ulong)Math.Clamp(Math.Round(temperature * 1000) + 1, 0, 100_000) : 0);
        hash = TextHash.Join(hash, (ulong)((call.MaxTokens ?? -1) + 1L));
        return TextHash.Join(hash, TextHash.Of(call.Effort));
    }
}
