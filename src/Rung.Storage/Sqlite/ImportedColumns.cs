namespace Rung.Storage.Sqlite;

/// <summary>The columns of an imported call, in the one order in which writer and reader take them.</summary>
internal static class ImportedColumns
{
    public const int Count = 60;

    public const string All =
        "id, source, key, started_at_us, granularity, requests, provider, model, " +
        "input_tokens, cache_read_tokens, cache_write_tokens, cache_write_long_tokens, audio_input_tokens, output_tokens, reasoning_tokens, " +
        "audio_output_tokens, usage_source, service_tier, reported_cost_nano_usd, cost_nano_usd, price_permille, latency_us, first_byte_us, " +
        "status, error, finish_reason, tag, tag_source, site_tag, role, agent, step, session, user, team, run, run_position, ends_run, followed_by, " +
        "temperature, max_tokens, requested_output, effort, tools, tool_calls, simulated, " +
        "template, system_pieces, tool_set, schema, system_chars, message_chars, messages, output_shape, output_key, output_chars, prompt, data_signs, " +
        "verdicts, provider_cost_nano_usd";
}
