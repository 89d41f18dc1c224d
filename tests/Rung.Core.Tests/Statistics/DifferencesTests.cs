using Rung.Core.Statistics;

namespace Rung.Core.Tests.Statistics;

public sealed class DifferencesTests
{
    [Fact]
    public void The_published_example_of_two_shares_comes_out()
    {
        // R. G. Newcombe, Statistics in Medicine 17 (1998), 873–890, table II (a), method 10: 56/70 − 48/80.
        var difference = Differences.Of(Means.OfShare(56, 70)!.Value, Means.OfShare(48, 80)!.Value);

        Assert.Equal(0.2000, difference.Estimate, 4);
        Assert.Equal(0.0524, difference.Low, 4);
        Assert.Equal(0.3339, difference.High, 4);
        Assert.False(difference.Covers(0));
    }

    [Fact]
    public void Turned_round_it_is_the_same_difference_with_the_other_sign()
    {
        var (one, other) = (Means.OfShare(7, 40)!.Value, Means.OfShare(3, 55)!.Value);
        var (forth, back) = (Differences.Of(one, other), Differences.Of(other, one));

        Assert.Equal((forth.Estimate, forth.Low, forth.High), (-back.Estimate, -back.High, -back.Low));
        Assert.True(forth.Low < forth.Estimate && forth.Estimate < forth.High);
    }
}
