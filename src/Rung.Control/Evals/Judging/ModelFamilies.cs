using Rung.Control.Imports;
using Rung.Core.Policies;

namespace Rung.Control.Evals.Judging;

/// <summary>
/// The family that a model belongs to: who made it, whatever serves it and whatever size it is. Models of one family were trained by the same people on much
/// the same data, and tend to like each other's style.
/// </summary>
public static class ModelFamilies
{
    // What weights are called wherever they are served, by the start of the bare name or a part of it.
    private static readonly (string Part, string Family)[] s_weights =
    [
        ("gpt-oss", "openai"), ("gpt", "openai"), ("davinci", "openai"), ("claude", "anthropic"), ("gemini", "google"), ("gemma", "google"), ("palm", "google"), ("llama", "meta"),
        ("vicuna", "meta"), ("alpaca", "meta"), ("qwen", "alibaba"), ("qwq", "alibaba"), ("mixtral", "mistral"), ("mistral", "mistral"), ("ministral", "mistral"), ("codestral", "mistral"),
        ("deepseek", "deepseek"), ("phi-", "microsoft"), ("phi3", "microsoft"), ("phi4", "microsoft"), ("wizardlm", "microsoft"), ("command", "cohere"), ("aya", "cohere"),
        ("grok", "xai"), ("kimi", "moonshot"), ("glm", "zai"), ("minimax", "minimax"), ("nova", "amazon"), ("titan", "amazon"), ("granite", "ibm"), ("falcon", "tii"), ("yi-", "01ai"),
        ("nemotron", "nvidia"), ("jamba", "ai21"), ("jurassic", "ai21"), ("j2-", "ai21"), ("olmo", "ai2"), ("smollm", "huggingface"), ("solar", "upstage"), ("dbrx", "databricks"),
    ];

    /// <summary>The family of a model of the policy.</summary>
    public static string? Of(Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Of(model.Provider, model.UpstreamId);
    }

    /// <summary>The family of a model by a policy's name of it; of one that is not in the policy any more by its name.</summary>
    public static Func<string, string?> Among(PolicySnapshot policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return name => policy.Models.FirstOrDefault(model => model.Name == name) is { } model ? Of(model) : Of(provider: null, name);
    }

    /// <summary>The family of a model.</summary>
    /// <param name="provider">Who serves it, as policies say; null when unknown.</param>
    /// <param name="upstreamId">The upstream's name of it.</param>
    /// <returns>A word such as <c>openai</c>; null when nobody can tell, which is no proof of being of another family.</returns>
    public static string? Of(string? provider, string upstreamId)
    {
        ArgumentNullException.ThrowIfNull(upstreamId);
        var bare = upstreamId[(upstreamId.LastIndexOf('/') + 1)..].ToLowerInvariant();
        // The start of the name counts first: "deepseek-r1-distill-llama-70b" carries the weights' name behind the maker's. Then any part of it.
        foreach (var (part, family) in s_weights)
        {
            if (bare.StartsWith(part, StringComparison.Ordinal)) return family;
        }
        if (ProviderNames.Of(provider: null, upstreamId) is { Length: > 0 } maker) return maker;
        foreach (var (part, family) in s_weights)
        {
            if (part.Length > 3 && bare.Contains(part, StringComparison.Ordinal)) return family;
        }
        var served = ProviderNames.Of(provider, upstreamId);
        // A vendor serves its own models; a cloud, a reseller or a server of weights serves anybody's.
        return served is "openai" or "anthropic" or "google" or "mistral" or "cohere" or "deepseek" or "xai" or "moonshot" or "zai" or "minimax" or "alibaba" ? served : null;
    }
}
