using BenchmarkDotNet.Attributes;
using Rung.Gateway.Dispatch;
using Rung.Gateway.Intake;

namespace Rung.Benchmarks;

/// <summary>What does it cost to find the governed fields of a request, and to rewrite them?</summary>
[MemoryDiagnoser]
public class IntakeBenchmarks
{
    private static readonly ReadOnlyMemory<byte> s_upstreamId = "\"a-1\""u8.ToArray();

    [Benchmark(Baseline = true)]
    public string? Scan_small_request() => RequestScanner.TryScan(Some.SmallRequest, out _);

    [Benchmark]
    public string? Scan_64_KB_request() => RequestScanner.TryScan(Some.LargeRequest, out _);

    [Benchmark]
    public long Scan_and_rewrite_small_request()
    {
        RequestScanner.TryScan(Some.SmallRequest, out var scan);
        var edits = BodyEdits.For(Some.SmallRequest, scan, Some.Policy.Tags["label"], Some.Policy.Models[0], s_upstreamId);
        using var content = new EditedContent(Some.SmallRequest, edits);
        return content.Headers.ContentLength ?? 0;
    }
}
