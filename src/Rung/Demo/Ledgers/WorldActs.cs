using System.Collections.Immutable;
using System.Globalization;
using Rung.Control.Rollouts;
using Rung.Core.Alerts;
using Rung.Core.Rollouts;
using Rung.Storage;
using Rung.Storage.Alerts;
using Rung.Storage.Control;
using Rung.Storage.Rollouts;

namespace Rung.Demo.Ledgers;

/// <summary>Something that people do in the made-up past.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="Do">What.</param>
internal sealed record WorldAct(DateTimeOffset At, Func<CancellationToken, Task> Do);

/// <summary>
/// What people do in the made-up past: they change the policy file, start rollouts, look after them where the numbers are still open after some days, freeze the loop
/// once and silence an alert. The control loop does the rest by itself.
/// </summary>
internal sealed class WorldActs(Ledger ledger, PolicyAccess policies, WorldEvals evals, WorldReviews reviews, WorldClock clock, WorldTime time, string policyPath, string final, long seed)
{
    private const string Search = "team-search", Support = "team-support", Agents = "team-agents", Platform = "team-platform";

    private readonly RolloutDesk _desk = new(ledger, policies, clock, () => string.Create(CultureInfo.InvariantCulture, $"made-up-{seed}-{clock.Now.ToUnixTimeSeconds()}"));
    private readonly Dictionary<string, long> _rollouts = new(StringComparer.Ordinal);

    /// <summary>From when on anything is rolled out or steered.</summary>
    public DateTimeOffset Begin => time.Before(31);

    /// <summary>All of it, in order.</summary>
    public IReadOnlyList<WorldAct> All => [.. List().OrderBy(act => act.At)];

    /// <summary>Puts the first revision in force.</summary>
    public Task BeginAsync(CancellationToken cancellationToken) => PublishAsync(_ => WorldPolicies.AllFrontier(final), Platform, "everything on the frontier until each job has an owner", cancellationToken);

    private IEnumerable<WorldAct> List()
    {
        // 1. The jobs get their tiers.
        yield return Change(time.At(0.05), _ => WorldPolicies.ResearchOnly(final), Search, "the research agent's jobs get tiers, checks and floors");
        yield return Change(time.At(0.12), _ => WorldPolicies.Routed(final), Platform, "coding and support follow; queries stay on mid until a rollout says otherwise");

        // 2. A rollout that comes through.
        yield return Start("query", 30, text => WorldPolicies.On(text, "rewrite-query", "small"), Search, "one line a query: a smaller model should do", [1_000, 5_000, RolloutPlan.Whole],
            3, [new Guard(GuardMetric.CheckFailure, 0.08), new Guard(GuardMetric.CostPerCall, 0.2), new Guard(GuardMetric.LatencyP95, 0.5)]);
        foreach (var (days, stage) in new[] { (26.0, 1), (23.5, 2) }) yield return Nudge("query", days, stage, Search);

        // 3. The loop is frozen while a database moves.
        yield return new WorldAct(time.Before(20), token => ledger.FreezeAsync(new ControlFreeze { At = clock.Now, Frozen = true, Until = clock.Now.AddHours(6), By = Platform, Why = "the order database moves tonight" }, token));
        yield return new WorldAct(time.Before(20).AddHours(4), token => ledger.FreezeAsync(new ControlFreeze { At = clock.Now, Frozen = false, By = Platform, Why = "the move is over" }, token));

        // 4. One that is rolled back.
        yield return Start("edit", 12, text => WorldPolicies.On(text, "edit-file", "small"), Agents, "edits are most of the coding agent's bill", [5_000, RolloutPlan.Whole],
            4, [new Guard(GuardMetric.CheckFailure, 0.05), new Guard(GuardMetric.Escalation, 0.05), new Guard(GuardMetric.LatencyP95, 0.3)]);
        yield return new WorldAct(time.Before(9), token => GiveBackAsync("edit", Agents, "a third of the diffs are malformed; the climbs eat the saving", token));

        // 5. One that goes on now.
        yield return Start("draft", 6.5, text => WorldPolicies.On(text, "draft-reply", "small"), Support, "a person reads every draft; is the small model's good enough?", [1_000, 2_500, 5_000, RolloutPlan.Whole],
            9, [new Guard(GuardMetric.Judge, 0.10), new Guard(GuardMetric.Override, 0.10), new Guard(GuardMetric.CostPerCall, 0.2), new Guard(GuardMetric.LatencyP95, 0.5)]);
        yield return Nudge("draft", 3.2, 1, Support);

        // 6. A model without a price, for some days.
        yield return Change(time.Before(6.2), text => WorldPolicies.WithPreview(text, final), Agents, "the preview of the next middle model joins the pool");
        yield return Change(time.Before(3.4), WorldPolicies.WithPreviewPrice, Platform, "the preview's price, from the provider's page");

        // 7. The story: the small model is bad at tickets for two days, is demoted by the loop, and comes back by a rollout.
        yield return new WorldAct(time.Before(3.3), DemoteByHandAsync);
        yield return Start("back", 2.9, text => WorldPolicies.On(text, WorldTroubles.Story, "small"), Support, "the small model is well again", [2_500, 5_000, RolloutPlan.Whole],
            0.8, [new Guard(GuardMetric.CheckFailure, 0.10), new Guard(GuardMetric.Error, 0.05), new Guard(GuardMetric.CostPerCall, 0.2)]);
        foreach (var (days, stage) in new[] { (2.1, 1), (1.4, 2) }) yield return Nudge("back", days, stage, Support);

        // 8. Evals, the judge's tests, and reviews.
        yield return new WorldAct(time.Before(16), token => evals.TestJudgeAsync("draft-reply", token));
        yield return new WorldAct(time.Before(14), token => evals.RunAsync("classify-ticket", 180, ["sim-small", "sim-mid"], token));
        yield return new WorldAct(time.Before(9.5), token => evals.TestJudgeAsync("draft-reply", token));
        yield return new WorldAct(time.Before(8.5), token => evals.RunAsync("draft-reply", 240, ["sim-small", "sim-mid"], token));
        yield return new WorldAct(time.Before(7.5), token => reviews.ReviewRunAsync("draft-reply", 55, token));
        yield return new WorldAct(time.Before(0.8), token => evals.TestJudgeAsync("draft-reply", token));
        yield return new WorldAct(time.End.AddHours(-3), token => reviews.ReviewAsync(22, token));
        yield return new WorldAct(time.End.AddHours(-2), reviews.BookAsync);

        // 9. Lately.
        yield return Change(time.Before(1), WorldPolicies.WithHigherFloor, Support, "nine in ten tickets pass now: the floor may be higher");
        yield return new WorldAct(time.End.AddHours(-20), SilenceAsync);
    }

    private WorldAct Change(DateTimeOffset at, Func<string, string> change, string who, string why) => new(at, token => PublishAsync(change, who, why, token));

    private WorldAct Start(string name, double days, Func<string, string> change, string who, string why, ImmutableArray<int> stages, double leastDays, ImmutableArray<Guard> guards) =>
        new(time.Before(days), async token =>
        {
            var current = await CurrentAsync(token);
            var file = WorldPolicies.Compile(change(current), Today);
            var proposal = await _desk.PlanAsync(new RolloutRequest
            {
                Candidate = new WholePolicy("the changed policy", file.Text, file.Files, file.Compilation.Snapshot!), Stages = stages, MinTime = time.Span(leastDays), MinSample = 10,
                Unit = RolloutUnit.Session, Guards = guards, By = who, Why = why,
            }, token);
            _rollouts[name] = (await _desk.StartAsync(proposal, token)).Id;
        });

    /// <summary>Somebody lets a rollout go on whose numbers are still open; where the loop was faster there is nothing to do.</summary>
    private WorldAct Nudge(string name, double days, int stage, string who) => new(time.Before(days), async token =>
    {
        if (await OpenAsync(name, token) is not { } rollout || rollout.Last.Stage >= stage) return;
        await _desk.AdvanceAsync(rollout.Id, who, "the guards are still open at this traffic, and nothing looks bad: on we go", token);
    });

    private async Task GiveBackAsync(string name, string who, string why, CancellationToken cancellationToken)
    {
        if (await OpenAsync(name, cancellationToken) is { } rollout) await _desk.RollBackAsync(rollout.Id, who, why, cancellationToken);
    }

    /// <summary>Where there is too little traffic for the loop to be sure in time, somebody acts.</summary>
    private async Task DemoteByHandAsync(CancellationToken cancellationToken)
    {
        var current = await CurrentAsync(cancellationToken);
        if (WorldPolicies.Compile(current, Today).Compilation.Snapshot!.Tags[WorldTroubles.Story].Tier.Name != "small") return;
        await PublishAsync(text => WorldPolicies.On(text, WorldTroubles.Story, "mid"), Support, "half of the tickets climb: to mid until the small model is well", cancellationToken);
    }

    private async Task SilenceAsync(CancellationToken cancellationToken) => await ledger.AddSilenceAsync(new SilenceDraft
    {
        Tag = "search-summarise", Kind = AlertKind.CostCeiling, From = clock.Now, Until = clock.Now.AddDays(3), Who = Search, Why = "the crawler sends whole pages since yesterday; a fix is under way",
    }, cancellationToken);

    private async Task<Rollout?> OpenAsync(string name, CancellationToken cancellationToken) =>
        _rollouts.TryGetValue(name, out var id) && await ledger.FindRolloutAsync(id, cancellationToken) is { IsOpen: true } rollout ? rollout : null;

    private async Task<string> CurrentAsync(CancellationToken cancellationToken) =>
        (await ledger.GetRevisionAsync((await ledger.NewestRevisionAsync(cancellationToken))!.Number, cancellationToken))!.Text;

    private async Task PublishAsync(Func<string, string> change, string who, string why, CancellationToken cancellationToken)
    {
        var current = await ledger.NewestRevisionAsync(cancellationToken) is null ? "" : await CurrentAsync(cancellationToken);
        var file = WorldPolicies.Compile(change(current), Today);
        await File.WriteAllTextAsync(policyPath, file.Text, cancellationToken);
        foreach (var (name, bytes) in file.Files)
        {
            var path = Path.Combine(Path.GetDirectoryName(policyPath)!, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllBytesAsync(path, bytes, cancellationToken);
        }
        await ledger.PublishRevisionAsync(file.Compilation.Snapshot!.Hash, file.Text, file.Files, who, why, cancellationToken);
    }

    private DateOnly Today => DateOnly.FromDateTime(clock.Now.UtcDateTime);
}
