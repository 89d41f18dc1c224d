using Rung.Core.Policies;
using Rung.Core.Prices;
using Rung.Core.Requests;

namespace Rung.Core.Tests.Policies;

public class PolicyCompilerTests
{
    [Fact]
    public void A_full_policy_compiles_to_what_it_says()
    {
        var snapshot = SomePolicy.Snapshot(SomePolicy.Full);

        Assert.Equal("full", snapshot.Name);
        Assert.Equal(["small", "mid", "frontier"], snapshot.Ladder.Select(tier => tier.Name));
        Assert.Equal("opus", snapshot.BaselineModel.Name);
        Assert.Equal("frontier", snapshot.ReferenceTier.Name);
        Assert.Equal(0, snapshot.Revision);
        Assert.Matches("^[0-9a-f]{64}$", snapshot.Hash);
        var haiku = snapshot.Models[0];
        Assert.Equal(new SecretReference("MY_KEY", null), haiku.Key);
        Assert.Equal(1_000_000, haiku.Price!.Periods[0].Rates.Input);
        Assert.Equal(7_500_000, haiku.Price.Periods[0].Tiers[0].Rates.Output);
        Assert.Equal("policy", haiku.Price.Periods[0].Source);
        Assert.Equal(ModelNeeds.Tools | ModelNeeds.Vision, haiku.Can);
        Assert.Equal(CapField.MaxTokens, haiku.CapField);
        Assert.False(haiku.AcceptsTemperature);
        Assert.Equal(new HourlyPrice(600_000_000, 4), snapshot.Models[1].Hourly);
        Assert.Null(snapshot.Models[1].Price);
        Assert.Equal(KeyHeader.ApiKey, snapshot.Models[4].KeyHeader);

        var tag = snapshot.Tags["classify-intent"];
        Assert.Equal("tag classify-intent: small", tag.Reason);
        Assert.Equal(16, tag.Checks.Length);
        Assert.Equal(ClimbCause.CheckFailed | ClimbCause.Truncated, tag.Escalation!.On);
        Assert.Equal(10_000_000, tag.Escalation.MaxCostNanoUsd);
        Assert.Equal(TimeSpan.FromSeconds(20), tag.Escalation.MaxTime);
        Assert.Equal(new Ceiling(400_000, 10_000_000, 5_000_000_000), tag.Ceiling);
        Assert.Equal(new Floor("judge", 0.97, "frontier"), tag.Floor);
        Assert.Equal(TimeSpan.FromSeconds(2), tag.Limits.Connect);
        Assert.Equal(1024 * 1024, tag.Limits.RequestBytes);
        Assert.Equal("role worker: mid", snapshot.Roles["worker"].Reason);
        Assert.Equal("role:worker", snapshot.Roles["worker"].Name);
        Assert.Equal("default: frontier", snapshot.Default.Reason);
        Assert.Equal("default", snapshot.Default.Name);
        Assert.Equal(2, snapshot.Pins[0].Models.Count);
    }

    [Fact]
    public void A_tag_takes_from_its_role_what_it_does_not_say()
    {
        var snapshot = SomePolicy.Snapshot("""
            version: 1
            tiers: { low: { models: [a] }, high: { models: [a] } }
            models: { a: { provider: ollama, id: x } }
            roles:
              worker:
                tier: low
                owner: team
                why: because
                max_tokens: 100
                temperature: { max: 1 }
                checks: [json]
                escalate: { to: high }
                user_visible: true
                data_class: phi
                limits: { total_seconds: 60, attempts: 2 }
            tags:
              same: { role: worker }
              other: { role: worker, tier: high, owner: me, checks: [], escalate: none, user_visible: false, limits: { attempts: 4 } }
            default: { tier: high }
            """);

        var same = snapshot.Tags["same"];
        Assert.Equal(("low", "team", "because", 100, 1.0, "phi"), (same.Tier.Name, same.Owner!, same.Why!, same.MaxTokens, same.MaxTemperature!.Value, same.DataClass!));
        Assert.Equal(("json", true, "high"), (Assert.Single(same.CheckTexts), same.UserVisible, same.Escalation!.To.Name));
        Assert.Equal("worker", same.Role);
        var other = snapshot.Tags["other"];
        Assert.Equal(("high", "me", "because", false), (other.Tier.Name, other.Owner!, other.Why!, other.UserVisible));
        Assert.Empty(other.Checks);
        Assert.Null(other.Escalation);
        Assert.Equal((TimeSpan.FromSeconds(60), 4), (other.Limits.Total, other.Limits.Attempts));
    }

    [Theory]
    [InlineData("openai", "gpt-4o", "https://api.openai.com/v1", "OPENAI_API_KEY", CapField.AsGiven, true)]
    [InlineData("openai", "gpt-6-luna", "https://api.openai.com/v1", "OPENAI_API_KEY", CapField.MaxCompletionTokens, true)]
    [InlineData("openai", "o3-mini", "https://api.openai.com/v1", "OPENAI_API_KEY", CapField.MaxCompletionTokens, true)]
    [InlineData("openai", "gpt-5-chat-latest", "https://api.openai.com/v1", "OPENAI_API_KEY", CapField.AsGiven, true)]
    [InlineData("mistral", "mistral-large", "https://api.mistral.ai/v1", "MISTRAL_API_KEY", CapField.MaxTokens, false)]
    [InlineData("ollama", "qwen", "http://127.0.0.1:11434/v1", null, CapField.MaxTokens, true)]
    [InlineData("anthropic", "claude-x", "https://api.anthropic.com/v1", "ANTHROPIC_API_KEY", CapField.AsGiven, true)]
    [InlineData("google", "gemini-x", "https://generativelanguage.googleapis.com/v1beta/openai", "GEMINI_API_KEY", CapField.AsGiven, true)]
    public void A_provider_gives_the_defaults(string provider, string id, string url, string? key, CapField capField, bool streamOptions)
    {
        var model = SomePolicy.Snapshot($"version: 1\ntiers: {{ t: {{ models: [m] }} }}\nmodels: {{ m: {{ provider: {provider}, id: {id} }} }}\ndefault: {{ tier: t }}").Models[0];

        Assert.Equal((url, key, capField, streamOptions), (model.BaseUrl.ToString(), model.Key?.Environment, model.CapField, model.AcceptsStreamOptions));
        Assert.True(model.AcceptsTemperature);
        Assert.Null(model.Price);
        Assert.Equal(ModelNeeds.Tools | ModelNeeds.Vision | ModelNeeds.JsonSchema | ModelNeeds.Audio | ModelNeeds.Files | ModelNeeds.Logprobs, model.Can);
    }

    [Fact]
    public void The_price_book_gives_price_limits_and_abilities_unless_the_policy_says_otherwise()
    {
        var book = new PriceBook
        {
            Compiled = SomePolicy.Today,
            Entries =
            [
                new PriceSchedule
                {
                    Provider = "openai", Model = "gpt-x", Context = 1000, MaxOutput = 200, Capabilities = ["tools", "reasoning"], Temperature = "effort_none",
                    Periods = [new PricePeriod { Source = "test", Rates = new PriceRates { Input = 5, Output = 6 } }],
                },
            ],
        };
        var models = SomePolicy.Snapshot("""
            version: 1
            tiers: { t: { models: [plain, deployed, stated] } }
            models:
              plain: { provider: openai, id: gpt-x }
              deployed: { provider: azure, url: "https://x.example/openai/v1/", id: gpt-x }
              stated: { provider: openai, id: gpt-x, price: { input: 1, output: 2 }, context: 7, max_output: 8, can: [], temperature: true }
            default: { tier: t }
            """, book).Models;

        Assert.Equal((5L, 1000, 200, false), (models[0].Price!.Periods[0].Rates.Input, models[0].Context, models[0].MaxOutput, models[0].AcceptsTemperature));
        Assert.Equal(ModelNeeds.Tools | ModelNeeds.Logprobs, models[0].Can);
        Assert.Equal(5, models[1].Price!.Periods[0].Rates.Input);
        Assert.Equal("https://x.example/openai/v1", models[1].BaseUrl.AbsoluteUri);
        Assert.Equal((1_000_000L, 7, 8, true), (models[2].Price!.Periods[0].Rates.Input, models[2].Context, models[2].MaxOutput, models[2].AcceptsTemperature));
        Assert.Equal(ModelNeeds.None, models[2].Can);
    }

    [Fact]
    public void The_hash_follows_the_text_and_every_included_file()
    {
        var first = Hash(SomePolicy.Full, "{}");

        Assert.Equal(first, Hash(SomePolicy.Full, "{}"));
        Assert.NotEqual(first, Hash(SomePolicy.Full + "\n# note", "{}"));
        Assert.NotEqual(first, Hash(SomePolicy.Full, "true"));
    }

    [Fact]
    public void The_last_tier_is_the_reference_unless_another_is_marked()
    {
        Assert.Equal("frontier", SomePolicy.Snapshot(SomePolicy.Clean).ReferenceTier.Name);

        var marked = SomePolicy.Snapshot(SomePolicy.Clean.Replace("{ models: [b] }", "{ models: [b], reference: true }", StringComparison.Ordinal));
        Assert.Equal(("mid", "b"), (marked.ReferenceTier.Name, marked.BaselineModel.Name));
        Assert.Equal("mid", marked.WithRevision(7).ReferenceTier.Name);
    }

    private static string Hash(string yaml, string schema) =>
        PolicyCompiler.Compile(new PolicySource("p", yaml, _ => System.Text.Encoding.UTF8.GetBytes(schema)), PriceBook.Empty, SomePolicy.Today).Snapshot!.Hash;
}
