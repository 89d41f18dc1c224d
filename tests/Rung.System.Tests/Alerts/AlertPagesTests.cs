using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Rung.Core.Policies;
using Rung.Core.Prices;
using Rung.Gateway.Intake;
using Rung.Serving;
using static Rung.Tests.Alerts.AlertsFolder;

namespace Rung.Tests.Alerts;

/// <summary>The page of alerts through a whole gateway.</summary>
public sealed class AlertPagesTests : IAsyncLifetime
{
    private const string Key = "0123456789abcdef0123456789abcdef";
    private readonly AlertsFolder folder = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await folder.DisposeAsync();

    [Fact]
    public async Task The_page_shows_what_the_command_shows_and_the_history_of_one()
    {
        await folder.StepAsync(0, Floor());
        await using var gateway = await StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(gateway.Urls[0]) };

        var page = JsonDocument.Parse(await client.GetStringAsync(AlertPages.Path)).RootElement;
        Assert.Equal(1, page.GetProperty("firing").GetInt32());
        Assert.Equal("floor:classify-intent", page.GetProperty("alerts")[0].GetProperty("key").GetString());
        Assert.Equal("half", page.GetProperty("not_armed")[0].GetProperty("tag").GetString());
        var one = JsonDocument.Parse(await client.GetStringAsync($"{AlertPages.Path}?key=floor:classify-intent")).RootElement;
        Assert.Equal("fired", one.GetProperty("history")[0].GetProperty("change").GetString());
        using var unknown = await client.GetAsync($"{AlertPages.Path}?key=floor:none");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        using var post = await client.PostAsync(AlertPages.Path, null);
        Assert.Equal((HttpStatusCode.MethodNotAllowed, "GET"), (post.StatusCode, Assert.Single(post.Content.Headers.Allow)));

        await folder.StepAsync(11);
        Assert.Equal(0, JsonDocument.Parse(await client.GetStringAsync(AlertPages.Path)).RootElement.GetProperty("alerts").GetArrayLength());
        Assert.Equal("resolved", JsonDocument.Parse(await client.GetStringAsync($"{AlertPages.Path}?all=true")).RootElement.GetProperty("alerts")[0].GetProperty("state").GetString());
    }

    [Fact]
    public async Task With_keys_only_who_has_one_sees_it()
    {
        await using var gateway = await StartAsync(Key);
        using var client = new HttpClient { BaseAddress = new Uri(gateway.Urls[0]) };

        using var stranger = await client.GetAsync(AlertPages.Path);
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        using var known = await client.GetAsync(AlertPages.Path);
        Assert.Equal(HttpStatusCode.OK, known.StatusCode);
    }

    [Fact]
    public async Task Without_keys_a_page_of_another_host_sees_nothing()
    {
        await using var gateway = await StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(gateway.Urls[0]) };
        using var request = new HttpRequestMessage(HttpMethod.Get, AlertPages.Path);
        request.Headers.Host = "evil.example";

        using var reply = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, reply.StatusCode);
    }

    private async Task<GatewayServer> StartAsync(params string[] keys)
    {
        const string Yaml = """
            version: 1
            tiers: { only: { models: [one] } }
            models: { one: { provider: openai-compatible, url: "http://127.0.0.1:1/v1", id: m } }
            tags: { half: { tier: only, ceiling: { usd_per_day: 5 } } }
            default: { tier: only }
            """;
        var policy = PolicyCompiler.Compile(new PolicySource("rung.yaml", Yaml, _ => null), PriceBook.Embedded, new DateOnly(2026, 11, 22)).Snapshot!;
        var options = new GatewayServerOptions { Urls = ["http://127.0.0.1:0"], Policy = policy, Prices = PriceBook.Embedded, Clock = TimeProvider.System, Log = null, Keys = new ClientKeys(keys) };
        return await GatewayServer.StartAsync(options, folder.Ledger, CancellationToken.None);
    }
}
