using System.Collections.Immutable;
using System.Globalization;
using Rung.Control.Policies;
using Rung.Core.Policies.Changes;
using Rung.Dashboard.Frame;

namespace Rung.Dashboard.Policy;

/// <summary>The policy as an org chart, its history, what a call would get, and the way back.</summary>
internal static class PolicyPages
{
    /// <summary>Revisions on one page of the history: each is compiled and compared with the one before.</summary>
    private const int RevisionsOfPage = 20;

    /// <summary>The longest reason that is taken.</summary>
    public const int LongestReason = 1000;

    public static void Map(PageRoutes routes)
    {
        routes.Page("/policy", ChartAsync);
        routes.Data("/policy.json", ChartDataAsync);
        routes.Page("/policy/explain", ExplainAsync);
        routes.Page("/policy/history", HistoryAsync);
        routes.Data("/policy/history.json", HistoryDataAsync);
        routes.Page("/policy/history/{number}", RevisionAsync);
        routes.Page("/policy/history/{number}/roll-back", LookAsync);
        routes.Act("/policy/history/{number}/roll-back", RollBackAsync);
    }

    /// <summary>The address of a revision.</summary>
    public static string UrlOf(long revision) => string.Create(CultureInfo.InvariantCulture, $"/policy/history/{revision}");

    /// <summary>The reason that a form brings; null when it has none, or one that is too long.</summary>
    public static string? Reason(PageRequest page) => page.Field("why") is { Length: <= LongestReason } why ? why : null;

    private static async Task<PageReply> ChartAsync(PageRequest page)
    {
        var view = await PolicyView.ReadAsync(page);
        return PageReply.Show<PolicyPage>("Policy", ("View", view));
    }

    private static async Task<DataReply> ChartDataAsync(PageRequest page)
    {
        var view = await PolicyView.ReadAsync(page);
        return DataReply.Json(new
        {
            page.Policy.Revision, page.Policy.Hash,
            Rungs = view.Chart.Rungs.Select(rung => new
            {
                Tier = rung.Tier.Name, rung.Tier.IsReference,
                Models = rung.Models.Select(model => new { model.Model.Name, model.Model.Provider, model.Model.UpstreamId, model.Model.Region, Price = ModelWords.PriceOf(model) }),
                Routes = rung.Places.Select(place => new
                {
                    place.Route.Name, place.Route.Kind, place.Route.Role, place.Route.Owner, place.Route.Why, place.Route.CaughtBy, place.Route.Checks, place.Route.Floor, place.Route.Ceiling,
                    place.Route.UserVisible, place.Route.DataClass, place.Route.Evidence, EvidenceDate = place.Evidence?.Date, EvidenceAgeDays = place.Evidence?.AgeDays, Rollout = place.Rollout?.Id,
                    Lints = place.Lints.Select(finding => finding.Lint.Code), Last7Days = view.SpentOn(place.Route),
                }),
            }),
            view.Chart.Pins,
            Lints = view.Chart.Lints.Select(finding => new { finding.Lint.Code, finding.Lint.Severity, finding.Title, finding.Lint.Message, finding.Reason, finding.Lint.Fix, finding.Lint.Path, finding.Lint.Line, finding.Lint.Column }),
        });
    }

    private static async Task<PageReply> HistoryAsync(PageRequest page)
    {
        long? below = null;
        if (page.Query("before") is { } text)
        {
            if (Number(text) is not { } number) return PageReply.Bad($"before={text} is not the number of a revision.");
            below = number;
        }
        var all = await page.Ledger.ListRevisionsAsync(page.Cancellation);
        var rollouts = await page.Ledger.ListRolloutsAsync(openOnly: false, page.Cancellation);
        var steps = await PolicyHistory.ReadAsync(page.Ledger, page.World.PolicyDesk.Compiled, all, rollouts, RevisionsOfPage, below, page.Cancellation);
        var isLast = steps.Count == 0 || steps[^1].Entry.Number == all[^1].Number;

        // What happened to rollouts stands between the revisions, in one order of time, the newest first.
        var oldest = isLast ? DateTimeOffset.MinValue : steps[^1].Entry.PublishedAt;
        var newest = below is { } above ? all.FirstOrDefault(entry => entry.Number == above)?.PublishedAt ?? DateTimeOffset.MaxValue : DateTimeOffset.MaxValue;
        var events = PolicyHistory.Events(rollouts).Where(pair => pair.Happened.At >= oldest && pair.Happened.At < newest).Select(pair => new HistoryLine(pair.Happened.At, null, pair.Rollout, pair.Happened));
        var lines = steps.Select(step => new HistoryLine(step.Entry.PublishedAt, step, null, null)).Concat(events).OrderByDescending(line => line.At).ToList();
        return PageReply.Show<HistoryPage>("History of the policy", ("Lines", lines), ("All", all.Count), ("Older", isLast ? null : steps[^1].Entry.Number), ("IsNewest", below is null));
    }

    private static async Task<DataReply> HistoryDataAsync(PageRequest page)
    {
        var all = await page.Ledger.ListRevisionsAsync(page.Cancellation);
        return DataReply.Json(new { Revisions = all.Select(entry => new { entry.Number, entry.Hash, entry.PublishedAt, entry.Author, entry.Reason, entry.Origin }) });
    }

    private static async Task<PageReply> RevisionAsync(PageRequest page)
    {
        if (Number(page.Route("number")) is not { } number) return NoRevision(page.Route("number"));
        var all = await page.Ledger.ListRevisionsAsync(page.Cancellation);
        var rollouts = await page.Ledger.ListRolloutsAsync(openOnly: false, page.Cancellation);
        var compiled = page.World.PolicyDesk.Compiled;
        if (await PolicyHistory.FindAsync(page.Ledger, compiled, all, rollouts, number, page.Cancellation) is not { } step) return NoRevision(page.Route("number"));
        var revision = (await compiled.FindAsync(page.Ledger, number, page.Cancellation))!;

        // Against the one before it, unless another is asked for.
        var (with, changes, problem) = (step.Before, step.Changes, default(string));
        if (page.Query("with") is { } text)
        {
            if (Number(text) is not { } other || await compiled.FindAsync(page.Ledger, other, page.Cancellation) is not { } found) return PageReply.NotFound($"There is no revision {text} to compare with. The history lists them all.");
            (with, changes) = (other, found.Snapshot is { } from && revision.Snapshot is { } to ? PolicyDiff.Compare(from, to) : default(ImmutableArray<PolicyChange>?));
        }
        if (with is not null && changes is null) problem = $"Revision {with} or revision {number} no longer compiles, so that they cannot be compared. It was stored by another version of Rung, or is damaged.";
        return PageReply.Show<RevisionPage>($"Revision {number}", ("Step", step), ("Revision", revision), ("All", all), ("With", with), ("Changes", changes), ("Problem", problem));
    }

    private static async Task<PageReply> LookAsync(PageRequest page)
    {
        if (Number(page.Route("number")) is not { } number) return NoRevision(page.Route("number"));
        try
        {
            var look = await page.World.PolicyDesk.LookAsync(number, page.Cancellation);
            return PageReply.Show<RollbackPage>($"Roll back to revision {number}", ("Look", look));
        }
        catch (PolicyRefusedException e)
        {
            return PageReply.Show<RollbackPage>($"Roll back to revision {number}", ("Refused", e), ("Number", number)) with { Status = 409 };
        }
    }

    private static async Task<ActReply> RollBackAsync(PageRequest page)
    {
        if (Number(page.Route("number")) is not { } number) return ActReply.Refuse("/policy/history", $"There is no revision {page.Route("number")}.");
        var here = UrlOf(number) + "/roll-back";
        if (Reason(page) is not { } why) return ActReply.Refuse(here, $"Nothing was written: say why, in at most {LongestReason} characters, for whoever reads the history.");
        try
        {
            var done = await page.World.PolicyDesk.RollBackAsync(number, page.Field("seen") ?? "", page.Viewer.Author, why, page.Cancellation);
            var copies = done.Copies.IsEmpty ? "" : $" What was there is in no revision; a copy is {string.Join(", ", done.Copies)}.";
            return ActReply.Back("/policy/history", $"The policy is revision {number} again, on record as revision {done.Published.Number}. Gateways that watch the file take it up within a second.{copies}");
        }
        catch (PolicyRefusedException e)
        {
            return ActReply.Refuse(here, $"{e.Problem} {e.Fix}");
        }
    }

    private static async Task<PageReply> ExplainAsync(PageRequest page)
    {
        var form = ExplainForm.Read(page);
        var open = await page.Ledger.ListRolloutsAsync(openOnly: true, page.Cancellation);
        var policy = page.Policy;
        if (form.Revision is { } text)
        {
            var found = Number(text) is { } number ? await page.World.PolicyDesk.Compiled.FindAsync(page.Ledger, number, page.Cancellation) : null;
            if (found is null) return PageReply.NotFound($"There is no revision {text}. The history lists them all.");
            if (found.Snapshot is null) return PageReply.Bad($"Revision {text} no longer compiles.");
            policy = found.Snapshot;
        }
        var (answer, problem) = form.Ask(policy);
        var rollout = answer is null ? null : open.FirstOrDefault(rollout => rollout.Plan.Covers(answer.Facts.Tag));
        return PageReply.Show<ExplainPage>("Explain a call", ("Asked", form), ("Answer", answer), ("Problem", problem), ("Policy", policy), ("Rollout", rollout));
    }

    private static PageReply NoRevision(string text) => PageReply.NotFound($"There is no revision {text}. The history lists them all.");

    private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
