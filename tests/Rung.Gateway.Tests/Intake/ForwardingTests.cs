using System.Net;
using Microsoft.AspNetCore.Http;
using Rung.Gateway.Intake;
using Rung.Gateway.Tests.Support;

namespace Rung.Gateway.Tests.Intake;

/// <summary>What crosses the gateway, and what must not, in either direction.</summary>
public sealed class ForwardingTests
{
    private static readonly string[] Harmless = ["Host", "Content-Type", "Content-Length", "Authorization", "traceparent", "tracestate"];

    [Fact]
    public async Task Nothing_of_the_clients_headers_reaches_the_upstream_but_its_trace()
    {
        await using var upstream = await FakeUpstream.StartAsync(Does.Answer("fine"));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Alone(upstream.Url, model: "key: { env: TEST_KEY }")), keys: new ClientKeys(["sk-client-1"]));

        await gateway.PostAsync(Ask.Plain, ("Authorization", "Bearer sk-client-1"), ("api-key", "sk-client-1"), ("Cookie", "session=secret"), ("x-rung-tag", "t"),
            ("x-forwarded-for", "10.0.0.1"), ("x-portkey-metadata", "{}"), ("Helicone-Auth", "Bearer x"), ("OpenAI-Organization", "org"), ("baggage", "a=b"),
            ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"), ("User-Agent", "me"), ("Expect", "100-continue"));

        var seen = Assert.Single(upstream.Seen);
        Assert.Empty(seen.Headers.Keys.Except(Harmless, StringComparer.OrdinalIgnoreCase));
        Assert.Equal("Bearer sk-upstream-secret", seen.Headers["Authorization"]);
        Assert.Equal("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", seen.Headers["traceparent"]);
        Assert.DoesNotContain("sk-client", seen.Text + string.Join("", seen.Headers.Values));
    }

    [Fact]
    public async Task Nothing_that_could_set_state_in_a_client_comes_back()
    {
        string[] mustStay =
        [
            "Set-Cookie", "Server", "Via", "Alt-Svc", "Strict-Transport-Security", "WWW-Authenticate", "Location", "Refresh", "Clear-Site-Data", "NEL", "Report-To",
            "Access-Control-Allow-Origin", "Access-Control-Allow-Methods", "Access-Control-Allow-Headers", "api-key", "Authorization", "x-rung-cost-usd", "X-Rung-Model",
            "X-Accel-Redirect", "X-Sendfile", "Keep-Alive", "Upgrade",
        ];
        await using var upstream = await FakeUpstream.StartAsync((http, body) =>
        {
            foreach (var name in mustStay) http.Response.Headers[name] = "evil=1";
            http.Response.Headers["x-request-id"] = "r-1";
            http.Response.Headers["x-ratelimit-remaining-tokens"] = "17";
            return Does.Answer("fine")(http, body);
        });
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Alone(upstream.Url)));

        foreach (var stream in (bool[])[false, true])
        {
            var reply = await gateway.PostAsync(Ask.Of(stream));
            foreach (var name in mustStay) Assert.DoesNotContain("evil", reply.Header(name));
            Assert.Equal("r-1", reply.Header("x-request-id"));
            Assert.Equal("17", reply.Header("x-ratelimit-remaining-tokens"));
        }
    }

    [Fact]
    public async Task Nothing_in_a_request_changes_where_it_goes()
    {
        await using var intended = await FakeUpstream.StartAsync(Does.Answer("fine"));
        await using var elsewhere = await FakeUpstream.StartAsync(Does.Answer("stolen"));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Alone(intended.Url, model: "key: { env: TEST_KEY }")));
        var evil = elsewhere.Url;
        var host = new Uri(evil).Authority;
        string[] models = [evil, $"{evil}/chat/completions", $"@{host}", $"../../{host}", $"rung/{evil}", "rung/../admin", "a?x=", "a#", "a\\u0000b", "openai/gpt-5", $"x\\r\\nHost: {host}"];

        foreach (var model in models)
        {
            var body = $$"""{"model":"{{model}}","base_url":"{{evil}}","api_base":"{{evil}}","url":"{{evil}}","messages":[],"models":["{{evil}}"],"provider":{"url":"{{evil}}"},"fallbacks":["{{evil}}"]}""";
            var reply = await gateway.PostAsync(body, ("Host", host), ("x-portkey-custom-host", evil), ("x-forwarded-host", host), ("Helicone-Target-Url", evil),
                ("x-litellm-api-base", evil), ("x-rung-upstream", evil), ("x-rung-url", evil), ("Forwarded", $"host={host}"), ("x-original-url", evil));
            Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        }
        // Even the request line itself may name a host.
        Assert.StartsWith("HTTP/1.1", await RawClient.SendAsync(gateway.Url, $"POST {evil}/chat/completions HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {Ask.Plain.Length}\r\n\r\n{Ask.Plain}"));

        Assert.Empty(elsewhere.Seen);
        Assert.All(intended.Seen, seen =>
        {
            Assert.Equal("/v1/chat/completions", seen.Path);
            Assert.Equal("a-up", seen.Json.GetProperty("model").GetString());
            Assert.Equal(new Uri(intended.Url).Authority, seen.Headers["Host"]);
        });
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var elsewhere = await FakeUpstream.StartAsync(Does.Answer("stolen"));
        await using var moved = await FakeUpstream.StartAsync((http, _) =>
        {
            http.Response.Redirect(elsewhere.Url + "/chat/completions", permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        });
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Alone(moved.Url, "limits: { attempts: 1 }")));

        await (await gateway.PostAsync(Ask.Plain)).ErrorAsync(HttpStatusCode.BadGateway);

        Assert.Empty(elsewhere.Seen);
    }

    [Fact]
    public async Task An_upstreams_key_and_address_never_reach_the_client_whatever_fails()
    {
        foreach (var how in Faults.UnavailableTests.Failures.Cast<object[]>().Select(row => (string)row[0]))
        {
            await using var broken = await FakeUpstream.StartAsync(Faults.UnavailableTests.Failing(how));
            await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Alone(broken.Url, "limits: { attempts: 1 }", "key: { env: TEST_KEY }")));
            var reply = await gateway.PostAsync(Ask.Stream);
            var text = await reply.TextAsync() + reply.Headers + reply.Content.Headers;
            Assert.DoesNotContain("sk-upstream", text);
            Assert.DoesNotContain(new Uri(broken.Url).Port.ToString(), text);
            var record = await gateway.OnlyCallAsync();
            Assert.All(record.Attempts, attempt => Assert.DoesNotContain("sk-", attempt.Error + attempt.UpstreamModel));
        }
    }
}
