using System.Net;
using Rung.Control.Feedback;
using Rung.Serving;

namespace Rung.Tests.Feedback;

public sealed class FeedbackTokenTests
{
    private const string Call = FeedbackHost.Call;
    private const string Page = "https://app.example.com";
    private static readonly FeedbackReceiverOptions Options = new() { Tokens = FeedbackTokens.Read(FeedbackHost.Secret), Origins = [Page] };

    private static Task<FeedbackHost> StartAsync(params string[] keys) => FeedbackHost.StartAsync(Options, keys);

    private static async Task<string> MintAsync(FeedbackHost host, string body, string? key = "key-1")
    {
        var (status, reply, _) = await host.PostAsync(body, key, FeedbackReceiver.TokenPath);
        Assert.Equal(201, status);
        return (string)reply["token"]!;
    }

    [Fact]
    public async Task A_token_gives_feedback_on_its_call_as_its_user_and_on_nothing_else()
    {
        await using var host = await StartAsync("key-1");
        var token = await MintAsync(host, $$"""{"call_id":"{{Call}}","by":"u-3"}""");

        Assert.Equal(202, (await host.PostAsync("""{"thumbs":"up","by":"somebody-else"}""", token)).Status);
        Assert.Equal(202, (await host.PostAsync($$"""{"call_id":"{{Call}}","task_completed":true}""", token)).Status);
        Assert.Equal(403, (await host.PostAsync($$"""{"call_id":"{{Call.Replace('a', 'b')}}","thumbs":"up"}""", token)).Status);
        Assert.Equal(403, (await host.PostAsync("""{"session":"s","thumbs":"up"}""", token)).Status);
        Assert.Equal(401, (await host.PostAsync($$"""{"call_id":"{{Call}}"}""", token, FeedbackReceiver.TokenPath)).Status);

        var verdicts = await host.VerdictsAsync();
        Assert.Equal(2, verdicts.Count);
        Assert.All(verdicts, verdict => Assert.Equal((Call, "u-3"), (verdict.CallId, verdict.By)));
    }

    [Fact]
    public async Task A_token_of_a_session_is_good_for_the_session_and_its_calls()
    {
        await using var host = await StartAsync("key-1");
        var other = Call.Replace('a', 'b');
        await host.AddCallAsync(Call, "t", "s-1");
        await host.AddCallAsync(other, "t", "s-2");
        var token = await MintAsync(host, """{"session":"s-1"}""");

        Assert.Equal(202, (await host.PostAsync("""{"task_completed":true}""", token)).Status);
        Assert.Equal(202, (await host.PostAsync($$"""{"call_id":"{{Call}}","thumbs":true}""", token)).Status);
        Assert.Equal(403, (await host.PostAsync($$"""{"call_id":"{{other}}","thumbs":true}""", token)).Status);
        Assert.Equal(403, (await host.PostAsync("""{"session":"s-2","thumbs":true}""", token)).Status);
        Assert.Equal(403, (await host.PostAsync($$"""{"call_id":"{{new string('0', 32)}}","thumbs":true}""", token)).Status);
        Assert.All(await host.VerdictsAsync(), verdict => Assert.Equal("s-1", verdict.Session));
    }

    [Fact]
    public async Task An_expired_a_forged_and_a_foreign_token_are_refused()
    {
        await using var host = await StartAsync("key-1");
        var token = await MintAsync(host, $$"""{"call_id":"{{Call}}","ttl_seconds":60}""");
        var foreign = FeedbackTokens.Read("another-secret-another-secret-another")!.Mint(new FeedbackScope(Call, null, null, host.Clock.GetUtcNow().AddHours(1)));
        const string Body = """{"thumbs":true}""";

        Assert.Equal(202, (await host.PostAsync(Body, token)).Status);
        Assert.Equal(401, (await host.PostAsync(Body, foreign)).Status);
        // Any one character changed: of the scope, of the code, or the dot between them.
        for (var i = FeedbackTokens.Prefix.Length; i < token.Length - 1; i += 7)
        {
            var forged = $"{token[..i]}{(token[i] == 'A' ? 'B' : 'A')}{token[(i + 1)..]}";
            Assert.Equal(401, (await host.PostAsync(Body, forged)).Status);
        }
        host.Clock.Advance(TimeSpan.FromSeconds(61));
        var late = await host.PostAsync(Body, token);
        Assert.Equal(401, late.Status);
        Assert.Contains("expired", (string?)late.Body["error"]!["message"]);
    }

    [Fact]
    public async Task Without_a_secret_tokens_are_off_and_it_says_so()
    {
        await using var host = await FeedbackHost.StartAsync(new FeedbackReceiverOptions());
        var (status, body, _) = await host.PostAsync($$"""{"call_id":"{{Call}}"}""", path: FeedbackReceiver.TokenPath);
        Assert.Equal((503, "feedback_tokens_off"), (status, (string?)body["error"]!["code"]));
        Assert.Equal(401, (await host.PostAsync("""{"thumbs":true}""", "rft_x.y")).Status);
        Assert.Throws<FormatException>(() => FeedbackTokens.Read("short"));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"call_id\":\"nope\"}")]
    [InlineData("{\"session\":\"s\",\"call_id\":\"0198f3a2b1c47def8123456789abcdef\"}")]
    [InlineData("{\"session\":\"s\",\"ttl_seconds\":0}")]
    [InlineData("{\"session\":\"s\",\"ttl_seconds\":99999999}")]
    [InlineData("{\"session\":\"a\\nb\"}")]
    [InlineData("{\"session\":\"s\",\"admin\":true}")]
    public async Task What_no_token_can_be_made_of_is_refused(string json)
    {
        await using var host = await StartAsync();
        Assert.Equal(400, (await host.PostAsync(json, path: FeedbackReceiver.TokenPath)).Status);
    }

    [Fact]
    public async Task A_token_is_limited_by_itself()
    {
        await using var host = await FeedbackHost.StartAsync(Options with { TokenBurst = 1, TokenRefill = TimeSpan.FromHours(1) }, "key-1");
        var (first, second) = (await MintAsync(host, $$"""{"call_id":"{{Call}}"}"""), await MintAsync(host, """{"session":"s"}"""));
        Assert.Equal(202, (await host.PostAsync("""{"thumbs":true}""", first)).Status);
        Assert.Equal(429, (await host.PostAsync("""{"thumbs":true}""", first)).Status);
        Assert.Equal(202, (await host.PostAsync("""{"thumbs":true}""", second)).Status);
    }

    [Fact]
    public async Task A_listed_page_may_ask_and_send_and_another_may_not()
    {
        await using var host = await StartAsync("key-1");
        var token = await MintAsync(host, $$"""{"call_id":"{{Call}}"}""");

        using var asked = await PreflightAsync(host, Page);
        Assert.Equal(HttpStatusCode.NoContent, asked.StatusCode);
        Assert.Equal(Page, asked.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Contains("authorization", asked.Headers.GetValues("Access-Control-Allow-Headers").Single());
        Assert.Contains("Origin", asked.Headers.Vary);

        var sent = await host.PostAsync("""{"thumbs":true}""", token, change: request => request.Headers.Add("Origin", Page));
        Assert.Equal((202, Page), (sent.Status, sent.Reply.Headers.GetValues("Access-Control-Allow-Origin").Single()));

        foreach (var origin in new[] { "https://evil.example", "null", Page + ".evil.example", "http://app.example.com" })
        {
            using var refused = await PreflightAsync(host, origin);
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
            Assert.False(refused.Headers.Contains("Access-Control-Allow-Origin"));
            Assert.Equal(403, (await host.PostAsync("""{"thumbs":false}""", token, change: request => request.Headers.Add("Origin", origin))).Status);
        }
    }

    [Fact]
    public async Task A_page_cannot_make_tokens_even_on_a_gateway_without_keys()
    {
        await using var host = await StartAsync();
        Assert.Equal(403, (await host.PostAsync("""{"session":"s"}""", path: FeedbackReceiver.TokenPath, change: request => request.Headers.Add("Origin", Page))).Status);
    }

    [Fact]
    public async Task A_token_is_enough_behind_a_proxy_that_passes_its_own_name_on()
    {
        await using var host = await StartAsync();
        var token = await MintAsync(host, $$"""{"call_id":"{{Call}}"}""", key: null);
        Assert.Equal(202, (await host.PostAsync("""{"thumbs":true}""", token, change: request => request.Headers.Host = "gateway.example.com")).Status);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("app.example.com")]
    [InlineData("https://app.example.com/path")]
    [InlineData("ftp://app.example.com")]
    public void What_is_no_origin_is_refused_at_the_start(string text) => Assert.Throws<FormatException>(() => FeedbackReceiverOptions.ReadOrigins(text));

    private static async Task<HttpResponseMessage> PreflightAsync(FeedbackHost host, string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, FeedbackReceiver.Path);
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type");
        return await host.Client.SendAsync(request);
    }
}
