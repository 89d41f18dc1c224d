using BenchmarkDotNet.Attributes;
using Rung.Gateway.Streaming;

namespace Rung.Benchmarks;

/// <summary>What does it cost to read usage and endings from replies and from the events of a stream?</summary>
[MemoryDiagnoser]
public class ReplyBenchmarks
{
    private readonly EventScanner scanner = new("gpt-4o-mini");

    [Benchmark(Baseline = true)]
    public bool Plain_reply() => ReplyScan.Of(Some.Reply, "gpt-4o-mini").HasUsage;

    [Benchmark]
    public int Content_event() => scanner.Scan(Some.DeltaEvent);

    [Benchmark]
    public int Last_events() => scanner.Scan(Some.LastEvents);
}
