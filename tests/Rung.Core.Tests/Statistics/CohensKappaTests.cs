using Rung.Core.Statistics;

namespace Rung.Core.Tests.Statistics;

public sealed class CohensKappaTests
{
    [Fact]
    public void A_table_of_the_textbooks_has_its_kappa()
    {
        // 20 yes and yes, 5 yes and no, 10 no and yes, 15 no and no: agreement 0.7, by chance 0.5, kappa 0.4.
        var result = Of((0, 0, 20), (0, 1, 5), (1, 0, 10), (1, 1, 15));

        Assert.Equal(0.4, result.Kappa!.Value.Estimate, 12);
        Assert.Equal(0.7, result.Agreement, 12);
        Assert.Equal(0.5, result.ByChance, 12);
        Assert.Equal(50, result.Items);
        Assert.InRange(result.Kappa.Value.Low, 0.1, 0.2);
        Assert.InRange(result.Kappa.Value.High, 0.6, 0.7);
    }

    [Fact]
    public void Full_agreement_of_few_items_is_no_certainty()
    {
        var result = Of((0, 0, 10), (1, 1, 10));

        Assert.Equal(1, result.Kappa!.Value.Estimate);
        Assert.Equal(1, result.Kappa.Value.High);
        Assert.InRange(result.Kappa.Value.Low, 0.5, 0.85);
    }

    [Fact]
    public void Graders_who_use_one_category_only_cannot_be_compared()
    {
        Assert.Equal("both graders put all 40 items into the same category: chance would agree as well", Of((1, 1, 40)).CannotBeSaid);
        Assert.Equal("5 items were graded by both; 10 are needed", Of((0, 0, 3), (1, 1, 2)).CannotBeSaid);
        Assert.Null(CohensKappa.Of([], [], 2, 0.95).Kappa);
    }

    [Fact]
    public void Categories_that_nobody_used_change_nothing()
    {
        int[] first = [0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 0, 1], second = [0, 0, 1, 1, 1, 1, 0, 0, 1, 0, 0, 1];

        Assert.Equal(CohensKappa.Of(first, second, 2, 0.95), CohensKappa.Of(first, second, 7, 0.95));
    }

    [Theory]
    [InlineData(10, 0.8, 0.5)]
    [InlineData(20, 0.9, 0.9)]
    [InlineData(30, 0.95, 0.5)]
    [InlineData(30, 0.9, 0.9)]
    [InlineData(50, 0.9, 0.95)]
    public void The_interval_covers_the_true_agreement(int items, double accuracy, double share)
    {
        // Two graders, each right with the same chance about a truth of which a share is "yes". Not simulated: every table with its probability.
        var both = (share * accuracy * accuracy) + ((1 - share) * (1 - accuracy) * (1 - accuracy));
        var neither = (share * (1 - accuracy) * (1 - accuracy)) + ((1 - share) * accuracy * accuracy);
        var yes = (share * accuracy) + ((1 - share) * (1 - accuracy));
        var chance = (yes * yes) + ((1 - yes) * (1 - yes));
        var truth = (both + neither - chance) / (1 - chance);
        var (covered, said) = (0.0, 0.0);
        var logFactorial = new double[items + 1];
        for (var i = 1; i <= items; i++) logFactorial[i] = logFactorial[i - 1] + Math.Log(i);
        for (var yesYes = 0; yesYes <= items; yesYes++)
        {
            for (var noNo = 0; yesYes + noNo <= items; noNo++)
            {
                var differ = items - yesYes - noNo;
                for (var yesNo = 0; yesNo * 2 <= differ; yesNo++)
                {
                    // Whoever of the two comes first: the other half of the tables has the same kappa.
                    var probability = (yesNo * 2 == differ ? 1 : 2) * Math.Exp(logFactorial[items] - logFactorial[yesYes] - logFactorial[noNo] - logFactorial[yesNo] - logFactorial[differ - yesNo]
                        + (yesYes * Math.Log(both)) + (noNo * Math.Log(neither)) + (differ * Math.Log((1 - both - neither) / 2)));
                    if (probability < 1e-8 || Of((1, 1, yesYes), (0, 0, noNo), (1, 0, yesNo), (0, 1, differ - yesNo)).Kappa is not { } kappa) continue;
                    said += probability;
                    if (kappa.Covers(truth)) covered += probability;
                }
            }
        }

        Assert.InRange(covered / said, 0.925, 1); // Measured: 0.927 (50 items, accuracy 0.9, 95 % yes) to 0.99.
    }

    private static KappaResult Of(params (int First, int Second, int Times)[] cells) => CohensKappa.Of(
        [.. cells.SelectMany(cell => Enumerable.Repeat(cell.First, cell.Times))], [.. cells.SelectMany(cell => Enumerable.Repeat(cell.Second, cell.Times))], 2, 0.95);
}
