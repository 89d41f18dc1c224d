namespace Rung.Control.Imports.Reading;

/// <summary>Aliases under which gateways offer models: some name the job (<c>planner-model</c>), most name a model or how good it is.</summary>
internal static class ModelAlias
{
    private static readonly string[] Families =
    [
        "gpt", "chatgpt", "o1", "o3", "o4", "claude", "gemini", "gemma", "llama", "mistral", "mixtral", "ministral", "magistral", "codestral", "devstral", "pixtral",
        "qwen", "qwq", "deepseek", "command", "grok", "kimi", "glm", "minimax", "phi", "nova", "titan", "jamba", "dbrx", "granite", "nemotron", "falcon", "yi-",
        "sonar", "whisper", "tts", "dall-e", "text-embedding", "text-davinci", "davinci", "embed", "voyage", "bge", "nomic", "jina", "rerank", "moonshot", "vicuna",
        "opus", "sonnet", "haiku", "codex", "hermes", "wizardlm", "starcoder", "solar", "olmo", "smollm", "imagen", "veo", "sora",
    ];

    private static readonly string[] Ranks =
    [
        "default", "main", "primary", "secondary", "fallback", "backup", "fast", "slow", "smart", "cheap", "small", "medium", "large", "mid", "mini", "nano", "big", "tiny",
        "frontier", "best", "strong", "weak", "premium", "standard", "basic", "pro", "chat", "llm", "model", "models", "ai", "completion", "reasoning", "embedding",
        "embeddings", "vision", "prod", "production", "dev", "test", "staging", "auto", "router", "any", "all",
    ];

    /// <summary>The job that an alias names; null when it names a model, a provider or a rank, or when it is the model itself.</summary>
    /// <param name="alias">The alias, as the log has it.</param>
    /// <param name="model">The model behind it.</param>
    public static string? JobOf(string? alias, string? model)
    {
        if (TagName.Cut(alias) is not { } name || name.Contains('/') || string.Equals(name, model, StringComparison.OrdinalIgnoreCase)) return null;
        var word = name.ToLowerInvariant();
        foreach (var suffix in (ReadOnlySpan<string>)["-model", "_model", "-llm", "_llm", " model"])
        {
            if (word.EndsWith(suffix, StringComparison.Ordinal)) word = word[..^suffix.Length];
        }
        return word.Length == 0 || LooksLikeModel(word) || IsRank(word) ? null : word;
    }

    private static bool LooksLikeModel(string word)
    {
        if (ProviderNames.Of(null, word).Length > 0) return true;
        foreach (var family in Families)
        {
            // A family's name, alone or with a version: "phi-4", "gpt4"; but "philosophy" and "solver" are jobs.
            if (word.StartsWith(family, StringComparison.Ordinal) && (word.Length == family.Length || !char.IsLetter(word[family.Length]) || family[^1] == '-')) return true;
            if (Array.IndexOf(word.Split('-', '_', '.', ':', ' '), family) >= 0) return true;
        }
        return HasSize(word);
    }

    // 7b, 70b, 8x7b: sizes of weights.
    private static bool HasSize(string word)
    {
        foreach (var part in word.Split('-', '_', ':', ' '))
        {
            if (part.Length > 1 && part[^1] == 'b' && char.IsAsciiDigit(part[0]) && char.IsAsciiDigit(part[^2])) return true;
        }
        return false;
    }

    private static bool IsRank(string word)
    {
        foreach (var part in word.Split('-', '_', ' '))
        {
            if (Array.IndexOf(Ranks, part) < 0 && !part.All(char.IsAsciiDigit)) return false;
        }
        return true;
    }
}
