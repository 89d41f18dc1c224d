using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Primitives;
using Rung.Core.Requests;
using Rung.Core.Rollouts;
using Rung.Gateway;
using Rung.Gateway.Rollouts;

namespace Rung.Benchmarks;

/// <summary>What does a rollout cost the decision of a call: without one, with one of another tag, and on either arm?</summary>
[MemoryDiagnoser]
public class RolloutBenchmarks
{
    private const string Session = "session-0123456789abcdef";
    private const string CallId = "0198f0e0c0de7000800000000000abcd";

    private readonly CallFacts covered = new() { Tag = "label", EstimatedInputTokens = 200 };
    private readonly CallFacts other = new() { Tag = "summary", EstimatedInputTokens = 200 };
    private readonly CallFacts pinned = new() { Tag = "label", DataClass = "phi", EstimatedInputTokens = 200 };
    private readonly PoliciesInForce none = With([]);
    private readonly PoliciesInForce toCurrent = With([Rollout(share: 0)]);
    private readonly PoliciesInForce toCandidate = With([Rollout(RolloutPlan.Whole)]);

    [Benchmark(Baseline = true)]
    public int No_rollout() => Placement.Of(none, covered, Session, StringValues.Empty, CallId).Decision.Candidates.First;

    [Benchmark]
    public int Rollout_of_another_tag() => Placement.Of(toCandidate, other, Session, StringValues.Empty, CallId).Decision.Candidates.First;

    [Benchmark]
    public int Covered_without_the_unit() => Placement.Of(toCandidate, covered, session: null, StringValues.Empty, CallId).Decision.Candidates.First;

    [Benchmark]
    public int On_the_current_arm() => Placement.Of(toCurrent, covered, Session, StringValues.Empty, CallId).Decision.Candidates.First;

    [Benchmark]
    public int On_the_candidate() => Placement.Of(toCandidate, covered, Session, StringValues.Empty, CallId).Decision.Candidates.First;

    [Benchmark]
    public int On_the_candidate_under_a_pin() => Placement.Of(toCandidate, pinned, Session, StringValues.Empty, CallId).Decision.Candidates.First;

    private static RolloutInForce Rollout(int share) =>
        new(7, new RolloutPlan { Salt = "a-salt-of-twenty-two-c", Tags = ["label"] }, share, Some.Policy.WithRevision(2), Holdback: null);

    private static PoliciesInForce With(ImmutableArray<RolloutInForce> rollouts)
    {
        var holder = new PolicyHolder(Some.Policy, _ => null, TimeProvider.System);
        holder.SwapRollouts(rollouts);
        return holder.InForce;
    }
}
