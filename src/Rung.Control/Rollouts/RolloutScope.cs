using System.Collections.Immutable;
using Rung.Core.Policies;
using Rung.Core.Policies.Changes;

namespace Rung.Control.Rollouts;

/// <summary>What a candidate changes: of which tags, and beside them.</summary>
/// <param name="Changes">Every change.</param>
/// <param name="ByTag">The changes of each tag that the candidate changes, in order of names.</param>
/// <param name="Elsewhere">The changes that belong to no tag: roles, models, tiers, pins, limits, the default.</param>
public sealed record RolloutScope(
    ImmutableArray<PolicyChange> Changes, ImmutableSortedDictionary<string, ImmutableArray<PolicyChange>> ByTag, ImmutableArray<PolicyChange> Elsewhere)
{
    // The name of a policy is for people: no call depends on it.
    private const string NamePath = "name";

    /// <summary>Compares two policies.</summary>
    public static RolloutScope Of(PolicySnapshot current, PolicySnapshot candidate)
    {
        ArgumentNullException.ThrowIfNull(current);
        ArgumentNullException.ThrowIfNull(candidate);
        var changes = PolicyDiff.Compare(current, candidate);
        var left = changes.Where(change => change.Path != NamePath).ToList();
        var byTag = ImmutableSortedDictionary.CreateBuilder<string, ImmutableArray<PolicyChange>>(StringComparer.Ordinal);
        foreach (var tag in current.Tags.Keys.Union(candidate.Tags.Keys, StringComparer.Ordinal))
        {
            var own = left.Where(change => BelongsTo(change.Path, tag)).ToImmutableArray();
            if (own.IsEmpty) continue;
            byTag.Add(tag, own);
            left.RemoveAll(own.Contains);
        }
        return new RolloutScope(changes, byTag.ToImmutable(), [.. left]);
    }

    // A name with a dot, a bracket or a quote in it is quoted in paths; the quotes keep tag "a" from taking what belongs to tag "a.b".
    private static bool BelongsTo(string path, string tag)
    {
        var own = tag.AsSpan().IndexOfAny('.', '[', '"') >= 0 ? $"tags[\"{tag}\"]" : $"tags.{tag}";
        return path.StartsWith(own, StringComparison.Ordinal) && (path.Length == own.Length || path[own.Length] is '.' or '[');
    }
}
