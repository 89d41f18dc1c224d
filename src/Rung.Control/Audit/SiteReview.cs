using System.Collections.Immutable;

namespace Rung.Control.Audit;

/// <summary>What a job needs of a model.</summary>
public enum NecessityClass : byte
{
    /// <summary>Too little is known to say.</summary>
    Unknown = 0,
    /// <summary>A form to fill: labels, extraction, renaming, formatting. A wrong answer is easy to see.</summary>
    Mechanical = 1,
    /// <summary>Competence by clear instructions: rewriting, summarising, calling the right tool.</summary>
    InstructionFollowing = 2,
    /// <summary>Weighing: reviews, answers that people read, decisions without one right answer.</summary>
    Judgement = 3,
    /// <summary>Deciding what others will do: plans, decompositions. An error poisons every later step.</summary>
    Planning = 4,
}

/// <summary>What the audit thinks of one site: what it needs, what that would save, and what must be proved first.</summary>
public sealed record SiteReview
{
    /// <summary>The site.</summary>
    public required CallSite Site { get; init; }
    /// <summary>What the job needs.</summary>
    public required NecessityClass Class { get; init; }
    /// <summary>Why, in words, each reason with its figure; the weightiest first.</summary>
    public required ImmutableArray<string> Reasons { get; init; }
    /// <summary>The model it has now (the one that costs most), in the log's words; null when unknown.</summary>
    public string? Model { get; init; }
    /// <summary>The tier it has now, by the proposed ladder; null when its model is on no tier.</summary>
    public string? Tier { get; init; }
    /// <summary>The tier that is proposed; equal to <see cref="Tier"/> when nothing should change.</summary>
    public string? ProposedTier { get; init; }
    /// <summary>Projected saving over the audited calls, net of climbing and checking, in nano-USD: the middle case. Null when it cannot be said.</summary>
    public long? SavingNanoUsd { get; init; }
    /// <summary>The same in the worst and in the best case of the stated assumptions; may be negative.</summary>
    public (long Low, long High)? SavingInterval { get; init; }
    /// <summary>What must be proved before anything moves, in one sentence; null when nothing is proposed.</summary>
    public string? Prove { get; init; }
    /// <summary>Why a person must look before this site moves (signs of sensitive data); null when there is none. Such a site is never moved by a proposal.</summary>
    public string? Compliance { get; init; }
}
