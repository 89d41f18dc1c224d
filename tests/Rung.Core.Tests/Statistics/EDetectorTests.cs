using Rung.Core.Learning.Models;
using Rung.Core.Statistics;

namespace Rung.Core.Tests.Statistics;

public sealed class EDetectorTests
{
    [Theory]
    [InlineData(0.02)]
    [InlineData(0.3)]
    public void False_alarms_come_after_the_stated_number_of_observations_on_average_or_later(double level)
    {
        const int Run = 1_000;
        const long Observations = 80_000;
        var detector = new EDetector(level, Run);
        var chance = new SeededSequence(11);
        var alarms = 0;
        for (var i = 0L; i < Observations; i++)
        {
            if (!detector.Add(chance.Share() < level ? 1 : 0)) continue;
            alarms++;
            detector.Reset();
        }
        Assert.True(alarms <= (Observations / Run) + (3 * Math.Sqrt((double)Observations / Run)), $"{alarms} alarms");
    }

    [Fact]
    public void A_rate_that_rises_from_2_to_8_percent_is_found_within_a_few_hundred_calls_and_the_beginning_is_known()
    {
        var (delays, misses) = (new List<int>(), new List<long>());
        for (var run = 0; run < 40; run++)
        {
            var detector = new EDetector(0.03, 1e6);
            var chance = new SeededSequence((ulong)run + 3);
            for (var i = 0; i < 1500; i++) Assert.False(detector.Add(chance.Share() < 0.02 ? 1 : 0));
            var delay = 1;
            while (!detector.Add(chance.Share() < 0.08 ? 1 : 0)) delay++;
            delays.Add(delay);
            misses.Add(Math.Abs(detector.SinceObservations - delay));
        }
        Assert.InRange(delays.Order().ElementAt(20), 100, 500);
        Assert.InRange(delays.Order().ElementAt(38), 100, 1000);
        Assert.InRange(misses.Order().ElementAt(20), 0, 120);
    }

    [Fact]
    public void It_is_as_quick_after_a_long_time_as_in_the_beginning()
    {
        var detector = new EDetector(0.03, 1e6);
        for (var i = 0; i < 50_000; i++) detector.Add(i % 50 == 0 ? 1 : 0);
        var delay = 1;
        while (!detector.Add(delay % 10 == 0 ? 1 : 0)) delay++;
        Assert.InRange(delay, 50, 500);
    }

    [Fact]
    public void Nothing_points_to_a_change_while_values_stay_low()
    {
        var detector = new EDetector(0.1, 1e6);
        for (var i = 0; i < 1000; i++) detector.Add(0);
        Assert.Equal(0, detector.SinceObservations);
        Assert.True(detector.LogEvidence < Math.Log(1e6));
    }

    [Fact]
    public void A_reset_begins_anew()
    {
        var detector = new EDetector(0.1, 1e6);
        while (!detector.Add(1)) { }
        Assert.True(detector.Alarm);
        detector.Reset();
        Assert.False(detector.Alarm);
        Assert.Equal(0, detector.Count);
        Assert.False(detector.Add(0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_level_at_the_end_of_the_range_is_refused(double level) => Assert.Throws<ArgumentOutOfRangeException>(() => new EDetector(level, 1e6));

    [Fact]
    public void Adding_allocates_nothing()
    {
        var detector = new EDetector(0.1, 1e6);
        detector.Add(0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) detector.Add(0.05);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
