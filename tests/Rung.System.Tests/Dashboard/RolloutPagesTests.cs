using System.Net;
using Rung.Core.Prices;
using Rung.Core.Rollouts;
using Rung.Core.Statistics;
using Rung.Serving;
using Rung.Storage.Revisions;
using Rung.Storage.Rollouts;

namespace Rung.Tests.Dashboard;

/// <summary>The pages of rollouts: what they show, and what people do there.</summary>
public sealed class RolloutPagesTests
{
    private const string Hostile = "<script>alert(1)</script>";

    [Fact]
    public async Task A_rollout_is_told_with_its_stages_guards_events_and_the_numbers_that_were_decided_on()
    {
        await using var gateway = await DashboardGateway.StartAsync();
        var id = await StartAsync(gateway, why: Hostile);
        await AdvanceAsync(gateway, id);
        var now = DateTimeOffset.UtcNow;
        for (var hour = 5; hour >= 1; hour--)
            await gateway.Ledger.RecordReadingAsync(new RolloutReading(id, now.AddHours(-hour), 0, RolloutPlanJson.Write(Verdict(hour == 5 ? double.PositiveInfinity : 0.01 * hour))), CancellationToken.None);

        var html = await gateway.PageAsync($"/rollouts/{id}");
        var csv = await gateway.PageAsync($"/rollouts/{id}/readings.csv");
        var list = await gateway.PageAsync("/rollouts");
        var policy = await gateway.PageAsync("/policy");

        Assert.Contains("sort: small → frontier", WebUtility.HtmlDecode(html));
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", html);
        Assert.DoesNotContain("<script>alert", html);
        Assert.Contains("advanced to 10 % of sessions", html);
        Assert.Contains("The numbers that it was decided on (1,234 calls on the candidate)", html);
        Assert.Contains("1,234", list);
        Assert.Contains("\"name\":\"margin of the stage\"", html);
        Assert.Contains("\"name\":\"worse by\"", html);
        Assert.Equal(6, csv.TrimEnd().Split("\r\n").Length);
        Assert.Contains($"in rollout {id}: 10 %", policy);
    }

    [Fact]
    public async Task A_guard_says_in_plain_words_what_it_asks_and_how_far_it_is()
    {
        await using var gateway = await DashboardGateway.StartAsync();
        var id = await StartAsync(gateway);
        await gateway.Ledger.RecordReadingAsync(new RolloutReading(id, DateTimeOffset.UtcNow.AddHours(-1), 0, RolloutPlanJson.Write(Verdict(0.01))), CancellationToken.None);

        var html = WebUtility.HtmlDecode(await gateway.PageAsync($"/rollouts/{id}"));

        // With the margin of the stage, which is wider than the plan's.
        Assert.Contains("Do at most 5 points more of the candidate's calls fail than of the current policy's?", html);
        Assert.Contains("Calls that failed <code>error</code>", html);
        Assert.Contains("3.3 % of what it takes", html); // 0.1 of ln(1 guard / 0.05).
        Assert.Contains("40.1 % of what it takes", html);
        Assert.DoesNotContain("logarithm", html);
        Assert.Contains("\"unit\":\"points\"", html);
    }

    [Fact]
    public async Task A_rollout_that_has_ended_has_no_forecast()
    {
        await using var gateway = await DashboardGateway.StartAsync();
        var id = await StartAsync(gateway);
        Assert.Contains("id=\"forecast\"", await gateway.PageAsync($"/rollouts/{id}"));
        Assert.Contains("live:rollouts", (await gateway.PageAsync($"/rollouts/{id}?forecast=1")).Split("id=\"forecast\"")[1].Split("</section>")[0]);
        Assert.True(await gateway.Ledger.AppendRolloutEventAsync(id, Event(1, RolloutEventKind.RolledBack, -1, "the floor is broken", by: "rung"), CancellationToken.None));

        Assert.DoesNotContain("id=\"forecast\"", await gateway.PageAsync($"/rollouts/{id}?forecast=1"));
    }

    [Fact]
    public async Task What_a_person_does_is_booked_with_the_name_and_the_reason()
    {
        await using var gateway = await DashboardGateway.StartAsync();
        var id = await StartAsync(gateway);

        using var silent = await gateway.ActAsync($"/rollouts/{id}", $"/rollouts/{id}/hold", ("seen", "1"));
        using var held = await gateway.ActAsync($"/rollouts/{id}", $"/rollouts/{id}/hold", ("seen", "1"), ("why", "looking " + Hostile));
        using var again = await gateway.ActAsync($"/rollouts/{id}", $"/rollouts/{id}/hold", ("seen", "2"), ("why", "twice"));
        using var resumed = await gateway.ActAsync($"/rollouts/{id}", $"/rollouts/{id}/resume", ("seen", "2"), ("why", "looked"));
        using var back = await gateway.ActAsync($"/rollouts/{id}", $"/rollouts/{id}/rollback", ("seen", "3"), ("why", "not today"));

        Assert.Contains("say why", await silent.Content.ReadAsStringAsync());
        Assert.Contains("held", await held.Content.ReadAsStringAsync());
        Assert.Contains("is held already", await again.Content.ReadAsStringAsync());
        var html = await back.Content.ReadAsStringAsync();
        Assert.Contains("rolled back", html);
        Assert.DoesNotContain("<script>alert", html);
        Assert.Equal(
            [(RolloutEventKind.Started, "ana", "a test"), (RolloutEventKind.Held, "dashboard", "looking " + Hostile), (RolloutEventKind.Resumed, "dashboard", "looked"), (RolloutEventKind.RolledBack, "dashboard", "not today")],
            (await FindAsync(gateway, id)).Events.Select(happened => (happened.Kind, happened.By, happened.Why)));
    }

    [Fact]
    public async Task Who_sends_the_same_form_twice_or_at_once_moves_the_rollout_one_stage()
    {
        await using var gateway = await DashboardGateway.StartAsync();
        var id = await StartAsync(gateway);
        await gateway.PageAsync($"/rollouts/{id}"); // The browser has its session before it does anything.

        var replies = await Task.WhenAll(Enumerable.Range(0, 4).Select(async i =>
        {
            using var reply = await gateway.ActAsync($"/rollouts/{id}", $"/rollouts/{id}/advance", ("seen", "1"), ("why", $"person {i}"));
            return await reply.Content.ReadAsStringAsync();
        }));

        var rollout = await FindAsync(gateway, id);
        Assert.Equal((2, 1), (rollout.Events.Length, rollout.Last.Stage));
        Assert.Equal(3, replies.Count(html => html.Contains("has moved since you looked", StringComparison.Ordinal) || html.Contains("at the same moment", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_rollout_that_ended_meanwhile_says_so()
    {
        await using var gateway = await DashboardGateway.StartAsync();
        var id = await StartAsync(gateway);
        await gateway.PageAsync($"/rollouts/{id}");
        Assert.True(await gateway.Ledger.AppendRolloutEventAsync(id, Event(1, RolloutEventKind.RolledBack, -1, "the floor is broken", by: "rung"), CancellationToken.None));

        using var late = await gateway.ActAsync("/rollouts", $"/rollouts/{id}/advance", ("seen", "1"), ("why", "on"));

        var html = await late.Content.ReadAsStringAsync();
        Assert.Contains($"Rollout {id} has ended: rolled back", html);
        Assert.DoesNotContain("/advance\"", html);
        Assert.Contains("the floor is broken", html);
    }

    [Fact]
    public async Task A_complete_rollout_makes_the_candidate_the_policy_and_says_how_to_go_back()
    {
        await using var gateway = await DashboardGateway.StartAsync();
        var id = await StartAsync(gateway);
        await AdvanceAsync(gateway, id);

        using var done = await gateway.ActAsync($"/rollouts/{id}", $"/rollouts/{id}/advance", ("seen", "2"), ("why", "good enough"));

        var html = await done.Content.ReadAsStringAsync();
        Assert.Contains("roll back to revision 1", html);
        Assert.Contains("tier: frontier, owner: team-a", await File.ReadAllTextAsync(gateway.PolicyPath));
        Assert.Equal(RevisionOrigin.Automatic, (await gateway.Ledger.NewestRevisionAsync(CancellationToken.None))!.Origin);
    }

    [Fact]
    public async Task The_control_loop_is_frozen_for_a_time_with_a_reason_and_let_go()
    {
        await using var gateway = await DashboardGateway.StartAsync();

        using var silent = await gateway.ActAsync("/rollouts", "/rollouts/freeze", ("for", "2h"));
        using var odd = await gateway.ActAsync("/rollouts", "/rollouts/freeze", ("for", "a while"), ("why", "because"));
        Assert.Null(await gateway.Ledger.ReadFreezeAsync(CancellationToken.None));
        using var frozen = await gateway.ActAsync("/rollouts", "/rollouts/freeze", ("for", "2h"), ("why", "a change freeze"));
        var freeze = (await gateway.Ledger.ReadFreezeAsync(CancellationToken.None))!;
        using var free = await gateway.ActAsync("/rollouts", "/rollouts/unfreeze", ("why", "over"));

        Assert.Contains("say why", await silent.Content.ReadAsStringAsync());
        Assert.Contains("is no length of time", await odd.Content.ReadAsStringAsync());
        Assert.Equal((true, "dashboard", "a change freeze", TimeSpan.FromHours(2)), (freeze.Frozen, freeze.By, freeze.Why, freeze.Until!.Value - freeze.At));
        Assert.Contains("a change freeze", await frozen.Content.ReadAsStringAsync());
        Assert.Contains("let go by dashboard", await free.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_form_without_the_token_of_the_session_changes_nothing()
    {
        await using var gateway = await DashboardGateway.StartAsync();
        var id = await StartAsync(gateway);
        await gateway.PageAsync($"/rollouts/{id}");

        foreach (var act in new[] { $"/rollouts/{id}/advance", $"/rollouts/{id}/hold", $"/rollouts/{id}/resume", $"/rollouts/{id}/rollback", "/rollouts/freeze", "/rollouts/unfreeze" })
        {
            using var forged = await gateway.Client.PostAsync(act, new FormUrlEncodedContent([new("seen", "1"), new("why", "because")]));
            Assert.Equal(HttpStatusCode.Forbidden, forged.StatusCode);
        }

        Assert.Single((await FindAsync(gateway, id)).Events);
        Assert.Null(await gateway.Ledger.ReadFreezeAsync(CancellationToken.None));
    }

    private static async Task<long> StartAsync(DashboardGateway gateway, string why = "a test")
    {
        var text = (await File.ReadAllTextAsync(gateway.PolicyPath)).Replace("tier: small, owner", "tier: frontier, owner", StringComparison.Ordinal);
        var file = PolicyFile.Compile("rung.yaml", text, _ => null, PriceBook.Embedded, new DateOnly(2026, 11, 22));
        var candidate = await gateway.Ledger.PublishRevisionAsync(file.Compilation.Snapshot!.Hash, text, file.Files, "ana", "candidate", CancellationToken.None, RevisionOrigin.Candidate);
        var plan = new RolloutPlan { Salt = "pepper", Tags = ["sort"], Stages = [100, 1_000, RolloutPlan.Whole], Guards = [new Guard(GuardMetric.Error, 0.01)] };
        return (await gateway.Ledger.StartRolloutAsync(candidate.Number, 1, plan, Event(0, RolloutEventKind.Started, 0, why), CancellationToken.None)).Started!.Id;
    }

    private static async Task AdvanceAsync(DashboardGateway gateway, long id) => Assert.True(await gateway.Ledger.AppendRolloutEventAsync(
        id, Event(1, RolloutEventKind.Advanced, 1, "All guards hold.", by: "rung") with { Numbers = RolloutPlanJson.Write(Verdict(0.004)) }, CancellationToken.None));

    private static RolloutEvent Event(int ordinal, RolloutEventKind kind, int stage, string why, string by = "ana") =>
        new() { Ordinal = ordinal, At = DateTimeOffset.UtcNow.AddHours(-6 + ordinal), Kind = kind, Stage = stage, By = by, Why = why };

    private static RolloutVerdict Verdict(double high) => new()
    {
        Decision = RolloutDecision.Hold, Why = "Not yet.", CallsExposed = 1_234,
        Guards =
        [
            new GuardReading
            {
                Guard = new Guard(GuardMetric.Error, 0.01), State = GuardState.Open, Candidate = 0.012, Current = 0.01, Worse = new Interval(0.002, -0.006, high), Margin = 0.05,
                CandidateCount = 200, CurrentCount = 9_000, HarmEvidence = 0.1, SafetyEvidence = 1.2, Words = "error: 1.20 % against 1.00 %",
            },
        ],
    };

    private static async Task<Storage.Rollouts.Rollout> FindAsync(DashboardGateway gateway, long id) => (await gateway.Ledger.FindRolloutAsync(id, CancellationToken.None))!;
}
