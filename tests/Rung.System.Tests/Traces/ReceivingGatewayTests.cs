using System.Diagnostics;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Trace;
using Rung.Core.Policies;
using Rung.Core.Prices;
using Rung.Gateway.Tests.Support;
using Rung.Serving;
using Rung.Storage;
using Rung.Storage.Imports;

namespace Rung.Tests.Traces;

/// <summary>The receiver in a whole gateway with its ledger.</summary>
public sealed class ReceivingGatewayTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("rung-receiving-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task Traces_and_calls_go_into_one_ledger_apart_and_what_waits_is_written_at_the_end_once_over_a_restart()
    {
        await using var upstream = await FakeUpstream.StartAsync(Does.Answer("one two three"));
        var export = JsonExport.Request(JsonExport.Resource("shop", JsonExport.Scope("app",
            JsonExport.Chat("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", new DateTimeOffset(2026, 11, 22, 8, 0, 0, TimeSpan.Zero), "gpt-4o-mini", 1000, 100, prompt: "a secret word"))));
        for (var start = 0; start < 2; start++)
        {
            await using var ledger = Ledger.Open(directory, TimeProvider.System);
            await using var gateway = await StartAsync(upstream, ledger);
            using var client = new HttpClient { BaseAddress = new Uri(gateway.Urls[0]) };
            (await client.PostAsync("/v1/traces", new StringContent(export, Encoding.UTF8, "application/json"))).EnsureSuccessStatusCode();
            (await client.PostAsync("/v1/chat/completions", new StringContent("""{"model":"x","messages":[{"role":"user","content":"hi"}]}""", Encoding.UTF8, "application/json"))).EnsureSuccessStatusCode();
        }

        await using var after = Ledger.OpenReadOnly(directory, TimeProvider.System);
        var calls = 0;
        await foreach (var _ in after.ReadAsync(new CallQuery(), CancellationToken.None)) calls++;
        Assert.Equal(2, calls);
        var imported = Assert.Single(await ImportedAsync(after));
        Assert.Equal(("gpt-4o-mini", 1000, 100), (imported.Model, imported.Usage.Input, imported.Usage.Output));
        Assert.Equal((1000 * 150) + (100 * 600), imported.CostNanoUsd); // $0.15 and $0.60 a million tokens.
        foreach (var file in Directory.GetFiles(directory)) Assert.DoesNotContain("a secret word", Encoding.UTF8.GetString(await File.ReadAllBytesAsync(file)));
    }

    [Fact]
    public async Task The_exporter_of_the_OpenTelemetry_SDK_delivers()
    {
        await using var upstream = await FakeUpstream.StartAsync(Does.Answer("one two three"));
        const string Source = "rung.test.receiving";
        await using (var ledger = Ledger.Open(directory, TimeProvider.System))
        await using (var gateway = await StartAsync(upstream, ledger))
        {
            using var source = new ActivitySource(Source);
            using var provider = Sdk.CreateTracerProviderBuilder().AddSource(Source)
                .AddOtlpExporter(otlp => (otlp.Endpoint, otlp.Protocol, otlp.ExportProcessorType) = (new Uri(gateway.Urls[0] + "/v1/traces"), OtlpExportProtocol.HttpProtobuf, ExportProcessorType.Simple))
                .Build();
            using var span = source.StartActivity("chat gpt-4o-mini", ActivityKind.Client);
            span!.SetTag("gen_ai.operation.name", "chat").SetTag("gen_ai.provider.name", "openai").SetTag("gen_ai.response.model", "gpt-4o-mini")
                .SetTag("gen_ai.usage.input_tokens", 12).SetTag("gen_ai.usage.output_tokens", 3);
            span.Stop();
            Assert.True(provider.ForceFlush());
        }

        await using var after = Ledger.OpenReadOnly(directory, TimeProvider.System);
        var imported = Assert.Single(await ImportedAsync(after));
        Assert.Equal(("gpt-4o-mini", 12, 3), (imported.Model, imported.Usage.Input, imported.Usage.Output));
    }

    private static async Task<GatewayServer> StartAsync(FakeUpstream upstream, Ledger ledger)
    {
        var yaml = $$"""
            version: 1
            tiers: { only: { models: [a] } }
            models: { a: { provider: openai-compatible, url: "{{upstream.Url}}", id: a-up, price: { input: 1, output: 2 } } }
            default: { tier: only, owner: t, why: w }
            """;
        var policy = PolicyCompiler.Compile(new PolicySource("rung.yaml", yaml, _ => null), PriceBook.Embedded, new DateOnly(2026, 11, 22)).Snapshot!;
        return await GatewayServer.StartAsync(
            new GatewayServerOptions { Urls = ["http://127.0.0.1:0"], Policy = policy, Prices = PriceBook.Embedded, Clock = TimeProvider.System, Log = null }, ledger, CancellationToken.None);
    }

    private static async Task<List<ImportedRecord>> ImportedAsync(Ledger ledger)
    {
        var calls = new List<ImportedRecord>();
        await foreach (var call in ledger.ReadImportedAsync(new ImportedQuery(), CancellationToken.None)) calls.Add(call);
        return calls;
    }
}
