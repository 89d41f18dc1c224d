using System.Buffers;
using System.Collections.Frozen;

namespace Rung.Control.Imports.Otlp;

/// <summary>Tells names of spans that say what somebody's program does from those that instrumentation gives every span of a kind.</summary>
internal static class SpanNames
{
    private static readonly SearchValues<char> s_modelLetters = SearchValues.Create("0123456789/:");
    private static readonly FrozenSet<string> Generic = new[]
    {
        "chat", "llm", "generation", "completion", "completions", "embedding", "embeddings", "generate_content", "text_completion", "message", "messages", "response", "responses",
        "generate", "invoke", "call", "predict", "span", "trace", "root", "operation", "request", "attempt", "decide", "model", "raw_gen_ai_request", "litellm_request",
        "received proxy server request", "litellm-acompletion", "litellm-completion", "chatopenai", "chatanthropic", "azurechatopenai", "chatgooglegenerativeai", "chatvertexai",
        "chatbedrock", "chatbedrockconverse", "chatmistralai", "chatgroq", "chatcohere", "chatollama", "chatlitellm", "openai", "anthropic", "azureopenai", "openai-generation",
        "anthropic-generation", "chatcompletion", "chat completion", "createcompletion", "runnablesequence", "runnablelambda", "runnableparallel", "agentexecutor",
        "runnableagent", "stroutputparser.invoke", "agent", "agent run", "workflow", "step", "task", "claude_code.llm_request", "claude_code.interaction", "ai.tooloperation",
        "ai.generatetext", "ai.generatetext.dogenerate", "ai.streamtext", "ai.streamtext.dostream", "ai.generateobject", "ai.generateobject.dogenerate", "ai.streamobject",
        "ai.streamobject.dostream", "ai.embed", "ai.embed.doembed", "ai.embedmany", "ai.embedmany.doembed", "ai.toolcall", "invoke_model", "converse", "conversestream",
        "messages.create", "messages.stream", "chat.completions.create", "responses.create", "embeddings.create", "chat.completions", "model call", "model_call", "llm call",
        "llm_call", "llm.request", "llm_request", "orchestrate_tools", "agent_step", "invoke_agent", "invoke_workflow", "execute_tool", "plan", "create_agent",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly string[] Operations =
        ["chat ", "generate_content ", "text_completion ", "embeddings ", "embedding ", "completion ", "message ", "responses ", "response ", "llm ", "generate ", "request "];

    private static readonly string[] Vendors =
        ["openai", "anthropic", "azure", "cohere", "mistral", "mistralai", "gemini", "google_generativeai", "google", "vertexai", "vertex_ai", "bedrock", "groq", "ollama", "together",
         "replicate", "huggingface", "watsonx", "litellm", "deepseek", "xai", "alephalpha", "async_openai", "asyncopenai", "asyncanthropic", "completions", "asynccompletions", "asyncmessages", "sagemaker"];

    private static readonly string[] Ends =
        [".chat", ".completion", ".completions", ".embedding", ".embeddings", ".response", ".responses", ".generate_content", ".generate", ".create", ".messages", ".message", ".invoke", ".acreate", ".stream", ".llm", "-generation"];

    /// <summary>The part of a span's name that means something: of <c>execute_tool search</c> it is <c>search</c>; null when nothing does.</summary>
    /// <param name="name">The span's name.</param>
    /// <param name="model">The model of a call; null or empty for another span.</param>
    public static string? Meaning(string? name, string? model)
    {
        if (string.IsNullOrEmpty(name) || IsGeneric(name, model)) return null;
        foreach (var operation in (ReadOnlySpan<string>)["invoke_agent ", "execute_tool ", "invoke_workflow ", "create_agent ", "plan ", "tools/call "])
        {
            if (name.StartsWith(operation, StringComparison.Ordinal) && name.Length > operation.Length) return name[operation.Length..];
        }
        // The SDK writes the function behind the operation: "ai.generateText summarise".
        if (name.StartsWith("ai.", StringComparison.Ordinal) && name.IndexOf(' ', StringComparison.Ordinal) is > 0 and var space) return name[(space + 1)..];
        // OpenLLMetry writes the kind behind the name: "classify.task".
        foreach (var kind in (ReadOnlySpan<string>)[".task", ".workflow", ".agent", ".tool"])
        {
            if (name.EndsWith(kind, StringComparison.Ordinal) && name.Length > kind.Length) return name[..^kind.Length];
        }
        return name;
    }

    /// <summary>Whether a name is that of HTTP, of a database or the like.</summary>
    public static bool IsPlumbing(string name)
    {
        foreach (var verb in (ReadOnlySpan<string>)["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "SELECT", "INSERT", "UPDATE", "HTTP"])
        {
            if (name.StartsWith(verb, StringComparison.Ordinal) && (name.Length == verb.Length || name[verb.Length] is ' ' or '/')) return true;
        }
        return false;
    }

    private static bool IsGeneric(string name, string? model)
    {
        if (Generic.Contains(name) || IsPlumbing(name)) return true;
        foreach (var operation in Operations)
        {
            if (!name.StartsWith(operation, StringComparison.OrdinalIgnoreCase)) continue;
            // "chat gpt-5.4" is generic, "chat with the customer" is not: what follows must be the model, or look like one name without blanks that has a digit or a slash.
            var rest = name.AsSpan(operation.Length);
            if (model is { Length: > 0 } && (rest.StartsWith(model, StringComparison.OrdinalIgnoreCase) || model.AsSpan().StartsWith(rest, StringComparison.OrdinalIgnoreCase))) return true;
            return !rest.Contains(' ') && rest.ContainsAny(s_modelLetters);
        }
        if (model is { Length: > 0 } && string.Equals(name, model, StringComparison.OrdinalIgnoreCase)) return true;
        foreach (var end in Ends)
        {
            if (!name.EndsWith(end, StringComparison.OrdinalIgnoreCase)) continue;
            var head = name.AsSpan(0, name.Length - end.Length);
            var first = head.IndexOf('.') is > 0 and var dot ? head[..dot] : head;
            foreach (var vendor in Vendors)
            {
                if (first.Equals(vendor, StringComparison.OrdinalIgnoreCase)) return true;
            }
        }
        return false;
    }
}
