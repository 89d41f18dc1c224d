using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text;
using System.Text.Json;
using OpenAI;
using OpenAI.Chat;
using Rung.Core.Spans;

namespace Rung.Tests.Clients;

/// <summary>OpenAI's own .NET client against a running gateway: only the base address and the key are changed.</summary>
public sealed class OpenAiSdkTests : IAsyncLifetime
{
    private ClientGateway gateway = null!;

    public async Task InitializeAsync() => gateway = await ClientGateway.StartAsync(Talks.Sensibly);

    public async Task DisposeAsync() => await gateway.DisposeAsync();

    private ChatClient Client(string key = ClientGateway.Key, string model = "rung/job") => new(model, new ApiKeyCredential(key),
        new OpenAIClientOptions { Endpoint = gateway.Url, RetryPolicy = new ClientRetryPolicy(maxRetries: 0) });

    private static readonly ChatTool Weather = ChatTool.CreateFunctionTool("weather", "Weather of a city",
        BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}"""));

    [Fact]
    public async Task It_chats()
    {
        ChatCompletion answer = await Client().CompleteChatAsync([new UserChatMessage("hello")], new ChatCompletionOptions { MaxOutputTokenCount = 50, Temperature = 0.5f });

        Assert.Equal("one two three", answer.Content[0].Text);
        Assert.Equal((10, 5, ChatFinishReason.Stop), (answer.Usage.InputTokenCount, answer.Usage.OutputTokenCount, answer.FinishReason));
        var call = Assert.Single(await gateway.CallsAsync(1));
        Assert.Equal(("job", CallStatus.Answered, 20_000L), (call.Tag, call.Status, call.CostNanoUsd));
    }

    [Fact]
    public async Task It_streams_and_sees_the_usage()
    {
        var text = new StringBuilder();
        ChatTokenUsage? usage = null;
        await foreach (var update in Client().CompleteChatStreamingAsync([new UserChatMessage("hello")]))
        {
            foreach (var part in update.ContentUpdate) text.Append(part.Text);
            usage ??= update.Usage;
        }

        Assert.Equal("one two three", text.ToString());
        Assert.Equal((10, 5), (usage!.InputTokenCount, usage.OutputTokenCount));
    }

    [Fact]
    public async Task It_calls_tools()
    {
        ChatCompletion answer = await Client().CompleteChatAsync([new UserChatMessage("weather?")], new ChatCompletionOptions { Tools = { Weather } });

        Assert.Equal(ChatFinishReason.ToolCalls, answer.FinishReason);
        Assert.Equal(("call_1", "weather", """{"city":"Bonn"}"""), (answer.ToolCalls[0].Id, answer.ToolCalls[0].FunctionName, answer.ToolCalls[0].FunctionArguments.ToString()));
    }

    [Fact]
    public async Task It_calls_tools_in_a_stream()
    {
        var (name, arguments) = ("", new StringBuilder());
        await foreach (var update in Client().CompleteChatStreamingAsync([new UserChatMessage("weather?")], new ChatCompletionOptions { Tools = { Weather } }))
        {
            foreach (var part in update.ToolCallUpdates)
            {
                name += part.FunctionName;
                if (part.FunctionArgumentsUpdate is { } piece && piece.ToMemory().Length > 0) arguments.Append(piece);
            }
        }

        Assert.Equal(("weather", """{"city":"Bonn"}"""), (name, arguments.ToString()));
    }

    [Fact]
    public async Task It_asks_for_structured_output()
    {
        const string Schema = """{"type":"object","properties":{"answer":{"type":"integer"}},"required":["answer"],"additionalProperties":false}""";
        ChatCompletion answer = await Client().CompleteChatAsync([new UserChatMessage("the answer?")],
            new ChatCompletionOptions { ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat("answer", BinaryData.FromString(Schema), jsonSchemaIsStrict: true) });

        Assert.Equal(42, JsonDocument.Parse(answer.Content[0].Text).RootElement.GetProperty("answer").GetInt32());
        var sent = Assert.Single(gateway.Upstream.Seen).Json.GetProperty("response_format").GetProperty("json_schema");
        Assert.Equal(Schema, sent.GetProperty("schema").GetRawText());
    }

    [Theory]
    [InlineData("fail 400", 400)]
    [InlineData("fail 429", 429)]
    [InlineData("fail 500", 502)]
    public async Task It_understands_every_error(string prompt, int status)
    {
        var error = await Assert.ThrowsAsync<ClientResultException>(async () => await Client().CompleteChatAsync([new UserChatMessage(prompt)]));
        Assert.Equal(status, error.Status);
        var streamed = await Assert.ThrowsAsync<ClientResultException>(async () =>
        {
            await foreach (var _ in Client().CompleteChatStreamingAsync([new UserChatMessage(prompt)])) { }
        });
        // The first 429 asks the model to rest: the second call is refused before it is made.
        Assert.True(streamed.Status == status || status == 429 && streamed.Status == 503, $"status {streamed.Status}");
    }

    [Fact]
    public async Task It_understands_a_wrong_key()
    {
        var error = await Assert.ThrowsAsync<ClientResultException>(async () => await Client(key: "sk-wrong").CompleteChatAsync([new UserChatMessage("hello")]));

        Assert.Equal(401, error.Status);
        Assert.Contains("invalid_api_key", error.Message);
        Assert.Empty(gateway.Upstream.Seen);
    }

    [Fact]
    public async Task It_cancels_in_the_middle_of_a_stream()
    {
        using var leaving = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in Client().CompleteChatStreamingAsync([new UserChatMessage("long")], cancellationToken: leaving.Token)) await leaving.CancelAsync();
        });

        var call = Assert.Single(await gateway.CallsAsync(1));
        Assert.Equal((CallStatus.ClientGone, AttemptOutcome.ClientGone), (call.Status, call.Attempts[0].Outcome));
        Assert.True(call.CostNanoUsd > 0);
    }
}
