using System.ClientModel;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OpenAI;
using OpenAI.Chat;
using Rung.Recorded;

namespace Rung.Tests.Recorded;

public sealed class RecordedUpstreamTests : IAsyncLifetime
{
    private readonly RecordedFiles _files = new();
    private readonly HttpClient _http = new();
    private RecordedUpstream _upstream = null!;

    public async Task InitializeAsync() => _upstream = await StartAsync(new RecordedUpstreamOptions { Urls = ["http://127.0.0.1:0"] });

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _upstream.DisposeAsync();
        _files.Dispose();
    }

    [Fact]
    public async Task A_recorded_prompt_gets_its_recorded_answer_and_its_recorded_usage()
    {
        using var response = await PostAsync(new { model = "large", messages = Ask("  What is 20+22?\r\n") });
        var body = await JsonAsync(response);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("The sum is 42", Content(body));
        Assert.Equal("stop", FinishReason(body));
        Assert.Equal("large", body.GetProperty("model").GetString());
        Assert.Equal((11, 8, 19), Usage(body));
        Assert.False(response.Headers.Contains("x-rung-recorded-usage"));
        Assert.Equal(JsonValueKind.Null, body.GetProperty("choices")[0].GetProperty("message").GetProperty("refusal").ValueKind);
    }

    [Fact]
    public async Task Text_parts_are_joined_and_the_last_user_message_counts()
    {
        object[] messages =
        [
            new { role = "system", content = "Be brief." },
            new { role = "user", content = "What is 1+1?" },
            new { role = "assistant", content = "2" },
            new { role = "user", content = new object[] { new { type = "text", text = "What is " }, new { type = "text", text = "3+4?" } } },
        ];
        using var response = await PostAsync(new { model = "small", messages });

        Assert.Equal("It is 8.", Content(await JsonAsync(response)));
    }

    [Fact]
    public async Task All_user_messages_together_are_tried_when_the_last_one_is_unknown()
    {
        using var response = await PostAsync(new { model = "small", messages = new[] { new { role = "user", content = "Two" }, new { role = "user", content = "lines" } } });

        Assert.Equal("joined", Content(await JsonAsync(response)));
    }

    [Fact]
    public async Task Usage_that_was_not_recorded_is_estimated_and_says_so()
    {
        using var response = await PostAsync(new { model = "small", messages = Ask("Two\nlines") });
        var body = await JsonAsync(response);

        Assert.Equal(["estimated"], response.Headers.GetValues("x-rung-recorded-usage"));
        Assert.Equal((3, 2, 5), Usage(body)); // 9 and 6 characters.
    }

    [Theory]
    [InlineData("max_tokens")]
    [InlineData("max_completion_tokens")]
    public async Task A_cap_below_the_recorded_length_cuts_the_answer_in_proportion(string field)
    {
        var request = new Dictionary<string, object> { ["model"] = "large", ["messages"] = Ask("What is 20+22?"), [field] = 4 };
        using var response = await PostAsync(request);
        var body = await JsonAsync(response);

        Assert.Equal("The su", Content(body)); // 13 characters × 4 ÷ 8 tokens, rounded down.
        Assert.Equal("length", FinishReason(body));
        Assert.Equal((11, 4, 15), Usage(body));
    }

    [Fact]
    public async Task A_cap_that_is_not_reached_changes_nothing()
    {
        using var response = await PostAsync(new { model = "large", messages = Ask("What is 20+22?"), max_tokens = 8 });

        Assert.Equal("stop", FinishReason(await JsonAsync(response)));
    }

    [Fact]
    public async Task Recorded_tool_calls_come_back_as_tool_calls()
    {
        using var response = await PostAsync(new { model = "caller", messages = Ask("Call twice") });
        var body = await JsonAsync(response);

        var message = body.GetProperty("choices")[0].GetProperty("message");
        Assert.Equal(JsonValueKind.Null, message.GetProperty("content").ValueKind);
        Assert.Equal("tool_calls", FinishReason(body));
        var calls = message.GetProperty("tool_calls").EnumerateArray().ToArray();
        Assert.Equal(["call_0", "call_1"], calls.Select(call => call.GetProperty("id").GetString()));
        Assert.Equal("area", calls[0].GetProperty("function").GetProperty("name").GetString());
        Assert.Equal("{\"base\": 10}", calls[0].GetProperty("function").GetProperty("arguments").GetString());
    }

    [Theory]
    [InlineData("large", "Never recorded", "prompt_not_recorded")]
    [InlineData("unheard-of", "What is 1+1?", "model_not_found")]
    [InlineData("graded-only", "Two\nlines", "no_recorded_answer")]
    [InlineData("caller", "What is 1+1?", "no_recorded_answer")]
    public async Task What_was_not_recorded_is_a_404_that_says_what_is_missing(string model, string prompt, string code)
    {
        using var response = await PostAsync(new { model, messages = Ask(prompt) });
        var error = (await JsonAsync(response)).GetProperty("error");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.Equal("invalid_request_error", error.GetProperty("type").GetString());
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"model":"small"}""")]
    [InlineData("""{"model":"small","messages":[{"role":"user","content":"x"}],"max_tokens":0}""")]
    public async Task A_broken_request_is_a_400(string body)
    {
        using var response = await _http.PostAsync(new Uri(_upstream.Url, "v1/chat/completions"), new StringContent(body));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.True((await JsonAsync(response)).TryGetProperty("error", out _));
    }

    [Fact]
    public async Task A_stream_is_role_content_finish_and_end_and_has_no_usage_unless_asked()
    {
        using var response = await PostAsync(new { model = "large", messages = Ask("What is 20+22?"), stream = true });
        var events = await EventsAsync(response);

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("[DONE]", events[^1]);
        var chunks = events[..^1].Select(data => JsonDocument.Parse(data).RootElement).ToArray();
        Assert.Equal("assistant", Delta(chunks[0]).GetProperty("role").GetString());
        Assert.Equal("The sum is 42", string.Concat(chunks[1..^1].Select(chunk => Delta(chunk).GetProperty("content").GetString())));
        Assert.Equal("stop", chunks[^1].GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.All(chunks, chunk => Assert.False(chunk.TryGetProperty("usage", out _)));
    }

    [Fact]
    public async Task A_stream_ends_with_usage_when_asked()
    {
        using var response = await PostAsync(new { model = "large", messages = Ask("What is 20+22?"), stream = true, stream_options = new { include_usage = true } });
        var events = await EventsAsync(response);

        var last = JsonDocument.Parse(events[^2]).RootElement;
        Assert.Equal(0, last.GetProperty("choices").GetArrayLength());
        Assert.Equal((11, 8, 19), Usage(last));
    }

    [Fact]
    public async Task The_official_client_reads_answers_streams_and_tool_calls()
    {
        var options = new OpenAIClientOptions { Endpoint = new Uri(_upstream.Url, "v1") };
        var client = new ChatClient("large", new ApiKeyCredential("none"), options);
        ChatCompletion plain = await client.CompleteChatAsync("What is 20+22?");
        var streamed = "";
        await foreach (var update in client.CompleteChatStreamingAsync("What is 20+22?"))
        {
            streamed += string.Concat(update.ContentUpdate.Select(part => part.Text));
        }
        var arguments = "";
        await foreach (var update in new ChatClient("caller", new ApiKeyCredential("none"), options).CompleteChatStreamingAsync("Call twice"))
        {
            arguments += string.Concat(update.ToolCallUpdates.Select(call => call.FunctionArgumentsUpdate.ToString()));
        }

        Assert.Equal("The sum is 42", plain.Content[0].Text);
        Assert.Equal(8, plain.Usage.OutputTokenCount);
        Assert.Equal("The sum is 42", streamed);
        Assert.Equal("{\"base\": 10}{\"base\": 20}", arguments);
    }

    [Fact]
    public async Task The_models_and_the_health_are_told()
    {
        var models = await _http.GetFromJsonAsync<JsonElement>(new Uri(_upstream.Url, "v1/models"));
        var health = await _http.GetFromJsonAsync<JsonElement>(new Uri(_upstream.Url, "healthz"));

        Assert.Equal(["caller", "graded-only", "large", "small"], models.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()));
        Assert.Equal(5, health.GetProperty("prompts").GetInt32());
    }

    [Theory]
    [InlineData("500", HttpStatusCode.InternalServerError)]
    [InlineData("429", HttpStatusCode.TooManyRequests)]
    [InlineData("garbage", HttpStatusCode.OK)]
    [InlineData("sulk", HttpStatusCode.BadRequest)]
    public async Task A_request_can_ask_for_a_fault(string fault, HttpStatusCode status)
    {
        using var response = await PostAsync(new { model = "large", messages = Ask("What is 20+22?") }, fault);

        Assert.Equal(status, response.StatusCode);
        if (fault == "garbage") Assert.StartsWith("<html>", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        if (fault == "429") Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter!.Delta);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cut_answer_breaks_off_in_the_middle(bool stream) =>
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => PostAsync(new { model = "large", messages = Ask("What is 20+22?"), stream }, "cut"));

    [Fact]
    public async Task A_hanging_model_says_nothing_until_the_server_stops()
    {
        await using var hanging = await StartAsync(new RecordedUpstreamOptions { Urls = ["http://127.0.0.1:0"], Faults = [RecordedFault.Parse("*=hang")] });
        var waiting = _http.PostAsJsonAsync(new Uri(hanging.Url, "v1/chat/completions"), new { model = "large", messages = Ask("What is 20+22?") });
        using var asked = await _http.GetAsync(new Uri(hanging.Url, "healthz"));

        Assert.False(waiting.IsCompleted);
        await hanging.DisposeAsync();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => waiting);
    }

    [Fact]
    public async Task A_fault_with_a_share_strikes_the_same_prompts_every_time_and_only_its_model()
    {
        var rows = Enumerable.Range(0, 200).Select(i => RecordedFiles.Row($"r/{i}", $"Question {i}", """{"a":{"correct":1,"response":"x"},"b":{"correct":1,"response":"y"}}"""));
        var outcomes = await _files.ReadAsync([.. rows]);
        var fault = RecordedFault.Parse("a=500:0.25");

        var struck = outcomes.Rows.Where(row => fault.Strikes("a", row.Key, seed: 1)).ToArray();
        Assert.InRange(struck.Length, 30, 70);
        Assert.Equal(struck, outcomes.Rows.Where(row => fault.Strikes("a", row.Key, seed: 1)));
        Assert.NotEqual(struck, outcomes.Rows.Where(row => fault.Strikes("a", row.Key, seed: 2)));
        Assert.DoesNotContain(outcomes.Rows, row => fault.Strikes("b", row.Key, seed: 1));
    }

    [Theory]
    [InlineData("large=500", "large", 1.0)]
    [InlineData("vendor/model:free=hang:0.5", "vendor/model:free", 0.5)]
    public void Faults_are_parsed_from_the_last_equals_sign(string text, string model, double share)
    {
        var fault = RecordedFault.Parse(text);
        Assert.Equal((model, share), (fault.Model, fault.Share));
    }

    [Theory]
    [InlineData("large")]
    [InlineData("=500")]
    [InlineData("large=502")]
    [InlineData("large=500:0")]
    [InlineData("large=500:2")]
    public void Faults_of_another_form_are_refused(string text) => Assert.Throws<FormatException>(() => RecordedFault.Parse(text));

    [Fact]
    public async Task A_latency_between_bounds_stays_between_them_and_a_recorded_one_is_kept()
    {
        var outcomes = await _files.ReadAsync(RecordedFiles.Row("a", "Q", """{"m":{"correct":1,"latency_s":1.25,"response":"x"}}"""));
        var row = outcomes.Rows[0];

        Assert.InRange(RecordedLatency.Parse("10-20").Before(row.Of("m")!, row.Key, 3).TotalMilliseconds, 10, 20);
        Assert.Equal(1250, RecordedLatency.Parse("recorded").Before(row.Of("m")!, row.Key, 3).TotalMilliseconds);
        Assert.Equal(TimeSpan.Zero, RecordedLatency.Parse("none").Before(row.Of("m")!, row.Key, 3));
        Assert.Throws<FormatException>(() => RecordedLatency.Parse("20-10"));
    }

    private async Task<RecordedUpstream> StartAsync(RecordedUpstreamOptions options) => await RecordedUpstream.StartAsync(
        await _files.ReadAsync(
        [
            .. RecordedFiles.ThreeSums,
            RecordedFiles.Row("lines", "Two\nlines", """{"small":{"correct":1,"response":"joined"},"graded-only":{"correct":1}}"""),
            RecordedFiles.Row("tools", "Call twice", """{"caller":{"correct":1,"response":[{"area":"{\"base\": 10}"},{"area":"{\"base\": 20}"}]}}"""),
        ]), options, CancellationToken.None);

    private async Task<HttpResponseMessage> PostAsync(object body, string? fault = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_upstream.Url, "v1/chat/completions")) { Content = JsonContent.Create(body) };
        if (fault is not null) request.Headers.Add("x-rung-recorded-fault", fault);
        return await _http.SendAsync(request);
    }

    private static object[] Ask(string prompt) => [new { role = "user", content = prompt }];

    private static Task<JsonElement> JsonAsync(HttpResponseMessage response) => response.Content.ReadFromJsonAsync<JsonElement>();

    private static async Task<string[]> EventsAsync(HttpResponseMessage response) =>
        [.. (await response.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(line => line["data: ".Length..])];

    private static string? Content(JsonElement body) => body.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString();

    private static string? FinishReason(JsonElement body) => body.GetProperty("choices")[0].GetProperty("finish_reason").GetString();

    private static JsonElement Delta(JsonElement chunk) => chunk.GetProperty("choices")[0].GetProperty("delta");

    private static (int Prompt, int Completion, int Total) Usage(JsonElement body)
    {
        var usage = body.GetProperty("usage");
        return (usage.GetProperty("prompt_tokens").GetInt32(), usage.GetProperty("completion_tokens").GetInt32(), usage.GetProperty("total_tokens").GetInt32());
    }
}
