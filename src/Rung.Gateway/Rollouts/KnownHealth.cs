using Rung.Core.Checks;
using Rung.Core.Policies;
using Rung.Gateway.Dispatch;

namespace Rung.Gateway.Rollouts;

/// <summary>
/// What was seen of models and served verifiers, carried from one swap to the next and shared by all policies in force: it stays with a model as long as its
/// name, address and id stay, with a verifier as long as its name and address do. What no policy names any more is let go.
/// </summary>
internal sealed class KnownHealth(TimeProvider clock)
{
    private readonly Dictionary<(string Name, Uri Address, string Id), ModelHealth> models = [];
    private readonly Dictionary<(string Name, Uri Address), ModelHealth> verifiers = [];

    /// <summary>Everything that calls may reach under what was in force before. Copies see models of their own: their load says nothing about calls.</summary>
    public static KnownHealth Of(PoliciesInForce? before, TimeProvider clock)
    {
        var known = new KnownHealth(clock);
        if (before is null) return known;
        known.Note(before.Policy);
        foreach (var rollout in before.Rollouts)
        {
            if (rollout.Candidate is { } candidate && !rollout.Terms.IsShadow) known.Note(candidate);
            if (rollout.Holdback is { } holdback) known.Note(holdback);
        }
        return known;
    }

    /// <summary>The health of a model; a new one when it was not known.</summary>
    public ModelHealth Of(Model model)
    {
        var key = (model.Name, model.BaseUrl, model.UpstreamId);
        return models.TryGetValue(key, out var health) ? health : models[key] = new ModelHealth(clock);
    }

    /// <summary>The health of a verifier; a new one when it was not known.</summary>
    public ModelHealth Of(HttpVerifier verifier)
    {
        var key = (verifier.Name, verifier.Url);
        return verifiers.TryGetValue(key, out var health) ? health : verifiers[key] = new ModelHealth(clock);
    }

    private void Note(ActivePolicy policy)
    {
        foreach (var upstream in policy.Upstreams) models.TryAdd((upstream.Model.Name, upstream.Model.BaseUrl, upstream.Model.UpstreamId), upstream.Health);
        foreach (var endpoint in policy.Verifiers.Values) verifiers.TryAdd((endpoint.Verifier.Name, endpoint.Verifier.Url), endpoint.Health);
    }
}
