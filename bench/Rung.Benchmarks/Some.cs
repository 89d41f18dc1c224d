using System.Text;
using Rung.Core.Policies;
using Rung.Core.Prices;

namespace Rung.Benchmarks;

/// <summary>Inputs that the benchmarks share: what a gateway sees all day.</summary>
internal static class Some
{
    public static PolicySnapshot Policy { get; } = Compile();

    /// <summary>A request of 0.8 KB, as the gateway comparison sends.</summary>
    public static byte[] SmallRequest { get; } = Request(700);

    /// <summary>A request of 64 KB.</summary>
    public static byte[] LargeRequest { get; } = Request(65_000);

    /// <summary>A reply of 1 KB with usage.</summary>
    public static byte[] Reply { get; } = Encoding.UTF8.GetBytes($$$"""
        {"id":"chatcmpl-1","object":"chat.completion","created":1780000000,"model":"gpt-4o-mini","choices":[{"index":0,"message":{"role":"assistant","content":"{{{new string('a', 640)}}}","refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":1200,"completion_tokens":160,"total_tokens":1360,"prompt_tokens_details":{"cached_tokens":1024,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0}},"service_tier":"default"}
        """);

    /// <summary>One content event of a stream.</summary>
    public static byte[] DeltaEvent { get; } =
        """data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1780000000,"model":"gpt-4o-mini","choices":[{"index":0,"delta":{"content":" wagon"},"logprobs":null,"finish_reason":null}],"usage":null}"""u8.ToArray().Concat("\n\n"u8.ToArray()).ToArray();

    /// <summary>The last events of a stream: finish, usage, done.</summary>
    public static byte[] LastEvents { get; } = Encoding.UTF8.GetBytes(
        """data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1780000000,"model":"gpt-4o-mini","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}""" + "\n\n"
        + """data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1780000000,"model":"gpt-4o-mini","choices":[],"usage":{"prompt_tokens":40,"completion_tokens":200,"total_tokens":240}}""" + "\n\ndata: [DONE]\n\n");

    private static byte[] Request(int textLength) => Encoding.UTF8.GetBytes($$$"""
        {"model": "gpt-4o-mini", "messages": [{"role": "system", "content": "{{{new string('s', textLength / 2)}}}"}, {"role": "user", "content": "{{{new string('u', textLength / 2)}}}"}], "temperature": 0.2, "max_tokens": 256, "user": "bench"}
        """);

    private static PolicySnapshot Compile()
    {
        const string yaml = """
            version: 1
            tiers: { small: { models: [a, b] }, frontier: { models: [c] } }
            models:
              a: { provider: openai-compatible, url: "http://127.0.0.1:1/v1", id: a-1, price: { input: 0.15, output: 0.6 } }
              b: { provider: openai-compatible, url: "http://127.0.0.1:1/v1", id: b-1, price: { input: 0.15, output: 0.6 } }
              c: { provider: openai-compatible, url: "http://127.0.0.1:1/v1", id: c-1, price: { input: 10, output: 50 } }
            tags:
              label: { tier: small, owner: o, why: w, max_tokens: 64, escalate: { to: frontier, on: [unavailable] } }
            default: { tier: frontier, why: w }
            pins: [ { when: { data_class: phi }, models: [c], why: w } ]
            """;
        var compiled = PolicyCompiler.Compile(new PolicySource("bench.yaml", yaml, _ => null), PriceBook.Empty, new DateOnly(2026, 11, 22));
        return compiled.Snapshot ?? throw new InvalidOperationException(string.Join("\n", compiled.Faults));
    }
}
