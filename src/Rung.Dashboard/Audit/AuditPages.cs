using Rung.Control.Audit;
using Rung.Control.Audit.Running;
using Rung.Dashboard.Frame;
using Rung.Dashboard.Parts;

namespace Rung.Dashboard.Audit;

/// <summary><c>/audit</c>: what imported logs say, and an upload of others.</summary>
internal static class AuditPages
{
    // A page waits so long for figures that are nearly there; then it says that they are being added up.
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(150);

    private static readonly string[] s_jobColumns =
    [
        "rank", "job", "tagged", "role", "calls", "cost_usd", "share", "unknown_price_calls", "model", "needs", "tier", "proposed_tier", "saving_usd", "saving_low_usd", "saving_high_usd", "reasons", "prove", "compliance",
    ];

    public static void Map(PageRoutes routes)
    {
        routes.Page("/audit", ShowAsync);
        routes.Data("/audit/jobs.csv", async page => OfOutcome((await LedgerAsync(page)).Outcome, Jobs));
        routes.Data("/audit/report.json", async page => OfOutcome((await LedgerAsync(page)).Outcome, Report));
        routes.Data("/audit/proposed.yaml", async page => OfOutcome((await LedgerAsync(page)).Outcome, Proposal));
        routes.Upload("/audit/uploads", AuditUpload.TakeAsync);
        routes.Page("/audit/runs/{id}", page => Task.FromResult(page.World.Audits.Find(page.Route("id")) is { } job
            ? PageReply.Show<AuditRunPage>("An uploaded audit", ("Job", job))
            : PageReply.NotFound("There is no such audit. The last eight are kept in memory until the gateway stops; upload the logs again, or use: rung audit")));
        routes.Act("/audit/runs/{id}/stop", StopAsync);
        routes.Data("/audit/runs/{id}/jobs.csv", page => Task.FromResult(OfOutcome(page.World.Audits.Find(page.Route("id"))?.Outcome, Jobs)));
        routes.Data("/audit/runs/{id}/report.json", page => Task.FromResult(OfOutcome(page.World.Audits.Find(page.Route("id"))?.Outcome, Report)));
        routes.Data("/audit/runs/{id}/proposed.yaml", page => Task.FromResult(OfOutcome(page.World.Audits.Find(page.Route("id"))?.Outcome, Proposal)));
    }

    private static async Task<PageReply> ShowAsync(PageRequest page) => PageReply.Show<AuditPage>("Audit", ("Ledger", await LedgerAsync(page)), ("Desk", page.World.Audits));

    private static Task<LedgerAudit> LedgerAsync(PageRequest page) => page.World.Audits.OfLedgerAsync(s_patience, page.Cancellation);

    private static Task<ActReply> StopAsync(PageRequest page)
    {
        var id = page.Route("id");
        if (page.World.Audits.Find(id) is not { } job) return Task.FromResult(ActReply.Refuse("/audit", "There is no such audit any more."));
        if (job.Moment.IsOver) return Task.FromResult(ActReply.Back($"/audit/runs/{id}", "It was over already."));
        job.Stop();
        return Task.FromResult(ActReply.Back($"/audit/runs/{id}", "It is being stopped. What had been written to the ledger stays there."));
    }

    private static DataReply OfOutcome(AuditOutcome? outcome, Func<AuditOutcome, DataReply> of) =>
        outcome is null ? DataReply.NotFound("There is no such audit, or it is not done yet.") : of(outcome);

    private static DataReply Report(AuditOutcome outcome) => DataReply.Json(AuditJson.Of(outcome.Report));

    private static DataReply Proposal(AuditOutcome outcome) => outcome.Proposal is { } yaml
        ? new DataReply("application/yaml; charset=utf-8", (stream, token) => stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(yaml), token).AsTask(), "proposed.yaml")
        : DataReply.NotFound(outcome.WhyNoProposal ?? "There is no proposal.");

    private static DataReply Jobs(AuditOutcome outcome) => TableFile.Csv(new TableData([], s_jobColumns, [.. outcome.Report.Rows.Select(row => (IReadOnlyList<object?>)
    [
        row.Rank, row.Tag, row.Review.Site.IsTagged, row.Review.Site.Role, row.Totals.Calls, Words.UsdNumber(row.Totals.CostNanoUsd), row.Share, row.Totals.UnknownPriceCalls, row.Review.Model,
        AuditWords.Class(row.Review.Class), row.Review.Tier, row.Review.ProposedTier, Usd(row.Review.SavingNanoUsd), Usd(row.Review.SavingInterval?.Low), Usd(row.Review.SavingInterval?.High),
        string.Join("; ", row.Review.Reasons), row.Review.Prove, row.Review.Compliance,
    ])]), "jobs.csv");

    private static decimal? Usd(long? nanoUsd) => nanoUsd is { } known ? Words.UsdNumber(known) : null;
}
