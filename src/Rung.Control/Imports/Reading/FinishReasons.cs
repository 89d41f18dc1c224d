namespace Rung.Control.Imports.Reading;

/// <summary>Why a model stopped, in OpenAI's words where they fit.</summary>
internal static class FinishReasons
{
    /// <summary>The word for a provider's word; an unknown one in lower case, cut to 64 characters; null for nothing.</summary>
    public static string? Of(string? reason)
    {
        if (TagName.Cut(reason) is not { } word) return null;
        var lower = word.ToLowerInvariant();
        return lower switch
        {
            "stop" or "end_turn" or "stop_sequence" or "completed" or "complete" or "eos" or "eos_token" or "finish_reason_stop" => "stop",
            "length" or "max_tokens" or "max_output_tokens" or "model_length" or "model_context_window_exceeded" or "incomplete" => "length",
            "tool_calls" or "tool_call" or "tool-calls" or "tool_use" or "function_call" => "tool_calls",
            "content_filter" or "content-filter" or "safety" or "refusal" or "blocklist" or "prohibited_content" or "recitation" or "guardrail_intervened" => "content_filter",
            "none" or "null" or "" => null,
            _ => lower.Length > 64 ? lower[..64] : lower,
        };
    }
}
