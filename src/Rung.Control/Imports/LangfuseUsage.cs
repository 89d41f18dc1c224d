namespace Rung.Control.Imports;

/// <summary>
/// Sums up a map of usage by name, as Langfuse keeps it (<c>input</c>, <c>input_cached_tokens</c>, <c>output_reasoning_tokens</c>, …): every key counts beside the
/// others, and <c>total</c> is their sum. The names of OpenAI's and Anthropic's own usage blocks are read with their own rules, because they are handed on unchanged.
/// </summary>
public struct LangfuseUsage
{
    private long inputParts, outputParts;
    private bool any, isOpenAi;
    private UsageFigures figures;

    /// <summary>Takes one entry of the map.</summary>
    /// <param name="key">Its name, as written.</param>
    /// <param name="tokens">Its count; negative ones are ignored.</param>
    public void Add(ReadOnlySpan<char> key, long tokens)
    {
        if (tokens < 0) return;
        any = true;
        if (key is "total" or "total_tokens" or "totalTokens")
        {
            figures.Total = tokens;
            return;
        }
        // prompt_tokens is OpenAI's word, and OpenAI counts cached input inside.
        if (key is "prompt_tokens" or "promptTokens" or "completion_tokens" or "completionTokens") isOpenAi = true;

        if (key is "input" or "input_tokens" or "prompt_tokens" or "promptTokens" or "inputTokens") figures.Input = Math.Max(figures.Input ?? 0, tokens);
        else if (key is "output" or "output_tokens" or "completion_tokens" or "completionTokens" or "outputTokens") figures.Output = Math.Max(figures.Output ?? 0, tokens);
        else if (Has(key, "cach") && (Has(key, "creation") || Has(key, "write"))) AddWritten(key, tokens);
        else if (Has(key, "cach")) figures.CacheRead = (figures.CacheRead ?? 0) + tokens;
        else if (Has(key, "reason") || Has(key, "thought") || Has(key, "thinking")) figures.Reasoning = (figures.Reasoning ?? 0) + tokens;
        else if (Has(key, "audio") && Has(key, "output")) (figures.AudioOutput, outputParts) = ((figures.AudioOutput ?? 0) + tokens, outputParts + tokens);
        else if (Has(key, "audio")) (figures.AudioInput, inputParts) = ((figures.AudioInput ?? 0) + tokens, inputParts + tokens);
        else if (key.StartsWith("output") || key.StartsWith("completion")) outputParts += tokens;
        else if (key.StartsWith("input") || key.StartsWith("prompt")) inputParts += tokens;
    }

    /// <summary>The counts in Rung's meaning.</summary>
    /// <param name="rule">What was done to them.</param>
    public readonly Core.Spans.TokenUsage Complete(out UsageRule rule)
    {
        rule = UsageRule.AsStated;
        if (!any) return default;
        var stated = figures;
        // Text, image and prediction parts of the one or other side, and audio: in Langfuse's map they stand beside "input", in OpenAI's they are in it.
        if (!isOpenAi)
        {
            if (inputParts > 0) stated.Input = (stated.Input ?? 0) + inputParts;
            if (outputParts > 0) stated.Output = (stated.Output ?? 0) + outputParts;
        }
        var parts = isOpenAi ? PartRule.Inside : PartRule.Beside;
        return UsageRules.Reconcile(stated, parts, parts, out rule);
    }

    private void AddWritten(ReadOnlySpan<char> key, long tokens)
    {
        if (Has(key, "1h")) figures.CacheWriteLong = (figures.CacheWriteLong ?? 0) + tokens;
        else figures.CacheWrite = (figures.CacheWrite ?? 0) + tokens;
    }

    private static bool Has(ReadOnlySpan<char> key, string part) => key.Contains(part, StringComparison.OrdinalIgnoreCase);
}
