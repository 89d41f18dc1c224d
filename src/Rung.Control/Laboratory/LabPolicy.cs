using System.Collections.Concurrent;
using Rung.Core.Policies;

namespace Rung.Control.Laboratory;

/// <summary>A policy that a simulation runs on, and how to compile a changed text of it.</summary>
public sealed class LabPolicy
{
    private readonly Func<string, PolicySnapshot?> compile;
    private readonly ConcurrentDictionary<string, PolicySnapshot?> compiled = new(StringComparer.Ordinal);

    /// <summary>Takes a policy.</summary>
    /// <param name="name">What to call it.</param>
    /// <param name="text">Its text.</param>
    /// <param name="compile">Compiles a text with the files that this policy includes; null when the text has faults. Called from several threads, once for each text.</param>
    /// <exception cref="ArgumentException">The text does not compile.</exception>
    public LabPolicy(string name, string text, Func<string, PolicySnapshot?> compile)
    {
        ArgumentNullException.ThrowIfNull(compile);
        (Name, Text, this.compile) = (name, text, compile);
        Snapshot = Compile(text) ?? throw new ArgumentException($"{name} does not compile.", nameof(text));
    }

    /// <summary>What to call it.</summary>
    public string Name { get; }
    /// <summary>Its text.</summary>
    public string Text { get; }
    /// <summary>It, compiled.</summary>
    public PolicySnapshot Snapshot { get; }

    /// <summary>Compiles a changed text of it, each text once; null when it has faults.</summary>
    public PolicySnapshot? Compile(string text) => compiled.GetOrAdd(text, compile);

    /// <summary>The small policy that is used when none is named. Its candidate asks another model of the same price.</summary>
    /// <param name="isCandidate">Whether the candidate is meant.</param>
    public static string SmallText(bool isCandidate) => isCandidate ? Small.Replace("models: [first]", "models: [second]", StringComparison.Ordinal) : Small;

    /// <summary>The tag of <see cref="SmallText"/>.</summary>
    public const string SmallTag = "answer-question";

    private const string Small =
        """
        version: 1
        name: laboratory
        tiers:
          small: { models: [first] }
          mid: { models: [middle] }
          frontier: { models: [best] }
        models:
          first: { provider: openai-compatible, url: "http://127.0.0.1:8099/v1", id: first, price: { input: 0.40, output: 2 } }
          second: { provider: openai-compatible, url: "http://127.0.0.1:8099/v1", id: second, price: { input: 0.40, output: 2 } }
          middle: { provider: openai-compatible, url: "http://127.0.0.1:8099/v1", id: middle, price: { input: 2, output: 10 } }
          best: { provider: openai-compatible, url: "http://127.0.0.1:8099/v1", id: best, price: { input: 10, output: 50 } }
        tags:
          answer-question:
            tier: small
            owner: laboratory
            why: "Simulated."
            checks: [ { length: { min: 1 } } ]
            escalate: { to: mid, on: [check_failed], times: 1 }
            floor: { verdict: judge, at_least: 0.92 }
            ceiling: { usd_per_call: 0.001 }
            evidence: "simulated"
        default: { tier: frontier, why: "Simulated." }

        """;
}
