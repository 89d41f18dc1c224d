using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rung.Core.Policies;
using Rung.Core.Prices;
using Rung.Core.Spans;
using Rung.Gateway.Intake;
using Rung.Gateway.Recording;
using Rung.Gateway.Shadows;

namespace Rung.Gateway.Tests.Support;

/// <summary>A gateway on a real loopback port, with a ledger that is a dictionary.</summary>
internal sealed class TestGateway : IAsyncDisposable
{
    private readonly WebApplication app;

    private TestGateway(WebApplication app, PolicyHolder policies, ConcurrentDictionary<string, CallRecord> ledger)
    {
        this.app = app;
        Policies = policies;
        Ledger = ledger;
        Http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(app.Urls.First()), Timeout = TimeSpan.FromSeconds(30) };
    }

    public PolicyHolder Policies { get; }

    public ConcurrentDictionary<string, CallRecord> Ledger { get; }

    public HttpClient Http { get; }

    public string Url => app.Urls.First();

    public IServiceProvider Services => app.Services;

    /// <summary>The one call in the ledger, once everything that waits has been written.</summary>
    public async Task<CallRecord> OnlyCallAsync() => Assert.Single(await CallsAsync(1));

    /// <summary>The calls in the ledger, oldest first. A call is recorded after its last byte: waits until as many are there.</summary>
    public async Task<List<CallRecord>> CallsAsync(int expected)
    {
        var recorder = app.Services.GetRequiredService<CallRecorder>();
        for (var i = 0; i < 500; i++)
        {
            await recorder.FlushAsync(CancellationToken.None);
            if (Ledger.Count >= expected) break;
            await Task.Delay(10);
        }
        return [.. Ledger.Values.OrderBy(call => call.StartedAt).ThenBy(call => call.Id, StringComparer.Ordinal)]; // Ids of one millisecond are in no order.
    }

    public static PolicySnapshot Compile(string yaml, params (string Name, string Text)[] files)
    {
        var source = new PolicySource("policy.yaml", yaml, name => files.FirstOrDefault(file => file.Name == name) is { Text: { } text } ? Encoding.UTF8.GetBytes(text) : (ReadOnlyMemory<byte>?)null);
        var compiled = PolicyCompiler.Compile(source, PriceBook.Embedded, new DateOnly(2026, 11, 22));
        Assert.True(compiled.Snapshot is not null, string.Join("\n", compiled.Faults));
        return compiled.Snapshot!.WithRevision(1);
    }

    public static async Task<TestGateway> StartAsync(PolicySnapshot policy, ClientKeys? keys = null, TimeProvider? clock = null, double chance = 0, ILoggerProvider? log = null,
        KeepContent? keep = null, ContentTapOptions? content = null, JudgeShadow? judge = null, ShadowOptions? shadows = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (log is not null) builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Trace);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var time = clock ?? TimeProvider.System;
        var ledger = new ConcurrentDictionary<string, CallRecord>();
        var policies = new PolicyHolder(policy, secret => secret.Environment == "TEST_KEY" ? "sk-upstream-secret" : null, time);
        builder.Services.AddRungGateway(new GatewayOptions
        {
            Policies = policies,
            Clock = time,
            Chance = () => chance,
            Keys = keys ?? new ClientKeys([]),
            Keep = keep,
            JudgeShadow = judge,
            Shadows = shadows ?? new ShadowOptions(),
            Content = content ?? new ContentTapOptions { Interval = TimeSpan.FromHours(1) }, // Flushed by the test.
            Append = (batch, _) =>
            {
                foreach (var call in batch) ledger[call.Id] = call;
                return Task.CompletedTask;
            },
            Find = (id, _) => Task.FromResult(ledger.GetValueOrDefault(id)),
        });
        var app = builder.Build();
        app.UseRungGateway();
        await app.StartAsync();
        return new TestGateway(app, policies, ledger);
    }

    public Task<HttpResponseMessage> PostAsync(string json, params (string Name, string Value)[] headers) => PostAsync(json, CancellationToken.None, headers);

    public async Task<HttpResponseMessage> PostAsync(string json, CancellationToken cancellationToken, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.DisposeAsync();
    }
}

internal static class Replies
{
    public static string Header(this HttpResponseMessage reply, string name) => reply.Headers.TryGetValues(name, out var values) ? string.Join(",", values) : "";

    public static Task<string> TextAsync(this HttpResponseMessage reply) => reply.Content.ReadAsStringAsync();

    public static async Task<JsonElement> ErrorAsync(this HttpResponseMessage reply, HttpStatusCode expected)
    {
        Assert.Equal(expected, reply.StatusCode);
        var json = await reply.Content.ReadFromJsonAsync<JsonElement>();
        return json.GetProperty("error");
    }
}
