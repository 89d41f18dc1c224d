using Rung.Control.Reviews;
using Rung.Storage;
using Rung.Storage.Content;

namespace Rung.Demo.Ledgers;

/// <summary>What people look at in the made-up past: a quota a week of two jobs, of which two people have done a part.</summary>
internal sealed class WorldReviews(Ledger ledger, ContentStore store, TimeProvider clock, long seed)
{
    private static readonly string[] s_tags = ["draft-reply", "synthesize-answer"];

    /// <summary>Plans the week of now and the one before it, where content was kept, and judges a part of it.</summary>
    /// <param name="most">Verdicts of each person.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task ReviewAsync(int most, CancellationToken cancellationToken)
    {
        var planner = new ReviewPlanner(store, ledger, clock);
        var now = clock.GetUtcNow();
        foreach (var tag in s_tags)
        {
            foreach (var week in new[] { ReviewWeek.Of(now.AddDays(-7)), ReviewWeek.Of(now) })
            {
                if (!(await store.ListCapturesAsync(new CaptureQuery { Tag = tag, Since = week.Since, Until = week.Since.AddDays(7), Limit = 1 }, cancellationToken)).Any()) continue;
                await planner.PlanWeekAsync(new ReviewPlanRequest { Tag = tag, Quota = ReviewDesign.LeastQuota, DoubleShare = 0.4, Seed = seed }, week, cancellationToken);
            }
        }
        await GiveAsync(null, most, "reviews", cancellationToken);
    }

    /// <summary>Lets people grade answers of the last run of a tag, which the judge has graded: that shows how far the two agree.</summary>
    public async Task ReviewRunAsync(string tag, int most, CancellationToken cancellationToken)
    {
        var run = (await store.ListEvalRunsAsync(cancellationToken)).First(known => known.Tag == tag);
        await new ReviewPlanner(store, ledger, clock).PlanRunAsync(new ReviewPlanRequest { Tag = tag, Quota = ReviewDesign.DefaultQuota, DoubleShare = 0.3, Seed = seed }, run, cancellationToken);
        await GiveAsync(tag, most, "people grade", cancellationToken);
    }

    private async Task GiveAsync(string? tag, int most, string what, CancellationToken cancellationToken)
    {
        var desk = new ReviewDesk(store, ledger, clock);
        var chance = new DemoChance(seed, what);
        foreach (var reviewer in new[] { "reviewer-1", "reviewer-2" })
        {
            for (var given = 0; given < most && await desk.NextAsync(new ReviewTurn { Reviewer = reviewer, Tag = tag }, cancellationToken) is { } shown; given++)
                await desk.GiveAsync(shown.Item.Id, Opinion(shown, reviewer, ref chance), cancellationToken);
        }
    }

    /// <summary>Lets what was said some minutes ago count.</summary>
    public Task BookAsync(CancellationToken cancellationToken) => new ReviewDesk(store, ledger, clock).BookAsync(null, ReviewDesk.MayChange, cancellationToken);

    private static ReviewOpinion Opinion(ReviewCase shown, string reviewer, ref DemoChance chance)
    {
        var slips = chance.Happens(0.07); // People differ now and then.
        if (!shown.IsPair)
        {
            var isGood = WorldTexts.IsUseless(shown.Left.Text) == slips;
            return new ReviewOpinion { Reviewer = reviewer, Choice = isGood ? ReviewChoice.Good : ReviewChoice.Bad, Rating = isGood ? chance.Between(3, 5) : chance.Between(1, 2), Comment = isGood ? null : "Says nothing that helps." };
        }
        var (left, right) = (!WorldTexts.IsUseless(shown.Left.Text), !WorldTexts.IsUseless(shown.Right!.Text));
        if (left == right) return new ReviewOpinion { Reviewer = reviewer, Choice = ReviewChoice.Tie, Good = left ? ReviewGood.Both : ReviewGood.Neither };
        return new ReviewOpinion { Reviewer = reviewer, Choice = left != slips ? ReviewChoice.Left : ReviewChoice.Right, Good = ReviewGood.Better };
    }
}
