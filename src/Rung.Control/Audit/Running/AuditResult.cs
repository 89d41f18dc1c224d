namespace Rung.Control.Audit.Running;

/// <summary>What an audit has found.</summary>
/// <param name="Report">The report.</param>
/// <param name="Sites">The sites.</param>
/// <param name="Reviews">What each needs.</param>
/// <param name="Ladder">The proposed ladder.</param>
/// <param name="Assumptions">What the projection assumes.</param>
/// <param name="Finder">What knows the site of each call.</param>
public sealed record AuditResult(
    AuditReport Report, IReadOnlyList<CallSite> Sites, IReadOnlyList<SiteReview> Reviews, ModelLadder Ladder, AuditAssumptions Assumptions, SiteFinder Finder);
