using Rung.Core.Policies;
using Rung.Core.Steering;
using Xunit.Abstractions;

namespace Rung.Core.Tests.Steering;

/// <summary>What chance alone does to floors and rates in a month, and how soon a change is seen. Seeded; the figures of docs/steering.md.</summary>
public sealed class NoiseTests(ITestOutputHelper output)
{
    private const int Days = 30;

    [Theory]
    [InlineData(0.97, 0.970, 300)]
    [InlineData(0.90, 0.901, 300)]
    public void Noise_alone_demotes_in_at_most_one_month_of_a_hundred(double floor, double quality, int perDay)
    {
        const int Runs = 300;
        var broken = 0;
        for (var run = 0; run < Runs; run++)
        {
            var (watch, random) = (new FloorWatch(new Floor("judge", floor, null), "t", "small"), new Random(run));
            var at = SteeringCase.Start;
            for (var i = 0; i < Days * perDay && !watch.IsBroken; i++)
            {
                at = at.AddDays(1.0 / perDay);
                watch.Add(SteeringCase.Verdict(i, at, random.NextDouble() < quality ? 1 : 0));
            }
            if (watch.IsBroken) broken++;
        }
        output.WriteLine($"floor {floor}, quality {quality}, {perDay * Days:N0} judgements in {Days} days: {broken} of {Runs:N0} months with a false demotion");
        Assert.InRange(broken, 0, 6);
    }

    [Theory]
    [InlineData(0.97, 0.98, 0.95)]
    [InlineData(0.97, 0.98, 0.92)]
    [InlineData(0.97, 0.98, 0.87)]
    [InlineData(0.85, 0.90, 0.80)]
    public void A_drop_is_seen_soon(double floor, double before, double after)
    {
        const int Runs = 60, Good = 3_000;
        var waits = new List<int>();
        for (var run = 0; run < Runs; run++)
        {
            var (watch, random) = (new FloorWatch(new Floor("judge", floor, null), "t", "small"), new Random(run));
            var i = 0;
            for (; i < Good; i++) watch.Add(SteeringCase.Verdict(i, SteeringCase.Start.AddMinutes(i), random.NextDouble() < before ? 1 : 0));
            for (; i < Good + 50_000 && !watch.IsBroken; i++) watch.Add(SteeringCase.Verdict(i, SteeringCase.Start.AddMinutes(i), random.NextDouble() < after ? 1 : 0));
            waits.Add(i - Good);
        }
        waits.Sort();
        output.WriteLine($"floor {floor}, {before} to {after}: seen after {waits[Runs / 2]:N0} judgements in the median, {waits[Runs * 95 / 100]:N0} at the 95th percentile");
        Assert.True(waits[Runs * 95 / 100] < 50_000);
    }

    [Fact]
    public void Two_failures_in_a_hundred_that_become_eight_are_seen_soon_and_noise_is_not()
    {
        const int Runs = 100, PerDay = 1_000;
        foreach (var reference in new[] { 1_000, 5_000 })
        {
            var waits = new List<int>();
            for (var run = 0; run < Runs; run++)
            {
                var (watch, random) = (new RateWatch("failures"), new Random(run));
                var i = 0;
                for (; i < reference; i++) watch.Add(null, random.NextDouble() < 0.02, SteeringCase.Start, 0);
                Assert.False(watch.IsDrifted);
                for (; i < reference + 20_000 && !watch.IsDrifted; i++) watch.Add(null, random.NextDouble() < 0.08, SteeringCase.Start, 0);
                waits.Add(i - reference);
            }
            waits.Sort();
            output.WriteLine($"2 % to 8 % after {reference:N0} calls: seen after {waits[Runs / 2]:N0} calls in the median, {waits[Runs * 95 / 100]:N0} at the 95th percentile");
            Assert.InRange(waits[Runs * 95 / 100], 1, 2_500);
        }

        var alarms = 0;
        for (var run = 0; run < Runs; run++)
        {
            var (watch, random) = (new RateWatch("failures"), new Random(run));
            for (var i = 0; i < Days * PerDay && !watch.IsDrifted; i++) watch.Add(null, random.NextDouble() < 0.02, SteeringCase.Start, 0);
            if (watch.IsDrifted) alarms++;
        }
        output.WriteLine($"steady 2 %: {alarms} false alarms in {Runs:N0} months of {Days * PerDay:N0} calls");
        Assert.InRange(alarms, 0, 1);
    }

    [Fact]
    public void Sessions_whose_calls_hang_together_are_not_taken_for_many_opinions()
    {
        // One session in thirty is bad throughout: the mean is at the floor, but bad scores come eight at a time.
        const int Runs = 300;
        var broken = 0;
        for (var run = 0; run < Runs; run++)
        {
            var (watch, random) = (new FloorWatch(new Floor("judge", 0.965, null), "t", "small"), new Random(run));
            for (var session = 0; session < 2_000 && !watch.IsBroken; session++)
            {
                var score = random.Next(30) == 0 ? 0 : 1;
                var at = SteeringCase.Start.AddMinutes(20 * session);
                for (var i = 0; i < 8; i++) watch.Add(SteeringCase.Verdict((8 * session) + i, at.AddSeconds(i), score) with { Unit = $"s{session}" });
                watch.Settle(at.AddMinutes(5));
            }
            if (watch.IsBroken) broken++;
        }
        output.WriteLine($"{broken} of {Runs:N0} months with a false demotion");
        Assert.InRange(broken, 0, 3);
    }
}
