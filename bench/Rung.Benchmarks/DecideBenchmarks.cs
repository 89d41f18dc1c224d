using BenchmarkDotNet.Attributes;
using Rung.Core.Decisions;
using Rung.Core.Requests;

namespace Rung.Benchmarks;

/// <summary>What does it cost to decide where a call goes?</summary>
[MemoryDiagnoser]
public class DecideBenchmarks
{
    private readonly CallFacts fixedRoute = new() { Tag = "label", EstimatedInputTokens = 200 };
    private readonly CallFacts unknownTag = new() { Tag = "never-heard-of", EstimatedInputTokens = 200 };
    private readonly CallFacts pinned = new() { Tag = "label", DataClass = "phi", EstimatedInputTokens = 200 };

    [Benchmark(Baseline = true)]
    public int Fixed_route() => Decider.Decide(Some.Policy, fixedRoute).Candidates.First;

    [Benchmark]
    public int Unknown_tag() => Decider.Decide(Some.Policy, unknownTag).Candidates.First;

    [Benchmark]
    public int Pinned_off_its_tier() => Decider.Decide(Some.Policy, pinned).Candidates.First;
}
