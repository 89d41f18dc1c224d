using System.Text;
using Rung.Core.Prices;

namespace Rung.Core.Tests.Prices;

public class PriceImportTests
{
    private const string LiteLlm = """
        {
          "sample_spec": {"litellm_provider": "one of …", "mode": "chat", "input_cost_per_token": 0},
          "gpt-9": {"litellm_provider":"openai","mode":"chat","input_cost_per_token":1.25e-06,"output_cost_per_token":1e-05,
            "cache_read_input_token_cost":1.25e-07,"input_cost_per_token_flex":6.25e-07,"output_cost_per_token_flex":5e-06,
            "input_cost_per_token_priority":6.25e-05,"output_cost_per_token_priority":2e-05,
            "input_cost_per_token_above_272k_tokens":2.5e-06,"output_cost_per_token_above_272k_tokens":1.5e-05,"cache_read_input_token_cost_above_272k_tokens":2.5e-07,
            "max_input_tokens":400000,"max_output_tokens":128000,"max_tokens":128000,
            "supports_function_calling":true,"supports_vision":true,"supports_response_schema":true,"supports_sampling_params":false},
          "gemini/gemini-9": {"litellm_provider":"gemini","mode":"chat","input_cost_per_token":"3e-07","output_cost_per_token":2.5e-06,"input_cost_per_audio_token":1e-06,"output_cost_per_reasoning_token":3.5e-06},
          "gemini-9": {"litellm_provider":"vertex_ai-language-models","mode":"chat","input_cost_per_token":3e-07,"output_cost_per_token":2.5e-06},
          "azure/gpt-9": {"litellm_provider":"azure","mode":"responses","input_cost_per_token":1.375e-06,"output_cost_per_token":1.1e-05},
          "bedrock/us.anthropic.claude-9-v1:0": {"litellm_provider":"bedrock_converse","mode":"chat","input_cost_per_token":3e-06,"output_cost_per_token":1.5e-05,
            "cache_creation_input_token_cost":3.75e-06,"cache_creation_input_token_cost_above_1hr":6e-06},
          "text-embedding-9": {"litellm_provider":"openai","mode":"embedding","input_cost_per_token":2e-08},
          "dall-e-9": {"litellm_provider":"openai","mode":"image_generation","input_cost_per_pixel":1e-08},
          "per-second": {"litellm_provider":"replicate","mode":"chat","input_cost_per_second":0.001},
          "ollama/llama3": {"litellm_provider":"ollama","mode":"chat","input_cost_per_token":0,"output_cost_per_token":0},
          "broken": 7,
          "negative": {"litellm_provider":"x","mode":"chat","input_cost_per_token":-1,"output_cost_per_token":1e-6}
        }
        """;

    private const string ModelsDev = """
        {
          "openai": {"id":"openai","models":{
            "gpt-9": {"id":"gpt-9","tool_call":true,"reasoning":true,"temperature":false,"structured_output":true,"modalities":{"input":["text","image","pdf"],"output":["text"]},
              "cost":{"input":1.25,"output":10,"cache_read":0.125,"tiers":[{"input":2.5,"output":15,"cache_read":0.25,"tier":{"type":"context","size":272000}}],"context_over_200k":{"input":9,"output":9}},
              "limit":{"context":400000,"output":128000}}}},
          "moonshotai": {"models":{"kimi-9":{"cost":{"input":0.954,"output":3.961,"cache_read":0.161}}, "free-9":{"cost":{"input":0,"output":0}}, "plan-9":{}}},
          "google": {"models":{"gemini-9":{"cost":{"input":1.25,"output":10,"input_audio":2,"reasoning":12,"context_over_200k":{"input":2.5,"output":15}}}}},
          "odd": {"models":[]}
        }
        """;

    [Fact]
    public void LiteLLMs_rates_per_token_become_exact_pico_dollars()
    {
        var import = LiteLlmPrices.Read(Encoding.UTF8.GetBytes(LiteLlm));

        var gpt = Entry(import, "openai", "gpt-9");
        var period = gpt.Periods.Single();
        Assert.Equal(new PriceRates { Input = 1_250_000, Output = 10_000_000, CacheRead = 125_000 }, period.Rates);
        Assert.Equal(new PriceTier(272_000, new PriceRates { Input = 2_500_000, Output = 15_000_000, CacheRead = 250_000 }), period.Tiers.Single());
        Assert.Equal(500, period.FlexPermille);
        Assert.Equal(2000, period.PriorityPermille); // The input's 50× is a slip; the output's 2× is believed.
        Assert.Equal((400_000, 128_000, "no"), (gpt.Context, gpt.MaxOutput, gpt.Temperature));
        Assert.Equal("tools vision json_schema", string.Join(' ', gpt.Capabilities));
        Assert.Contains(import.Remarks, remark => remark.Row == "gpt-9" && remark.Reason.StartsWith("priority", StringComparison.Ordinal));
        Assert.Equal(6_000_000, Entry(import, "aws", "us.anthropic.claude-9-v1:0").Periods[0].Rates.CacheWriteLong);
    }

    [Fact]
    public void LiteLLMs_providers_get_the_names_that_policies_use()
    {
        var import = LiteLlmPrices.Read(Encoding.UTF8.GetBytes(LiteLlm));

        Assert.Equal(
            ["aws us.anthropic.claude-9-v1:0", "azure gpt-9", "google gemini-9", "openai gpt-9", "openai text-embedding-9"],
            import.Entries.Select(entry => $"{entry.Provider} {entry.Model}").Order(StringComparer.Ordinal));
        Assert.Equal("embedding", Entry(import, "openai", "text-embedding-9").Kind);
        Assert.Equal(1_000_000, Entry(import, "google", "gemini-9").Periods[0].Rates.AudioInput);
    }

    [Fact]
    public void Every_row_that_is_not_taken_has_a_reason()
    {
        var import = LiteLlmPrices.Read(Encoding.UTF8.GetBytes(LiteLlm));

        Assert.Equal(["broken", "dall-e-9", "gemini-9", "negative", "ollama/llama3", "per-second"], import.Skipped.Select(skip => skip.Row).Order(StringComparer.Ordinal));
        Assert.All(import.Skipped, skip => Assert.NotEmpty(skip.Reason));
    }

    [Fact]
    public void Models_devs_rates_tiers_and_limits_are_read()
    {
        var import = ModelsDevPrices.Read(Encoding.UTF8.GetBytes(ModelsDev));

        var gpt = Entry(import, "openai", "gpt-9");
        Assert.Equal(new PriceTier(272_000, Some.Rates(2.5m, 15, 0.25m)), gpt.Periods[0].Tiers.Single());
        Assert.Equal("tools vision files json_schema reasoning", string.Join(' ', gpt.Capabilities));
        Assert.Equal("no", gpt.Temperature);
        Assert.Equal(Some.Rates(0.954m, 3.961m, 0.161m), Entry(import, "moonshot", "kimi-9").Periods[0].Rates);
        Assert.Equal(200_000, Entry(import, "google", "gemini-9").Periods[0].Tiers.Single().AboveInput);
        Assert.Equal(["moonshotai/free-9", "moonshotai/plan-9", "odd"], import.Skipped.Select(skip => skip.Row).Order(StringComparer.Ordinal));
        Assert.Contains(import.Remarks, remark => remark.Row == "google/gemini-9");
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"a\":")]
    public void What_is_no_price_list_is_refused(string file)
    {
        Assert.Throws<PriceBookException>(() => LiteLlmPrices.Read(Encoding.UTF8.GetBytes(file)));
        Assert.Throws<PriceBookException>(() => ModelsDevPrices.Read(Encoding.UTF8.GetBytes(file)));
    }

    [Theory]
    [InlineData("""{"a":null,"b":[],"c":"x","d":{"litellm_provider":7},"e":{"litellm_provider":"p","mode":"chat","input_cost_per_token":"x"}}""")]
    [InlineData("""{"p":null,"q":{"models":{"m":null,"n":{"cost":null},"o":{"cost":{"input":1,"output":1,"tiers":[null,3,{"tier":null}]},"limit":[],"modalities":[]}}}}""")]
    public void Rows_of_any_shape_are_survived(string file)
    {
        _ = LiteLlmPrices.Read(Encoding.UTF8.GetBytes(file));
        _ = ModelsDevPrices.Read(Encoding.UTF8.GetBytes(file));
    }

    private static PriceSchedule Entry(PriceImport import, string provider, string model) =>
        Assert.Single(import.Entries, entry => entry.Provider == provider && entry.Model == model);
}
