using Rung.Core.Checks;
using Rung.Core.Decisions;
using Rung.Core.Policies;
using Rung.Core.Requests;

namespace Rung.Gateway.Rollouts;

/// <summary>
/// Holds the calls of another policy (a candidate, the one held back) to the pins of the policy in force. A model that a pin in force lists is found by its name,
/// and counts only while it has the same address and upstream id: a name alone could be pointed elsewhere. Models that only the other policy knows are outside.
/// </summary>
internal sealed class PinBounds
{
    private readonly PolicySnapshot inForce;
    private readonly int[] places; // For each model in force, its index in the other policy; -1 when it has none.

    public PinBounds(PolicySnapshot inForce, PolicySnapshot other)
    {
        this.inForce = inForce;
        places = [.. inForce.Models.Select(model =>
            other.Models.FirstOrDefault(one => one.Name == model.Name && one.BaseUrl == model.BaseUrl && one.UpstreamId == model.UpstreamId)?.Index ?? -1)];
    }

    /// <summary>The models of the other policy that the pins in force leave a call; <see cref="ModelSet.All"/> when none binds it.</summary>
    public ModelSet Of(in CallFacts facts)
    {
        var pinned = Decider.Pinned(inForce, facts);
        if (pinned == ModelSet.All) return pinned;
        var allowed = ModelSet.Empty;
        for (var i = 0; i < places.Length; i++)
        {
            if (places[i] >= 0 && pinned.Contains(i)) allowed = allowed.With(places[i]);
        }
        return allowed;
    }

    /// <summary>Whether the policy in force, too, shows calls under a pin to this verifier.</summary>
    public bool Trusts(HttpVerifier verifier) =>
        inForce.OutsideVerifiers.GetValueOrDefault(verifier.Name) is HttpVerifier { TrustedWithPinned: true } known && known.Url == verifier.Url;
}
