using System.Collections.Immutable;
using Rung.Core.Policies;

namespace Rung.Gateway.Dispatch;

/// <summary>A number in [0, 1), drawn anew each time.</summary>
public delegate double Chance();

/// <summary>
/// Chooses one model of a pool: those that may be tried now, of the first priority, least busy for their weight; chance decides between
/// equals, by weight.
/// </summary>
internal static class ModelChoice
{
    /// <summary>Chooses.</summary>
    /// <param name="upstreams">All models, by index.</param>
    /// <param name="pool">The models to choose from.</param>
    /// <param name="chance">Decides between equals.</param>
    /// <param name="propensity">Probability with which the model was chosen, (0, 1].</param>
    /// <returns>Null when none may be tried now.</returns>
    public static Upstream? From(ImmutableArray<Upstream> upstreams, ModelSet pool, Chance chance, out double propensity)
    {
        propensity = 1;
        Upstream? best = null;
        var ties = 0;
        foreach (var index in pool)
        {
            var upstream = upstreams[index];
            if (upstream.MissingKey || !upstream.Health.MayTry()) continue;
            var order = best is null ? -1 : Compare(upstream, best);
            if (order > 0) continue;
            ties = order == 0 ? ties + 1 : 0;
            if (order < 0) best = upstream;
        }
        return ties == 0 ? best : Draw(upstreams, pool, best!, chance, out propensity);
    }

    private static int Compare(Upstream a, Upstream b)
    {
        if (a.Model.Priority != b.Model.Priority) return a.Model.Priority.CompareTo(b.Model.Priority);
        // outstanding/weight, compared without division.
        return ((long)a.Health.Outstanding * b.Model.Weight).CompareTo((long)b.Health.Outstanding * a.Model.Weight);
    }

    private static Upstream Draw(ImmutableArray<Upstream> upstreams, ModelSet pool, Upstream best, Chance chance, out double propensity)
    {
        var total = 0;
        foreach (var index in pool)
        {
            if (Ties(upstreams[index], best)) total += upstreams[index].Model.Weight;
        }
        var drawn = chance() * total;
        var chosen = best;
        foreach (var index in pool)
        {
            if (!Ties(upstreams[index], best)) continue;
            chosen = upstreams[index];
            drawn -= chosen.Model.Weight;
            if (drawn < 0) break;
        }
        propensity = total == 0 ? 1 : (double)chosen.Model.Weight / total;
        return chosen;
    }

    /// <summary>Other calls move the counters meanwhile: a model that no longer ties simply drops out of the draw.</summary>
    private static bool Ties(Upstream upstream, Upstream best) =>
        ReferenceEquals(upstream, best) || !upstream.MissingKey && upstream.Health.MayTry() && Compare(upstream, best) == 0;
}
