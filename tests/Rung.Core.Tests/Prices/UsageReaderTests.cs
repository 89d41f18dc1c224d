using System.Text;
using System.Text.Json;
using Rung.Core.Prices;
using Rung.Core.Spans;

namespace Rung.Core.Tests.Prices;

public class UsageReaderTests
{
    private static readonly DateTimeOffset Sunday = Some.Sunday;

    /// <summary>Provider, model, the block as the provider writes it, the counts (input, read, written, written long, audio in, output, reasoning, audio out), nano-USD.</summary>
    public static TheoryData<string, string, string, long[], long> Blocks => new()
    {
        {
            "openai", "gpt-6-luna", // chat
            """{"prompt_tokens":1200,"completion_tokens":340,"total_tokens":1540,"prompt_tokens_details":{"cached_tokens":1024,"cache_write_tokens":100,"audio_tokens":0,"text_tokens":1200,"image_tokens":0},"completion_tokens_details":{"reasoning_tokens":256,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}""",
            [1200, 1024, 100, 0, 0, 340, 256, 0], 76 * 100 + 1024 * 10 + 100 * 125 + 340 * 500
        },
        {
            "openai", "gpt-5", // Responses
            """{"input_tokens":2000,"input_tokens_details":{"cached_tokens":1500,"cache_write_tokens":0},"output_tokens":500,"output_tokens_details":{"reasoning_tokens":400},"total_tokens":2500}""",
            [2000, 1500, 0, 0, 0, 500, 400, 0], 500 * 1250 + 1500 * 125 + 500 * 10_000
        },
        {
            "openai", "text-embedding-3-small", // embeddings
            """{"prompt_tokens":1000,"total_tokens":1000}""",
            [1000, 0, 0, 0, 0, 0, 0, 0], 1000 * 20
        },
        {
            "anthropic", "claude-opus-5-5", // input_tokens excludes the cached parts
            """{"input_tokens":20,"cache_creation_input_tokens":300,"cache_read_input_tokens":1024,"cache_creation":{"ephemeral_5m_input_tokens":100,"ephemeral_1h_input_tokens":200},"output_tokens":31,"output_tokens_details":{"thinking_tokens":7},"server_tool_use":{"web_search_requests":0},"service_tier":"standard","inference_geo":null}""",
            [1344, 1024, 100, 200, 0, 31, 7, 0], 20 * 4000 + 1024 * 200 + 100 * 5000 + 200 * 8000 + 31 * 20_000
        },
        {
            "anthropic", "claude-haiku-4-5", // writes without a split are short
            """{"input_tokens":20,"cache_creation_input_tokens":300,"cache_read_input_tokens":0,"output_tokens":10}""",
            [320, 0, 300, 0, 0, 10, 0, 0], 20 * 1000 + 300 * 1250 + 10 * 5000
        },
        {
            "deepseek", "deepseek-v4-pro",
            """{"prompt_tokens":500,"completion_tokens":50,"total_tokens":550,"prompt_tokens_details":{"cached_tokens":448},"completion_tokens_details":{"reasoning_tokens":20},"prompt_cache_hit_tokens":448,"prompt_cache_miss_tokens":52}""",
            [500, 448, 0, 0, 0, 50, 20, 0], 52 * 660 + 448 * 22 + 50 * 1980
        },
        {
            "deepseek", "deepseek-flash", // the older form, without details
            """{"prompt_tokens":500,"completion_tokens":50,"total_tokens":550,"prompt_cache_hit_tokens":448,"prompt_cache_miss_tokens":52}""",
            [500, 448, 0, 0, 0, 50, 0, 0], 39_144 // 52 × 150 + 448 × 3 + 50 × 600
        },
        {
            "mistral", "mistral-small-4",
            """{"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100,"num_cached_tokens":640,"prompt_audio_seconds":null}""",
            [1000, 640, 0, 0, 0, 100, 0, 0], 360 * 150 + 640 * 15 + 100 * 600
        },
        {
            "moonshot", "kimi-k2.6", // at the top level
            """{"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100,"cached_tokens":768}""",
            [1000, 768, 0, 0, 0, 100, 0, 0], 232 * 950 + 768 * 160 + 100 * 4000
        },
        {
            "groq", "openai/gpt-oss-20b",
            """{"queue_time":0.018,"prompt_tokens":80,"prompt_time":0.002,"completion_tokens":40,"completion_time":0.05,"total_tokens":120,"total_time":0.052}""",
            [80, 0, 0, 0, 0, 40, 0, 0], 80 * 75 + 40 * 300
        },
        {
            "xai", "grok-4.3", // reasoning is counted beside the completion; the provider's own bill of this very block is 0.0232856 USD
            """{"prompt_tokens":10120,"completion_tokens":1499,"total_tokens":14428,"prompt_tokens_details":{"text_tokens":10120,"audio_tokens":0,"image_tokens":0,"cached_tokens":128},"completion_tokens_details":{"reasoning_tokens":2809,"audio_tokens":0},"num_sources_used":0}""",
            [10120, 128, 0, 0, 0, 4308, 2809, 0], 23_285_600
        },
        {
            "google", "gemini-2.5-flash", // OpenAI-compatible: thoughts appear in the total only
            """{"completion_tokens":10,"prompt_tokens":20,"total_tokens":130}""",
            [20, 0, 0, 0, 0, 110, 100, 0], 20 * 300 + 110 * 2500
        },
        {
            "openai", "gpt-4.1", // vLLM: details are null
            """{"prompt_tokens":30,"total_tokens":37,"completion_tokens":7,"prompt_tokens_details":null,"completion_tokens_details":null}""",
            [30, 0, 0, 0, 0, 7, 0, 0], 30 * 2000 + 7 * 8000
        },
        {
            "openai", "gpt-4.1", // llama.cpp
            """{"completion_tokens":12,"prompt_tokens":40,"total_tokens":52,"prompt_tokens_details":{"cached_tokens":39}}""",
            [40, 39, 0, 0, 0, 12, 0, 0], 1 * 2000 + 39 * 500 + 12 * 8000
        },
        {
            "openai", "gpt-4.1", // Ollama's own API
            """{"total_duration":5043500667,"load_duration":5025959,"prompt_eval_count":26,"prompt_eval_duration":325953000,"eval_count":290,"eval_duration":4709213000}""",
            [26, 0, 0, 0, 0, 290, 0, 0], 26 * 2000 + 290 * 8000
        },
        {
            "google", "gemini-2.5-flash", // audio
            """{"prompt_tokens":1000,"completion_tokens":10,"total_tokens":1010,"prompt_tokens_details":{"audio_tokens":600,"cached_tokens":0},"completion_tokens_details":{"audio_tokens":4}}""",
            [1000, 0, 0, 0, 600, 10, 0, 4], 400 * 300 + 600 * 1000 + 10 * 2500
        },
        {
            "anthropic", "claude-opus-5", // LiteLLM's proxy: OpenAI's names, inclusive, with Anthropic's beside them
            """{"prompt_tokens":1344,"completion_tokens":31,"total_tokens":1375,"prompt_tokens_details":{"cached_tokens":1024,"cache_creation_tokens":300},"cache_creation_input_tokens":300,"cache_read_input_tokens":1024}""",
            [1344, 1024, 300, 0, 0, 31, 0, 0], 20 * 5000 + 1024 * 500 + 300 * 6250 + 31 * 25_000
        },
    };

    [Theory]
    [MemberData(nameof(Blocks))]
    public void Every_providers_block_gives_the_same_meaning_and_its_exact_price(string provider, string model, string block, long[] counts, long nanoUsd)
    {
        Assert.True(UsageReader.TryReadUsageObject(Encoding.UTF8.GetBytes(block), out var usage));

        Assert.Equal(
            new TokenUsage
            {
                Input = counts[0], CacheRead = counts[1], CacheWrite = counts[2], CacheWriteLong = counts[3], AudioInput = counts[4],
                Output = counts[5], Reasoning = counts[6], AudioOutput = counts[7], Source = UsageSource.Provider,
            },
            usage);
        Assert.Equal(nanoUsd, Cost.OfTokens(usage, PriceBook.Embedded.Find(provider, model)!.At(Sunday)!, Sunday));
    }

    [Theory]
    [InlineData("""{"prompt_tokens":900,"completion_tokens":40,"cost":0.00041,"is_byok":false,"cost_details":{"upstream_inference_cost":0.00039}}""", 410_000)]
    [InlineData("""{"cost_details":{"upstream_inference_cost":0.00039,"upstream_inference_prompt_cost":0.0003},"is_byok":true,"cost":0.00002,"prompt_tokens":900}""", 410_000)]
    [InlineData("""{"prompt_tokens":900,"is_byok":true,"cost":0,"cost_details":{"upstream_inference_cost":null}}""", 0)]
    [InlineData("""{"prompt_tokens":900,"cost":4.1e-7}""", 410)]
    [InlineData("""{"prompt_tokens":900,"cost":0.0000000005}""", 1)]
    [InlineData("""{"prompt_tokens":900,"cost":{"input_tokens_cost":0.001,"output_tokens_cost":0.002,"total_cost":0.003}}""", 3_000_000)] // Perplexity
    [InlineData("""{"prompt_tokens":900,"cost_in_usd_ticks":232856000}""", 23_285_600)] // xAI
    [InlineData("""{"prompt_tokens":900,"cost":1e20}""", long.MaxValue)]
    public void What_a_provider_says_it_billed_is_read_to_the_nano_dollar(string block, long nanoUsd)
    {
        Assert.True(UsageReader.TryReadUsageObject(Encoding.UTF8.GetBytes(block), out var usage));
        Assert.Equal(nanoUsd, usage.ReportedCostNanoUsd);
    }

    [Theory]
    [InlineData("""{"prompt_tokens":1}""")]
    [InlineData("""{"prompt_tokens":1,"cost":null}""")]
    [InlineData("""{"prompt_tokens":1,"cost":"0.1"}""")]
    [InlineData("""{"prompt_tokens":1,"cost":-1}""")]
    [InlineData("""{"prompt_tokens":1,"cost":1e999}""")]
    [InlineData("""{"prompt_tokens":1,"cost":[1]}""")]
    public void A_bill_that_is_missing_or_nonsense_is_unknown_not_zero(string block)
    {
        Assert.True(UsageReader.TryReadUsageObject(Encoding.UTF8.GetBytes(block), out var usage));
        Assert.Null(usage.ReportedCostNanoUsd);
    }

    [Theory]
    [InlineData("""{"prompt_tokens":12.0,"completion_tokens":3.6}""", 12, 4)]
    [InlineData("""{"prompt_tokens":1e3,"completion_tokens":null}""", 1000, 0)]
    [InlineData("""{"prompt_tokens":-7,"completion_tokens":5}""", 0, 5)]
    [InlineData("""{"prompt_tokens":99999999999999999999999,"completion_tokens":1e400}""", 1_000_000_000_000_000, 1_000_000_000_000_000)]
    [InlineData("""{"prompt_tokens":"12","completion_tokens":5}""", 0, 5)]
    [InlineData("""{"prompt_tokens":{"value":3},"completion_tokens":5,"total_tokens":[1,{"a":2}]}""", 0, 5)]
    [InlineData("""{"prompt_tokens":4,"completion_tokens":5,"prompt_tokens_details":[{"cached_tokens":3}],"completion_tokens_details":"none","cache_creation":7}""", 4, 5)]
    [InlineData("""{"prompt\u005ftokens":4,"completion_tokens":true,"extra":{"prompt_tokens":9}}""", 4, 0)]
    [InlineData("""{"total_tokens":30}""", 30, 0)]
    [InlineData("""{"prompt_tokens":4,"completion_tokens":5,"total_tokens":3}""", 4, 5)]
    [InlineData("""{"output_tokens":31}""", 0, 31)] // the last frame of an Anthropic stream
    public void Odd_values_are_tolerated(string block, long input, long output)
    {
        Assert.True(UsageReader.TryReadUsageObject(Encoding.UTF8.GetBytes(block), out var usage));
        Assert.Equal((input, output), (usage.Input, usage.Output));
        Assert.Equal((0L, 0L), (usage.CacheRead, usage.CacheWrite));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("7")]
    [InlineData("""{"prompt_tokens":null,"completion_tokens":null}""")]
    [InlineData("""{"queue_time":1.5}""")]
    [InlineData("""{"prompt_tokens":""")]
    [InlineData("not json")]
    public void What_holds_no_count_is_no_usage(string block)
    {
        Assert.False(UsageReader.TryReadUsageObject(Encoding.UTF8.GetBytes(block), out var usage));
        Assert.Equal(default, usage);
    }

    [Fact]
    public void Parts_are_cut_to_their_whole()
    {
        Assert.True(UsageReader.TryReadUsageObject("""{"prompt_tokens":10,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":15,"cache_write_tokens":4,"audio_tokens":99}}"""u8, out var usage));
        Assert.Equal((10L, 10L, 0L, 10L), (usage.Input, usage.CacheRead, usage.CacheWrite, usage.AudioInput));
    }

    [Fact]
    public void More_reasoning_than_completion_means_that_it_was_counted_beside_it()
    {
        Assert.True(UsageReader.TryReadUsageObject("""{"prompt_tokens":10,"completion_tokens":2,"completion_tokens_details":{"reasoning_tokens":317}}"""u8, out var usage));
        Assert.Equal((319L, 317L), (usage.Output, usage.Reasoning));
    }

    [Fact]
    public void A_total_that_holds_the_cached_parts_too_means_that_the_prompt_did_not()
    {
        Assert.True(UsageReader.TryReadUsageObject("""{"prompt_tokens":20,"completion_tokens":31,"total_tokens":1375,"cache_read_input_tokens":1024,"cache_creation_input_tokens":300}"""u8, out var usage));
        Assert.Equal((1344L, 31L), (usage.Input, usage.Output));
    }

    [Fact]
    public void The_reader_is_left_on_the_end_of_the_block()
    {
        var json = new Utf8JsonReader("""{"usage":{"prompt_tokens":3,"prompt_tokens_details":{"cached_tokens":[{}]},"x":{"y":[1,2]}},"service_tier":"flex"}"""u8);
        json.Read();
        json.Read();
        json.Read();

        Assert.True(UsageReader.TryRead(ref json, out var usage));
        Assert.Equal(JsonTokenType.EndObject, json.TokenType);
        Assert.Equal(3, usage.Input);
        Assert.True(json.Read());
        Assert.True(json.ValueTextEquals("service_tier"));
        json.Read();
        Assert.Equal(ServiceTier.Flex, UsageReader.TierOf(ref json));
    }

    [Fact]
    public void A_value_that_is_no_object_leaves_the_reader_where_it_is()
    {
        var json = new Utf8JsonReader("""{"usage":null,"x":1}"""u8);
        json.Read();
        json.Read();
        json.Read();

        Assert.False(UsageReader.TryRead(ref json, out _));
        Assert.Equal(JsonTokenType.Null, json.TokenType);
    }

    [Fact]
    public void A_tier_named_inside_the_block_is_read()
    {
        Assert.True(UsageReader.TryReadUsageObject("""{"input_tokens":3,"output_tokens":1,"service_tier":"priority"}"""u8, out var usage));
        Assert.Equal(ServiceTier.Priority, usage.Tier);
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        var block = Encoding.UTF8.GetBytes((string)Blocks.First()[2]);
        _ = UsageReader.TryReadUsageObject(block, out _);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) _ = UsageReader.TryReadUsageObject(block, out _);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
