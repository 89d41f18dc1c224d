namespace Rung.Control.Audit.Running;

/// <summary>What an audit has found, without what it needed to find it.</summary>
/// <param name="Report">The report.</param>
/// <param name="Proposal">The proposed policy, YAML; null when none can be said.</param>
/// <param name="WhyNoProposal">Why not; null when there is one.</param>
/// <param name="At">When it was made, UTC.</param>
/// <param name="Kept">Calls that were kept in the ledger, new ones and those that it had; null when none were to be.</param>
public sealed record AuditOutcome(AuditReport Report, string? Proposal, string? WhyNoProposal, DateTimeOffset At, (long New, long Known)? Kept)
{
    /// <summary>The outcome of a result.</summary>
    /// <param name="result">The result.</param>
    /// <param name="madeBy">What the proposal's first comment says of where it comes from, on one line.</param>
    /// <param name="at">Now, UTC.</param>
    /// <param name="kept">What was kept; null: nothing was to be.</param>
    internal static AuditOutcome Of(AuditResult result, string madeBy, DateTimeOffset at, (long New, long Known)? kept)
    {
        var canPropose = result.Ladder.Reference is not null && result.Report.Rows.Length > 0;
        return new AuditOutcome(
            result.Report,
            canPropose ? PolicyProposal.Write(result.Reviews, result.Ladder, result.Assumptions, madeBy) : null,
            canPropose ? null : result.Ladder.CannotBeSaid ?? "There are no calls to propose anything for.", at, kept);
    }
}
