using System.Collections.Immutable;
using Rung.Control.Audit;
using static Rung.Control.Tests.Audit.SomeSite;

namespace Rung.Control.Tests.Audit;

/// <summary>Random sites, with names and figures that logs could hold to break a careless writer.</summary>
internal sealed class AnySites(int seed)
{
    private static readonly string[] Names =
    [
        "plan", "default", "true", "null", "1", "-", ".", "~", "a: b", "# no comment", "\"quoted\"", "it's", "back\\slash", "line\nfeed\n  tier: small", "tab\there", "${SECRET}", "$${{x}}", "{x}", "[y]", "&z", "*w",
        "!!tag", "|", ">", "%", "@", "`", "é–😀", "\ud800", "\u2028\u0085\ufeff", "- item", "key: [a, b]", "a", "A", "a ", "very " + "long " + "name with many words that goes on and on until it is far beyond what a name of a tag may be",
        "*/ # }", "extract-fields", "review", "", " ", "on", "y", "---", "...", "classify-intent",
    ];

    private static readonly (string Provider, string Model)[] Models =
    [
        ("anthropic", Opus), ("anthropic", Sonnet), ("anthropic", Haiku), ("anthropic", "claude-opus-4-8"), ("anthropic", "claude-sonnet-4-6"), ("anthropic", "claude-fable-5-1"), ("openai", "gpt-6-astra"),
        ("openai", "gpt-5-mini-2025-08-07"), ("openai", "gpt-4o"), ("openai", "text-embedding-3-small"), ("google", "gemini-2.5-flash"), ("groq", "openai/gpt-oss-20b"), ("cohere", "command-a-plus-05-2026"),
        ("minimax", "MiniMax-M3"), ("deepseek", "deepseek-v4-pro"), ("mistral", "ministral-3-3b"), ("vllm", "mine"), ("", ""), ("bad\nprovider: x", "bad\nmodel: y"), ("anthropic", "# nope"), ("deepseek", "deepseek-chat"),
        ("groq", "llama-3.1-8b-instant"), ("xai", "grok-4.7"), ("moonshot", "kimi-k3"), ("zai", "glm-5.3"), ("alibaba", "qwen3.8-max"),
    ];

    private readonly Random _random = new(seed);

    public IReadOnlyList<CallSite> Sites(int most)
    {
        // Tags of an audit are unique as they stand; what they become need not be.
        var tags = Enumerable.Range(0, _random.Next(1, most)).Select(i => _random.Next(3) == 0 ? Name() : $"{Name()}{i}").Distinct(StringComparer.Ordinal);
        return [.. tags.Select(Site)];
    }

    private CallSite Site(string tag)
    {
        var uses = Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Use()).ToArray();
        return Named(tag, Statistics(Plain(uses)), Maybe(Name), _random.Next(2) == 0) with
        {
            Step = Maybe(Name), Agent = Maybe(Name), Team = Maybe(Name), GroupedBy = Name(), Skeleton = Name(), Confidence = _random.NextDouble(),
        };
    }

    private ModelUse Use()
    {
        // Azure's deployments are billed as OpenAI's models.
        var (provider, model) = Models[_random.Next(Models.Length)];
        var input = _random.NextInt64(1, 100_000_000);
        var use = SomeSite.Use(model, _random.Next(1, 5000), input, _random.NextInt64(1, 10_000_000), input / 3, input / 5, provider: provider);
        return provider == "openai" && _random.Next(3) == 0 ? use with { Provider = "azure" } : use;
    }

    private SiteStatistics Statistics(SiteStatistics site) => site with
    {
        Shapes = Shapes((OutputShape.Label, Count(site)), (OutputShape.Json, Count(site)), (OutputShape.ToolCalls, Count(site)), (OutputShape.Text, Count(site))),
        DistinctLabels = _random.Next(1, 100), LabelEntropyBits = _random.NextDouble() * 5, SameKeys = Share(site), AtZeroTemperature = Share(site), AsksForStructure = Share(site), WithTools = Share(site),
        WithHistory = Share(site), FirstOfRun = Share(site), LastOfRun = Share(site), Validated = Share(site), Validators = [.. Names.OrderBy(_ => _random.Next()).Take(_random.Next(3))],
        AskedAgain = _random.Next(4) == 0 ? Share(site) : default, Truncated = _random.Next(4) == 0 ? Share(site) : new Share(0, site.Calls), Output = new Spread(site.Calls, 3, _random.Next(4, 4000)),
        ContentSeen = site.Calls, Data = _random.Next(4) == 0 ? ImmutableSortedDictionary<DataSigns, long>.Empty.Add(DataSigns.Card, Count(site)) : ImmutableSortedDictionary<DataSigns, long>.Empty,
    };

    private long Count(SiteStatistics site) => _random.Next(3) == 0 ? _random.NextInt64(site.Calls + 1) : _random.Next(2) * site.Calls;

    private Share Share(SiteStatistics site) => new(Count(site), site.Calls);

    private string Name() => Names[_random.Next(Names.Length)];

    private T? Maybe<T>(Func<T> make) where T : class => _random.Next(2) == 0 ? null : make();
}
