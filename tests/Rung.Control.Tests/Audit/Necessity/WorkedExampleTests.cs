using Rung.Control.Audit;
using Rung.Core.Prices;

namespace Rung.Control.Tests.Audit;

public class WorkedExampleTests
{
    private static readonly IReadOnlyList<SiteReview> Reviews = Review();

    private static IReadOnlyList<SiteReview> Review()
    {
        CallSite[] sites = [.. WorkedExample.Parts.Select(part => part.Site())];
        return NecessityReview.Of(sites, ModelLadder.Propose(sites, PriceBook.Embedded, SomeSite.Day, []), new AuditAssumptions(), SomeSite.Day);
    }

    [Theory]
    [InlineData("plan-task", NecessityClass.Planning, "frontier")]
    [InlineData("do-step", NecessityClass.InstructionFollowing, "mid")]
    [InlineData("review-step", NecessityClass.Judgement, "frontier")]
    [InlineData("file-operations", NecessityClass.Mechanical, "small")]
    public void Each_part_gets_the_tier_of_the_reports(string tag, NecessityClass necessity, string tier)
    {
        var review = Reviews.Single(one => one.Site.Tag == tag);

        Assert.Equal((necessity, tier), (review.Class, review.ProposedTier));
    }

    [Fact]
    public void About_half_is_saved()
    {
        var cost = Reviews.Sum(review => review.Site.Statistics.CostNanoUsd);
        var saved = (double)Reviews.Sum(review => review.SavingNanoUsd!.Value) / cost;
        var (low, high) = ((double)Reviews.Sum(review => review.SavingInterval!.Value.Low) / cost, (double)Reviews.Sum(review => review.SavingInterval!.Value.High) / cost);

        Assert.Equal(1_142_000_000_000, cost);
        Assert.InRange(saved, 0.45, 0.55);
        Assert.True(low < 0.51 && high > 0.51, $"The 51 % of the reports must lie within {low:P1} to {high:P1}.");
    }
}
