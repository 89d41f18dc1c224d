using System.Collections.Immutable;
using Rung.Core.Policies.Changes;
using Rung.Storage.Revisions;
using Rung.Storage.Rollouts;

namespace Rung.Control.Policies;

/// <summary>A revision and what it changed.</summary>
/// <param name="Entry">The revision.</param>
/// <param name="Before">The one that was in force before it; for a candidate the one beside which it was tried. Null when there was none.</param>
/// <param name="Changes">What it changed; null when there is nothing to compare, or one of the two no longer compiles.</param>
/// <param name="Rollout">The last rollout that it was the candidate of; null when it was none.</param>
public sealed record RevisionStep(RevisionEntry Entry, long? Before, ImmutableArray<PolicyChange>? Changes, Rollout? Rollout)
{
    /// <summary>What it changed, in one line.</summary>
    public string Summary => Before is null ? "the first revision" : Changes is { } changes ? ChangeWords.Summary(changes) : "not compared: this revision or the one before it no longer compiles";

    /// <summary>The one command that takes it back; null when there is nothing to take back.</summary>
    public string? TakeBack => Entry.Origin == RevisionOrigin.Candidate
        ? Rollout is { IsOpen: true } open ? $"rung rollout rollback {open.Id} --why REASON" : null
        : Before is { } before ? $"rung policy rollback {before}" : null;
}
