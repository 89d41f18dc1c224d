using FsCheck;
using FsCheck.Fluent;
using Rung.Core.Measurement;

namespace Rung.Core.Tests.Measurement;

/// <summary>Measures of tags: they add up, and their intervals keep their word.</summary>
public sealed class TagMeasureTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Two_measures_merged_are_the_measure_of_all_calls() => Prop.ForAll(Gen.Choose(0, 1_000_000).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        var (whole, left, right) = (new TagMeasure(), new TagMeasure(), new TagMeasure());
        for (var i = 0; i < random.Next(80); i++)
        {
            var call = Any(random, i);
            var part = random.Next(2) == 0 ? left : right;
            whole.Add(call);
            part.Add(call);
            if (random.Next(3) > 0) continue;
            var verdict = new ObservedVerdict { At = Noon, Signal = (QualitySignal)random.Next(3, 6), Score = random.Next(5) / 4.0, CallId = call.Id, Unit = call.Unit };
            whole.Add(verdict, call.Session);
            part.Add(verdict, call.Session);
        }
        left.Merge(right);
        var (one, other) = (whole.Read(), left.Read());
        var same = one with { Signals = [], Quality = null, CostPerCall = null, CostPerSession = null, Saving = null } == other with { Signals = [], Quality = null, CostPerCall = null, CostPerSession = null, Saving = null };
        return same && Near(one.Quality, other.Quality) && Near(one.CostPerCall, other.CostPerCall) && Near(one.CostPerSession, other.CostPerSession) && Near(one.Saving?.Share, other.Saving?.Share)
            && one.Signals.Length == other.Signals.Length;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Costs_and_savings_are_sums_and_their_intervals_are_over_sessions()
    {
        var measure = new TagMeasure();
        for (var i = 0; i < 40; i++)
        {
            measure.Add(Some(i) with { Session = $"s{i / 4}", CostNanoUsd = 1_000 * (1 + (i / 4 % 2)), BaselineNanoUsd = 10_000 });
        }
        measure.Add(Some(99) with { CostNanoUsd = null });

        var reading = measure.Read();

        Assert.Equal((41, 10, 60_000, 1, 400_000), (reading.Calls, reading.Sessions, reading.CostNanoUsd, reading.UnknownPriceCalls, reading.BaselineNanoUsd));
        Assert.Equal(1_500, reading.CostPerCall!.Value.Estimate, 6);
        Assert.Equal(6_000, reading.CostPerSession!.Value.Estimate, 6);
        Assert.Equal(0.85, reading.Saving!.Share.Estimate, 9);
        // Ten sessions with a spread of 527, not forty calls with one of 506: 527 / √10 × 2.262.
        Assert.InRange(reading.CostPerCall.Value.High - 1_500, 370, 385);
    }

    [Fact]
    public void A_holdback_says_what_was_saved_and_chance_is_in_the_interval()
    {
        var covered = 0;
        for (var run = 0; run < 200; run++)
        {
            var random = new Random(run);
            var (candidate, holdback) = (new TagMeasure(), new TagMeasure());
            for (var i = 0; i < 600; i++) candidate.Add(Some(i) with { CostNanoUsd = (long)(-400 * Math.Log(1 - random.NextDouble())) });
            for (var i = 0; i < 200; i++) holdback.Add(Some(i) with { CostNanoUsd = (long)(-1_000 * Math.Log(1 - random.NextDouble())) });
            var saving = candidate.SavingAgainst(holdback, SavingBasis.Holdback)!;
            if (saving.Share.Covers(0.6)) covered++;
        }
        Assert.InRange(covered, 180, 199);
    }

    [Fact]
    public void Quality_weighs_signals_and_is_null_where_nothing_judged()
    {
        var measure = new TagMeasure();
        for (var i = 0; i < 100; i++) measure.Add(Some(i));
        Assert.Null(measure.Read().Quality);

        for (var i = 0; i < 100; i++) measure.Add(Some(i) with { Checked = true });
        for (var i = 0; i < 100; i++) measure.Add(new ObservedVerdict { At = Noon, Signal = QualitySignal.Judge, Score = i < 80 ? 1 : 0, CallId = $"c{i}", Unit = $"c{i}" }, session: null);

        var reading = measure.Read();
        Assert.Equal([QualitySignal.Judge, QualitySignal.Check], reading.Signals.Select(signal => signal.Signal));
        Assert.Equal(5.0 / 6, reading.Signals[0].Weight, 9);
        Assert.Equal((0.8 * 5 / 6) + (1.0 / 6), reading.Quality!.Value.Estimate, 9);
        Assert.InRange(reading.Signals[0].Mean.Low, 0.70, 0.73);
    }

    [Fact]
    public void Rates_have_the_denominator_that_they_could_happen_to()
    {
        var measure = new TagMeasure();
        measure.Add(Some(1) with { Checked = true, CheckFailed = true, Escalated = true, Unverified = true });
        measure.Add(Some(2) with { FailedOver = true });
        measure.Add(Some(3) with { Failed = true, FirstByteMicros = 5_000 });
        measure.Add(new ObservedVerdict { At = Noon, Signal = QualitySignal.Override, Score = 0.2, CallId = "c2", Unit = "c2" }, null);

        var reading = measure.Read();

        Assert.Equal(((1, 1), (1, 3), (1, 3), (2, 3), (1, 3)), (Of(reading.CheckFailure), Of(reading.Escalation), Of(reading.Failover), Of(reading.Error), Of(reading.Override)));
        Assert.Equal(1, reading.FirstByte!.Value.Count);

        static (long, long) Of(MeasuredShare share) => (share.Events, share.Trials);
    }

    private static ObservedCall Some(int number) => new() { Id = $"c{number}", At = Noon, Unit = $"c{number}", Tier = "small", CostNanoUsd = 1_000, LatencyMicros = 1_000_000 };

    private static ObservedCall Any(Random random, int number) => Some(number) with
    {
        At = Noon.AddMinutes(random.Next(1_000)), Session = random.Next(2) == 0 ? $"s{random.Next(10)}" : null, CostNanoUsd = random.Next(5) == 0 ? null : random.Next(100_000),
        BaselineNanoUsd = random.Next(5) == 0 ? null : 100_000, LatencyMicros = random.Next(1, 10_000_000), FirstByteMicros = random.Next(2) == 0 ? null : random.Next(1, 1_000_000),
        Checked = random.Next(2) == 0, CheckFailed = random.Next(9) == 0, Escalated = random.Next(9) == 0, FailedOver = random.Next(9) == 0, Failed = random.Next(9) == 0,
        Unverified = random.Next(9) == 0, VerifierScore = random.Next(2) == 0 ? null : random.Next(9) / 8.0,
    };

    private static bool Near(Core.Statistics.Interval? one, Core.Statistics.Interval? other) => (one, other) switch
    {
        (null, null) => true,
        ({ } a, { } b) => Close(a.Estimate, b.Estimate) && Close(a.Low, b.Low) && Close(a.High, b.High),
        _ => false,
    };

    private static bool Close(double a, double b) => Math.Abs(a - b) <= 1e-6 * (1 + Math.Abs(a));
}
