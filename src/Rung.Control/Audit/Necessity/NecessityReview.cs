namespace Rung.Control.Audit;

/// <summary>Says of every site what its job needs, whether a cheaper tier would do, and what that would save.</summary>
public static class NecessityReview
{
    /// <summary>Reviews.</summary>
    /// <param name="sites">The sites.</param>
    /// <param name="ladder">The proposed ladder; without tiers nothing is proposed.</param>
    /// <param name="assumptions">What is assumed.</param>
    /// <param name="priceDate">The day whose prices a projection takes.</param>
    /// <returns>One review a site, in the order of the sites.</returns>
    public static IReadOnlyList<SiteReview> Of(IReadOnlyList<CallSite> sites, ModelLadder ladder, AuditAssumptions assumptions, DateTimeOffset priceDate)
    {
        ArgumentNullException.ThrowIfNull(sites);
        ArgumentNullException.ThrowIfNull(ladder);
        ArgumentNullException.ThrowIfNull(assumptions);
        if (priceDate != ladder.PriceDate) ladder = ladder with { PriceDate = priceDate };
        return [.. sites.Select(site => new SiteJudge(site, ladder, assumptions).Review())];
    }
}
