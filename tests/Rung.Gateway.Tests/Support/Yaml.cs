namespace Rung.Gateway.Tests.Support;

/// <summary>Policies of the tests, in few words. Prices are dollars for a million tokens: one token at 1 is 1,000 nano-USD.</summary>
internal static class Yaml
{
    /// <summary>One tier per entry, in order; each with its models: <c>("small", "a", url)</c>. The first is the default route's.</summary>
    public static string Ladder(string route, string rest, params (string Tier, string Model, string Url)[] models) => $$"""
        version: 1
        tiers:
        {{Lines(models.GroupBy(m => m.Tier).Select(tier => $"  {tier.Key}: {{ models: [{string.Join(", ", tier.Select(m => m.Model))}] }}"))}}
        models:
        {{Lines(models.Select(m => $"  {m.Model}: {{ provider: openai-compatible, url: \"{m.Url}\", id: {m.Model}-up, price: {{ input: 1, output: 2 }} }}"))}}
        tags:
          job: { tier: {{models[0].Tier}}, owner: t, why: w{{(route.Length == 0 ? "" : ", " + route)}} }
        default: { tier: {{models[^1].Tier}}, owner: t, why: w }
        {{rest}}
        """;

    /// <summary>Two models of one tier, each tried in this order.</summary>
    public static string Pair(string first, string second, string rest = "") => $$"""
        version: 1
        tiers: { only: { models: [a, b] } }
        models:
          a: { provider: openai-compatible, url: "{{first}}", id: a-up, priority: 1, price: { input: 1, output: 2 } }
          b: { provider: openai-compatible, url: "{{second}}", id: b-up, priority: 2, price: { input: 1, output: 2 } }
        default: { tier: only, owner: t, why: w }
        {{rest}}
        """;

    /// <summary>One model alone.</summary>
    public static string Alone(string url, string rest = "", string model = "") => $$"""
        version: 1
        tiers: { only: { models: [a] } }
        models:
          a: { provider: openai-compatible, url: "{{url}}", id: a-up, price: { input: 1, output: 2 }{{(model.Length == 0 ? "" : ", " + model)}} }
        default: { tier: only, owner: t, why: w }
        {{rest}}
        """;

    private static string Lines(IEnumerable<string> lines) => string.Join("\n", lines);
}

internal static class Ask
{
    public const string Plain = """{"model":"x","messages":[{"role":"user","content":"hi"}]}""";
    public const string Stream = """{"model":"x","stream":true,"messages":[{"role":"user","content":"hi"}]}""";

    public static string Of(bool stream) => stream ? Stream : Plain;
}
