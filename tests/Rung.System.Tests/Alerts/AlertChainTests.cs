using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Rung.Core.Prices;
using Rung.Demo.Control;
using Rung.Serving;
using Rung.Storage;
using Rung.Storage.Revisions;

namespace Rung.Tests.Alerts;

/// <summary>
/// The whole chain over HTTP: calls through a gateway with its control loop, thumbs down, the floor found broken, the route demoted, a signed message at a webhook that
/// first fails. In time that runs faster.
/// </summary>
public sealed class AlertChainTests : IAsyncLifetime
{
    private const string Secret = "a-secret-that-both-of-them-know";
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("rung-chain-");
    private readonly FasterTime clock = new(TimeProvider.System, 30); // The loop steps every two seconds.
    private readonly Channel<(string Signature, string Delivery, byte[] Body)> messages = Channel.CreateUnbounded<(string, string, byte[])>();
    private readonly ConcurrentDictionary<string, int> tries = new(StringComparer.Ordinal);
    private WebApplication outside = null!;
    private string address = "";

    private string PolicyPath => Path.Combine(folder.FullName, "rung.yaml");

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        outside = builder.Build();
        outside.Run(async context => await (context.Request.Path == "/hook" ? HearAsync(context) : AnswerAsync(context)));
        await outside.StartAsync();
        address = outside.Urls.Single();
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "hook.url"), $"{address}/hook");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "hook.secret"), Secret);
        await File.WriteAllTextAsync(PolicyPath, $$"""
            version: 1
            tiers: { small: { models: [mini] }, large: { models: [maxi] } }
            models:
              mini: { provider: openai-compatible, url: "{{address}}/v1", id: small, price: { input: 1, output: 2 } }
              maxi: { provider: openai-compatible, url: "{{address}}/v1", id: large, price: { input: 3, output: 6 } }
            tags:
              sums:
                tier: small
                owner: team-a
                why: "Sums."
                floor: { verdict: feedback, at_least: 0.9 }
                ceiling: { usd_per_call: 1 }
            default: { tier: large, why: "Not yet understood." }
            alerts:
              pager: { url: { file: "{{folder.FullName}}/hook.url" }, secret: { file: "{{folder.FullName}}/hook.secret" } }
            """);
    }

    public async Task DisposeAsync()
    {
        await outside.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Thumbs_down_over_http_end_in_a_demotion_and_one_signed_message_and_a_restart_tells_nothing_twice()
    {
        await using var ledger = Ledger.Open(folder.FullName, clock);
        var first = PolicyFile.Read(PolicyPath, PriceBook.Embedded, new DateOnly(2026, 11, 22));
        await ledger.PublishRevisionAsync(first.Compilation.Snapshot!.Hash, first.Text, first.Files, "ana", "the start", CancellationToken.None);

        // 1. Twelve sessions of ten calls, all of them judged bad.
        await using (var gateway = await StartAsync(ledger))
        {
            using var client = new HttpClient { BaseAddress = new Uri(gateway.Urls[0]) };
            for (var session = 0; session < 12; session++) await WorkAsync(client, $"desk-{session}");

            // 2. The first try gets a 500; the second one is the same message, signed anew.
            var failed = await NextAsync();
            var (signature, delivery, body) = await NextAsync();
            Assert.Equal(failed.Delivery, delivery);
            Assert.Equal(failed.Body, body);
            Assert.True(IsSigned(signature, body) && IsSigned(failed.Signature, body));
            var alert = JsonDocument.Parse(body).RootElement.GetProperty("groups")[0].GetProperty("alerts")[0];
            Assert.Equal(("demotion:sums", "fired", "critical"), (alert.GetProperty("key").GetString(), alert.GetProperty("change").GetString(), alert.GetProperty("severity").GetString()));
            Assert.StartsWith("quality dropped on tier small of sums: 0.000 ", alert.GetProperty("summary").GetString(), StringComparison.Ordinal);
            Assert.EndsWith("; demoted to large", alert.GetProperty("summary").GetString(), StringComparison.Ordinal);

            // 3. The ledger, the file and the page say the same.
            Assert.Equal(RevisionOrigin.Automatic, (await ledger.NewestRevisionAsync(CancellationToken.None))!.Origin);
            Assert.Contains("tier: large\n    owner: team-a", (await File.ReadAllTextAsync(PolicyPath)).ReplaceLineEndings("\n"), StringComparison.Ordinal);
            Assert.Equal(1, JsonDocument.Parse(await client.GetStringAsync(AlertPages.Path)).RootElement.GetProperty("firing").GetInt32());
        }

        // 4. The next process goes on with the alert: two steps of its loop tell nothing.
        await using (await StartAsync(ledger)) await Task.Delay(ControlService.Interval * 1.5, clock);
        Assert.False(messages.Reader.TryRead(out _));
        Assert.Single(await ledger.ReadAlertHistoryAsync("demotion:sums", 10, CancellationToken.None));
    }

    private Task<GatewayServer> StartAsync(Ledger ledger)
    {
        var file = PolicyFile.Read(PolicyPath, PriceBook.Embedded, new DateOnly(2026, 11, 22));
        var newest = ledger.NewestRevisionAsync(CancellationToken.None).GetAwaiter().GetResult()!;
        var options = new GatewayServerOptions
        {
            Urls = ["http://127.0.0.1:0"], Policy = file.Compilation.Snapshot!.WithRevision(newest.Number), WatchedPath = PolicyPath, Prices = PriceBook.Embedded, Clock = clock, Log = null, Control = ControlMode.On,
        };
        return GatewayServer.StartAsync(options, ledger, CancellationToken.None);
    }

    private static async Task WorkAsync(HttpClient client, string session)
    {
        var thumbs = new List<object>();
        for (var i = 0; i < 10; i++)
        {
            using var call = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = JsonContent.Create(new { model = "any", messages = new[] { new { role = "user", content = "1 + 1" } } }) };
            call.Headers.Add("x-rung-tag", "sums");
            call.Headers.Add("x-rung-session", session);
            using var answer = await client.SendAsync(call);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
            thumbs.Add(new { call_id = answer.Headers.GetValues("x-rung-call-id").Single(), thumbs = "down" });
        }
        using var said = await client.PostAsJsonAsync("/rung/feedback", thumbs);
        Assert.True(said.IsSuccessStatusCode, await said.Content.ReadAsStringAsync());
    }

    private async Task<(string Signature, string Delivery, byte[] Body)> NextAsync() => await messages.Reader.ReadAsync(new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token);

    private bool IsSigned(string signature, byte[] body)
    {
        var parts = signature.Split(',').Select(part => part.Split('=', 2)).ToDictionary(part => part[0], part => part[1], StringComparer.Ordinal);
        var mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), (byte[])[.. Encoding.ASCII.GetBytes($"{parts["t"]}."), .. body]);
        var age = clock.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(long.Parse(parts["t"], System.Globalization.CultureInfo.InvariantCulture));
        return Convert.ToHexStringLower(mac) == parts["v1"] && age < TimeSpan.FromMinutes(30);
    }

    private async Task HearAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var delivery = context.Request.Headers["x-rung-delivery"].ToString();
        context.Response.StatusCode = tries.AddOrUpdate(delivery, 1, (_, before) => before + 1) == 1 ? 500 : 204;
        messages.Writer.TryWrite((context.Request.Headers["x-rung-signature"].ToString(), delivery, body.ToArray()));
    }

    private static Task AnswerAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync("""
            {"id":"x","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"3"},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":1,"total_tokens":10}}
            """);
    }
}
