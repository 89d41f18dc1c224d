using FsCheck;
using FsCheck.Fluent;
using Rung.Core.Measurement;
using Rung.Core.Statistics;

namespace Rung.Core.Tests.Measurement;

/// <summary>Sums that can be merged in any order, stored, and corrected.</summary>
public sealed class MeasureSumsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Merging_is_associative_and_the_order_does_not_matter() => Prop.ForAll(Gen.Choose(0, 1_000_000).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        var parts = new[] { Some(random), Some(random), Some(random) };
        var (left, right, back) = (new MeasureSums(), new MeasureSums(), new MeasureSums());
        left.Merge(parts[0]);
        left.Merge(parts[1]);
        left.Merge(parts[2]);
        var tail = new MeasureSums();
        tail.Merge(parts[1]);
        tail.Merge(parts[2]);
        right.Merge(parts[0]);
        right.Merge(tail);
        foreach (var part in parts.Reverse()) back.Merge(part);
        return Same(left, right) && Same(left, back);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_is_stored_comes_back_to_the_last_digit() => Prop.ForAll(Gen.Choose(0, 1_000_000).ToArbitrary(), seed =>
    {
        var sums = Some(new Random(seed));
        var again = new MeasureSums();
        again.MergeCounts(sums.CountsToBytes());
        again.Latency.Merge(sums.Latency.ToBytes());
        again.FirstByte.Merge(sums.FirstByte.ToBytes());
        return Same(sums, again);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_session_that_grew_is_taken_out_and_put_in_without_a_trace() => Prop.ForAll(Gen.Choose(0, 1_000_000).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        var (sums, expected) = (Some(random), new MeasureSums());
        expected.Merge(sums);
        var session = SessionSums.FromBytes(Session(random).ToBytes());
        sums.Add(session);
        var grown = session.Copy();
        grown.Add(Call(random) with { Session = "s" });
        sums.Remove(session);
        sums.Add(grown);
        expected.Add(grown);
        return Same(expected, sums);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Bytes_that_are_cut_short_are_refused()
    {
        var bytes = Some(new Random(1)).CountsToBytes();
        Assert.Throws<FormatException>(() => new MeasureSums().MergeCounts(bytes.AsSpan(0, bytes.Length - 1)));
        Assert.Throws<FormatException>(() => SessionSums.FromBytes([2]));
        Assert.Throws<FormatException>(() => new QuantileSketch().Merge([0x80, 0x80, 0x10, 2]));
    }

    [Fact]
    public void Amounts_of_any_size_survive_being_stored()
    {
        var sums = new MeasureSums();
        for (var i = 0; i < 3; i++) sums.Add(Call(new Random(i)) with { Session = null, CostNanoUsd = 9_000_000_000_000_000 + i, BaselineNanoUsd = 9_000_000_000_000_000 });
        var again = new MeasureSums();
        again.MergeCounts(sums.CountsToBytes());

        Assert.Equal(27_000_000_000_000_003, again.Read().CostNanoUsd);
        Assert.Equal(sums.Read().CostPerCall, again.Read().CostPerCall);
    }

    private static bool Same(MeasureSums one, MeasureSums other)
    {
        var (a, b) = (one.Read(), other.Read());
        return a with { Signals = [] } == b with { Signals = [] } && a.Signals.SequenceEqual(b.Signals);
    }

    private static MeasureSums Some(Random random)
    {
        var sums = new MeasureSums();
        for (var i = random.Next(30); i > 0; i--)
        {
            var call = Call(random);
            sums.Add(call);
            if (call.Session is null && random.Next(2) == 0) sums.Add(new ObservedVerdict { At = Noon, Signal = (QualitySignal)random.Next(3, 6), Score = random.NextDouble(), CallId = "c", Unit = "c" });
        }
        for (var i = random.Next(10); i > 0; i--) sums.Add(Session(random));
        return sums;
    }

    private static SessionSums Session(Random random)
    {
        var session = new SessionSums();
        for (var i = random.Next(1, 6); i > 0; i--) session.Add(Call(random) with { Session = "s" });
        session.Add(new ObservedVerdict { At = Noon, Signal = (QualitySignal)random.Next(3, 6), Score = random.NextDouble(), Unit = "s" });
        return session;
    }

    private static ObservedCall Call(Random random) => new()
    {
        Id = "c", At = Noon.AddSeconds(random.Next(100_000)), Unit = "c", Session = random.Next(2) == 0 ? "s" : null, LatencyMicros = random.Next(1, 10_000_000), CostNanoUsd = random.Next(5) == 0 ? null : random.Next(),
        BaselineNanoUsd = random.Next(5) == 0 ? null : random.Next(), FirstByteMicros = random.Next(2) == 0 ? null : random.Next(1, 1_000_000), Checked = random.Next(2) == 0, CheckFailed = random.Next(9) == 0,
        Escalated = random.Next(9) == 0, FailedOver = random.Next(9) == 0, Failed = random.Next(9) == 0, Unverified = random.Next(9) == 0, VerifierScore = random.Next(2) == 0 ? null : random.NextDouble(),
    };
}
