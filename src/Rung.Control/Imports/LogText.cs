namespace Rung.Control.Imports;

/// <summary>Names and words of logs, brought to Rung's forms.</summary>
public static class LogText
{
    /// <summary>Longest name that is kept, in characters.</summary>
    public const int LongestName = 200;
    private const int LongestTag = 64;

    /// <summary>A name, trimmed and cut to <see cref="LongestName"/>; null for nothing.</summary>
    public static string? Name(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        var trimmed = text.AsSpan().Trim();
        if (trimmed.Length > LongestName) trimmed = trimmed[..LongestName];
        return trimmed.Length == text.Length ? text : trimmed.ToString();
    }

    /// <summary>A tag or role as Rung writes them (<c>[a-z0-9._-]{1,64}</c>): lower case, a dash for each run of other characters; null when nothing is left.</summary>
    public static string? Tag(string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        if (text.Length <= LongestTag && InOrder(text)) return text;

        Span<char> tag = stackalloc char[LongestTag];
        var length = 0;
        foreach (var letter in text)
        {
            if (length == tag.Length) break;
            var lower = char.ToLowerInvariant(letter);
            if (IsAllowed(lower)) tag[length++] = lower;
            else if (length > 0 && tag[length - 1] != '-') tag[length++] = '-';
        }
        var kept = tag[..length].Trim('-');
        return kept.IsEmpty ? null : kept.ToString();
    }

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

    private static bool InOrder(ReadOnlySpan<char> text)
    {
        foreach (var letter in text)
        {
            if (!IsAllowed(letter)) return false;
        }
        return !text.IsEmpty;
    }

    private static bool IsAllowed(char letter) => letter is >= 'a' and <= 'z' or >= '0' and <= '9' or '.' or '_' or '-';
}
