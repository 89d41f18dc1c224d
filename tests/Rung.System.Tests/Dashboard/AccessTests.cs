using System.Net;
using System.Net.Http.Headers;
using Rung.Dashboard.Access;

namespace Rung.Tests.Dashboard;

/// <summary>Who may look at pages, and what no page of elsewhere can do.</summary>
public sealed class AccessTests
{
    private const string Key = "a-gateway-key-of-some-length";
    private const string Token = "0123456789abcdef0123456789abcdef";

    [Fact]
    public async Task Without_keys_this_machine_looks_and_nobody_else_can_be_led_here()
    {
        await using var gateway = await DashboardGateway.StartAsync();

        using var page = await gateway.Client.GetAsync("/health");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        var cookie = Assert.Single(page.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie);
        Assert.Contains("samesite=strict", cookie);
        var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
        Assert.DoesNotContain("unsafe-inline", policy);
        Assert.Contains("script-src 'self'", policy);

        using var led = new HttpRequestMessage(HttpMethod.Get, "/health");
        led.Headers.Host = "evil.example";
        using var refused = await gateway.Client.SendAsync(led);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Fact]
    public async Task With_keys_pages_ask_to_sign_in_and_a_wrong_token_is_told_so()
    {
        await using var gateway = await DashboardGateway.StartAsync(key: Key);
        using var stranger = gateway.Browser(follow: false);

        using var sent = await stranger.GetAsync("/spend?period=7d");
        Assert.Equal((HttpStatusCode.Redirect, "/sign-in?to=%2Fspend%3Fperiod%3D7d"), (sent.StatusCode, sent.Headers.Location!.OriginalString));
        using var live = await stranger.GetAsync("/live");
        Assert.Equal(HttpStatusCode.Redirect, live.StatusCode);
        using var wrong = await SignInAsync(stranger, "not-a-key-at-all");
        Assert.Equal(HttpStatusCode.Forbidden, wrong.StatusCode);
        Assert.Contains("neither a key of this gateway nor an operator", await wrong.Content.ReadAsStringAsync());
        using var right = await SignInAsync(stranger, Key, "/spend?period=7d");
        Assert.Equal("/spend?period=7d", right.Headers.Location!.OriginalString);
        using var page = await stranger.GetAsync("/health");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("read only", await page.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("https", true)]
    [InlineData("https, http", true)]
    [InlineData("http", false)]
    public async Task Behind_a_web_server_with_a_certificate_the_cookie_never_travels_in_the_clear(string scheme, bool secure)
    {
        await using var gateway = await DashboardGateway.StartAsync(key: Key);
        using var browser = gateway.Browser(follow: false);
        browser.DefaultRequestHeaders.Add("X-Forwarded-Proto", scheme);

        using var signedIn = await SignInAsync(browser, Key);

        Assert.Equal(secure, Assert.Single(signedIn.Headers.GetValues("Set-Cookie")).Contains("; secure", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("/\t/evil.example/")] // A browser drops the tab before it looks.
    [InlineData("/\r\n/evil.example/")]
    [InlineData("/straße")]
    [InlineData("https://evil.example/")]
    public async Task Signing_in_never_leads_away(string to)
    {
        await using var gateway = await DashboardGateway.StartAsync(key: Key);
        using var browser = gateway.Browser(follow: false);

        using var reply = await SignInAsync(browser, Key, to);

        Assert.Equal("/", reply.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task A_cookie_that_was_made_up_or_changed_is_nobody()
    {
        await using var gateway = await DashboardGateway.StartAsync(key: Key);
        using var browser = new HttpClient(new HttpClientHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = gateway.Url };
        using var signedIn = await SignInAsync(browser, Key);
        var cookie = Assert.Single(signedIn.Headers.GetValues("Set-Cookie")).Split(';')[0];

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(browser, cookie));
        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(browser, cookie.Replace("=2.", "=3.", StringComparison.Ordinal))); // A key that calls itself an operator.
        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(browser, $"rung_session_{gateway.Url.Port}=...."));
        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(browser, $"rung_session_{gateway.Url.Port}=3.9999999999.x.YQ.AAAA"));
    }

    [Fact]
    public async Task A_program_brings_its_token_in_a_header()
    {
        await using var gateway = await DashboardGateway.StartAsync(key: Key, operators: $"anna={Token}");
        using var program = gateway.Browser(follow: false);

        program.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        using var known = await program.GetAsync("/health");
        Assert.Equal(HttpStatusCode.OK, known.StatusCode);
        Assert.False(known.Headers.Contains("Set-Cookie"));
        program.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "something else entirely");
        using var unknown = await program.GetAsync("/health");
        Assert.Equal(HttpStatusCode.Unauthorized, unknown.StatusCode);
    }

    [Fact]
    public async Task Where_nobody_signs_in_a_token_that_is_sent_all_the_same_says_nothing()
    {
        await using var gateway = await DashboardGateway.StartAsync();
        using var program = gateway.Browser(follow: false);
        program.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "a token of another server");

        foreach (var path in new[] { "/health", "/spend.json", "/v1/models", "/rung/calls" })
        {
            using var page = await program.GetAsync(path);
            Assert.True(page.StatusCode == HttpStatusCode.OK, $"{path}: {page.StatusCode}");
        }
        // It is no right to act either: a form needs the session's own token, with the header as without.
        using var act = await program.PostAsync("/rollouts/freeze", new FormUrlEncodedContent([new("why", "a test")]));
        Assert.Equal(HttpStatusCode.Forbidden, act.StatusCode);

        // With operators, and no keys, somebody has to be somebody.
        await using var named = await DashboardGateway.StartAsync(operators: $"anna={Token}");
        using var nobody = named.Browser(follow: false);
        nobody.DefaultRequestHeaders.Authorization = program.DefaultRequestHeaders.Authorization;
        foreach (var path in new[] { "/health", "/rung/calls" })
        {
            using var refused = await nobody.GetAsync(path);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }
    }

    [Theory]
    [InlineData("anna", "Entry 1 has no name")]
    [InlineData("anna=short", "fewer than 16 characters")]
    [InlineData("anna=0123456789abcdef,anna=fedcba9876543210", "named twice")]
    public void Operators_that_are_badly_written_are_refused_without_their_tokens(string text, string problem)
    {
        Assert.False(Operators.TryRead(text, out _, out var said));
        Assert.Contains(problem, said);
        Assert.DoesNotContain("short", said);
    }

    private static Task<HttpResponseMessage> SignInAsync(HttpClient browser, string token, string to = "/") =>
        browser.PostAsync("/sign-in", new FormUrlEncodedContent([new("token", token), new("to", to)]));

    private static async Task<HttpStatusCode> StatusAsync(HttpClient browser, string cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health");
        request.Headers.Add("Cookie", cookie);
        using var reply = await browser.SendAsync(request);
        return reply.StatusCode;
    }
}
