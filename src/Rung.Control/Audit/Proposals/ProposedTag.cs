namespace Rung.Control.Audit;

/// <summary>One tag of a proposal.</summary>
/// <param name="Name">Its name in the policy, unique there.</param>
/// <param name="Review">What the audit thinks of it.</param>
/// <param name="Rung">Where it starts.</param>
/// <param name="ClimbTo">Where it climbs to; null from the reference tier and above, and beside the ladder.</param>
internal sealed record ProposedTag(string Name, SiteReview Review, ProposedRung Rung, ProposedRung? ClimbTo)
{
    /// <summary>Whether the tag would run on a cheaper tier than it does now.</summary>
    public bool IsMoved => Review.Prove is not null;

    /// <summary>What its calls cost, in nano-USD.</summary>
    public long CostNanoUsd => Review.Site.Statistics.CostNanoUsd;
}
