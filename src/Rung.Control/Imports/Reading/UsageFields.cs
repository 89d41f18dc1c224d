namespace Rung.Control.Imports.Reading;

/// <summary>Usage blocks of providers that a gateway kept, in OpenAI's and in Anthropic's words.</summary>
internal static class UsageFields
{
    /// <summary>Adds what a block states to figures; what is there already stays.</summary>
    /// <exception cref="LogRecordException">A count is none.</exception>
    public static void AddTo(ref UsageFigures figures, FieldReading block)
    {
        if (block.IsMissing) return;
        figures.Input ??= block.Count("prompt_tokens", "input_tokens");
        figures.Output ??= block.Count("completion_tokens", "output_tokens");
        figures.Total ??= block.Count("total_tokens");

        var input = block.Map("prompt_tokens_details", "input_tokens_details");
        figures.CacheRead ??= block.Count("cache_read_input_tokens") ?? input.Count("cached_tokens", "cached_read_tokens") ?? block.Count("prompt_cache_hit_tokens");
        AddWrites(ref figures, block, input);
        figures.AudioInput ??= input.Count("audio_tokens");

        var output = block.Map("completion_tokens_details", "output_tokens_details");
        figures.Reasoning ??= output.Count("reasoning_tokens", "thinking_tokens") ?? block.Count("reasoning_tokens");
        figures.AudioOutput ??= output.Count("audio_tokens");
    }

    private static void AddWrites(ref UsageFigures figures, FieldReading block, FieldReading input)
    {
        if (figures.CacheWrite is not null || figures.CacheWriteLong is not null) return;
        var whole = block.Count("cache_creation_input_tokens") ?? input.Count("cache_creation_tokens", "cache_write_tokens", "cached_write_tokens");
        var split = block.Map("cache_creation");
        if (split.IsMissing) split = input.Map("cache_creation_token_details");
        var shorter = split.Count("ephemeral_5m_input_tokens");
        var longer = split.Count("ephemeral_1h_input_tokens");
        figures.CacheWriteLong = longer;
        // The split refines the whole; what it does not name was written for short.
        figures.CacheWrite = longer is null ? shorter ?? whole : Math.Max(shorter ?? 0, (whole ?? 0) - longer.Value);
    }
}
