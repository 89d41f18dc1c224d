using FsCheck;
using FsCheck.Fluent;
using Rung.Core.Statistics;

namespace Rung.Core.Tests.Statistics;

public sealed class NonInferiorityTests
{
    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithReplay(20261122, 5).WithMaxTest(40);

    /// <summary>At the ends of Tango's interval the score statistic is 1.96, its variance taken from the likelihood, which is searched here point by point.</summary>
    [Theory]
    [InlineData(44, 0, 1)]
    [InlineData(50, 12, 2)]
    [InlineData(200, 9, 6)]
    [InlineData(30, 0, 0)]
    public void Pairs_get_Tango_s_interval(int rows, int worse, int better)
    {
        var interval = NonInferiority.Test(Pairs(rows, worse, better), 0.1, 0.95).TwoSided;

        Assert.Equal(1.96, Score(interval.Low), 0.01);
        Assert.Equal(-1.96, Score(interval.High), 0.01);

        double Score(double difference)
        {
            var (best, most) = (0.0, double.NegativeInfinity);
            for (var lost = Math.Max(0, -difference); (2 * lost) + difference < 1; lost += 1e-5)
            {
                var likelihood = Log(worse, lost) + Log(better, lost + difference) + Log(rows - worse - better, 1 - (2 * lost) - difference);
                if (likelihood > most) (best, most) = (lost, likelihood);
            }
            return (better - worse - (rows * difference)) / Math.Sqrt(rows * ((2 * best) + difference - (difference * difference)));
        }

        static double Log(int count, double share) => count == 0 ? 0 : share <= 0 ? double.NegativeInfinity : count * Math.Log(share);
    }

    [Theory]
    [InlineData(60, false)]
    [InlineData(98, false)]
    [InlineData(110, true)]
    public void Rows_without_a_disagreement_prove_what_the_rule_of_three_allows(int rows, bool enough)
    {
        var result = NonInferiority.Test(Pairs(rows, 0, 0), 0.03, 0.95);

        Assert.Equal(enough, result.NotWorse);
        Assert.Equal(0, result.Difference);
        Assert.Equal(enough, result.LowerBound > -0.03);
        Assert.StartsWith("exact unconditional", result.Method, StringComparison.Ordinal);
    }

    [Fact]
    public void A_decision_its_p_value_and_its_bound_agree() => Prop.ForAll(
        Gen.Choose(1, 150).ToArbitrary(), Gen.Choose(0, 20).ToArbitrary(), Gen.Choose(0, 20).ToArbitrary(), (n, worse, better) =>
        {
            var rows = n + worse + better;
            var result = NonInferiority.Test(Pairs(rows, worse, better), 0.05, 0.95);
            return result.NotWorse == (result.PValue <= 0.05) && result.NotWorse == (result.LowerBound > -0.05) && result.LowerBound <= result.Difference + 1e-9
                && result.TwoSided.Low <= result.LowerBound + 1e-9 && result.TwoSided.Covers(result.Difference) && Math.Abs(result.CandidateMean - result.ReferenceMean - result.Difference) < 1e-9;
        }).Check(Fixed);

    [Fact]
    public void One_more_lost_row_never_speaks_for_the_candidate() => Prop.ForAll(
        Gen.Choose(0, 15).ToArbitrary(), Gen.Choose(0, 15).ToArbitrary(), (worse, better) =>
            NonInferiority.PValue(Pairs(120, worse + 1, better), 0.05, 0.95) >= NonInferiority.PValue(Pairs(120, worse, better), 0.05, 0.95) - 1e-3).Check(Fixed);

    [Fact]
    public void Grades_weights_and_groups_agree_with_their_bound_too() => Prop.ForAll(
        Gen.Choose(1, 1_000_000).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var rows = Enumerable.Range(0, 60 + (seed % 60)).Select(i => new PairedScore(Math.Round(random.NextDouble(), 1), Math.Round(random.NextDouble(), 1), 1 + (i % 3), i / (1 + (seed % 3)))).ToArray();
            var result = NonInferiority.Test(rows, 0.05, 0.9);
            return result.NotWorse == (result.PValue <= 0.1) && result.NotWorse == (result.LowerBound > -0.05) && result.TwoSided.Low <= result.TwoSided.High && result.TwoSided.Covers(result.Difference);
        }).Check(Fixed);

    [Fact]
    public void The_same_rows_with_all_weights_doubled_say_the_same()
    {
        var rows = Mixed(200, 1);
        var doubled = rows.Select(row => row with { Weight = row.Weight * 2 }).ToArray();

        Assert.Equal(NonInferiority.Test(rows, 0.05, 0.95).PValue, NonInferiority.Test(doubled, 0.05, 0.95).PValue, 9);
    }

    [Fact]
    public void Rows_repeated_within_their_groups_are_no_new_evidence()
    {
        var once = Mixed(100, 2);
        var thrice = once.SelectMany(row => Enumerable.Repeat(row, 3)).ToArray();

        Assert.Equal(NonInferiority.PValue(once, 0.1, 0.95), NonInferiority.PValue(thrice, 0.1, 0.95), 9);
        Assert.Equal(100, NonInferiority.Test(thrice, 0.1, 0.95).Groups);
    }

    /// <summary>The promise: of candidates that are worse by exactly the margin, at most one in twenty is called eligible, however rarely the two disagree.</summary>
    [Theory]
    [InlineData(100, 0.0)]
    [InlineData(100, 0.01)]
    [InlineData(200, 0.0)]
    [InlineData(200, 0.02)]
    [InlineData(200, 0.15)]
    public void A_candidate_at_the_margin_is_rarely_called_eligible(int n, double better)
    {
        const double Margin = 0.03;
        var random = new Random(n);
        var (memo, eligible) = (new Dictionary<(int, int), double>(), 0);
        for (var i = 0; i < 4_000; i++)
        {
            var (worse, gained) = Draw(random, n, better + Margin, better);
            if (!memo.TryGetValue((worse, gained), out var p)) memo[(worse, gained)] = p = NonInferiority.PValue(Pairs(n, worse, gained), Margin, 0.95);
            if (p <= 0.05) eligible++;
        }

        Assert.InRange(eligible, 0, 4_000 * 0.05 + (2 * Math.Sqrt(4_000 * 0.05 * 0.95))); // Two standard errors of the simulation itself.
    }

    [Theory]
    [InlineData(120, 1, 0.0)]
    [InlineData(120, 1, 0.03)]
    [InlineData(240, 3, 0.03)]
    public void So_is_one_with_grades_weights_and_groups(int n, int groupSize, double better)
    {
        const double Margin = 0.05;
        var random = new Random(7);
        var eligible = 0;
        for (var i = 0; i < 1_000; i++)
        {
            var rows = new PairedScore[n];
            var luck = 0.0;
            for (var row = 0; row < n; row++)
            {
                if (row % groupSize == 0) luck = random.NextDouble();
                var lost = luck < better + (2 * Margin); // A lost row has a grade of one half on average, as has a gained one.
                rows[row] = lost ? new PairedScore(random.NextDouble(), 1, 1 + (row / groupSize % 3), row / groupSize)
                    : luck < (2 * better) + (2 * Margin) ? new PairedScore(1, random.NextDouble(), 1 + (row / groupSize % 3), row / groupSize) : new PairedScore(1, 1, 1 + (row / groupSize % 3), row / groupSize);
            }
            if (NonInferiority.PValue(rows, Margin, 0.95) <= 0.05) eligible++;
        }

        Assert.InRange(eligible, 0, 64);
    }

    [Fact]
    public void A_handful_of_groups_is_judged_by_a_bet()
    {
        var rows = Enumerable.Range(0, 200).Select(i => new PairedScore(1, 1, 1, i / 20)).ToArray();
        var result = NonInferiority.Test(rows, 0.03, 0.95);

        Assert.Equal("betting test over 10 groups of rows", result.Method);
        Assert.False(result.NotWorse);
    }

    [Theory]
    [InlineData(200, 0.10)]
    [InlineData(500, 0.04)]
    public void The_power_that_is_told_is_the_power_that_there_is(int n, double discordance)
    {
        var random = new Random(3);
        var (memo, eligible) = (new Dictionary<(int, int), double>(), 0);
        for (var i = 0; i < 2_000; i++)
        {
            var (worse, better) = Draw(random, n, discordance / 2, discordance / 2);
            if (!memo.TryGetValue((worse, better), out var p)) memo[(worse, better)] = p = NonInferiority.PValue(Pairs(n, worse, better), 0.03, 0.95);
            if (p <= 0.05) eligible++;
        }

        Assert.Equal(eligible / 2000.0, NonInferiority.Power(n, 0, discordance, 0.03, 0.95), 0.06);
    }

    [Fact]
    public void Rows_needed_are_the_least_that_give_the_power()
    {
        var rows = NonInferiority.RowsNeeded(0.1, 0.03, 0.95, 0.8);

        Assert.InRange(rows, 600, 900);
        Assert.True(NonInferiority.Power(rows, 0, 0.1, 0.03, 0.95) >= 0.8);
        Assert.True(NonInferiority.Power(rows - 1, 0, 0.1, 0.03, 0.95) < 0.8);
    }

    [Fact]
    public void What_is_no_score_is_refused()
    {
        Assert.Throws<ArgumentException>(() => NonInferiority.Test([], 0.03, 0.95));
        Assert.Throws<ArgumentOutOfRangeException>(() => NonInferiority.Test([new PairedScore(1.1, 1, 1, 0)], 0.03, 0.95));
        Assert.Throws<ArgumentOutOfRangeException>(() => NonInferiority.Test([new PairedScore(1, 1, 0, 0)], 0.03, 0.95));
        Assert.Throws<ArgumentOutOfRangeException>(() => NonInferiority.Test([new PairedScore(1, 1, 1, 0)], 0, 0.95));
    }

    private static PairedScore[] Pairs(int rows, int worse, int better) =>
        [.. Enumerable.Range(0, rows).Select(i => new PairedScore(i < worse ? 0 : 1, i >= worse && i < worse + better ? 0 : 1, 1, i))];

    private static PairedScore[] Mixed(int rows, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, rows).Select(i => new PairedScore(random.NextDouble() < 0.9 ? 1 : 0.5, random.NextDouble() < 0.9 ? 1 : 0, 1 + (i % 2), i))];
    }

    private static (int Worse, int Better) Draw(Random random, int n, double worse, double better)
    {
        var (lost, gained) = (0, 0);
        for (var i = 0; i < n; i++)
        {
            var luck = random.NextDouble();
            if (luck < worse) lost++;
            else if (luck < worse + better) gained++;
        }
        return (lost, gained);
    }
}
