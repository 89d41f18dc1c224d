using Xunit.Abstractions;

namespace Rung.Core.Tests.Steering;

/// <summary>What watching costs the laboratory, which feeds millions of calls.</summary>
public sealed class WatchCostTests(ITestOutputHelper output)
{
    [Fact]
    public void Adding_calls_and_verdicts_allocates_next_to_nothing()
    {
        const int Calls = 50_000;
        var watch = SteeringCase.Watch();
        var (call, verdict) = (SteeringCase.Call(1, SteeringCase.Start), SteeringCase.Verdict(1, SteeringCase.Start, 1));
        for (var i = 0; i < 5_000; i++)
        {
            watch.Add(call with { CheckFailed = i % 50 == 0 });
            watch.Add(verdict with { Score = i % 50 == 0 ? 0 : 1 });
        }
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Calls; i++)
        {
            watch.Add(call with { CheckFailed = i % 50 == 0 });
            watch.Add(verdict with { Score = i % 50 == 0 ? 0 : 1 });
        }
        var bytes = (double)(GC.GetAllocatedBytesForCurrentThread() - before) / Calls;

        output.WriteLine($"{bytes:0.000} bytes for a call and its verdict");
        Assert.True(bytes < 2, $"{bytes} bytes");
    }
}
