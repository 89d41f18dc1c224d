namespace Rung.Storage.Sqlite;

/// <summary>The columns of a call and of an attempt, in the one order in which writer and reader take them.</summary>
internal static class CallColumns
{
    public const string Call =
        "id, started_at_us, tag, tag_source, role, session, user, route, arm, policy_revision, policy_hash, streamed, status, http_status, " +
        "latency_us, first_byte_us, tier, model, cost_nano_usd, unknown_price_attempts, baseline_nano_usd, baseline_model, reason";

    /// <summary>Without <c>call_id</c>.</summary>
    public const string Attempt =
        "ordinal, kind, model, provider, tier, propensity, started_at_us, outcome, http_status, latency_us, first_byte_us, " +
        "input_tokens, cache_read_tokens, cache_write_tokens, cache_write_long_tokens, audio_input_tokens, output_tokens, " +
        "reasoning_tokens, audio_output_tokens, usage_source, service_tier, reported_cost_nano_usd, cost_nano_usd, " +
        "upstream_model, finish_reason, error, saved_tokens, saved_us";
}
