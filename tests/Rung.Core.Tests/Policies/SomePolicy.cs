using System.Text;
using Rung.Core.Policies;
using Rung.Core.Prices;

namespace Rung.Core.Tests.Policies;

/// <summary>Policies for tests.</summary>
internal static class SomePolicy
{
    public static readonly DateOnly Today = new(2026, 11, 22);

    /// <summary>The least that a policy can say.</summary>
    public const string Minimal = """
        version: 1
        tiers:
          only: { models: [one] }
        models:
          one: { provider: openai-compatible, url: "http://127.0.0.1:1/v1", id: m }
        default: { tier: only }
        """;

    /// <summary>A ladder of three tiers and a clean tag, for lints to be provoked in.</summary>
    public const string Clean = """
        version: 1
        tiers:
          small:    { models: [a] }
          mid:      { models: [b] }
          frontier: { models: [c] }
        models:
          a: { provider: openai-compatible, url: "http://127.0.0.1:1/v1", id: a, price: { input: 1, output: 2 } }
          b: { provider: openai-compatible, url: "http://127.0.0.1:1/v1", id: b, price: { input: 2, output: 4 } }
          c: { provider: openai-compatible, url: "http://127.0.0.1:1/v1", id: c, price: { input: 4, output: 8 } }
        tags:
          t:
            tier: small
            owner: team
            why: "It is simple."
            checks: [json]
            escalate: { to: mid, times: 2 }
            evidence: evals/t
        default: { tier: frontier, why: "Not yet understood." }
        """;

    /// <summary>A policy that uses every key.</summary>
    public const string Full = """
        version: 1
        name: full
        tiers:
          small:    { models: [haiku, local-q4] }
          mid:      { models: [sonnet] }
          frontier: { models: [opus, azure-eu], reference: true }
        models:
          haiku:
            provider: anthropic
            id: claude-x
            url: "https://api.anthropic.com/v1"
            key: { env: MY_KEY }
            key_header: bearer
            price:
              input: 1.00
              output: 5
              cached_input: 0.1
              cache_write: 1.25
              cache_write_long: 2
              audio_input: 3
              audio_output: 4.5
              tiers:
                - { above_input: 200000, input: 2, output: 7.5, cached_input: 0.2, cache_write: 2.5 }
            region: us
            context: 200000
            max_output: 64000
            can: [tools, vision]
            temperature: false
            stream_options: false
            cap_field: max_tokens
            priority: 2
            weight: 10
          local-q4: { provider: ollama, id: qwen, cost: { usd_per_hour: 0.60, slots: 4 } }
          sonnet:   { provider: openai-compatible, url: "https://models.example/v1", id: s, key: { file: /run/secrets/s }, price: { input: 3, output: 15 } }
          opus:     { provider: openai-compatible, url: "http://127.0.0.1:1/v1", id: o, price: { input: 15, output: 75 } }
          azure-eu: { provider: azure, url: "https://eu.openai.azure.com/openai/v1", id: d, api_version: 2024-10-21, price: { input: 15, output: 75 } }
        verifiers:
          tone: { llm: { model: haiku, rubric: "Is it polite?", max_tokens: 128 }, limit_seconds: 5 }
          bert:
            http: { url: "http://127.0.0.1:8085/predict", body: '{"inputs": [["{prompt}", "{answer}"]]}', score: /0, label: GOOD, key: { env: TEI_KEY }, usd_per_call: 0.0001, pinned_calls: true }
        commands:
          compile: { run: [/usr/bin/python3, -m, py_compile, "{file}"], file: answer.py, stdin: true, seconds: 4, memory_mb: 128, output_kb: 32 }
        redactions:
          order: "ORD-[0-9]{8}"
        roles:
          worker:
            tier: mid
            owner: team-agents
            why: "Competence."
            stream: { hold_until: first_valid_prefix }
            limits: { total_seconds: 90, attempts: 3 }
        tags:
          classify-intent:
            role: worker
            tier: small
            owner: team-search
            why: "Six labels."
            max_tokens: 64
            temperature: { max: 0.5 }
            checks:
              - json: true
              - schema: schemas/intent.json
              - required: [label, score]
              - allowed: { values: [billing, refund], field: label, normalised: false }
              - regex: { pattern: "^[{]", match: true, limit_ms: 20 }
              - length: { min: 2, max: 500 }
              - bounds: { field: score, min: 0, max: 1.5 }
              - tool_calls: required
              - schema: { file: schemas/intent.json, formats: true }
              - tool_calls: { required: true, arguments: schema }
              - arithmetic: { tolerance: 0.01, required: true }
              - cites: { quotes: true, ids: '\[(doc-\d+)\]', at_least: 2 }
              - agrees: { samples: 4, at_least: 3, by: number, temperature: 0.7 }
              - command: compile
              - verifier: { use: tone, at_least: 0.62, unavailable: pass }
              - all:
                  - any: [ { arithmetic: true }, { not: { cites: true } } ]
                  - score: { at_least: 0.7, of: [ { weight: 2, check: { verifier: { use: bert, at_least: 0.5 } } }, { check: json } ] }
            stream: pass
            escalate: { to: mid, on: [check_failed, truncated], times: 2, exhausted: error, max_usd: 0.01, max_seconds: 20 }
            floor: { verdict: judge, at_least: 0.97, of: frontier }
            ceiling: { usd_per_call: 0.0004, usd_per_session: 0.01, usd_per_day: 5 }
            user_visible: true
            data_class: phi
            limits: { connect_seconds: 2, first_byte_seconds: 30, between_chunks_seconds: 10, total_seconds: 60, attempts: 4, request_mb: 1, reply_mb: 2 }
            capture: { sample: 0.25, keep_days: 14, max_kb: 64, redact: [email, order] }
            eval:
              score: pairwise
              tolerance: 0.01
              pattern: "([0-9]+)"
              schema: schemas/intent.json
              command: compile
              rubric: "Short and right."
              judge: judge
              judge_kappa: 0.7
              margin: 0.02
              confidence: 0.9
              max_age_days: 60
            evidence: evals/intent-200
          judge: { tier: frontier, owner: team-search, why: "Judges evals." }
          rename-files:
            role: worker
            capture: none
            evidence: { missing: proposed, prove: "rung drive --offline" }
        default: { tier: frontier, why: "Untagged." }
        pins:
          - { name: dpa, when: { data_class: phi, tag: classify-intent, role: worker, tenant: acme, user: u1 }, models: [azure-eu, haiku], why: "DPA 4.2" }
        limits:
          connect_seconds: 4
          first_byte_seconds: 60
          between_chunks_seconds: 30
          total_seconds: 300
          attempts: 6
          request_mb: 8
          reply_mb: 16
        control: { steering: propose, cool_down_hours: 12.5, demotions_per_day: 2 }
        budgets:
          all: { usd: 500, per: month }
          search: { usd: 12.5, per: week, tags: [classify-intent, judge] }
        alerts:
          oncall: { url: { env: RUNG_ALERT_URL }, format: slack, at_least: warning }
          own:    { url: { file: /run/secrets/hook }, format: rung, secret: { env: RUNG_ALERT_SECRET }, at_least: info }
        """;

    private const string IntentSchema = """{"type":"object","required":["label"]}""";

    public static PolicyCompilation Compile(string yaml, PriceBook? prices = null) =>
        PolicyCompiler.Compile(new PolicySource("rung.yaml", yaml, ReadFile), prices ?? PriceBook.Empty, Today);

    /// <summary>Compiles a policy that has no faults.</summary>
    public static PolicySnapshot Snapshot(string yaml, PriceBook? prices = null)
    {
        var compilation = Compile(yaml, prices);
        Assert.True(compilation.Snapshot is not null, string.Join("\n", compilation.Faults));
        return compilation.Snapshot;
    }

    /// <summary>The one fault of a policy.</summary>
    public static PolicyFault Fault(string yaml)
    {
        var compilation = Compile(yaml);
        Assert.Null(compilation.Snapshot);
        return Assert.Single(compilation.Faults);
    }

    // The cast matters: a null byte[] would turn into an empty file.
    private static ReadOnlyMemory<byte>? ReadFile(string path) => path switch
    {
        "schemas/intent.json" => Encoding.UTF8.GetBytes(IntentSchema),
        "schemas/broken.json" => Encoding.UTF8.GetBytes("""{"type": 5}"""),
        _ => (ReadOnlyMemory<byte>?)null,
    };
}
