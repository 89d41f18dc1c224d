using Rung.Control.Reviews;
using Rung.Storage.Content;

namespace Rung.Control.Tests.Reviews;

/// <summary>How far reviews are, and who may know whose answers they were.</summary>
public sealed class ReviewOverviewTests
{
    [Fact]
    public async Task Only_who_gave_a_verdict_is_told_whose_answers_they_were()
    {
        await using var world = new ReviewWorld();
        await world.CaptureAsync(0, 60);
        await world.Planner.PlanWeekAsync(ReviewWorld.Request(), ReviewWorld.Week, default);
        var item = (await world.Desk.NextAsync(new ReviewTurn { Reviewer = "ana" }, default))!.Item.Id;

        Assert.Null(await world.Desk.ToldAsync(item, "ana", default));
        await world.Desk.GiveAsync(item, new ReviewOpinion { Reviewer = "ana", Choice = ReviewChoice.Skip }, default);
        Assert.Null(await world.Desk.ToldAsync(item, "ana", default)); // Who skips may still judge.
        await world.Desk.GiveAsync(item, new ReviewOpinion { Reviewer = "ana", Choice = ReviewChoice.Good, Comment = "fine" }, default);
        Assert.Equal("fine", (await world.Desk.ToldAsync(item, "ana", default))!.Verdict.Comment);
        Assert.Null(await world.Desk.ToldAsync(item, "ben", default));
        await world.Desk.TakeBackAsync(item, "ana", default);
        Assert.Null(await world.Desk.ToldAsync(item, "ana", default));
    }

    [Fact]
    public async Task The_overview_counts_as_the_list_does_and_says_who_judged_how_much()
    {
        await using var world = new ReviewWorld();
        await world.CaptureAsync(0, 60);
        await world.Planner.PlanWeekAsync(ReviewWorld.Request(), ReviewWorld.Week, default);
        for (var i = 0; i < 12; i++)
        {
            var item = (await world.Desk.NextAsync(new ReviewTurn { Reviewer = "ana" }, default))!.Item.Id;
            await world.Desk.GiveAsync(item, new ReviewOpinion { Reviewer = "ana", Choice = i == 0 ? ReviewChoice.Skip : i == 1 ? ReviewChoice.Unsure : ReviewChoice.Good }, default);
        }

        var overview = await world.Desk.OverviewAsync("label", default);

        var plan = Assert.Single(overview.Plans);
        Assert.Equal((60, 11, 49), (plan.Items, plan.Judged, overview.Waiting));
        Assert.Equal(("ana", 11, 1, 1), (overview.Reviewers[0].Reviewer, overview.Reviewers[0].Judged, overview.Reviewers[0].Unsure, overview.Reviewers[0].Skipped));
        Assert.Equal((await world.Desk.EstimatesAsync("label", default))[0], Assert.Single(overview.Estimates));
        Assert.Empty((await world.Desk.OverviewAsync("other", default)).Plans);
    }
}
