using FsCheck;
using FsCheck.Fluent;
using Rung.Core.Statistics;

namespace Rung.Core.Tests.Statistics;

public sealed class PredictionPoweredTests
{
    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithReplay(20261122, 5).WithMaxTest(200);

    /// <summary>Of 500 repetitions at least 93 in a hundred cover, whether the judge is good, biased or useless; on average narrower than labels alone where it is good.</summary>
    [Theory]
    [InlineData(30, 0.8, 0.9, 0.1)]
    [InlineData(30, 0.95, 0.9, 0.1)]
    [InlineData(50, 0.5, 0.85, 0.2)]
    [InlineData(50, 0.8, 0.95, 0.0)]
    [InlineData(50, 0.9, 0.85, 0.3)]
    [InlineData(50, 0.8, 0.5, 0.0)]
    [InlineData(200, 0.8, 0.9, 0.1)]
    public void The_interval_covers_the_true_quality_and_is_no_wider(int labels, double quality, double accuracy, double leniency)
    {
        var random = new Random(labels);
        var (covered, alone, width, widthAlone) = (0, 0, 0.0, 0.0);
        for (var i = 0; i < 500; i++)
        {
            var labelled = Enumerable.Range(0, labels).Select(_ => Item(random, quality, accuracy, leniency)).Select(item => new LabelledScore(item.Human, item.Judge, 1)).ToArray();
            var judged = Enumerable.Range(0, 500).Select(_ => Item(random, quality, accuracy, leniency).Judge).ToArray();
            var result = PredictionPowered.Mean(labelled, judged, 0.95);
            if (result.Combined.Covers(quality)) covered++;
            if (result.HumanOnly.Covers(quality)) alone++;
            width += result.Combined.High - result.Combined.Low;
            widthAlone += result.HumanOnly.High - result.HumanOnly.Low;
        }

        Assert.InRange(covered, 465, 500);
        Assert.InRange(alone, 465, 500);
        if (accuracy >= 0.85) Assert.True(width < 0.9 * widthAlone, $"{width / 500:F3} against {widthAlone / 500:F3}");
    }

    [Fact]
    public void Items_drawn_more_often_count_less()
    {
        // Half of the items are good; good ones were drawn three times as often, and weigh a third.
        var random = new Random(5);
        var covered = 0;
        for (var i = 0; i < 500; i++)
        {
            var labelled = Enumerable.Range(0, 60).Select(_ => random.NextDouble() < 0.75 ? (Quality: 0.9, Weight: 1.0) : (Quality: 0.3, Weight: 3.0))
                .Select(one => (Item: Item(random, one.Quality, 0.9, 0), one.Weight)).Select(one => new LabelledScore(one.Item.Human, one.Item.Judge, one.Weight)).ToArray();
            var judged = Enumerable.Range(0, 400).Select(_ => Item(random, random.NextDouble() < 0.5 ? 0.9 : 0.3, 0.9, 0).Judge).ToArray();
            if (PredictionPowered.Mean(labelled, judged, 0.95).Combined.Covers(0.6)) covered++;
        }

        Assert.InRange(covered, 462, 500);
    }

    [Fact]
    public void It_is_never_wider_than_labels_alone() => Prop.ForAll(
        Gen.Choose(1, 1_000_000).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var labelled = Enumerable.Range(0, 2 + (seed % 40)).Select(_ => new LabelledScore(random.NextDouble() < 0.7 ? 1 : 0, random.NextDouble(), 1 + random.NextDouble())).ToArray();
            var result = PredictionPowered.Mean(labelled, [.. Enumerable.Range(0, seed % 90).Select(_ => random.NextDouble())], 0.95);
            return result.Combined.High - result.Combined.Low <= result.HumanOnly.High - result.HumanOnly.Low + 1e-12 && result.Lambda is >= 0 and <= 1
                && result.Combined.Low >= 0 && result.Combined.High <= 1 && result.Combined.Covers(result.Combined.Estimate);
        }).Check(Fixed);

    [Fact]
    public void A_judge_that_says_the_same_of_everything_is_not_heard()
    {
        var labelled = Enumerable.Range(0, 40).Select(i => new LabelledScore(i % 4 == 0 ? 0 : 1, 0.9, 1)).ToArray();
        var result = PredictionPowered.Mean(labelled, [.. Enumerable.Repeat(0.9, 300)], 0.95);

        Assert.Equal(0, result.Lambda);
        Assert.Equal(result.HumanOnly, result.Combined);
        Assert.Equal((40, 300), (result.Labelled, result.Unlabelled));
    }

    [Fact]
    public void Labels_without_a_spread_are_no_certainty()
    {
        var result = PredictionPowered.Mean([.. Enumerable.Repeat(new LabelledScore(1, 1, 1), 40)], [1, 1, 1, 0.5], 0.95);

        Assert.Equal(1, result.Combined.High);
        Assert.InRange(result.Combined.Low, 0.8, 0.97);
    }

    private static (double Human, double Judge) Item(Random random, double quality, double accuracy, double leniency)
    {
        var human = random.NextDouble() < quality ? 1 : 0;
        var said = random.NextDouble() < accuracy ? human : 1 - human;
        return (human, Math.Min(1, (0.7 * said) + (0.3 * random.NextDouble()) + leniency));
    }
}
