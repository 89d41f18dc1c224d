using Rung.Control.Imports;

namespace Rung.Control.Tests.Imports;

public sealed class ProviderNamesTests
{
    [Theory]
    // Vendors, by every name.
    [InlineData("OpenAI", "whatever", "openai")]
    [InlineData("openai.responses", "gpt-5.4", "openai")]
    [InlineData("anthropic.messages", "claude-opus-5", "anthropic")]
    [InlineData("google.generative-ai", "gemini-3.8-flash", "google")]
    [InlineData("gcp.gemini", "gemini-3.8-flash", "google")]
    [InlineData("x_ai", "grok-4.7", "xai")]
    [InlineData("mistral_ai", "mistral-large-latest", "mistral")]
    [InlineData("MistralAI", "open-mixtral-8x7b", "mistral")]
    [InlineData("moonshot_ai", "kimi-k3", "moonshot")]
    [InlineData("groq", "openai/gpt-oss-120b", "groq")]
    [InlineData("deepseek", "deepseek-chat", "deepseek")]
    // Clouds and resellers: the vendor where only the vendor makes the model.
    [InlineData("azure.ai.openai", "gpt-4o-2024-08-06", "openai")]
    [InlineData("az.ai.openai", "my-deployment", "azure")]
    [InlineData("azure.ai.inference", "DeepSeek-R1", "azure")]
    [InlineData("azure.ai.inference", "Mistral-large-2411", "mistral")]
    [InlineData("aws.bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "anthropic")]
    [InlineData("bedrock", "amazon.nova-pro-v1:0", "aws")]
    [InlineData("aws.bedrock", "meta.llama3-70b-instruct-v1:0", "aws")]
    [InlineData("gcp.vertex_ai", "gemini-2.5-pro", "google")]
    [InlineData("vertex_ai", "claude-opus-5@20260101", "anthropic")]
    [InlineData("vertex_ai", "llama-4", "vertex")]
    [InlineData("openrouter", "anthropic/claude-opus-5", "anthropic")]
    [InlineData("openrouter", "deepseek/deepseek-v3", "openrouter")]
    // A client library behind a proxy.
    [InlineData("openai", "claude-opus-5", "anthropic")]
    [InlineData("openai", "llama-3.3-70b", "openai")]
    [InlineData("langchain", "gpt-5", "openai")]
    [InlineData("litellm", "some-alias", "")]
    // No provider: only what is safe.
    [InlineData(null, "gpt-5-mini", "openai")]
    [InlineData(null, "o3", "openai")]
    [InlineData("", "o4-mini-2025-04-16", "openai")]
    [InlineData(null, "ft:gpt-4o-mini:acme::1", "openai")]
    [InlineData(null, "claude-haiku-4-5", "anthropic")]
    [InlineData(null, "models/gemini-2.5-flash", "google")]
    [InlineData(null, "groq/llama-3.3-70b-versatile", "groq")]
    [InlineData(null, "azure/my-deployment", "azure")]
    [InlineData(null, "openai/gpt-oss-120b", "")]
    [InlineData(null, "gpt-oss-120b", "")]
    [InlineData(null, "gpt-neox-20b", "")]
    [InlineData(null, "meta-llama/Llama-3-70b", "")]
    [InlineData(null, "deepseek-ai/DeepSeek-V3", "")]
    [InlineData(null, "deepseek-r1:7b", "")]
    [InlineData(null, "deepseek-chat", "deepseek")]
    [InlineData(null, "qwen3.8-max", "alibaba")]
    [InlineData(null, "qwen3-32b", "")]
    [InlineData(null, "olmo-2", "")]
    [InlineData(null, null, "")]
    // Unknown ones stay what they are.
    [InlineData("Acme Inference", "gpt-5", "acme inference")]
    public void Providers_are_told_in_the_words_of_the_price_book(string? provider, string? model, string expected) => Assert.Equal(expected, ProviderNames.Of(provider, model));
}
