using System.Collections.Immutable;

namespace Rung.Core.Policies;

/// <summary>Why a tier runs without evidence.</summary>
public enum MissingEvidence : byte
{
    /// <summary><c>proposed</c>: somebody (<c>rung audit</c>) suggests the tier, and nothing has proved it yet.</summary>
    Proposed = 0,
    /// <summary><c>in_use</c>: it has run like this so far, and nobody has proved it.</summary>
    InUse = 1,
}

/// <summary>A gap that the policy states itself: <c>evidence: { missing: proposed, prove: "rung drive …" }</c>.</summary>
/// <param name="Missing">Why there is no evidence.</param>
/// <param name="Prove">The command, or the words, that would get it.</param>
public sealed record EvidenceGap(MissingEvidence Missing, string Prove)
{
    /// <summary>The words of the policy, in the order of <see cref="MissingEvidence"/>.</summary>
    public static ImmutableArray<string> Words { get; } = ["proposed", "in_use"];

    /// <summary>The word for <see cref="Missing"/>.</summary>
    public string Word => Words[(int)Missing];

    /// <summary>The gap in words: <c>proposed, without evidence yet</c>.</summary>
    public string InWords => Missing == MissingEvidence.InUse ? "in use, without evidence yet" : "proposed, without evidence yet";
}
