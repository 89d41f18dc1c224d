using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Rung.Tests.Dashboard;

/// <summary>What is told to a request for no page, and for a page by a method that it does not have.</summary>
public sealed class StrayRequestTests
{
    private const string Html = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    private const string Key = "a-gateway-key-of-some-length";

    [Theory]
    [InlineData("POST", "/", "GET, HEAD")]
    [InlineData("POST", "/spend", "GET, HEAD")]
    [InlineData("PUT", "/policy", "GET, HEAD")]
    [InlineData("DELETE", "/spend.csv", "GET, HEAD")]
    [InlineData("PATCH", "/policy/history/1", "GET, HEAD")]
    [InlineData("POST", "/assets/dashboard.js", "GET, HEAD")]
    [InlineData("POST", "/live", "GET")]
    [InlineData("GET", "/sign-out", "POST")]
    [InlineData("PUT", "/sign-in", "GET, HEAD, POST")]
    [InlineData("DELETE", "/alerts/silences/1/end", "GET, HEAD, POST")] // An alert could have that key.
    [InlineData("OPTIONS", "/rollouts/3/advance", "POST")]
    public async Task A_page_that_is_asked_for_by_another_method_says_which_it_has(string method, string path, string allowed)
    {
        await using var gateway = await DashboardGateway.StartAsync();
        using var asked = new HttpRequestMessage(new HttpMethod(method), path);
        using var reply = await gateway.Client.SendAsync(asked);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, reply.StatusCode);
        Assert.Equal(allowed, string.Join(", ", reply.Content.Headers.Allow));
        using var said = JsonDocument.Parse(await reply.Content.ReadAsStringAsync());
        Assert.Equal("method_not_allowed", said.RootElement.GetProperty("error").GetProperty("code").GetString());
        Assert.True(reply.Headers.Contains("Content-Security-Policy"));
    }

    [Fact]
    public async Task A_browser_is_told_in_the_frame_that_there_is_no_such_page_and_which_there_are()
    {
        await using var gateway = await DashboardGateway.StartAsync();

        using var missing = await AskAsync(gateway.Client, HttpMethod.Get, "/no<b>thing/at/all?x=1");
        var html = await missing.Content.ReadAsStringAsync();
        Assert.Equal((HttpStatusCode.NotFound, "text/html"), (missing.StatusCode, missing.Content.Headers.ContentType!.MediaType));
        Assert.Contains("There is no such page", html);
        Assert.Contains("/no&lt;b&gt;thing/at/all", html);
        Assert.Equal(2, html.Split("<a href=\"/spend\"").Length - 1); // In the menu, and in the list of what there is.
        Assert.True(missing.Headers.Contains("Content-Security-Policy"));

        using var posted = await AskAsync(gateway.Client, HttpMethod.Post, "/spend");
        Assert.Equal((HttpStatusCode.MethodNotAllowed, "text/html"), (posted.StatusCode, posted.Content.Headers.ContentType!.MediaType));
        Assert.Contains("This address is served by GET and HEAD, not by POST.", await posted.Content.ReadAsStringAsync());
        Assert.Equal(["GET", "HEAD"], posted.Content.Headers.Allow);
    }

    [Theory]
    [InlineData("GET", "/nothing", "*/*")]
    [InlineData("GET", "/nothing", "application/json")]
    [InlineData("GET", "/favicon.ico", "image/avif,image/webp,*/*;q=0.8")]
    [InlineData("GET", "/nothing", "application/json, text/html;q=0")]
    [InlineData("GET", "/v1/nothing", Html)]
    [InlineData("GET", "/rung/nothing", Html)]
    [InlineData("GET", "/rung", Html)]
    [InlineData("GET", "/chat", Html)]
    [InlineData("POST", "/v1/models", Html)]
    [InlineData("POST", "/healthz", Html)]
    [InlineData("POST", "/readyz", "*/*")]
    public async Task Programs_and_paths_of_the_gateway_get_its_own_404_as_ever(string method, string path, string accept)
    {
        await using var gateway = await DashboardGateway.StartAsync();
        using var reply = await AskAsync(gateway.Client, new HttpMethod(method), path, accept);

        Assert.Equal((HttpStatusCode.NotFound, "application/json"), (reply.StatusCode, reply.Content.Headers.ContentType!.MediaType));
        Assert.Equal(
            $$$"""{"error":{"message":"There is nothing at {{{path}}}. The gateway serves POST /v1/chat/completions, POST /v1/traces, GET /v1/models, GET /rung/calls, GET /rung/calls/{id}, GET /rung/policy, POST /rung/feedback, GET /rung/reviews, GET /rung/alerts, /healthz and /readyz.","type":"invalid_request_error","param":null,"code":"unknown_path"}}""",
            await reply.Content.ReadAsStringAsync());
        Assert.False(reply.Headers.Contains("Content-Security-Policy"));
    }

    [Fact]
    public async Task Who_has_not_signed_in_sees_no_frame()
    {
        await using var gateway = await DashboardGateway.StartAsync(key: Key);
        using var stranger = gateway.Browser(follow: false);

        using var missing = await AskAsync(stranger, HttpMethod.Get, "/nothing");
        Assert.Equal((HttpStatusCode.Redirect, "/sign-in?to=%2Fnothing"), (missing.StatusCode, missing.Headers.Location!.OriginalString));
        using var posted = await AskAsync(stranger, HttpMethod.Post, "/spend", "*/*");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, posted.StatusCode);
        Assert.DoesNotContain("<nav", await posted.Content.ReadAsStringAsync());
    }

    private static async Task<HttpResponseMessage> AskAsync(HttpClient client, HttpMethod method, string path, string accept = Html)
    {
        using var asked = new HttpRequestMessage(method, path);
        foreach (var type in accept.Split(',')) asked.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(type.Trim()));
        return await client.SendAsync(asked);
    }
}
