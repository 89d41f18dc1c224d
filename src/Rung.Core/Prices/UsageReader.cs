using System.Text.Json;
using Rung.Core.Spans;

namespace Rung.Core.Prices;

/// <summary>
/// Reads a provider's <c>usage</c> block, whatever its dialect, into <see cref="TokenUsage"/>: input with cached parts, output with reasoning.
/// Runs once per reply and allocates nothing.
/// </summary>
/// <remarks>
/// Understands OpenAI (chat, Responses, Realtime), Anthropic, DeepSeek, OpenRouter, Mistral, Moonshot, Groq, xAI, Gemini's OpenAI-compatible
/// form, vLLM, llama.cpp, Ollama and Perplexity. Nothing of it needs to know who the provider is: the names and the sums tell.
/// </remarks>
public static class UsageReader
{
    /// <summary>Largest count that is believed; anything above is cut to it, so that sums cannot overflow.</summary>
    internal const long MostTokens = 1_000_000_000_000_000;

    /// <summary>Reads the value of a <c>usage</c> property.</summary>
    /// <param name="json">Positioned on the <see cref="JsonTokenType.StartObject"/> of the value, all of which must be in the buffer. Left on its
    /// <see cref="JsonTokenType.EndObject"/>, whatever the result. On any other token it is not moved.</param>
    /// <param name="usage">The counts; default when the result is false. <see cref="TokenUsage.Tier"/> is set only when the block itself names a
    /// tier (Anthropic); OpenAI names it beside the block, see <see cref="TierOf"/>.</param>
    /// <returns>Whether the block held any token count. Absent, null, mistyped, negative, fractional and huge members are tolerated.</returns>
    /// <exception cref="JsonException">The bytes are not JSON.</exception>
    public static bool TryRead(ref Utf8JsonReader json, out TokenUsage usage)
    {
        usage = default;
        if (json.TokenType != JsonTokenType.StartObject) return false;

        var counts = new UsageCounts();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName) ReadMember(ref json, ref counts);
        return counts.TryReconcile(out usage);
    }

    /// <summary>Reads a usage block that stands alone.</summary>
    /// <param name="usageJson">The JSON object that is the value of <c>usage</c>, UTF-8.</param>
    /// <param name="usage">The counts; default when the result is false.</param>
    /// <returns>Whether it is a JSON object that holds any token count. Never throws.</returns>
    public static bool TryReadUsageObject(ReadOnlySpan<byte> usageJson, out TokenUsage usage)
    {
        usage = default;
        try
        {
            var json = new Utf8JsonReader(usageJson);
            return json.Read() && TryRead(ref json, out usage);
        }
        catch (JsonException)
        {
            usage = default;
            return false;
        }
    }

    /// <summary>Most tokens of one attempt that are believed: a hundred times the largest context sold. Beyond it the block is broken, and the attempt is estimated.</summary>
    public const long BelievableTokens = 100_000_000;

    /// <summary>Whether a usage block can be true.</summary>
    public static bool IsBelievable(in TokenUsage usage) => usage.Input <= BelievableTokens && usage.Output <= BelievableTokens;

    /// <summary>The service tier that a string value names: <c>flex</c>; <c>priority</c> or its older name <c>fast</c>; anything else is standard.</summary>
    /// <param name="json">Positioned on the value of a <c>service_tier</c> property, which stands beside <c>usage</c> in an OpenAI reply. Not moved.</param>
    public static ServiceTier TierOf(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.String) return ServiceTier.Standard;
        if (json.ValueTextEquals("flex"u8)) return ServiceTier.Flex;
        return json.ValueTextEquals("priority"u8) || json.ValueTextEquals("fast"u8) ? ServiceTier.Priority : ServiceTier.Standard;
    }

    private static void ReadMember(ref Utf8JsonReader json, ref UsageCounts counts)
    {
        if (json.ValueTextEquals("prompt_tokens"u8)) Count(ref json, ref counts.Prompt);
        else if (json.ValueTextEquals("completion_tokens"u8)) Count(ref json, ref counts.Output);
        else if (json.ValueTextEquals("total_tokens"u8)) Count(ref json, ref counts.Total);
        else if (json.ValueTextEquals("input_tokens"u8)) Count(ref json, ref counts.Input);
        else if (json.ValueTextEquals("output_tokens"u8)) Count(ref json, ref counts.Output);
        else if (IsInputDetails(ref json)) ReadDetails(ref json, ref counts, input: true);
        else if (IsOutputDetails(ref json)) ReadDetails(ref json, ref counts, input: false);
        else if (json.ValueTextEquals("cache_read_input_tokens"u8)) ReadAnthropicCount(ref json, ref counts, ref counts.CacheRead);
        else if (json.ValueTextEquals("cache_creation_input_tokens"u8)) ReadAnthropicCount(ref json, ref counts, ref counts.CacheWrite);
        else if (json.ValueTextEquals("cache_creation"u8)) ReadCacheCreation(ref json, ref counts);
        else if (json.ValueTextEquals("prompt_cache_hit_tokens"u8)) ReadHit(ref json, ref counts); // DeepSeek
        else if (json.ValueTextEquals("prompt_cache_miss_tokens"u8)) Count(ref json, ref counts.CacheMiss);
        else if (json.ValueTextEquals("cached_tokens"u8)) Count(ref json, ref counts.CacheRead); // Moonshot
        else if (json.ValueTextEquals("num_cached_tokens"u8)) Count(ref json, ref counts.CacheRead); // Mistral
        else if (json.ValueTextEquals("reasoning_tokens"u8)) Count(ref json, ref counts.Reasoning); // Perplexity
        else if (json.ValueTextEquals("prompt_eval_count"u8)) Count(ref json, ref counts.Prompt); // Ollama's own API
        else if (json.ValueTextEquals("eval_count"u8)) Count(ref json, ref counts.Output);
        else if (json.ValueTextEquals("service_tier"u8)) ReadTier(ref json, ref counts);
        else if (json.ValueTextEquals("cost"u8)) ReadCost(ref json, ref counts);
        else if (json.ValueTextEquals("cost_in_usd_ticks"u8)) ReadTicks(ref json, ref counts); // xAI
        else if (json.ValueTextEquals("cost_details"u8)) ReadCostDetails(ref json, ref counts);
        else if (json.ValueTextEquals("is_byok"u8)) ReadByok(ref json, ref counts);
        else SkipValue(ref json);
    }

    private static bool IsInputDetails(ref Utf8JsonReader json) =>
        json.ValueTextEquals("prompt_tokens_details"u8) || json.ValueTextEquals("input_tokens_details"u8) || json.ValueTextEquals("input_token_details"u8);

    private static bool IsOutputDetails(ref Utf8JsonReader json) =>
        json.ValueTextEquals("completion_tokens_details"u8) || json.ValueTextEquals("output_tokens_details"u8) || json.ValueTextEquals("output_token_details"u8);

    private static void ReadDetails(ref Utf8JsonReader json, ref UsageCounts counts, bool input)
    {
        if (!EntersObject(ref json)) return;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("audio_tokens"u8)) Count(ref json, ref input ? ref counts.AudioInput : ref counts.AudioOutput);
            else if (input && json.ValueTextEquals("cached_tokens"u8)) Count(ref json, ref counts.CacheRead);
            else if (input && json.ValueTextEquals("cache_write_tokens"u8)) Count(ref json, ref counts.CacheWrite);
            else if (input && json.ValueTextEquals("cache_creation_tokens"u8)) Count(ref json, ref counts.CacheWrite); // LiteLLM's proxy
            else if (!input && json.ValueTextEquals("reasoning_tokens"u8)) Count(ref json, ref counts.Reasoning);
            else if (!input && json.ValueTextEquals("thinking_tokens"u8)) Count(ref json, ref counts.Reasoning); // Anthropic
            else SkipValue(ref json);
        }
    }

    private static void ReadAnthropicCount(ref Utf8JsonReader json, ref UsageCounts counts, ref long? slot)
    {
        counts.NamesCacheAsAnthropicDoes = true;
        Count(ref json, ref slot);
    }

    private static void ReadCacheCreation(ref Utf8JsonReader json, ref UsageCounts counts)
    {
        counts.NamesCacheAsAnthropicDoes = true;
        if (!EntersObject(ref json)) return;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("ephemeral_5m_input_tokens"u8)) Count(ref json, ref counts.CacheWriteShort);
            else if (json.ValueTextEquals("ephemeral_1h_input_tokens"u8)) Count(ref json, ref counts.CacheWriteLong);
            else SkipValue(ref json);
        }
    }

    private static void ReadHit(ref Utf8JsonReader json, ref UsageCounts counts)
    {
        long? hit = null;
        Count(ref json, ref hit);
        if (hit is null) return;
        counts.CacheHit = hit;
        counts.CacheRead = Math.Max(counts.CacheRead ?? 0, hit.Value);
    }

    private static void ReadTier(ref Utf8JsonReader json, ref UsageCounts counts)
    {
        if (!json.Read()) return;
        counts.Tier = TierOf(ref json);
        SkipChildren(ref json);
    }

    // OpenRouter: a number. Perplexity: an object with the sum in total_cost.
    private static void ReadCost(ref Utf8JsonReader json, ref UsageCounts counts)
    {
        if (!json.Read()) return;
        if (json.TokenType == JsonTokenType.StartObject)
        {
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                if (json.ValueTextEquals("total_cost"u8)) Dollars(ref json, ref counts.CostNanoUsd);
                else SkipValue(ref json);
            }
            return;
        }
        if (NanoUsd(ref json) is { } cost) counts.CostNanoUsd = cost;
        SkipChildren(ref json);
    }

    private static void ReadCostDetails(ref Utf8JsonReader json, ref UsageCounts counts)
    {
        if (!EntersObject(ref json)) return;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("upstream_inference_cost"u8)) Dollars(ref json, ref counts.UpstreamCostNanoUsd);
            else SkipValue(ref json);
        }
    }

    // A dollar has 10^10 ticks, so ten of them are a nano-dollar.
    private static void ReadTicks(ref Utf8JsonReader json, ref UsageCounts counts)
    {
        if (!json.Read()) return;
        if (json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var ticks) && ticks >= 0) counts.CostNanoUsd = (long)(((ulong)ticks + 5) / 10);
        SkipChildren(ref json);
    }

    private static void ReadByok(ref Utf8JsonReader json, ref UsageCounts counts)
    {
        if (!json.Read()) return;
        counts.OwnKey = json.TokenType == JsonTokenType.True;
        SkipChildren(ref json);
    }

    private static void Dollars(ref Utf8JsonReader json, ref long? slot)
    {
        if (!json.Read()) return;
        if (NanoUsd(ref json) is { } cost) slot = cost;
        SkipChildren(ref json);
    }

    private static long? NanoUsd(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.Number || !json.TryGetDecimal(out var usd) || usd < 0) return null;
        const decimal Most = long.MaxValue / 1_000_000_000;
        return usd >= Most ? long.MaxValue : (long)decimal.Round(usd * 1_000_000_000m, MidpointRounding.AwayFromZero);
    }

    /// <summary>Reads one count into its slot. Two spellings of the same count in one block: the larger one holds.</summary>
    private static void Count(ref Utf8JsonReader json, ref long? slot)
    {
        if (!json.Read()) return;
        if (json.TokenType == JsonTokenType.Number) slot = Math.Max(slot ?? 0, Tokens(ref json));
        SkipChildren(ref json);
    }

    private static long Tokens(ref Utf8JsonReader json)
    {
        if (json.TryGetInt64(out var whole)) return Math.Clamp(whole, 0, MostTokens);
        if (!json.TryGetDouble(out var real) || double.IsNaN(real)) return 0;
        return real >= MostTokens ? MostTokens : (long)Math.Max(0, Math.Round(real, MidpointRounding.AwayFromZero));
    }

    /// <summary>Moves from the name to the value; false, with the value skipped, when it is not an object.</summary>
    private static bool EntersObject(ref Utf8JsonReader json)
    {
        if (!json.Read()) return false;
        if (json.TokenType == JsonTokenType.StartObject) return true;
        SkipChildren(ref json);
        return false;
    }

    private static void SkipValue(ref Utf8JsonReader json)
    {
        if (json.Read()) SkipChildren(ref json);
    }

    // Not Skip(): that one throws on a reader over a block that is not the last.
    private static void SkipChildren(ref Utf8JsonReader json) => _ = json.TrySkip();
}
