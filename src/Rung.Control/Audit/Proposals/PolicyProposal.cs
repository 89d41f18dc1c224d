namespace Rung.Control.Audit;

/// <summary>Writes what an audit found as a complete policy.</summary>
public static class PolicyProposal
{
    /// <summary>Most tags that a proposal lists; of more sites, those that stay on the reference tier and spend least fall under <c>default</c>.</summary>
    public const int MostTags = 200;

    /// <summary>Writes.</summary>
    /// <param name="reviews">The reviewed sites.</param>
    /// <param name="ladder">The ladder that they were reviewed with.</param>
    /// <param name="assumptions">What the projections assume.</param>
    /// <param name="madeBy">The command line that made it, for the first comment.</param>
    /// <returns>YAML that compiles, and lints without errors and warnings; every downgrade is in force and marked as proposed, without evidence yet.</returns>
    /// <exception cref="InvalidOperationException">There is no ladder (<see cref="ModelLadder.CannotBeSaid"/>).</exception>
    public static string Write(IReadOnlyList<SiteReview> reviews, ModelLadder ladder, AuditAssumptions assumptions, string madeBy)
    {
        ArgumentNullException.ThrowIfNull(reviews);
        ArgumentNullException.ThrowIfNull(ladder);
        ArgumentNullException.ThrowIfNull(assumptions);
        ArgumentNullException.ThrowIfNull(madeBy);
        if (ladder.Reference is null) throw new InvalidOperationException(ladder.CannotBeSaid ?? "There is no ladder, so there is no policy to propose.");
        return new ProposalWriter(ProposalPlan.Of(reviews, ladder), ladder, assumptions, madeBy).Write();
    }
}
