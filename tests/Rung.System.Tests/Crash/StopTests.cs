using System.Net;
using System.Net.Http.Headers;
using Rung.Core.Spans;
using Rung.Gateway.Tests.Support;
using Rung.Storage;

namespace Rung.Tests.Crash;

/// <summary>The real executable, asked to stop while a call is under way: the call ends first, or is cut off, and is in the ledger either way.</summary>
public sealed class StopTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("rung-stop-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task A_call_that_runs_when_the_gateway_is_asked_to_stop_is_answered_and_recorded()
    {
        var (asked, answer) = (new Gate(), new Gate());
        await using var upstream = await FakeUpstream.StartAsync(async (http, body) =>
        {
            asked.Open();
            await answer.Opened;
            await Does.Answer("good")(http, body);
        });
        using var server = RungProcess.Start(await PolicyAsync(upstream), Data, "--drain", "600");
        using var http = new HttpClient { BaseAddress = await server.UrlAsync() };
        var call = AskAsync(http);
        await asked.Opened;

        server.AskToStop();
        await server.SaysAsync("calls that run have 600 s to end");
        answer.Open();

        using var reply = await call;
        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        Assert.Contains("good", await reply.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal((0, false), await EndAsync(server));
        Assert.Equal((CallStatus.Answered, 20_000L), await OnlyCallAsync());
    }

    [Theory]
    [InlineData("0", false)] // No time at all.
    [InlineData("600", true)] // A second signal: somebody is in a hurry.
    public async Task A_call_that_outlasts_the_time_to_end_is_cut_off_and_recorded(string drain, bool hurry)
    {
        var asked = new Gate();
        await using var upstream = await FakeUpstream.StartAsync((http, body) =>
        {
            asked.Open();
            return Does.Hang()(http, body);
        });
        using var server = RungProcess.Start(await PolicyAsync(upstream), Data, "--drain", drain);
        using var http = new HttpClient { BaseAddress = await server.UrlAsync() };
        var call = AskAsync(http);
        await asked.Opened;

        server.AskToStop();
        await server.SaysAsync("rung: stopping");
        if (hurry) server.AskToStop();

        await Assert.ThrowsAsync<HttpRequestException>(() => call);
        Assert.Equal((0, false), await EndAsync(server));
        Assert.Equal(CallStatus.ClientGone, (await OnlyCallAsync()).Status);
    }

    private string Data => Path.Combine(directory, "data");

    private static async Task<(int ExitCode, bool Complained)> EndAsync(RungProcess server)
    {
        var (code, said) = await server.EndedAsync();
        return (code, said.Contains("xception", StringComparison.Ordinal));
    }

    private async Task<(CallStatus Status, long? Cost)> OnlyCallAsync()
    {
        var calls = new List<CallRecord>();
        await using var ledger = Ledger.Open(Data, TimeProvider.System);
        await foreach (var call in ledger.ReadAsync(new CallQuery(), CancellationToken.None)) calls.Add(call);
        var only = Assert.Single(calls);
        return (only.Status, only.CostNanoUsd);
    }

    private static Task<HttpResponseMessage> AskAsync(HttpClient http) => http.PostAsync("/v1/chat/completions",
        new StringContent("""{"model":"rung","messages":[{"role":"user","content":"hi"}]}""", new MediaTypeHeaderValue("application/json")));

    private async Task<string> PolicyAsync(FakeUpstream upstream)
    {
        var path = Path.Combine(directory, "rung.yaml");
        await File.WriteAllTextAsync(path, $$"""
            version: 1
            tiers: { one: { models: [a] } }
            models:
              a: { provider: openai-compatible, url: "{{upstream.Url}}", id: a, price: { input: 1, output: 2 } }
            default: { tier: one, owner: t, why: w }
            """);
        return path;
    }
}
