using System.Text.Json;
using Rung.Control.Reviews;
using Rung.Core.Spans;
using Rung.Storage.Content;
using Rung.Storage.Verdicts;

namespace Rung.Control.Tests.Reviews;

public sealed class ReviewPlannerTests
{
    [Fact]
    public async Task A_week_is_drawn_once_and_planning_it_again_adds_nothing()
    {
        await using var world = new ReviewWorld();
        await world.CaptureAsync(0, 400, captured: 0.5);

        var first = await world.Planner.PlanWeekAsync(ReviewWorld.Request(), ReviewWorld.Week, default);
        var second = await world.Planner.PlanWeekAsync(ReviewWorld.Request(), ReviewWorld.Week, default);

        Assert.Equal((400, 100, first.Drawn), (first.Plan.Frame, first.Aimed, first.Added));
        Assert.InRange(first.Drawn, 70, 130);
        Assert.True(first.Targeted > 15 && first.Uniform > 25 && first.Pairs > 10 && first.Double > 5);
        Assert.Equal((0, first.Drawn), (second.Added, second.Drawn));
        var items = await world.Store.ReadReviewsAsync(new ReviewQuery(), default);
        Assert.All(items, entry => Assert.Equal(entry.Item.Inclusion * 0.5, entry.Item.SampledAt));
        Assert.All(items.Where(entry => entry.Item.Part == ReviewPart.Targeted), entry => Assert.True(entry.Item.TargetedInclusion > 0));
    }

    [Fact]
    public async Task A_week_that_runs_uses_up_its_quota_as_it_passes_and_late_calls_top_up()
    {
        await using var world = new ReviewWorld(ReviewWorld.Monday.AddDays(3.5));
        await world.CaptureAsync(0, 1000);
        var half = await world.Planner.PlanWeekAsync(ReviewWorld.Request(), ReviewWorld.Week, default);

        world.Clock.Now = ReviewWorld.Monday.AddDays(8);
        await world.CaptureAsync(1000, 1000);
        var whole = await world.Planner.PlanWeekAsync(ReviewWorld.Request(), ReviewWorld.Week, default);

        Assert.Equal((50, 100), (half.Aimed, whole.Aimed));
        Assert.InRange(half.Drawn, 28, 75);
        var items = await world.Store.ReadReviewsAsync(new ReviewQuery(), default);
        Assert.Equal(half.Added + whole.Added, items.Count);
        Assert.InRange(items.Count, 75, 145);
        await Assert.ThrowsAsync<ReviewException>(() => world.Planner.PlanWeekAsync(ReviewWorld.Request(), new ReviewWeek(2027, 2), default));
    }

    [Fact]
    public async Task Another_seed_for_a_plan_that_is_there_is_refused()
    {
        await using var world = new ReviewWorld();
        await world.CaptureAsync(0, 300);
        await world.Planner.PlanWeekAsync(ReviewWorld.Request(seed: 5), ReviewWorld.Week, default);

        var refused = await Assert.ThrowsAsync<ReviewException>(() => world.Planner.PlanWeekAsync(ReviewWorld.Request(seed: 6), ReviewWorld.Week, default));

        Assert.Equal(ReviewFault.Conflict, refused.Fault);
        Assert.Equal(0, (await world.Planner.PlanWeekAsync(ReviewWorld.Request(), ReviewWorld.Week, default)).Added); // Keeps its own.
    }

    [Fact]
    public async Task What_users_and_judges_disagree_about_is_drawn_first()
    {
        await using var world = new ReviewWorld();
        await world.CaptureAsync(0, 1000);
        var disputed = new[] { 100, 200, 301, 400 };
        await world.Ledger.AppendVerdictsAsync([.. disputed.Select(number => Verdict(number, VerdictKind.Thumbs, 0)), .. disputed.Select(number => Verdict(number, VerdictKind.Judge, 1))], default);

        await world.Planner.PlanWeekAsync(ReviewWorld.Request(), ReviewWorld.Week, default);

        var items = await world.Store.ReadReviewsAsync(new ReviewQuery(), default);
        var chance = items.Where(entry => entry.Item.Why?.Contains("users and machines disagree", StringComparison.Ordinal) == true).Select(entry => entry.Item.TargetedInclusion).ToArray();
        Assert.All(chance, one => Assert.True(one > items.Average(entry => entry.Item.TargetedInclusion)));
    }

    [Fact]
    public async Task Nothing_captured_is_said_with_what_to_do()
    {
        await using var world = new ReviewWorld();
        var nothing = await Assert.ThrowsAsync<ReviewException>(() => world.Planner.PlanWeekAsync(ReviewWorld.Request(), ReviewWorld.Week, default));
        Assert.Contains("capture", nothing.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verdicts_go_to_the_ledger_with_their_probability_once_and_estimate_the_quality()
    {
        await using var world = new ReviewWorld();
        await world.CaptureAsync(0, 300, captured: 0.5);
        await world.Planner.PlanWeekAsync(ReviewWorld.Request(), ReviewWorld.Week, default);
        var (given, pairs) = (0, 0);
        var turn = new ReviewTurn { Reviewer = "ana", Tag = "label" };
        while (await world.Desk.NextAsync(turn, default) is { } shown)
        {
            // What climbed is judged by its served answer: the large model's is always good here.
            var isGood = shown.Judged.Text.StartsWith("large", StringComparison.Ordinal) || !shown.Judged.Text.EndsWith('5');
            var choice = shown.IsPair ? shown.Left.Text.StartsWith("large", StringComparison.Ordinal) ? ReviewChoice.Left : ReviewChoice.Right : isGood ? ReviewChoice.Good : ReviewChoice.Bad;
            await world.Desk.GiveAsync(shown.Item.Id, new ReviewOpinion { Reviewer = "ana", Choice = choice, Good = shown.IsPair ? ReviewGood.Better : null }, default);
            given++;
            if (shown.IsPair) pairs++;
        }

        Assert.Equal(0, await world.Desk.BookAsync("ben", TimeSpan.Zero, default));
        Assert.Equal(0, await world.Desk.BookAsync(null, TimeSpan.FromMinutes(10), default));
        Assert.Equal(given, await world.Desk.BookAsync("ana", TimeSpan.Zero, default));
        Assert.Equal(0, await world.Desk.BookAsync(null, TimeSpan.Zero, default));
        var records = new List<VerdictRecord>();
        await foreach (var record in world.Ledger.ReadVerdictsAsync(new VerdictQuery { Tag = "label" }, default)) records.Add(record);
        Assert.Equal(given, records.Count);
        Assert.All(records, record => Assert.Equal((VerdictKind.Review, 1, "ana"), (record.Kind, record.Weight, record.By)));
        Assert.All(records, record => Assert.InRange(record.SampledAt!.Value, 0.01, 0.5));
        Assert.Equal(pairs, records.Count(record => record.Model == "large-model"));

        var estimate = Assert.Single(await world.Desk.EstimatesAsync("label", default));
        Assert.Equal((given, 0, 0), (estimate.Judged, estimate.Unsure, estimate.Waiting));
        Assert.True(estimate.Quality!.Value.Covers(1 - (20 / 300.0))); // Those that end in 5, less every third of them.
        Assert.True(estimate.UniformQuality!.Value.Covers(1 - (20 / 300.0)));
    }

    [Fact]
    public async Task An_item_whose_content_is_gone_leaves_the_queue()
    {
        await using var world = new ReviewWorld();
        await world.CaptureAsync(0, 60);
        await world.Planner.PlanWeekAsync(ReviewWorld.Request(), ReviewWorld.Week, default);
        var shown = (await world.Desk.NextAsync(new ReviewTurn { Reviewer = "ana" }, default))!;
        world.Clock.Now = ReviewWorld.Monday.AddDays(31);

        Assert.Equal(ReviewFault.NotFound, (await Assert.ThrowsAsync<ReviewException>(() => world.Desk.GiveAsync(shown.Item.Id, new ReviewOpinion { Reviewer = "ana", Choice = ReviewChoice.Skip }, default))).Fault);
        Assert.Null(await world.Desk.NextAsync(new ReviewTurn { Reviewer = "ana" }, default));
        Assert.Equal((0, 60), await ProgressAsync(world));
    }

    [Fact]
    public async Task References_of_a_set_and_answers_of_a_run_are_shown_and_become_labels_but_never_verdicts_on_calls()
    {
        await using var world = new ReviewWorld();
        var rows = Enumerable.Range(0, 60).Select(i => new EvalRow
        {
            Id = $"r-{i:x16}", Position = i, Part = EvalPart.Test, Request = """{"messages":[{"role":"user","content":"q"}]}"""u8.ToArray(), Reference = JsonSerializer.SerializeToUtf8Bytes(new { content = $"ref {i}" }),
            ReferenceSource = ReferenceSource.Model, ReferenceBy = "opus", Origin = "file q.jsonl:1", CallId = i == 0 ? ReviewWorld.Id(0) : null,
        }).ToArray();
        var set = await world.Store.AddEvalSetAsync(new EvalSetDraft { Name = "q", Tag = "label", MadeBy = "test", Rows = rows }, default);
        var run = await world.Store.BeginEvalRunAsync(new EvalRun { Id = "run-1", SetName = "q", SetVersion = 1, SetHash = set.Hash, Tag = "label", Plan = "{}", BegunAt = world.Clock.Now }, default);
        foreach (var row in rows)
            await world.Store.SaveEvalAnswerAsync(run.Id, row, new EvalRunAnswer { Candidate = "haiku", RowId = row.Id, Status = EvalAnswerStatus.Answered, Message = JsonSerializer.SerializeToUtf8Bytes(new { content = row.Position == 1 ? "ref 1" : $"cheap {row.Position}" }) }, default);

        Assert.Equal(60, (await world.Planner.PlanSetAsync(ReviewWorld.Request(), set, rows, default)).Added);
        var planned = await world.Planner.PlanRunAsync(ReviewWorld.Request(), run, default);
        Assert.Equal((60, "run run-1"), (planned.Added, planned.Plan.Scope));

        var (pairs, singles) = (0, 0);
        while (await world.Desk.NextAsync(new ReviewTurn { Reviewer = "ana" }, default) is { } shown)
        {
            if (shown.Item.Source == ReviewSource.Run && shown.IsPair)
            {
                pairs++;
                Assert.Equal(shown.Item.IsFlipped ? "opus" : "haiku", shown.Left.Model);
                var better = shown.Left.Model == "opus" ? ReviewChoice.Left : ReviewChoice.Right;
                await world.Desk.GiveAsync(shown.Item.Id, new ReviewOpinion { Reviewer = "ana", Choice = better, Good = ReviewGood.Both }, default);
            }
            else
            {
                singles++;
                await world.Desk.GiveAsync(shown.Item.Id, new ReviewOpinion { Reviewer = "ana", Choice = ReviewChoice.Good, Rating = 4 }, default);
            }
        }

        Assert.Equal((59, 61), (pairs, singles)); // One answer is the reference word for word: there is nothing to compare.
        Assert.Equal(0, await world.Desk.BookAsync(null, TimeSpan.Zero, default));
        var items = await world.Store.ReadReviewsAsync(new ReviewQuery { Set = "q" }, default);
        Assert.All(ReviewLabels.Of(items, comparing: true), label => Assert.Equal(("haiku", 0, "ana"), (label.Candidate, label.Score, label.Reviewer)));
        Assert.Equal(60, ReviewLabels.Of(items, comparing: false).Count(label => label.Score == 1));
        Assert.Empty(await world.Desk.EstimatesAsync(null, default));
    }

    private static async Task<(int Items, int Withdrawn)> ProgressAsync(ReviewWorld world)
    {
        var progress = Assert.Single(await world.Desk.ProgressAsync(null, default));
        return (progress.Items, progress.Withdrawn);
    }

    private static VerdictRecord Verdict(int number, VerdictKind kind, double score) => new()
    {
        Id = $"{kind} {number}", CallId = ReviewWorld.Id(number), Tag = "label", Kind = kind, Score = score, Weight = 1, By = "user", At = ReviewWorld.Monday.AddDays(2),
    };
}
