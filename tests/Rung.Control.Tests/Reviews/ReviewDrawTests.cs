using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Rung.Control.Reviews;
using Xunit.Abstractions;

namespace Rung.Control.Tests.Reviews;

public sealed class ReviewDrawTests(ITestOutputHelper log)
{
    [Fact]
    public void Chances_lie_in_range_sum_to_the_quota_and_at_least_half_of_it_is_uniform() => Prop.ForAll(
        Gen.Choose(1, 400).SelectMany(count => Gen.Choose(0, 40).ArrayOf(count)).ToArbitrary(), Gen.Choose(1, 200).ToArbitrary(),
        (needs, quota) =>
        {
            var frame = needs.Select((need, i) => new ReviewCandidate(Key(i), Math.Max(0, need - 15), null)).ToArray();
            var (uniform, targeted) = ReviewDraw.Chances(frame, Design(quota));
            var expected = targeted.Sum(chance => 1 - ((1 - uniform) * (1 - chance)));
            return uniform is > 0 and <= 1 && targeted.All(chance => chance is >= 0 and <= 1)
                && expected <= Math.Min(quota, frame.Length) + 1e-6 && expected >= (Math.Min(quota, frame.Length) * 0.99) - 1e-6
                && uniform * frame.Length >= (Math.Min(quota, frame.Length) * 0.5) - 1e-9;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_small_frame_is_taken_whole()
    {
        var drawn = ReviewDraw.Draw(Frame(60), Design(100));

        Assert.Equal(60, drawn.Count);
        Assert.All(drawn, one => Assert.Equal((true, 1), (one.IsUniform, one.UniformInclusion)));
    }

    [Fact]
    public void The_same_design_draws_the_same_and_another_seed_another_sample()
    {
        var frame = Frame(1000);

        Assert.Equal(ReviewDraw.Draw(frame, Design(100)), ReviewDraw.Draw(frame, Design(100)));
        var (one, other) = (Ids(ReviewDraw.Draw(frame, Design(100))), Ids(ReviewDraw.Draw(frame, Design(100) with { Seed = 2 })));
        Assert.InRange(one.Intersect(other).Count(), 0, 40);
        Assert.NotEqual(one, Ids(ReviewDraw.Draw(frame, Design(100) with { Scope = "another week" })));
    }

    [Fact]
    public void A_larger_frame_or_quota_never_gives_an_item_another_random_number()
    {
        var frame = Frame(2000);
        var small = ReviewDraw.Draw(frame, Design(100) with { UniformShare = 1 });
        var large = ReviewDraw.Draw(frame, Design(200) with { UniformShare = 1 });

        // With a larger share everything drawn before is drawn again: late calls and raised quotas top up.
        Assert.Empty(Ids(small).Except(Ids(large)));
        Assert.All(small, one => Assert.Equal(one, large.Single(other => other.Id == one.Id) with { UniformInclusion = one.UniformInclusion }));
    }

    [Fact]
    public void Frequencies_are_the_chances_that_are_stated()
    {
        const int Repetitions = 2000;
        var frame = Frame(120);
        var (uniform, targeted) = ReviewDraw.Chances(frame, Design(40));
        var (seen, flipped, doubled, drawn) = (new int[frame.Length], 0, 0, 0);
        for (var seed = 0; seed < Repetitions; seed++)
        {
            foreach (var one in ReviewDraw.Draw(frame, Design(40) with { Seed = seed }))
            {
                seen[one.Index]++;
                drawn++;
                if (one.IsFlipped) flipped++;
                if (one.IsDouble) doubled++;
            }
        }

        for (var i = 0; i < frame.Length; i++)
        {
            var chance = 1 - ((1 - uniform) * (1 - targeted[i]));
            Assert.InRange(seen[i] / (double)Repetitions, chance - 0.06, chance + 0.06); // More than five standard errors.
        }
        Assert.InRange(flipped / (double)drawn, 0.48, 0.52);
        Assert.InRange(doubled / (double)drawn, 0.185, 0.215);
    }

    // The population: bad answers are more frequent where a look is needed, so that an unweighted mean of what is drawn is far off.
    [Fact]
    public void Estimates_are_unbiased_and_intervals_cover_over_500_repetitions()
    {
        const int Repetitions = 500;
        var frame = Frame(1200);
        var scores = frame.Select((candidate, i) => (i * 7919 % 1000) < (candidate.Need > 0 ? 600 : 930) ? 1.0 : 0.0).ToArray();
        var truth = scores.Average();
        var (horvitz, hajek, plain, covered, uniformCovered) = (0.0, 0.0, 0.0, 0, 0);
        for (var seed = 1; seed <= Repetitions; seed++)
        {
            var drawn = ReviewDraw.Draw(frame, Design(80) with { Seed = seed });
            var sample = drawn.Select(one => new SampledScore(scores[one.Index], 1 - ((1 - one.UniformInclusion) * (1 - one.TargetedInclusion)))).ToArray();
            var uniform = drawn.Where(one => one.IsUniform).Select(one => new SampledScore(scores[one.Index], one.UniformInclusion)).ToArray();
            horvitz += WeightedMean.HorvitzThompson(sample, frame.Length).Mean;
            plain += sample.Average(one => one.Score);
            var interval = WeightedMean.Hajek(sample, 0.95)!.Value;
            hajek += interval.Estimate;
            if (interval.Covers(truth)) covered++;
            if (WeightedMean.Hajek(uniform, 0.95)!.Value.Covers(truth)) uniformCovered++;
        }

        log.WriteLine($"truth {truth:0.0000}; mean of Horvitz-Thompson {horvitz / Repetitions:0.0000}, Hajek {hajek / Repetitions:0.0000}, unweighted {plain / Repetitions:0.0000}; "
            + $"covered {covered / (double)Repetitions:P1}, by the uniform part {uniformCovered / (double)Repetitions:P1}");
        Assert.InRange(horvitz / Repetitions, truth - 0.02, truth + 0.02); // Its size varies: standard error of the mean about 0.006.
        Assert.InRange(hajek / Repetitions, truth - 0.008, truth + 0.008);
        Assert.True(plain / Repetitions < truth - 0.05, "The unweighted mean is meant to be wrong here.");
        Assert.InRange(covered / (double)Repetitions, 0.925, 1);
        Assert.InRange(uniformCovered / (double)Repetitions, 0.925, 1);
    }

    [Fact]
    public void Intervals_cover_where_few_items_stand_for_most_of_the_week_and_nearly_all_of_those_are_good()
    {
        const int Repetitions = 400;
        var frame = Enumerable.Range(0, 400).Select(i => new ReviewCandidate($"c{i}", i % 5 == 0 ? 1 + (i % 7) : 0, null)).ToArray();
        var covered = 0;
        for (var seed = 1; seed <= Repetitions; seed++)
        {
            var chance = new Random(seed);
            var scores = frame.Select(candidate => chance.NextDouble() < (candidate.Need > 0 ? 0.6 : 0.93) ? 1.0 : 0.0).ToArray();
            var sample = ReviewDraw.Draw(frame, Design(50) with { Seed = seed }).Select(one => new SampledScore(scores[one.Index], 1 - ((1 - one.UniformInclusion) * (1 - one.TargetedInclusion))));
            if (WeightedMean.Hajek([.. sample], 0.95)!.Value.Covers((0.2 * 0.6) + (0.8 * 0.93))) covered++;
        }

        Assert.InRange(covered / (double)Repetitions, 0.95, 1); // 0.98 in 1,500 others; 0.91 where the effective number is not bounded by the number of items.
    }

    [Fact]
    public void Variances_of_Horvitz_and_Thompson_are_those_that_are_seen()
    {
        const int Repetitions = 500;
        var frame = Frame(600);
        var scores = frame.Select((candidate, i) => i % 3 == 0 ? 0.0 : 1.0).ToArray();
        var (means, variances) = (new List<double>(), 0.0);
        for (var seed = 1; seed <= Repetitions; seed++)
        {
            var sample = ReviewDraw.Draw(frame, Design(100) with { Seed = seed }).Select(one => new SampledScore(scores[one.Index], 1 - ((1 - one.UniformInclusion) * (1 - one.TargetedInclusion)))).ToArray();
            var (mean, variance) = WeightedMean.HorvitzThompson(sample, frame.Length);
            means.Add(mean);
            variances += variance / Repetitions;
        }
        var seen = means.Sum(mean => (mean - means.Average()) * (mean - means.Average())) / (Repetitions - 1);

        Assert.InRange(variances / seen, 0.8, 1.25);
    }

    [Fact]
    public void Late_calls_top_up_without_bias()
    {
        // Two plannings: 400 calls are there at first, 600 come late. Chances are the larger of both, as the store keeps them.
        const int Repetitions = 500;
        var frame = Frame(1000);
        var scores = frame.Select((_, i) => i < 400 ? 1.0 : 0.0).ToArray();
        var sum = 0.0;
        for (var seed = 1; seed <= Repetitions; seed++)
        {
            var kept = new Dictionary<string, (double Score, double Uniform, double Targeted)>();
            foreach (var (part, quota) in new[] { (frame[..400], 50.0), (frame, 100.0) })
            {
                foreach (var one in ReviewDraw.Draw(part, Design(100) with { Seed = seed, Quota = quota }))
                {
                    var before = kept.GetValueOrDefault(one.Id);
                    kept[one.Id] = (scores[one.Index], Math.Max(before.Uniform, one.UniformInclusion), Math.Max(before.Targeted, one.TargetedInclusion));
                }
            }
            sum += WeightedMean.HorvitzThompson([.. kept.Values.Select(one => new SampledScore(one.Score, 1 - ((1 - one.Uniform) * (1 - one.Targeted))))], frame.Length).Mean;
        }

        Assert.InRange(sum / Repetitions, 0.385, 0.415);
    }

    [Fact]
    public void Too_few_verdicts_give_no_mean_and_equal_ones_an_honest_interval()
    {
        Assert.Null(WeightedMean.Hajek([new SampledScore(1, 1)], 0.95));
        var all = WeightedMean.Hajek([.. Enumerable.Repeat(new SampledScore(1, 0.1), 50)], 0.95)!.Value;
        Assert.Equal((1, 1), (all.Estimate, all.High));
        Assert.InRange(all.Low, 0.90, 0.95);
        Assert.Throws<ArgumentOutOfRangeException>(() => WeightedMean.Hajek([new SampledScore(1, 0), new SampledScore(1, 1)], 0.95));
    }

    private static HashSet<string> Ids(IEnumerable<DrawnReview> drawn) => [.. drawn.Select(one => one.Id)];

    private static ReviewCandidate[] Frame(int count) => [.. Enumerable.Range(0, count).Select(i => new ReviewCandidate(Key(i), i % 5 == 0 ? 1 + (i % 3) : 0, null))];

    private static string Key(int number) => number.ToString("x32", CultureInfo.InvariantCulture);

    private static ReviewDesign Design(int quota) => new() { Quota = quota, Seed = 1, Scope = "t 2026-W48" };
}
