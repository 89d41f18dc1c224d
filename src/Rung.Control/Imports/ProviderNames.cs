using System.Collections.Frozen;

namespace Rung.Control.Imports;

/// <summary>Who served a model, in the words of policies and of the price book, from whatever a log calls it.</summary>
/// <remarks>
/// Three kinds of names occur. A vendor (<c>x_ai</c>, <c>gemini</c>, <c>anthropic.messages</c>) is that vendor. A cloud or reseller (Azure, Bedrock, Vertex,
/// OpenRouter) is the vendor where the model is one that only its vendor makes (<c>gpt-5</c>, <c>claude-…</c>): their list price is the vendor's; an
/// open-weight model, or a deployment with a name of its own, stays with the cloud, and its price is unknown unless somebody states it. A library or a proxy
/// (<c>langchain</c>, <c>litellm</c>) says nothing about who serves, so the model's name decides, and where that is not safe the provider is unknown.
/// </remarks>
public static class ProviderNames
{
    // Clouds and resellers, under the words that the price imports use for them.
    private static readonly FrozenSet<string> Resellers =
        new[] { "azure", "aws", "vertex", "openrouter" }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> Words = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["x_ai"] = "xai", ["x-ai"] = "xai", ["grok"] = "xai",
        ["mistral_ai"] = "mistral", ["mistralai"] = "mistral", ["mistral-ai"] = "mistral", ["codestral"] = "mistral",
        ["moonshot_ai"] = "moonshot", ["moonshotai"] = "moonshot", ["kimi"] = "moonshot",
        ["z-ai"] = "zai", ["z_ai"] = "zai", ["z.ai"] = "zai", ["zhipu"] = "zai", ["zhipuai"] = "zai", ["zai-org"] = "zai",
        ["dashscope"] = "alibaba", ["qwen"] = "alibaba", ["alibaba_cloud"] = "alibaba",
        ["deepseek-ai"] = "deepseek", ["cohere_chat"] = "cohere", ["minimaxai"] = "minimax", ["claude"] = "anthropic",
        ["text-completion-openai"] = "openai", ["openai_responses"] = "openai", ["azure_openai"] = "azure", ["azureopenai"] = "azure",
        ["azure-openai"] = "azure", ["azure_ai"] = "azure", ["azure_text"] = "azure", ["az.ai.openai"] = "azure", ["az.ai.inference"] = "azure",
        ["azure-cognitive-services"] = "azure", ["microsoft"] = "azure",
        ["gemini"] = "google", ["google_genai"] = "google", ["google-genai"] = "google", ["google_ai_studio"] = "google", ["google-ai-studio"] = "google",
        ["google ai studio"] = "google", ["google.generative-ai"] = "google", ["generativeai"] = "google", ["palm"] = "google",
        ["gcp.gemini"] = "google", ["gcp.gen_ai"] = "google",
        ["vertex"] = "vertex", ["vertexai"] = "vertex", ["vertex ai"] = "vertex", ["vertex_ai"] = "vertex", ["gcp.vertex_ai"] = "vertex",
        ["google_vertexai"] = "vertex", ["google-vertex"] = "vertex", ["google.vertex"] = "vertex", ["google_vertex"] = "vertex",
        ["gcp_vertex_gemini"] = "vertex", ["gcp_vertex_anthropic"] = "vertex", ["google_ai_studio_gemini"] = "google",
        ["aws.bedrock"] = "aws", ["aws_bedrock"] = "aws", ["bedrock"] = "aws", ["bedrock_converse"] = "aws", ["amazon-bedrock"] = "aws",
        ["amazon_bedrock"] = "aws", ["amazon"] = "aws", ["amazon_nova"] = "aws", ["aws"] = "aws", ["sagemaker"] = "aws", ["aws_sagemaker"] = "aws",
        ["together_ai"] = "together", ["togetherai"] = "together", ["together-ai"] = "together",
        ["fireworks_ai"] = "fireworks", ["fireworks-ai"] = "fireworks", ["fireworksai"] = "fireworks",
        ["lm_studio"] = "lmstudio", ["llama.cpp"] = "llamacpp", ["llama_cpp"] = "llamacpp", ["hosted_vllm"] = "vllm",
        ["ibm.watsonx.ai"] = "watsonx", ["perplexityai"] = "perplexity", ["hugging_face"] = "huggingface",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // Libraries, proxies and placeholders: they stand in the field, but serve no model.
    private static readonly FrozenSet<string> NobodyInParticular = new[]
    {
        "langchain", "langgraph", "llamaindex", "llama_index", "haystack", "crewai", "litellm", "litellm_proxy", "portkey", "helicone", "gateway", "vercel",
        "ai-gateway", "openai-compatible", "openai_compatible", "openai_like", "custom", "custom_openai", "custom-openai", "unknown", "none", "null", "other", "default",
        "autogen", "semantic_kernel", "semantic-kernel", "pydantic_ai", "pydantic-ai", "dspy", "instructor", "outlines", "mastra", "rung",
    }.ToFrozenSet(StringComparer.Ordinal);

    // What LiteLLM and others put before a slash to say who serves. Names of organisations that publish weights (deepseek-ai, meta-llama, Qwen) are no hosts.
    private static readonly FrozenSet<string> Hosts = new[]
    {
        "openai", "azure", "azure_ai", "anthropic", "gemini", "google", "vertex_ai", "bedrock", "groq", "openrouter", "together_ai", "fireworks_ai", "xai", "x-ai",
        "mistral", "deepseek", "cohere", "moonshot", "zai", "z-ai", "minimax", "dashscope", "ollama", "hosted_vllm", "perplexity",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> NamePrefixes = new[]
    {
        "us", "us-gov", "eu", "apac", "au", "jp", "ca", "global", "anthropic", "openai", "mistral", "cohere", "google", "deepseek", "qwen", "minimax", "moonshot", "zai",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The provider of a call.</summary>
    /// <param name="provider">What the log calls it: a vendor, a cloud, a client library's flavour (<c>openai.chat</c>); null or empty when it does not say.</param>
    /// <param name="model">The model, as the log names it, with or without a path before it; null or empty when unknown.</param>
    /// <returns>A word of the price book or of policies (<c>openai</c>, <c>anthropic</c>, <c>google</c>, <c>azure</c>, <c>aws</c>, …); the log's own word in lower
    /// case when Rung does not know it; empty when nobody can say.</returns>
    public static string Of(string? provider, string? model)
    {
        var maker = Maker(model, out var isExclusive);
        var word = Word(provider);
        if (word.Length == 0 || NobodyInParticular.Contains(word)) return FromModel(model, maker, isExclusive);
        if (Resellers.Contains(word)) return isExclusive ? maker : word;

        // Everybody's proxies speak OpenAI's protocol, and then its client library reports itself. OpenAI serves nobody else's models.
        return word == "openai" && isExclusive ? maker : word;
    }

    private static string FromModel(string? model, string maker, bool isExclusive)
    {
        if (string.IsNullOrEmpty(model)) return "";
        var slash = model.IndexOf('/', StringComparison.Ordinal);
        if (slash > 0)
        {
            var head = model[..slash].Trim().ToLowerInvariant();
            if (isExclusive) return maker;
            // openai/gpt-oss-120b is what the weights are called everywhere, so that head names no host.
            return Hosts.Contains(head) && !IsOpenWeight(model) ? Word(head) : "";
        }
        return maker;
    }

    private static bool IsOpenWeight(string model) =>
        model.StartsWith("openai/gpt-oss", StringComparison.OrdinalIgnoreCase) || model.StartsWith("google/gemma", StringComparison.OrdinalIgnoreCase);

    private static string Word(string? provider)
    {
        if (string.IsNullOrWhiteSpace(provider)) return "";
        var name = provider.Trim().ToLowerInvariant();
        if (Words.TryGetValue(name, out var word)) return word;

        // The AI SDK's names say which of a vendor's interfaces was used: openai.responses, anthropic.messages, google.vertex.chat.
        for (var dot = name.LastIndexOf('.'); dot > 0; dot = name.LastIndexOf('.', dot - 1))
        {
            var head = name[..dot];
            if (Words.TryGetValue(head, out word)) return word;
            if (head is "openai" or "anthropic" or "mistral" or "xai" or "groq" or "cohere" or "deepseek" or "google" or "azure" or "togetherai" or "fireworks" or "gateway" or "openrouter") return head;
        }
        if (name.StartsWith("azure", StringComparison.Ordinal)) return "azure";
        if (name.StartsWith("bedrock", StringComparison.Ordinal)) return "aws";
        return name.StartsWith("vertex_ai", StringComparison.Ordinal) ? "vertex" : name;
    }

    // Who makes a model, and whether nobody else offers it at another price. Open weights are offered by everybody, so they say nothing once a host is in play.
    private static string Maker(string? model, out bool isExclusive)
    {
        isExclusive = false;
        if (string.IsNullOrWhiteSpace(model)) return "";
        var name = Bare(model.AsSpan().Trim());
        Span<char> buffer = stackalloc char[48]; // Longer than any prefix below; the rest of the name does not matter.
        var lower = buffer[..name[..Math.Min(name.Length, buffer.Length)].ToLowerInvariant(buffer)];

        if (ExclusiveMaker(lower) is { Length: > 0 } maker)
        {
            isExclusive = true;
            return maker;
        }
        // The names under which their makers serve them. With a path or a size behind a colon (Ollama) it is somebody's copy.
        if (model.AsSpan().ContainsAny('/', ':')) return "";
        if (lower.StartsWith("deepseek-") && !lower.StartsWith("deepseek-r1") && !lower.StartsWith("deepseek-v3") && !lower.StartsWith("deepseek-coder")) return "deepseek";
        if (lower.StartsWith("kimi-")) return "moonshot";
        if (lower.StartsWith("glm-")) return "zai";
        if (lower.StartsWith("minimax-")) return "minimax";
        return IsHostedQwen(lower) ? "alibaba" : "";
    }

    private static string ExclusiveMaker(ReadOnlySpan<char> name)
    {
        if (name.StartsWith("claude")) return "anthropic";
        if (name.StartsWith("gemini")) return "google";
        if (name.StartsWith("grok-")) return "xai";
        if (IsOpenAi(name)) return "openai";
        if (name.StartsWith("command-") || name.StartsWith("embed-english") || name.StartsWith("embed-multilingual") || name.StartsWith("embed-v")) return "cohere";
        foreach (var family in (ReadOnlySpan<string>)["mistral-large", "mistral-medium", "mistral-small", "mistral-embed", "mistral-saba", "codestral", "magistral", "ministral", "pixtral-large", "devstral"])
        {
            if (name.StartsWith(family)) return "mistral";
        }
        return "";
    }

    // gpt-oss, gpt-j and gpt-neo are open weights: a digit has to follow.
    private static bool IsOpenAi(ReadOnlySpan<char> name)
    {
        if (name.StartsWith("gpt-") && name.Length > 4 && char.IsAsciiDigit(name[4])) return true;
        if (name.Length >= 2 && name[0] == 'o' && name[1] is >= '1' and <= '9' && (name.Length == 2 || name[2] == '-')) return true;
        return name.StartsWith("chatgpt-") || name.StartsWith("text-embedding-3") || name.StartsWith("text-embedding-ada") || name.StartsWith("gpt-image")
            || name.StartsWith("gpt-realtime") || name.StartsWith("gpt-audio") || name.StartsWith("codex-");
    }

    // qwen3.8-max, qwen-plus: the names of the service. qwen3-32b and qwen2.5-coder are weights.
    private static bool IsHostedQwen(ReadOnlySpan<char> name) =>
        name.StartsWith("qwen") && (name.IndexOf("-max") > 0 || name.IndexOf("-plus") > 0 || name.IndexOf("-flash") > 0 || name.IndexOf("-turbo") > 0);

    // Without the path, "ft:" and Bedrock's region and vendor before a dot.
    private static ReadOnlySpan<char> Bare(ReadOnlySpan<char> name)
    {
        name = name[(name.LastIndexOf('/') + 1)..];
        if (name.StartsWith("ft:", StringComparison.OrdinalIgnoreCase)) name = name[3..];
        var prefixes = NamePrefixes.GetAlternateLookup<ReadOnlySpan<char>>();
        Span<char> lower = stackalloc char[16];
        for (var dot = name.IndexOf('.'); dot > 0 && dot <= lower.Length; dot = name.IndexOf('.'))
        {
            name[..dot].ToLowerInvariant(lower);
            if (!prefixes.Contains(lower[..dot])) break;
            name = name[(dot + 1)..];
        }
        return name;
    }
}
