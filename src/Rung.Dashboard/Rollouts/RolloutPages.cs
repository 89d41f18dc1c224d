using System.Globalization;
using Rung.Control.Rollouts;
using Rung.Control.Steering;
using Rung.Core.Rollouts;
using Rung.Dashboard.Frame;
using Rung.Dashboard.Parts;
using Rung.Dashboard.Policy;
using Rung.Storage.Rollouts;

namespace Rung.Dashboard.Rollouts;

/// <summary>Rollouts: where each stands, what its guards say, what happened and why; and the control loop's switch.</summary>
internal static class RolloutPages
{
    private const int RolloutsOfPage = 50;

    private static readonly string[] s_readingColumns =
    [
        "at", "stage", "guard", "state", "candidate", "current", "worse", "worse_low", "worse_high", "stage_margin", "candidate_count", "current_count", "harm_evidence", "safety_evidence",
    ];

    public static void Map(PageRoutes routes)
    {
        routes.Page("/rollouts", ListAsync);
        routes.Data("/rollouts.json", ListDataAsync);
        routes.Act("/rollouts/freeze", FreezeAsync);
        routes.Act("/rollouts/unfreeze", UnfreezeAsync);
        routes.Page("/rollouts/{id}", OneAsync);
        routes.Data("/rollouts/{id}/readings.csv", ReadingsAsync);
        routes.Act("/rollouts/{id}/advance", page => MoveAsync(page, page.World.PolicyDesk.Rollouts.AdvanceAsync));
        routes.Act("/rollouts/{id}/hold", page => MoveAsync(page, page.World.PolicyDesk.Rollouts.HoldAsync));
        routes.Act("/rollouts/{id}/resume", page => MoveAsync(page, page.World.PolicyDesk.Rollouts.ResumeAsync));
        routes.Act("/rollouts/{id}/rollback", page => MoveAsync(page, page.World.PolicyDesk.Rollouts.RollBackAsync));
    }

    /// <summary>The address of a rollout.</summary>
    public static string UrlOf(long id) => string.Create(CultureInfo.InvariantCulture, $"/rollouts/{id}");

    /// <summary>The tags of a plan in words.</summary>
    public static string TagsOf(RolloutPlan plan) => plan.Tags.IsEmpty ? "every call" : string.Join(", ", plan.Tags);

    private static async Task<PageReply> ListAsync(PageRequest page)
    {
        var all = await page.Ledger.ListRolloutsAsync(openOnly: false, page.Cancellation);
        var control = await ControlStanding.ReadAsync(page.Ledger, page.Policy, page.Now, page.Cancellation);
        var shown = all.Reverse().OrderByDescending(rollout => rollout.IsOpen).Take(RolloutsOfPage).ToList();
        var verdicts = new Dictionary<long, RolloutVerdict?>();
        foreach (var rollout in shown) verdicts[rollout.Id] = (await RolloutStory.ReadAsync(page.Ledger, rollout.Id, page.Now, page.Cancellation, most: 1))?.Verdict;
        return PageReply.Show<RolloutListPage>("Rollouts", ("Shown", shown), ("All", all.Count), ("Verdicts", verdicts), ("Control", control));
    }

    private static async Task<DataReply> ListDataAsync(PageRequest page)
    {
        var all = await page.Ledger.ListRolloutsAsync(openOnly: false, page.Cancellation);
        return DataReply.Json(new
        {
            Rollouts = all.Reverse().Select(rollout => new
            {
                rollout.Id, State = RolloutWords.State(rollout), rollout.IsOpen, rollout.IsHeld, rollout.IsShadow, SharePercent = rollout.Share / 100.0, rollout.Plan.Tags, rollout.Candidate, rollout.Base,
                Events = rollout.Events.Select(happened => new { happened.At, happened.Kind, happened.Stage, happened.By, happened.Why }),
            }),
        });
    }

    private static async Task<PageReply> OneAsync(PageRequest page)
    {
        if (await StoryAsync(page) is not { } story) return PageReply.NotFound($"There is no rollout {page.Route("id")}. The list has them all: /rollouts");
        var policies = page.World.PolicyDesk;
        var (before, after) = (await policies.Compiled.FindAsync(page.Ledger, story.Rollout.Base, page.Cancellation), await policies.Compiled.FindAsync(page.Ledger, story.Rollout.Candidate, page.Cancellation));
        var changes = before?.Snapshot is { } old && after?.Snapshot is { } young ? RolloutScope.Of(old, young).Changes : default;
        // It reads some ten thousand calls: fetched by itself, after the page is there.
        var forecast = page.Query("forecast") is null || !story.Rollout.IsOpen ? default : await policies.Rollouts.ForecastAsync(story.Rollout, page.Cancellation);
        var frozen = await page.Ledger.ReadFreezeAsync(page.Cancellation) is { } freeze && freeze.HoldsAt(page.Now) ? freeze : null;
        return PageReply.Show<RolloutPage>(
            $"Rollout {story.Rollout.Id}", ("Story", story), ("Changes", changes), ("Forecast", forecast), ("Frozen", frozen),
            ("Charts", story.Guards.Select(guard => GuardChart.Of(guard, story.Rollout)).ToList()));
    }

    private static async Task<DataReply> ReadingsAsync(PageRequest page)
    {
        if (await StoryAsync(page) is not { } story) return DataReply.NotFound($"There is no rollout {page.Route("id")}.");
        return TableFile.Csv(new TableData([], s_readingColumns, [.. story.Guards.SelectMany(guard => guard.Instants.Select(instant => Row(guard.Guard, instant.At, instant.Stage, instant.Reading)))]), $"rollout-{story.Rollout.Id}-readings.csv");
    }

    private static IReadOnlyList<object?> Row(Guard guard, DateTimeOffset at, int stage, GuardReading reading) =>
    [
        at, stage, GuardWords.Of(guard.Metric), reading.State.ToString().ToLowerInvariant(), reading.Candidate, reading.Current, reading.Worse?.Estimate, reading.Worse?.Low, reading.Worse?.High,
        reading.Margin, reading.CandidateCount, reading.CurrentCount, reading.HarmEvidence, reading.SafetyEvidence,
    ];

    private static async Task<RolloutStory?> StoryAsync(PageRequest page) =>
        long.TryParse(page.Route("id"), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? await RolloutStory.ReadAsync(page.Ledger, id, page.Now, page.Cancellation) : null;

    private static async Task<ActReply> MoveAsync(PageRequest page, Func<long, string, string, CancellationToken, int?, Task<Rollout>> move)
    {
        if (!long.TryParse(page.Route("id"), NumberStyles.None, CultureInfo.InvariantCulture, out var id)) return ActReply.Refuse("/rollouts", $"There is no rollout {page.Route("id")}.");
        if (PolicyPages.Reason(page) is not { } why) return ActReply.Refuse(UrlOf(id), $"Nothing was done: say why, in at most {PolicyPages.LongestReason} characters, for whoever reads the history.");
        // Without what was seen it could not be told whether something else has happened meanwhile.
        if (!int.TryParse(page.Field("seen"), NumberStyles.None, CultureInfo.InvariantCulture, out var seen)) return ActReply.Refuse(UrlOf(id), "Nothing was done: the form does not say what you saw. Load the page again.");
        try
        {
            var rollout = await move(id, page.Viewer.Author, why, page.Cancellation, seen);
            return ActReply.Back(UrlOf(id), $"Rollout {id}: {RolloutWords.Of(rollout.Last, rollout.Plan)}. Gateways on this ledger take it up within a second.");
        }
        catch (RolloutException e)
        {
            return ActReply.Refuse(e.Fault == RolloutFault.NotFound ? "/rollouts" : UrlOf(id), $"{e.Problem} {e.Fix}");
        }
    }

    private static async Task<ActReply> FreezeAsync(PageRequest page)
    {
        if (PolicyPages.Reason(page) is not { } why) return ActReply.Refuse("/rollouts", "Nothing was frozen: say why, for whoever reads the history.");
        try
        {
            var turn = await new ControlSwitch(page.Ledger, page.World.Clock).FreezeAsync(page.Field("for"), page.Viewer.Author, why, page.Cancellation);
            return ActReply.Back("/rollouts", $"Frozen{(turn.Until is { } until ? $" until {Words.WhenExactly(until)} UTC" : " until somebody lets go")}: nothing advances, and no route is moved. Rollouts that do harm are rolled back all the same.");
        }
        catch (RolloutException e)
        {
            return ActReply.Refuse("/rollouts", $"{e.Problem} {e.Fix}");
        }
    }

    private static async Task<ActReply> UnfreezeAsync(PageRequest page)
    {
        if (PolicyPages.Reason(page) is not { } why) return ActReply.Refuse("/rollouts", "Nothing was changed: say why, for whoever reads the history.");
        await new ControlSwitch(page.Ledger, page.World.Clock).UnfreezeAsync(page.Viewer.Author, why, page.Cancellation);
        return ActReply.Back("/rollouts", "The control loop may act again.");
    }
}
