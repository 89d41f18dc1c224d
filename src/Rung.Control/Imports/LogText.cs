using Rung.Core.Requests;

namespace Rung.Control.Imports;

/// <summary>Names and words of logs, brought to Rung's forms.</summary>
public static class LogText
{
    /// <summary>Longest name that is kept, in characters.</summary>
    public const int LongestName = 200;

    /// <summary>A name, trimmed and cut to <see cref="LongestName"/>; null for nothing.</summary>
    public static string? Name(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        var trimmed = text.AsSpan().Trim();
        if (trimmed.Length > LongestName) trimmed = trimmed[..LongestName];
        return trimmed.Length == text.Length ? text : trimmed.ToString();
    }

    /// <summary>A tag or role, spelt as the gateway spells it (<see cref="TagSpelling.Of"/>); null for nothing.</summary>
    public static string? Tag(string? text) => TagSpelling.Of(text);

    /// <summary>Why a model stopped, in OpenAI's words (<c>stop</c>, <c>length</c>, <c>tool_calls</c>, <c>content_filter</c>); another word in lower case; null for nothing.</summary>
    public static string? FinishReason(string? reason)
    {
        if (string.IsNullOrWhiteSpace(reason)) return null;
        return reason.Trim().ToLowerInvariant() switch
        {
            "stop" or "end_turn" or "stop_sequence" or "complete" or "completed" or "end" or "eos" or "finish_reason_stop" => "stop",
            "length" or "max_tokens" or "max_output_tokens" or "finish_reason_max_tokens" or "model_length" or "incomplete" => "length",
            "tool_calls" or "tool_call" or "tool_use" or "tool-calls" or "function_call" => "tool_calls",
            "content_filter" or "content-filter" or "safety" or "refusal" or "content_filtered" or "guardrail_intervened" => "content_filter",
            var other => Name(other),
        };
    }
}
