using System.Text;
using Rung.Control.Imports.Otlp;

namespace Rung.Control.Tests.Imports.Otlp;

public sealed class OtlpIntakeTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public void A_trace_is_given_once_it_has_been_quiet_for_thirty_seconds()
    {
        var intake = new OtlpIntake(_clock, 100);
        Take(intake, TestSpan.Export(TestSpan.Call("00000000000000c1", "00000000000000ff")));
        _clock.Advance(TimeSpan.FromSeconds(20));
        Take(intake, TestSpan.Export(new TestSpan { Id = "00000000000000ff", Name = "classify" }));
        _clock.Advance(TimeSpan.FromSeconds(20));

        Assert.Empty(intake.Sweep(all: false));
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("classify", Assert.Single(intake.Sweep(all: false)).Step);
        Assert.Empty(intake.Sweep(all: true));
        Assert.Equal(0, intake.Held);
    }

    [Fact]
    public void The_program_that_ends_gets_everything()
    {
        var intake = new OtlpIntake(_clock, 100);
        Take(intake, TestSpan.Export(TestSpan.Call("00000000000000c1")));
        Assert.Single(intake.Sweep(all: true));
    }

    [Fact]
    public void Odd_spans_are_rejected_and_the_others_are_taken()
    {
        var intake = new OtlpIntake(_clock, 100);
        var result = Take(intake, TestSpan.Export(TestSpan.Call("00000000000000c1"), TestSpan.Call("")));

        Assert.Equal((1, 1, "A span has no usable spanId."), (result.Accepted, result.Rejected, result.Message));
        Assert.Single(intake.Sweep(all: true));
    }

    [Theory]
    [InlineData("{\"resourceSpans\":[{\"scopeSpans\":[")]
    [InlineData("hello")]
    [InlineData("{\"metrics\":1}")]
    [InlineData("\"\"")]
    public void A_body_that_is_no_export_is_refused_whole(string body) =>
        Assert.Throws<FormatException>(() => Take(new OtlpIntake(_clock, 10), body));

    [Fact]
    public void Bytes_that_are_no_message_are_refused_whole()
    {
        var intake = new OtlpIntake(_clock, 10);
        var random = new Random(7);
        var good = OtlpBinary.Of(TestSpan.Export(TestSpan.Call("00000000000000c1")));
        for (var i = 0; i < 2000; i++)
        {
            // Only the named exception may come out, whatever is in the bytes.
            var broken = good.ToArray();
            for (var j = 0; j < 3; j++) broken[random.Next(broken.Length)] = (byte)random.Next(256);
            try
            {
                intake.Take(broken.AsMemory(0, random.Next(broken.Length + 1)), isJson: false);
            }
            catch (FormatException)
            {
                // Said so.
            }
            intake.Sweep(all: true);
        }
        Assert.Throws<FormatException>(() => intake.Take(good.AsMemory(0, good.Length - 5), isJson: false));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"resourceSpans\":[]}")]
    [InlineData("")]
    public void An_empty_request_is_a_good_one(string body) =>
        Assert.Equal((0, 0), (Take(new OtlpIntake(_clock, 10), body) is var result ? (result.Accepted, result.Rejected) : default));

    [Fact]
    public void What_is_held_and_what_waits_is_bounded()
    {
        var intake = new OtlpIntake(_clock, 10);
        var full = 0;
        for (var i = 1; i <= 100; i++)
        {
            if (Take(intake, TestSpan.Export(TestSpan.Call("00000000000000c1") with { Trace = $"{i:x32}" })).IsFull) full++;
            Assert.InRange(intake.Held, 0, 10);
        }

        Assert.Equal(80, full); // Ten are held, ten wait.
        Assert.Equal(20, intake.Sweep(all: true).Count);
        Assert.False(Take(intake, TestSpan.Export(TestSpan.Call("00000000000000c2"))).IsFull);
    }

    private static OtlpIntakeResult Take(OtlpIntake intake, string body) => intake.Take(Encoding.UTF8.GetBytes(body), isJson: true);

    private sealed class ManualClock : TimeProvider
    {
        private long _now = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Advance(TimeSpan time) => _now += time.Ticks;
    }
}
