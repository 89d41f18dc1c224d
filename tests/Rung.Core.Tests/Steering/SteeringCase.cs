using Rung.Core.Measurement;
using Rung.Core.Policies;
using Rung.Core.Steering;
using Rung.Core.Tests.Policies;

namespace Rung.Core.Tests.Steering;

/// <summary>A policy with a floor and a ceiling, and traffic for it.</summary>
internal static class SteeringCase
{
    public const string Text = """
        version: 1
        tiers: { small: { models: [a] }, mid: { models: [b] }, large: { models: [c] } }
        models:
          a: { provider: openai-compatible, url: "http://127.0.0.1:1/v1", id: a, price: { input: 1, output: 2 } }
          b: { provider: openai-compatible, url: "http://127.0.0.1:1/v1", id: b, price: { input: 4, output: 8 } }
          c: { provider: openai-compatible, url: "http://127.0.0.1:1/v1", id: c, price: { input: 9, output: 18 } }
        roles:
          worker: { tier: mid, owner: team, why: "Competence.", escalate: { to: large, on: [truncated, refused], times: 1 } }
        tags:
          # The six labels.
          classify-intent:
            tier: small # cheap
            owner: team
            why: "Six labels."
            checks: [json]
            escalate: { to: mid, on: [check_failed] }
            floor: { verdict: judge, at_least: 0.97 }
            ceiling: { usd_per_call: 0.0004 }

          # Nobody has proved this one.
          summarize:
            role: worker
            owner: team
            why: "Short texts."
            floor: { verdict: check, at_least: 0.9 }
        default: { tier: large, why: "Not yet understood." }
        """;

    /// <summary>A Tuesday.</summary>
    public static readonly DateTimeOffset Start = new(2026, 11, 17, 8, 0, 0, TimeSpan.Zero);

    public static PolicySnapshot Policy(string text = Text, long revision = 14) => SomePolicy.Snapshot(text).WithRevision(revision);

    public static TagWatch Watch(string tag = "classify-intent", string text = Text, long revision = 14)
    {
        var policy = Policy(text, revision);
        return new TagWatch(tag, policy.Tags[tag], policy);
    }

    public static ObservedCall Call(int number, DateTimeOffset at, long revision = 14) => new()
    {
        Id = $"c{number}", At = at, Tag = "classify-intent", Unit = $"c{number}", Revision = revision, Tier = "small", Model = "a", UpstreamModel = "a-1", CostNanoUsd = 300_000,
        LatencyMicros = 900_000, Checked = true,
    };

    public static ObservedVerdict Verdict(int number, DateTimeOffset at, double score, long revision = 14) => new()
    {
        At = at, Signal = QualitySignal.Judge, Score = score, CallId = $"c{number}", Tag = "classify-intent", Unit = $"c{number}", Revision = revision, Tier = "small",
    };
}
