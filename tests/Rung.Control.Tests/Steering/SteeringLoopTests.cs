using Rung.Control.Steering;
using Rung.Control.Tests.Rollouts;
using Rung.Core.Alerts;
using Rung.Core.Rollouts;
using Rung.Storage.Control;
using Rung.Storage.Revisions;
using Rung.Storage.Rollouts;

namespace Rung.Control.Tests.Steering;

public sealed class SteeringLoopTests
{
    private static readonly CancellationToken s_none = CancellationToken.None;

    private static readonly string s_watched = RolloutWorld.Cheaper().Replace(
        "    why: \"Three labels.\"\n", "    why: \"Three labels.\"\n    floor: { verdict: judge, at_least: 0.9 }\n    ceiling: { usd_per_call: 1 }\n", StringComparison.Ordinal);

    [Fact]
    public async Task A_broken_floor_moves_the_route_up_with_its_reason_on_record_and_the_file_written()
    {
        await using var world = new RolloutWorld { Candidate = 0.97, Current = 0.97, CallsOfSession = 10 };
        await world.PublishAsync(s_watched);
        var loop = world.Loop();
        for (var minute = 0; minute < 10; minute++) await world.MinuteAsync(loop);
        Assert.Equal(1, (await world.Ledger.NewestRevisionAsync(s_none))!.Number);

        world.Candidate = 0.5; // What the small tier answers is worse from now on.
        var (minutes, step) = (0, ControlStep.Elsewhere);
        while (minutes++ < 60 && (await world.Ledger.NewestRevisionAsync(s_none))!.Number == 1) step = await world.MinuteAsync(loop);

        var newest = (await world.Ledger.NewestRevisionAsync(s_none))!;
        Assert.Equal((2L, RevisionOrigin.Automatic, "rung"), (newest.Number, newest.Origin, newest.Author));
        Assert.Contains("quality dropped on tier small of label", newest.Reason, StringComparison.Ordinal);
        Assert.Contains("demoted to large", newest.Reason, StringComparison.Ordinal);
        Assert.Contains("    tier: large\n    owner: team-a\n    why: \"Three labels.\"", world.FileText!, StringComparison.Ordinal);
        var action = Assert.Single(await world.Ledger.ListControlActionsAsync(world.Clock.Now.AddDays(-1), s_none));
        Assert.Equal((ControlActionKind.Demoted, "label", "small", "large", 2L), (action.Kind, action.Tag, action.From, action.To, action.Revision));
        Assert.Contains(step.Conditions, condition => condition is { Kind: AlertKind.Demotion, Tag: "label" });

        // It recovers, and a loop that starts now tells the demotion on.
        for (var minute = 0; minute < 5; minute++) step = await world.MinuteAsync(loop);
        Assert.Equal(2, (await world.Ledger.NewestRevisionAsync(s_none))!.Number);
        Assert.Contains(step.Conditions, condition => condition is { Kind: AlertKind.Demotion, Tag: "label" });
        Assert.Contains((await world.Loop().StepAsync(world.Clock.Now, s_none)).Conditions, condition => condition is { Kind: AlertKind.Demotion, Tag: "label" });
    }

    [Fact]
    public async Task A_frozen_loop_only_says_what_it_would_do_and_says_it_once()
    {
        await using var world = new RolloutWorld { Candidate = 0.4, CallsOfSession = 10 };
        await world.PublishAsync(s_watched);
        await world.Ledger.FreezeAsync(new ControlFreeze { At = world.Clock.Now, Frozen = true, By = "bo", Why = "launch day" }, s_none);
        var loop = world.Loop();
        var step = ControlStep.Elsewhere;
        for (var minute = 0; minute < 15; minute++) step = await world.MinuteAsync(loop);

        Assert.Equal(1, (await world.Ledger.NewestRevisionAsync(s_none))!.Number);
        var action = Assert.Single(await world.Ledger.ListControlActionsAsync(world.Clock.Now.AddDays(-1), s_none));
        Assert.Equal((ControlActionKind.Proposed, (long?)null), (action.Kind, action.Revision));
        Assert.Contains("frozen by bo (launch day)", action.Why, StringComparison.Ordinal);
        Assert.Contains(step.Conditions, condition => condition is { Kind: AlertKind.QualityFloor, Tag: "label" });

        await world.Ledger.FreezeAsync(new ControlFreeze { At = world.Clock.Now, Frozen = false, By = "bo", Why = "over" }, s_none);
        await world.MinuteAsync(loop);
        Assert.Equal(2, (await world.Ledger.NewestRevisionAsync(s_none))!.Number);
    }

    [Fact]
    public async Task A_demotion_ends_the_rollout_of_its_tag_first()
    {
        await using var world = new RolloutWorld { Candidate = 0.5, Current = 0.97, CallsOfSession = 10 };
        await world.PublishAsync(s_watched);
        await world.StartAsync(RolloutWorld.Quick(s_watched.Replace("Three", "Four", StringComparison.Ordinal)));
        var loop = world.Loop();
        for (var minute = 0; minute < 30 && (await world.RolloutAsync()).IsOpen; minute++) await world.MinuteAsync(loop);

        var ended = await world.RolloutAsync();
        Assert.Equal((RolloutEventKind.RolledBack, "rung"), (ended.Last.Kind, ended.Last.By));
        Assert.Contains("the floor of label is broken", ended.Last.Why, StringComparison.Ordinal);
        Assert.Equal(RevisionOrigin.Automatic, (await world.Ledger.NewestRevisionAsync(s_none))!.Origin);
    }

    [Fact]
    public async Task Good_traffic_changes_nothing()
    {
        await using var world = new RolloutWorld { Candidate = 0.93, PerMinute = 20 };
        await world.PublishAsync(s_watched);
        var loop = world.Loop();
        for (var minute = 0; minute < 25; minute++) Assert.Empty((await world.MinuteAsync(loop)).Done);
        Assert.Single(await world.Ledger.ListRevisionsAsync(s_none));
    }

    [Fact]
    public async Task A_budget_counts_its_whole_period_whatever_revisions_came_meanwhile()
    {
        const string Budgets = "budgets: { jobs: { usd: 0.25, per: month, tags: [label] } }\n";
        await using var world = new RolloutWorld { IsJudged = false };
        await world.PublishAsync(RolloutWorld.Policy + Budgets);
        var loop = world.Loop();
        var step = ControlStep.Elsewhere;
        for (var minute = 0; minute < 2; minute++) step = await world.MinuteAsync(loop); // 40 calls of USD 0.003 a minute.
        Assert.Empty(step.Conditions);

        await world.PublishAsync(RolloutWorld.Policy.Replace("Something else", "Something other", StringComparison.Ordinal) + Budgets);
        step = await world.MinuteAsync(loop);
        var spent = Assert.Single(step.Conditions);
        Assert.Equal(("budget:jobs", AlertSeverity.Critical), (spent.Key, spent.Severity));
        Assert.StartsWith("budget jobs: $0.36", spent.Summary, StringComparison.Ordinal);
        Assert.Equal(spent.Since, Assert.Single((await world.Loop().StepAsync(world.Clock.Now, s_none)).Conditions).Since);

        await world.PublishAsync(RolloutWorld.Policy + Budgets.Replace("0.25", "0.45", StringComparison.Ordinal));
        Assert.Empty((await world.MinuteAsync(loop)).Conditions.Where(condition => condition.Summary.StartsWith("budget jobs: $0.0", StringComparison.Ordinal)));
        Assert.StartsWith("budget jobs: $0.60", Assert.Single((await world.MinuteAsync(loop)).Conditions).Summary, StringComparison.Ordinal);
    }
}
