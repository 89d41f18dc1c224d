namespace Rung.Core.Prices;

/// <summary>LiteLLM's names of providers and models in the words of policies.</summary>
internal static class LiteLlmNames
{
    public static string Provider(string listed) => listed.ToLowerInvariant() switch
    {
        "gemini" or "vertex_ai-language-models" => "google",
        "text-completion-openai" => "openai",
        "cohere_chat" => "cohere",
        "dashscope" => "alibaba",
        "together_ai" => "together",
        "fireworks_ai" or "fireworks_ai-embedding-models" => "fireworks",
        var name when name.StartsWith("azure", StringComparison.Ordinal) => "azure",
        var name when name.StartsWith("bedrock", StringComparison.Ordinal) || name is "amazon_nova" or "sagemaker" => "aws",
        var name when name.StartsWith("vertex_ai", StringComparison.Ordinal) => "vertex",
        var name => name,
    };

    /// <summary>The key without the path segment that only names the provider: <c>azure/gpt-5</c> is <c>gpt-5</c>, <c>gemini/x</c> is <c>x</c>.</summary>
    public static string Model(string key, string listedProvider)
    {
        var slash = key.IndexOf('/');
        if (slash <= 0) return key;

        var head = key[..slash];
        var provider = Provider(listedProvider);
        var namesTheProvider = string.Equals(head, listedProvider, StringComparison.OrdinalIgnoreCase)
            || Provider(head) == provider
            || (provider == "google" && string.Equals(head, "vertex_ai", StringComparison.OrdinalIgnoreCase));
        return namesTheProvider ? key[(slash + 1)..] : key;
    }
}
