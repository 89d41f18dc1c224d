using System.Text.Json;
using Rung.Core.Alerts;
using Rung.Core.Rollouts;
using Rung.Storage;
using Rung.Storage.Control;
using Rung.Storage.Revisions;
using Rung.Storage.Rollouts;

namespace Rung.Control.Tests.Rollouts;

public sealed class RolloutLoopTests
{
    private static readonly CancellationToken s_none = CancellationToken.None;

    [Fact]
    public async Task An_equal_candidate_goes_from_stage_to_stage_and_becomes_the_policy_with_its_file()
    {
        await using var world = new RolloutWorld();
        await world.PublishAsync();
        var started = await world.StartAsync();
        Assert.Equal((2L, 1L), (started.Candidate, started.Base));

        var minutes = await world.UntilAsync(rollout => !rollout.IsOpen, 240, world.Loop());

        Assert.InRange(minutes, 20, 240); // Not before its least time.
        var ended = await world.RolloutAsync();
        Assert.Equal([RolloutEventKind.Started, RolloutEventKind.Advanced, RolloutEventKind.Completed], ended.Events.Select(happened => happened.Kind));
        Assert.All(ended.Events.Skip(1), happened => Assert.Equal(AutomaticRevision.By, happened.By));
        var numbers = JsonDocument.Parse(ended.Last.Numbers!).RootElement;
        Assert.Equal("advance", numbers.GetProperty("decision").GetString());
        Assert.Equal(["judge", "error"], numbers.GetProperty("guards").EnumerateArray().Select(guard => guard.GetProperty("guard").GetString()));
        var newest = (await world.Ledger.NewestRevisionAsync(s_none))!;
        Assert.Equal((3L, RevisionOrigin.Automatic), (newest.Number, newest.Origin));
        Assert.Equal(RolloutWorld.Compile(RolloutWorld.Policy).Snapshot!.Hash, newest.FileHash);
        Assert.Equal(RolloutWorld.Cheaper(), world.FileText);
    }

    [Fact]
    public async Task A_candidate_that_is_much_worse_is_rolled_back_at_its_first_stage_with_the_numbers_and_an_alert()
    {
        await using var world = new RolloutWorld { Candidate = 0.3 };
        await world.PublishAsync();
        await world.StartAsync();
        var loop = world.Loop();

        var minutes = await world.UntilAsync(rollout => !rollout.IsOpen, 120, loop);

        Assert.InRange(minutes, 1, 119);
        var ended = await world.RolloutAsync();
        Assert.Equal([RolloutEventKind.Started, RolloutEventKind.RolledBack], ended.Events.Select(happened => happened.Kind));
        Assert.Equal((-1, AutomaticRevision.By), (ended.Last.Stage, ended.Last.By));
        Assert.Contains("judge", ended.Last.Why, StringComparison.Ordinal);
        Assert.Equal("roll_back", JsonDocument.Parse(ended.Last.Numbers!).RootElement.GetProperty("decision").GetString());
        Assert.Equal(1, (await world.Ledger.NewestRevisionAsync(s_none))!.Number); // Nothing else has changed.
        Assert.Equal(RolloutWorld.Policy, world.FileText);
        var told = Assert.Single((await world.MinuteAsync(loop)).Conditions, condition => condition.Kind == AlertKind.RolloutRolledBack);
        Assert.Equal(("rollback:1", "label", "rung policy diff 1 2"), (told.Key, told.Tag, told.Next));
        world.Clock.Now += TimeSpan.FromHours(25);
        Assert.DoesNotContain((await loop.StepAsync(world.Clock.Now, s_none)).Conditions, condition => condition.Kind == AlertKind.RolloutRolledBack);
    }

    [Fact]
    public async Task A_loop_that_was_restarted_says_what_the_one_before_it_said()
    {
        await using var world = new RolloutWorld { PerMinute = 25 };
        await world.PublishAsync();
        await world.StartAsync();
        var loop = world.Loop();
        for (var minute = 0; minute < 45; minute++) await world.MinuteAsync(loop);

        var before = (await world.Ledger.ListReadingsAsync(1, 1, s_none))[0];
        await world.Loop().StepAsync(world.Clock.Now, s_none); // Knows nothing but the ledger.
        var after = (await world.Ledger.ListReadingsAsync(1, 1, s_none))[0];

        Assert.True((await world.RolloutAsync()).Events.Length > 1); // Over the border of a stage.
        Assert.Equal(before.At, after.At);
        Assert.Equal(before.Verdict, after.Verdict);
    }

    [Fact]
    public async Task Of_two_loops_on_one_ledger_one_acts_and_the_other_takes_over_when_it_is_gone()
    {
        await using var world = new RolloutWorld();
        await world.PublishAsync();
        await world.StartAsync();
        await using var second = Ledger.Open(world.Folder, world.Clock);
        var (one, two) = (world.Loop("one"), world.Loop("two", second));
        for (var minute = 0; minute < 5; minute++) await world.MinuteAsync(one, two);
        Assert.Equal("one", (await world.Ledger.FindLeaseAsync("control", s_none))!.Holder);

        // The first one is gone without a word.
        var minutes = await world.UntilAsync(rollout => !rollout.IsOpen, 240, two);

        Assert.InRange(minutes, 4, 240);
        Assert.Equal("two", (await world.Ledger.FindLeaseAsync("control", s_none))!.Holder);
        var ended = await world.RolloutAsync();
        Assert.Equal(Enumerable.Range(0, ended.Events.Length), ended.Events.Select(happened => happened.Ordinal));
        Assert.Single(ended.Events, happened => happened.Kind == RolloutEventKind.Completed);
        Assert.Single(await world.Ledger.ListRevisionsAsync(s_none), entry => entry.Origin == RevisionOrigin.Automatic);
    }

    [Fact]
    public async Task Nothing_advances_while_it_is_held_or_everything_is_frozen_and_harm_is_taken_back_all_the_same()
    {
        await using var world = new RolloutWorld();
        await world.PublishAsync();
        await world.StartAsync();
        var loop = world.Loop();
        await world.Desk.HoldAsync(1, "bo", "launch day", s_none);
        await world.Ledger.FreezeAsync(new ControlFreeze { At = world.Clock.Now, Frozen = true, By = "bo", Why = "launch day" }, s_none);
        for (var minute = 0; minute < 40; minute++) await world.MinuteAsync(loop);
        var held = await world.RolloutAsync();
        Assert.Equal((true, 1_000, RolloutEventKind.Held), (held.IsHeld, held.Share, held.Last.Kind));
        Assert.Equal("advance", JsonDocument.Parse((await world.Ledger.ListReadingsAsync(1, 1, s_none))[0].Verdict).RootElement.GetProperty("decision").GetString());

        world.Candidate = 0;
        Assert.InRange(await world.UntilAsync(rollout => !rollout.IsOpen, 120, loop), 1, 120);
        Assert.Equal(RolloutEventKind.RolledBack, (await world.RolloutAsync()).Last.Kind);
    }

    [Fact]
    public async Task A_change_of_another_tag_meanwhile_is_kept_and_one_of_the_same_tag_keeps_it_from_completing()
    {
        await using var world = new RolloutWorld();
        await world.PublishAsync();
        await world.StartAsync();
        var changed = RolloutWorld.Policy.Replace("why: \"Something else.\"", "why: \"Something new.\"", StringComparison.Ordinal);
        await world.PublishAsync(changed, "bo", "another tag");

        await world.Desk.AdvanceAsync(1, "ana", "looks fine", s_none);
        var done = await world.Desk.AdvanceAsync(1, "ana", "looks fine", s_none);

        Assert.Equal(RolloutEventKind.Completed, done.Last.Kind);
        Assert.Equal(RolloutWorld.Cheaper(changed), world.FileText);

        await world.StartAsync(RolloutWorld.Quick(world.FileText!.Replace("tier: small\n", "tier: large\n", StringComparison.Ordinal)));
        await world.PublishAsync(world.FileText!.Replace("why: \"Three labels.\"", "why: \"Four labels.\"", StringComparison.Ordinal), "bo", "the same tag");
        await world.Desk.AdvanceAsync(2, "ana", "on", s_none);
        var refused = await Assert.ThrowsAsync<Control.Rollouts.RolloutException>(() => world.Desk.AdvanceAsync(2, "ana", "on", s_none));
        Assert.Contains("changed label as well", refused.Problem, StringComparison.Ordinal);
        Assert.True((await world.RolloutAsync(2)).IsOpen);
    }

    [Fact]
    public async Task With_a_holdback_it_stays_open_when_it_is_complete_and_can_still_be_taken_back()
    {
        await using var world = new RolloutWorld();
        await world.PublishAsync();
        await world.StartAsync(RolloutWorld.Quick(RolloutWorld.Cheaper()) with { Holdback = 1_000 });
        for (var i = 0; i < 2; i++) await world.Desk.AdvanceAsync(1, "ana", "on", s_none);
        var complete = await world.RolloutAsync();
        Assert.Equal((true, RolloutEventKind.Completed, 3L), (complete.IsOpen, complete.Last.Kind, (await world.Ledger.NewestRevisionAsync(s_none))!.Number));

        var back = await world.Desk.RollBackAsync(1, "ana", "complaints", s_none);

        Assert.False(back.IsOpen);
        var newest = (await world.Ledger.NewestRevisionAsync(s_none))!;
        Assert.Equal((4L, RevisionOrigin.Automatic, RolloutWorld.Compile(RolloutWorld.Policy).Snapshot!.Hash), (newest.Number, newest.Origin, newest.Hash));
        Assert.Equal(RolloutWorld.Policy, world.FileText);
    }

    [Fact]
    public async Task A_complete_one_whose_tags_somebody_has_put_back_already_can_still_be_ended()
    {
        await using var world = new RolloutWorld();
        await world.PublishAsync();
        await world.StartAsync(RolloutWorld.Quick(RolloutWorld.Cheaper()) with { Holdback = 1_000 });
        for (var i = 0; i < 2; i++) await world.Desk.AdvanceAsync(1, "ana", "on", s_none);
        await world.PublishAsync(RolloutWorld.Policy.Replace("why: \"Something else.\"", "why: \"Something new.\"", StringComparison.Ordinal), "bo", "by hand");

        var back = await world.Desk.RollBackAsync(1, "ana", "complaints", s_none);

        Assert.Equal((false, RolloutEventKind.RolledBack), (back.IsOpen, back.Last.Kind));
        Assert.Equal("by hand", (await world.Ledger.NewestRevisionAsync(s_none))!.Reason); // Nothing was published on top of it.
    }

    [Fact]
    public async Task A_file_that_somebody_is_editing_is_left_alone_and_not_taken_for_what_the_revision_has_seen()
    {
        await using var world = new RolloutWorld();
        var first = await world.PublishAsync();
        await world.StartAsync();
        var edit = world.FileText = RolloutWorld.Policy + "# an edit that no gateway has seen yet\n";
        for (var i = 0; i < 2; i++) await world.Desk.AdvanceAsync(1, "ana", "on", s_none);

        Assert.Equal(edit, world.FileText);
        Assert.Equal(first.Hash, (await world.Ledger.NewestRevisionAsync(s_none))!.FileHash);
    }

    [Theory]
    [InlineData(0.5, true)]
    [InlineData(0.0, false)]
    public async Task Copies_end_by_themselves_when_enough_were_judged_and_the_judge_may_end_it_all(double score, bool goesOn)
    {
        await using var world = new RolloutWorld();
        await world.PublishAsync();
        await world.StartAsync(RolloutWorld.Quick(RolloutWorld.Cheaper()) with { Shadow = new ShadowTerms(1, 1_000_000_000, 40) });
        var loop = world.Loop();
        Assert.True((await world.RolloutAsync()).IsShadow);
        var copies = Enumerable.Range(0, 40).Select(i => world.Call(world.Clock.Now.AddSeconds(i), "shadow.label", null, "small", 2, "1:candidate")).ToList();
        await world.Ledger.AppendAsync([.. copies, world.Call(world.Clock.Now.AddSeconds(41), "shadow.label", null, "large", 1, null)], s_none);
        await world.Ledger.AppendVerdictsAsync([.. copies.Select(copy => new Core.Spans.VerdictRecord
        {
            Id = $"s{copy.Id}", CallId = copy.Id, Tag = copy.Tag, Kind = Core.Spans.VerdictKind.Judge, Name = "shadow", Score = score, Weight = 0, By = "judge", At = copy.StartedAt.AddSeconds(2),
        })], s_none);

        await world.MinuteAsync(loop);

        var after = await world.RolloutAsync();
        Assert.Equal(goesOn ? (RolloutEventKind.ShadowEnded, 0, 1_000) : (RolloutEventKind.RolledBack, -1, 0), (after.Last.Kind, after.Last.Stage, after.Share));
        Assert.Contains($"40 copies (0 failed), 40 of 40 judged, mean score {score:0.000} (0.5: as good), $0.04 of $1.00", after.Last.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Copies_that_ended_before_enough_were_judged_say_nothing_and_wait_for_a_person()
    {
        await using var world = new RolloutWorld();
        await world.PublishAsync();
        await world.StartAsync(RolloutWorld.Quick(RolloutWorld.Cheaper()) with { Shadow = new ShadowTerms(1, 10_000_000, 40) });
        var loop = world.Loop();
        var copies = Enumerable.Range(0, 20).Select(i => world.Call(world.Clock.Now.AddSeconds(i), "shadow.label", null, "small", 2, "1:candidate")).ToList();
        await world.Ledger.AppendAsync(copies, s_none);

        await world.MinuteAsync(loop);
        await world.MinuteAsync(loop);

        var held = await world.RolloutAsync();
        Assert.Equal((RolloutEventKind.Held, true, true, 2), (held.Last.Kind, held.IsShadow, held.IsHeld, held.Events.Length));
        Assert.StartsWith("The copies ended before 30 were judged: 20 copies (0 failed), none was judged, $0.02 of $0.01. Nothing says yet", held.Last.Why, StringComparison.Ordinal);

        await world.Desk.ResumeAsync(1, "pat", "Seen by eye.", s_none);
        await world.MinuteAsync(loop);
        Assert.Equal((RolloutEventKind.ShadowEnded, 1_000), ((await world.RolloutAsync()).Last.Kind, (await world.RolloutAsync()).Share));
    }

    [Fact]
    public async Task A_rollout_that_waits_for_too_long_is_told_with_times_as_people_say_them()
    {
        await using var world = new RolloutWorld { IsJudged = false, PerMinute = 1 };
        await world.PublishAsync();
        await world.StartAsync(RolloutWorld.Quick(RolloutWorld.Cheaper()) with { MinTime = TimeSpan.FromMinutes(2) });
        var loop = world.Loop();

        for (var minute = 0; minute < 4; minute++) Assert.Empty((await world.MinuteAsync(loop)).Conditions);
        var told = Assert.Single((await world.MinuteAsync(loop)).Conditions);
        Assert.Equal((AlertKind.RolloutStalled, "rollout 1 of label has been at 10 % for 5 min; its least time there is 1 min"), (told.Kind, told.Summary));
        world.Clock.Now += TimeSpan.FromMinutes(57);
        Assert.Contains("for 1 h 2 min; its", Assert.Single((await loop.StepAsync(world.Clock.Now, s_none)).Conditions).Summary, StringComparison.Ordinal);
    }
}
