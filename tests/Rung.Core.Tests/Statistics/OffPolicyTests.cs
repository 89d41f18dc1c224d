using Rung.Core.Learning.Models;
using Rung.Core.Statistics;

namespace Rung.Core.Tests.Statistics;

public class OffPolicyTests
{
    [Fact]
    public void A_policy_judged_by_its_own_traffic_has_the_mean_of_that_traffic()
    {
        var rewards = Enumerable.Range(0, 100).Select(i => i % 4 == 0 ? 0.0 : 1.0);
        var estimate = OffPolicy.Estimate([.. rewards.Select(reward => new OffPolicySample(reward, 1, 1, 0.5, 0.5))], 0.95);

        Assert.Equal(0.75, estimate.InversePropensity!.Value.Estimate, 12);
        Assert.Equal(0.75, estimate.SelfNormalised!.Value.Estimate, 12);
        Assert.Equal(0.75, estimate.DoublyRobust!.Value.Estimate, 12);
        Assert.Equal(100, estimate.EffectiveSampleSize, 9);
        // Wilson's interval for 75 of 100 is 0.657 to 0.825.
        Assert.Equal(0.657, estimate.InversePropensity.Value.Low, 1);
        Assert.Equal(0.825, estimate.InversePropensity.Value.High, 1);
    }

    [Fact]
    public void Weights_bring_a_rare_choice_to_the_share_that_the_other_policy_gives_it()
    {
        // Logged: choice A with 0.8 (reward 1), B with 0.2 (reward 0). The other policy always takes B.
        var samples = Enumerable.Range(0, 100).Select(i => i < 80 ? new OffPolicySample(1, 0.8, 0, 0.9, 0.1) : new OffPolicySample(0, 0.2, 1, 0.1, 0.1)).ToArray();
        var estimate = OffPolicy.Estimate(samples, 0.95);

        Assert.Equal(0, estimate.InversePropensity!.Value.Estimate, 12);
        Assert.Equal(20, estimate.EffectiveSampleSize, 9);
        Assert.Equal(20, estimate.Supported);
        Assert.Equal(1, estimate.MeanWeight, 12);
        // Twenty rows without a success do not say that there is none: the rule of three gives 0.15.
        Assert.InRange(estimate.SelfNormalised!.Value.High, 0.1, 0.4);
    }

    [Fact]
    public void Nothing_is_said_where_the_other_policys_choice_was_never_made()
    {
        var estimate = OffPolicy.Estimate([.. Enumerable.Repeat(new OffPolicySample(1, 1, 0, 0.9, 0.9), 50)], 0.95);

        Assert.Null(estimate.InversePropensity);
        Assert.Null(estimate.DoublyRobust);
        Assert.Equal("in none of the 50 judged calls was done what the policy would do", estimate.CannotBeSaid);
    }

    [Fact]
    public void Nothing_is_said_where_a_part_of_the_other_policys_choices_was_never_made()
    {
        var samples = Enumerable.Range(0, 1000).Select(i => new OffPolicySample(1, 1, i < 700 ? 1 : 0, 0.9, 0.9)).ToArray();

        Assert.Equal("about 30 % of what the policy would do was never tried in the 1,000 judged calls", OffPolicy.Estimate(samples, 0.95).CannotBeSaid);
    }

    [Fact]
    public void Few_heavy_rows_are_too_few()
    {
        var samples = Enumerable.Range(0, 1000).Select(i => new OffPolicySample(1, i < 5 ? 0.005 : 0.995, i < 5 ? 1 : 0, 0.5, 0.5)).ToArray();

        Assert.Contains("are worth 5.0 calls; 10 are needed", OffPolicy.Estimate(samples, 0.95).CannotBeSaid, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1, 0.5)]
    [InlineData(0.5, 1.5, 0.5)]
    [InlineData(0.5, 0.5, double.NaN)]
    public void Figures_that_are_no_probabilities_are_refused(double logged, double target, double reward) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => OffPolicy.Estimate([new OffPolicySample(reward, logged, target, 0.5, 0.5)], 0.95));

    [Theory]
    [InlineData(200)]
    [InlineData(1000)]
    public void Intervals_cover_the_truth_of_a_synthetic_population(int calls)
    {
        // Three choices, context decides how good each is; the logging policy prefers the first, the other the third.
        const int Repetitions = 500;
        var (covered, length) = (new int[3], 0.0);
        for (var repetition = 0; repetition < Repetitions; repetition++)
        {
            var sequence = new SeededSequence((ulong)repetition + 1);
            var samples = new OffPolicySample[calls];
            var truth = 0.0;
            for (var i = 0; i < samples.Length; i++)
            {
                var hard = sequence.Share();
                double[] quality = [0.9 - (0.8 * hard), 0.85 - (0.4 * hard), 0.95 - (0.1 * hard)];
                double[] logging = [0.6, 0.3, 0.1];
                double[] target = hard < 0.5 ? [0.2, 0.2, 0.6] : [0, 0.1, 0.9];
                truth += Dot(quality, target) / samples.Length;
                var draw = sequence.Share();
                var choice = draw < 0.6 ? 0 : draw < 0.9 ? 1 : 2;
                var reward = sequence.Share() < quality[choice] ? 1.0 : 0.0;
                double[] guess = [0.5, 0.65, 0.9];
                samples[i] = new OffPolicySample(reward, logging[choice], target[choice], guess[choice], Dot(guess, target));
            }
            var estimate = OffPolicy.Estimate(samples, 0.95);
            if (estimate.InversePropensity!.Value.Covers(truth)) covered[0]++;
            if (estimate.SelfNormalised!.Value.Covers(truth)) covered[1]++;
            if (estimate.DoublyRobust!.Value.Covers(truth)) covered[2]++;
            length += (estimate.DoublyRobust!.Value.High - estimate.DoublyRobust.Value.Low) / Repetitions;
        }

        Assert.All(covered, count => Assert.InRange(count, 0.93 * Repetitions, Repetitions));
        Assert.InRange(length, 0.03, calls < 1000 ? 0.5 : 0.15); // Honest, and still of use.
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();
}
