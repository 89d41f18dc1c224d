using System.Collections.Frozen;
using System.Text;

namespace Rung.Control.Audit.Sites;

/// <summary>
/// Names of agents and steps as logs have them, brought to a form in which the same maker has the same name: lower case, words joined by dashes, numbers and
/// identifiers as <c>n</c>. A name that only says that a model was called (<c>chat gpt-4o</c>, <c>ChatOpenAI</c>, <c>llm.generate</c>) is no name.
/// </summary>
internal static class SourceName
{
    private const int MostWords = 8, MostChars = 64;

    private static readonly FrozenSet<string> Generic = new[]
    {
        "chat", "llm", "llms", "lm", "ai", "open", "openai", "anthropic", "azure", "bedrock", "google", "gemini", "vertex", "vertexai", "genai", "gen", "mistral", "cohere", "groq", "ollama", "together", "fireworks",
        "openrouter", "litellm", "langchain", "langgraph", "llamaindex", "langfuse", "helicone", "portkey", "deepseek", "xai", "converse", "completion", "completions", "acompletion", "complete", "generate", "generation",
        "generations", "generator", "invoke", "ainvoke", "invocation", "call", "calls", "model", "models", "message", "messages", "create", "request", "requests", "response", "responses", "text", "inference", "run",
        "runnable", "sequence", "lambda", "api", "http", "https", "post", "get", "v", "stream", "streaming", "async", "sync", "predict", "prompt", "query", "content", "output", "parser", "client", "sdk", "beta", "batch", "execute",
        "process", "handler", "handle", "default", "unknown", "none", "null", "main", "root", "span", "trace", "observation", "gateway", "proxy", "provider", "endpoint", "function", "task", "step", "node", "chain", "workflow",
        "gpt", "claude", "llama", "qwen", "haiku", "sonnet", "opus", "mini", "nano", "turbo", "pro", "flash", "lite", "grok", "mixtral", "phi", "command", "instruct", "preview", "latest", "n", "o", "with", "do", "the", "a",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The name in one form; null when it is no name.</summary>
    public static string? Of(string? name) => Normalise(name) is { } words && !IsGeneric(words) ? words : null;

    /// <summary>The name in one form even when it is generic; null when it is empty or too long to be a name.</summary>
    public static string? Normalise(string? name)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > 200) return null;
        var words = new StringBuilder(name.Length);
        var (count, start) = (0, 0);
        for (var i = 0; i <= name.Length; i++)
        {
            var isEnd = i == name.Length || !char.IsLetterOrDigit(name[i]);
            // "planStep" are two words, "OpenAI" are "open" and "ai", "HTTPServer" is "http" and "server".
            var isHump = !isEnd && i > start && char.IsUpper(name[i]) && (char.IsLower(name[i - 1]) || (char.IsUpper(name[i - 1]) && i + 1 < name.Length && char.IsLower(name[i + 1])));
            if (!isEnd && !isHump) continue;
            if (i > start) Append(words, name.AsSpan(start..i), ref count);
            start = isHump ? i : i + 1;
        }
        return count is > 0 and <= MostWords && words.Length <= MostChars ? words.ToString() : null;
    }

    private static bool IsGeneric(string words)
    {
        foreach (var range in words.AsSpan().Split('-'))
        {
            if (!Generic.GetAlternateLookup<ReadOnlySpan<char>>().Contains(words.AsSpan(range))) return false;
        }
        return true;
    }

    private static void Append(StringBuilder words, ReadOnlySpan<char> word, ref int count)
    {
        var digits = 0;
        foreach (var c in word) digits += char.IsDigit(c) ? 1 : 0;
        // Identifiers: all digits, or digits and letters mixed over some length. "v2" and "step3" keep their letters: they differ by version and place only.
        var isNumber = digits == word.Length || (digits >= 2 && word.Length >= 6);
        if (isNumber && words.Length > 0 && words[^1] == 'n' && (words.Length == 1 || words[^2] == '-')) return; // A UUID is one number.
        if (words.Length > 0) words.Append('-');
        count++;
        if (isNumber) words.Append('n');
        else foreach (var c in word.TrimEnd("0123456789")) words.Append(char.ToLowerInvariant(c));
    }
}
