using System.Collections.Immutable;

namespace Rung.Core.Alerts;

/// <summary>What a step changed.</summary>
/// <param name="Transitions">What happened, in order of the keys. Empty when nothing did.</param>
/// <param name="Changed">The alerts that are no longer what they were, those of the transitions among them: what is to be stored.</param>
public sealed record AlertObservation(ImmutableArray<AlertTransition> Transitions, ImmutableArray<Alert> Changed)
{
    /// <summary>What somebody is to be told.</summary>
    public IEnumerable<AlertTransition> Told => Transitions.Where(transition => transition.IsTold);
}
