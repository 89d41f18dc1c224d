using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Rung.Core.Policies.Compiling;

/// <summary>What is known of a provider: all of it can be overridden in the policy.</summary>
/// <param name="Name">The word in the policy.</param>
/// <param name="Url">Base URL; null when the policy must give it.</param>
/// <param name="KeyVariable">Environment variable of the key; null for an upstream without one.</param>
public sealed record Provider(string Name, string? Url, string? KeyVariable)
{
    /// <summary>How the key travels.</summary>
    public KeyHeader KeyHeader { get; init; }
    /// <summary>How an output cap is called.</summary>
    public CapField CapField { get; init; }
    /// <summary>Whether <c>stream_options</c> is accepted.</summary>
    public bool AcceptsStreamOptions { get; init; } = true;
    /// <summary>Whether OpenAI's own models are behind it, with their rules for reasoning models.</summary>
    public bool IsOpenAi { get; init; }
    /// <summary>Providers whose prices hold, first one first.</summary>
    public ImmutableArray<string> PriceKeys { get; init; } = [Name];
}

/// <summary>The providers that a policy can name: all speak OpenAI's chat completions.</summary>
public static class Providers
{
    // max_tokens: their documented request bodies have no max_completion_tokens, and most ignore unknown fields, so a cap under the wrong name would be lost silently.
    private static readonly ImmutableArray<Provider> All =
    [
        new("openai", "https://api.openai.com/v1", "OPENAI_API_KEY") { IsOpenAi = true },
        new("azure", null, "AZURE_OPENAI_API_KEY") { IsOpenAi = true, KeyHeader = KeyHeader.ApiKey, PriceKeys = ["azure", "openai"] },
        new("anthropic", "https://api.anthropic.com/v1", "ANTHROPIC_API_KEY"),
        new("google", "https://generativelanguage.googleapis.com/v1beta/openai", "GEMINI_API_KEY"),
        new("openrouter", "https://openrouter.ai/api/v1", "OPENROUTER_API_KEY"),
        new("deepseek", "https://api.deepseek.com", "DEEPSEEK_API_KEY") { CapField = CapField.MaxTokens },
        new("groq", "https://api.groq.com/openai/v1", "GROQ_API_KEY"),
        new("mistral", "https://api.mistral.ai/v1", "MISTRAL_API_KEY") { CapField = CapField.MaxTokens, AcceptsStreamOptions = false },
        new("xai", "https://api.x.ai/v1", "XAI_API_KEY"),
        new("together", "https://api.together.xyz/v1", "TOGETHER_API_KEY") { CapField = CapField.MaxTokens },
        new("fireworks", "https://api.fireworks.ai/inference/v1", "FIREWORKS_API_KEY") { CapField = CapField.MaxTokens },
        new("moonshot", "https://api.moonshot.ai/v1", "MOONSHOT_API_KEY") { CapField = CapField.MaxTokens },
        new("alibaba", "https://dashscope-intl.aliyuncs.com/compatible-mode/v1", "DASHSCOPE_API_KEY") { CapField = CapField.MaxTokens },
        new("zai", "https://api.z.ai/api/paas/v4", "ZAI_API_KEY") { CapField = CapField.MaxTokens },
        new("ollama", "http://127.0.0.1:11434/v1", null) { CapField = CapField.MaxTokens },
        new("vllm", "http://127.0.0.1:8000/v1", null),
        new("llamacpp", "http://127.0.0.1:8080/v1", null) { CapField = CapField.MaxTokens },
        new("lmstudio", "http://127.0.0.1:1234/v1", null) { CapField = CapField.MaxTokens },
        new("openai-compatible", null, null),
    ];

    private static readonly FrozenDictionary<string, Provider> ByName = All.ToFrozenDictionary(provider => provider.Name, StringComparer.Ordinal);

    /// <summary>Their names, in the order of the documentation.</summary>
    public static IReadOnlyCollection<string> Names { get; } = [.. All.Select(provider => provider.Name)];

    /// <summary>A provider by name; null when unknown.</summary>
    public static Provider? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>
    /// How an output cap is called for a model: OpenAI's reasoning models (o-series, gpt-5 and gpt-6 families, but not the gpt-5-chat ones)
    /// refuse <c>max_tokens</c>.
    /// </summary>
    public static CapField CapFieldOf(Provider provider, string id) =>
        provider.IsOpenAi && IsReasoningFamily(id) ? CapField.MaxCompletionTokens : provider.CapField;

    private static bool IsReasoningFamily(string id)
    {
        if (id.StartsWith("gpt-5-chat", StringComparison.Ordinal)) return false;
        return id.StartsWith("gpt-5", StringComparison.Ordinal)
            || id.StartsWith("gpt-6", StringComparison.Ordinal)
            || (id.Length >= 2 && id[0] == 'o' && char.IsAsciiDigit(id[1]));
    }
}
