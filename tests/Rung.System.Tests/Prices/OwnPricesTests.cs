using System.CommandLine;
using System.Net.Http.Headers;
using Rung.Commands;
using Rung.Gateway.Tests.Support;
using Rung.Tests.Crash;

namespace Rung.Tests.Prices;

/// <summary>The user's own price book lies in the data directory: what is imported there, whoever reads from there goes by.</summary>
public sealed class OwnPricesTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("rung-prices-").FullName;

    private string Data => Path.Combine(folder, "data");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_gateway_goes_by_the_prices_that_were_imported_into_its_data_directory()
    {
        await using var upstream = await FakeUpstream.StartAsync(Does.Answer("good")); // 10 tokens in, 5 out.
        var policy = await PolicyAsync(upstream.Url);
        Assert.Equal("unknown", await CostOfACallAsync(policy));

        var (code, _, said) = await RunAsync("prices", "import", await ListAsync(), "--from", "litellm", "--data", Data);

        Assert.Equal(ExitCode.Ok, code);
        Assert.Contains($"Written to {Path.Combine(Data, "prices.json")}. A gateway of this data directory takes it when it is started anew.", said, StringComparison.Ordinal);
        Assert.Equal("0.00002", await CostOfACallAsync(policy));
        Assert.Contains("own-model", (await RunAsync("prices", "list", "--data", Data, "--model", "own-*")).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("own-model", (await RunAsync("prices", "list", "--data", folder, "--model", "own-*")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_book_that_cannot_be_used_is_named_with_its_folder()
    {
        Directory.CreateDirectory(Data);
        await File.WriteAllTextAsync(Path.Combine(Data, "prices.json"), "{ }");

        var (code, _, error) = await RunAsync("policy", "show", await PolicyAsync("http://127.0.0.1:1/v1"), "--data", Data);

        Assert.Equal(ExitCode.Usage, code);
        Assert.StartsWith($"rung: {Path.Combine(Data, "prices.json")}: ", error, StringComparison.Ordinal);
    }

    private async Task<string> CostOfACallAsync(string policy)
    {
        using var server = RungProcess.Start(policy, Data);
        using var http = new HttpClient { BaseAddress = await server.UrlAsync() };
        using var reply = await http.PostAsync("/v1/chat/completions", new StringContent("""{"model":"rung","messages":[{"role":"user","content":"hi"}]}""", new MediaTypeHeaderValue("application/json")));
        return Assert.Single(reply.Headers.GetValues("x-rung-cost-usd"));
    }

    private async Task<string> ListAsync()
    {
        var path = Path.Combine(folder, "list.json");
        await File.WriteAllTextAsync(path, """{ "own-model": { "litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06, "max_input_tokens": 1000, "max_output_tokens": 1000 } }""");
        return path;
    }

    private async Task<string> PolicyAsync(string url)
    {
        var (path, key) = (Path.Combine(folder, "rung.yaml"), Path.Combine(folder, "key"));
        await File.WriteAllTextAsync(key, "k");
        await File.WriteAllTextAsync(path, $$"""
            version: 1
            tiers: { one: { models: [a] } }
            models: { a: { provider: openai, url: "{{url}}", id: own-model, key: { file: "{{key}}" } } }
            default: { tier: one, owner: t, why: w }
            """);
        return path;
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var command = args[0] == "prices" ? PricesCommand.Create(TimeProvider.System) : Commands.Policy.PolicyCommand.Create(TimeProvider.System, terminal: null);
        var code = await CommandLine.RunAsync(new RootCommand { command }, args, new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }
}
