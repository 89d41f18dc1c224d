using Rung.Replay;

namespace Rung.Tests.Replay;

public sealed class GroupedBootstrapTests
{
    private static readonly SumFigure s_mean = sums => sums[0] / sums[1];

    [Fact]
    public void The_same_seed_gives_the_same_interval_and_another_seed_another()
    {
        var sums = Coins(200, heads: 60);

        var first = GroupedBootstrap.Run(sums, 2, 500, seed: 7).Interval(s_mean, 0.95);

        Assert.Equal(first, GroupedBootstrap.Run(sums, 2, 500, seed: 7).Interval(s_mean, 0.95));
        Assert.NotEqual(first, GroupedBootstrap.Run(sums, 2, 500, seed: 8).Interval(s_mean, 0.95));
    }

    [Fact]
    public void The_interval_of_a_share_is_near_that_of_the_normal_approximation()
    {
        var (low, high) = GroupedBootstrap.Run(Coins(1000, heads: 300), 2, 4000, seed: 1).Interval(s_mean, 0.95)!.Value;

        Assert.InRange(low, 0.3 - 1.96 * 0.01449 - 0.003, 0.3 - 1.96 * 0.01449 + 0.003);
        Assert.InRange(high, 0.3 + 1.96 * 0.01449 - 0.003, 0.3 + 1.96 * 0.01449 + 0.003);
    }

    [Fact]
    public void Calls_of_one_group_come_and_go_together_and_make_the_interval_wider()
    {
        // The same thousand coins, ten of them always alike.
        double[] grouped = [.. Enumerable.Range(0, 100).SelectMany(group => new[] { group < 30 ? 10.0 : 0, 10 })];

        var alone = GroupedBootstrap.Run(Coins(1000, heads: 300), 2, 2000, seed: 1).Interval(s_mean, 0.95)!.Value;
        var together = GroupedBootstrap.Run(grouped, 2, 2000, seed: 1).Interval(s_mean, 0.95)!.Value;

        Assert.InRange((together.High - together.Low) / (alone.High - alone.Low), 2.7, 3.7); // √10 = 3.16.
    }

    [Fact]
    public void A_pair_that_never_differs_has_an_interval_of_no_width()
    {
        double[] sums = [.. Enumerable.Range(0, 50).SelectMany(i => new double[] { i % 3, i % 3, 1 })];

        Assert.Equal((0, 0), GroupedBootstrap.Run(sums, 3, 300, seed: 1).Interval(sums => (sums[0] - sums[1]) / sums[2], 0.95));
    }

    [Fact]
    public void A_figure_that_many_resamples_do_not_have_has_no_interval()
    {
        double[] sums = [0, 1, 0, 1, 0, 1, 5, 1];

        Assert.Null(GroupedBootstrap.Run(sums, 2, 300, seed: 1).Interval(sums => sums[0] > 0 ? sums[1] / sums[0] : null, 0.95));
        Assert.Null(GroupedBootstrap.Run([], 2, 300, seed: 1).Interval(s_mean, 0.95));
    }

    private static double[] Coins(int count, int heads) => [.. Enumerable.Range(0, count).SelectMany(i => new[] { i < heads ? 1.0 : 0, 1 })];
}
