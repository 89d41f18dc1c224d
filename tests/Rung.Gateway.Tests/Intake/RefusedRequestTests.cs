using System.Net;
using System.Text;
using Rung.Gateway.Intake;
using Rung.Gateway.Tests.Support;

namespace Rung.Gateway.Tests.Intake;

/// <summary>What is no chat request is refused with a clear error, before any model is asked.</summary>
public sealed class RefusedRequestTests
{
    private const string Good = """{"model":"x","messages":[]}""";

    private static async Task<string> RefusedAsync(HttpContent content, HttpStatusCode expected, string rest = "")
    {
        await using var upstream = await FakeUpstream.StartAsync(Does.Answer("never"));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Alone(upstream.Url, rest)));
        var error = await (await gateway.Http.PostAsync("/v1/chat/completions", content)).ErrorAsync(expected);
        Assert.Empty(upstream.Seen);
        Assert.Equal("invalid_request_error", error.GetProperty("type").GetString());
        return error.GetProperty("message").GetString()!;
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    [Theory]
    [InlineData("", "not valid JSON")]
    [InlineData("   ", "not valid JSON")]
    [InlineData("{", "not valid JSON")]
    [InlineData("{\"model\":\"x\",\n\"messages\":[}", "line 2, byte 13")]
    [InlineData("{\"model\":\"x\",\"messages\":[]} x", "not valid JSON")]
    [InlineData("{\"model\":\"x\",\"messages\":[]}{}", "not valid JSON")]
    [InlineData("{'model':'x'}", "not valid JSON")]
    [InlineData("[]", "must be a JSON object")]
    [InlineData("\"x\"", "must be a JSON object")]
    [InlineData("null", "must be a JSON object")]
    [InlineData("{}", "no 'messages'")]
    [InlineData("{\"model\":\"x\"}", "no 'messages'")]
    [InlineData("{\"model\":\"x\",\"messages\":\"hi\"}", "no 'messages'")]
    [InlineData("{\"messages\":[]}", "no 'model'")]
    [InlineData("{\"model\":7,\"messages\":[]}", "'model' must be a string")]
    [InlineData("{\"model\":null,\"messages\":[]}", "'model' must be a string")]
    [InlineData("{\"model\":\"\\ud800\",\"messages\":[]}", "not valid UTF-8")]
    public async Task A_body_that_is_no_chat_request_is_refused(string body, string says) =>
        Assert.Contains(says, await RefusedAsync(Json(body), HttpStatusCode.BadRequest));

    [Theory]
    [InlineData("model", "\"model\":\"y\"")]
    [InlineData("model", "\"mod\\u0065l\":\"y\"")]
    [InlineData("max_tokens", "\"max_tokens\":1,\"max_tokens\":2")]
    [InlineData("max_completion_tokens", "\"max_completion_tokens\":1,\"max_completion_tokens\":2")]
    [InlineData("temperature", "\"temperature\":1,\"temperature\":2")]
    [InlineData("stream", "\"stream\":false,\"stream\":true")]
    [InlineData("stream_options", "\"stream_options\":{},\"stream_options\":{}")]
    [InlineData("metadata", "\"metadata\":{},\"metadata\":{}")]
    [InlineData("tools", "\"tools\":[],\"tools\":[]")]
    [InlineData("tags", "\"tags\":[],\"tags\":[]")]
    [InlineData("messages", "\"messages\":[]")]
    public async Task A_governed_field_that_stands_twice_is_refused(string field, string twice) =>
        Assert.Contains($"'{field}' twice", await RefusedAsync(Json($$"""{"model":"x","messages":[],{{twice}}}"""), HttpStatusCode.BadRequest));

    [Theory]
    [InlineData("stream_options", "\"stream_options\":{\"include_usage\":true,\"include_usage\":false}")]
    [InlineData("metadata", "\"metadata\":{\"rung_tag\":\"a\",\"rung_tag\":\"b\"}")]
    public async Task A_governed_key_that_stands_twice_within_a_field_is_refused(string field, string twice) =>
        Assert.Contains($"'{field}' has a key twice", await RefusedAsync(Json($$"""{"model":"x","messages":[],{{twice}}}"""), HttpStatusCode.BadRequest));

    [Fact]
    public async Task A_body_nested_too_deeply_is_refused() =>
        Assert.Contains("nested", await RefusedAsync(Json($"{{\"model\":\"x\",\"messages\":[],\"x\":{new string('[', 5000)}{new string(']', 5000)}}}"), HttpStatusCode.BadRequest));

    [Fact]
    public async Task A_model_name_that_is_no_text_is_refused() =>
        Assert.Contains("UTF-8", await RefusedAsync(Bytes("{\"messages\":[],\"model\":\"\xff\xfe\"}"), HttpStatusCode.BadRequest));

    private static ByteArrayContent Bytes(string latin)
    {
        var content = new ByteArrayContent(Encoding.Latin1.GetBytes(latin));
        content.Headers.ContentType = new("application/json");
        return content;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_beyond_the_limit_is_refused_whether_its_length_is_said_or_not(bool chunked)
    {
        var body = $$"""{"model":"x","messages":[{"content":"{{new string('x', 1_200_000)}}"}]}""";
        HttpContent content = chunked ? new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes(body))) : Json(body);
        content.Headers.ContentType = new("application/json");
        await using var upstream = await FakeUpstream.StartAsync(Does.Answer("never"));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Alone(upstream.Url, "limits: { request_mb: 1 }")));

        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = content };
        request.Headers.TransferEncodingChunked = chunked;
        var error = await (await gateway.Http.SendAsync(request)).ErrorAsync(HttpStatusCode.RequestEntityTooLarge);

        Assert.Contains("limits.request_mb", error.GetProperty("message").GetString());
        Assert.Empty(upstream.Seen);
    }

    [Fact]
    public async Task A_chunked_body_is_served()
    {
        var body = $$"""{"model":"x","messages":[{"content":"{{new string('x', 100_000)}}"}]}""";
        await using var upstream = await FakeUpstream.StartAsync(Does.Answer("fine"));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Alone(upstream.Url)));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = Json(body) };
        request.Headers.TransferEncodingChunked = true;

        Assert.Contains("fine", await (await gateway.Http.SendAsync(request)).TextAsync());
        Assert.Equal(body.Replace("\"x\",", "\"a-up\","), Assert.Single(upstream.Seen).Text);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data")]
    [InlineData(null)]
    public async Task Only_JSON_comes_in(string? type)
    {
        var content = Bytes(Good);
        content.Headers.ContentType = type is null ? null : new(type);
        Assert.Contains("application/json", await RefusedAsync(content, HttpStatusCode.UnsupportedMediaType));
    }

    [Fact]
    public async Task A_request_that_breaks_off_does_no_harm()
    {
        await using var upstream = await FakeUpstream.StartAsync(Does.Answer("fine"));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Alone(upstream.Url)));
        for (var i = 0; i < 5; i++)
        {
            using var client = new System.Net.Sockets.TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, new Uri(gateway.Url).Port);
            await client.GetStream().WriteAsync("POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"model\""u8.ToArray());
        }

        Assert.Equal(HttpStatusCode.OK, (await gateway.PostAsync(Good)).StatusCode);
        Assert.Single(upstream.Seen);
    }

    [Theory]
    [InlineData("/v1/embeddings")]
    [InlineData("/v1/chat/completions/x")]
    [InlineData("/")]
    public async Task An_unknown_path_is_said_to_be_one(string path)
    {
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Alone("http://127.0.0.1:1/v1")));
        Assert.Equal("unknown_path", (await (await gateway.Http.PostAsync(path, Json(Good))).ErrorAsync(HttpStatusCode.NotFound)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Only_POST_is_served()
    {
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Alone("http://127.0.0.1:1/v1")));
        await (await gateway.Http.GetAsync("/v1/chat/completions")).ErrorAsync(HttpStatusCode.MethodNotAllowed);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("Bearer wrong", false)]
    [InlineData("Bearer sk-client-1x", false)]
    [InlineData("Bearer", false)]
    [InlineData("Basic sk-client-1", false)]
    [InlineData("Bearer sk-client-1", true)]
    [InlineData("bearer sk-client-2", true)]
    public async Task With_keys_only_their_holders_come_in(string? authorization, bool welcome)
    {
        await using var upstream = await FakeUpstream.StartAsync(Does.Answer("fine"));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Alone(upstream.Url)), keys: new ClientKeys(["sk-client-1", "sk-client-2"]));
        var headers = authorization is null ? [] : new[] { ("Authorization", authorization) };

        var reply = await gateway.PostAsync(Good, headers);

        Assert.Equal(welcome ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, reply.StatusCode);
        Assert.Equal(welcome ? 1 : 0, upstream.Seen.Count);
        Assert.DoesNotContain("sk-client", await reply.TextAsync() + reply.Headers + reply.Content.Headers);
        if (!welcome) Assert.Equal(HttpStatusCode.Unauthorized, (await gateway.Http.GetAsync("/v1/models")).StatusCode);
    }
}
