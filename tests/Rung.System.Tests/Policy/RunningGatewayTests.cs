using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Rung.Commands;
using Rung.Core.Prices;
using Rung.Gateway.Intake;
using Rung.Recorded;
using Rung.Serving;
using Rung.Storage;
using Rung.Tests.Recorded;

namespace Rung.Tests.Policy;

/// <summary>The policy commands beside a gateway that serves, watches its policy file, and writes to the same ledger.</summary>
public sealed class RunningGatewayTests : IDisposable
{
    private readonly PolicyFolder _folder = new();
    private readonly RecordedFiles _recorded = new();

    public void Dispose()
    {
        _folder.Dispose();
        _recorded.Dispose();
    }

    [Fact]
    public async Task A_broken_edit_is_refused_and_shown_a_repaired_one_comes_into_force_and_a_rollback_goes_back()
    {
        await using var upstream = await StartUpstreamAsync();
        var start = Policy(upstream, tier: "small");
        _folder.Write("rung.yaml", start);
        await using var ledger = Ledger.Open(_folder.Data, TimeProvider.System);
        await using var gateway = await StartAsync(ledger, new ClientKeys([]));
        var url = gateway.Urls[0];

        // 1. In force from the start.
        var fresh = await StatusAsync(url + "/v1");
        Assert.Equal(ExitCode.Ok, fresh.Code);
        Assert.StartsWith("in force  revision 1 (", fresh.Lines[1], StringComparison.Ordinal);
        Assert.Equal(("small", "1@"), await CallAsync(url));

        // 2. A broken edit: refused, said aloud, and the old one serves on.
        _folder.Write("rung.yaml", start.Replace("tier: small", "tier: smal", StringComparison.Ordinal));
        var broken = await UntilAsync(url, status => status.Code == ExitCode.Faults);
        Assert.Contains("in force  revision 1 (", broken.Output, StringComparison.Ordinal);
        Assert.Contains("REFUSED   a newer policy, ", broken.Output, StringComparison.Ordinal);
        Assert.Contains("There is no tier \"smal\".", broken.Unbroken, StringComparison.Ordinal);
        Assert.Contains("still serves revision 1", broken.Error, StringComparison.Ordinal);
        Assert.Equal(("small", "1@"), await CallAsync(url));

        // 3. Repaired and changed: swapped in whole, on record.
        _folder.Write("rung.yaml", Policy(upstream, tier: "large"));
        var repaired = await UntilAsync(url, status => status.Code == ExitCode.Ok);
        Assert.Contains("in force  revision 2 (", repaired.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("REFUSED", repaired.Output, StringComparison.Ordinal);
        Assert.Equal(("large", "2@"), await CallAsync(url));

        // 4. Back, by a second writer on the same ledger: the gateway takes up the revision that the command recorded.
        var rollback = await _folder.RunAsync("rollback", "1", "--policy", _folder.At("rung.yaml"), "--data", _folder.Data, "--yes");
        Assert.Equal(ExitCode.Ok, rollback.Code);
        var back = await UntilAsync(url, status => status.Output.Contains("revision 3 (", StringComparison.Ordinal));
        Assert.Equal(ExitCode.Ok, back.Code);
        Assert.Equal(("small", "3@"), await CallAsync(url));
        Assert.Equal(["rollback to 1", $"changed {_folder.At("rung.yaml")}", "the start"], (await _folder.RevisionsAsync()).Select(revision => revision.Reason));
        Assert.Equal(ExitCode.Ok, (await _folder.RunAsync("diff", "1", "current", "--data", _folder.Data)).Code);
    }

    [Fact]
    public async Task Status_needs_the_key_of_a_gateway_that_has_one_and_lists_models_without_theirs()
    {
        const string Variable = "RUNG_TEST_GATEWAY_KEY";
        await using var upstream = await StartUpstreamAsync();
        _folder.Write("rung.yaml", Policy(upstream, "small").Replace("id: large", "id: large, key: { env: RUNG_TEST_VARIABLE_THAT_IS_NOT_SET }", StringComparison.Ordinal));
        await using var ledger = Ledger.Open(_folder.Data, TimeProvider.System);
        await using var gateway = await StartAsync(ledger, new ClientKeys(["sesame"]));
        Environment.SetEnvironmentVariable(Variable, "sesame");
        Environment.SetEnvironmentVariable(Variable + "_2", "barley");

        var without = await StatusAsync(gateway.Urls[0]);
        var wrong = await StatusAsync(gateway.Urls[0], "--key-env", Variable + "_2");
        var with = await StatusAsync(gateway.Urls[0], "--key-env", Variable);
        var json = (await StatusAsync(gateway.Urls[0], "--key-env", Variable, "--json")).Json;

        Assert.Equal((ExitCode.Usage, ExitCode.Usage, ExitCode.Ok), (without.Code, wrong.Code, with.Code));
        Assert.Contains("--key-env NAME", without.Error, StringComparison.Ordinal);
        Assert.Contains("does not take this key", wrong.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("barley", wrong.Error, StringComparison.Ordinal);
        Assert.StartsWith("no key    maxi (not tried", with.Lines[^1], StringComparison.Ordinal);
        Assert.Equal((1L, "maxi", (string?)null), (json.GetProperty("revision").GetInt64(), json.GetProperty("models_without_key")[0].GetString(), json.GetProperty("problem").GetString()));
    }

    [Fact]
    public async Task Where_no_gateway_answers_status_says_so()
    {
        await using var upstream = await StartUpstreamAsync();

        var other = await StatusAsync(upstream.Url.ToString());
        var none = await StatusAsync("http://127.0.0.1:1");
        var wrong = await StatusAsync("nowhere");
        var unset = await StatusAsync("http://127.0.0.1:1", "--key-env", "RUNG_TEST_VARIABLE_THAT_IS_NOT_SET");

        Assert.All([other, none, wrong, unset], printed => Assert.Equal((ExitCode.Usage, ""), (printed.Code, printed.Output)));
        Assert.Contains("this is no gateway of Rung", other.Error, StringComparison.Ordinal);
        Assert.Contains("No gateway answers at http://127.0.0.1:1", none.Error, StringComparison.Ordinal);
        Assert.Contains("is not an http or https address", wrong.Error, StringComparison.Ordinal);
        Assert.Contains("is not set", unset.Error, StringComparison.Ordinal);
    }

    private static string Policy(RecordedUpstream upstream, string tier) => $$"""
        version: 1
        tiers: { small: { models: [mini] }, large: { models: [maxi] } }
        models:
          mini: { provider: openai-compatible, url: "{{upstream.Url}}v1", id: small, price: { input: 1, output: 2 } }
          maxi: { provider: openai-compatible, url: "{{upstream.Url}}v1", id: large, price: { input: 3, output: 6 } }
        tags:
          sums: { tier: {{tier}}, owner: team-a, why: "Sums." }
        default: { tier: large, why: "Not yet understood." }
        """;

    private async Task<RecordedUpstream> StartUpstreamAsync() => await RecordedUpstream.StartAsync(
        await _recorded.ReadAsync(RecordedFiles.ThreeSums), new RecordedUpstreamOptions { Urls = ["http://127.0.0.1:0"] }, CancellationToken.None);

    private async Task<GatewayServer> StartAsync(Ledger ledger, ClientKeys keys)
    {
        var path = _folder.At("rung.yaml");
        var file = PolicyFile.Read(path, PriceBook.Embedded, new DateOnly(2026, 11, 22));
        var revision = await ledger.PublishRevisionAsync(file.Compilation.Snapshot!.Hash, file.Text, file.Files, "ana", "the start", CancellationToken.None);
        return await GatewayServer.StartAsync(
            new GatewayServerOptions
            {
                Urls = ["http://127.0.0.1:0"], Policy = file.Compilation.Snapshot.WithRevision(revision.Number), WatchedPath = path, Prices = PriceBook.Embedded,
                Clock = TimeProvider.System, Keys = keys, Log = null,
            },
            ledger, CancellationToken.None);
    }

    private Task<Printed> StatusAsync(string url, params string[] args) => _folder.RunAsync(["status", "--gateway", url, .. args]);

    /// <summary>Asks until the watcher, which looks once a second, has seen what was written.</summary>
    private async Task<Printed> UntilAsync(string url, Func<Printed, bool> seen)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var status = await StatusAsync(url);
            if (seen(status)) return status;
            await Task.Delay(20, limit.Token);
        }
    }

    /// <summary>One call with the tag: the model that answered, and the number of the revision that decided.</summary>
    private static async Task<(string Model, string Revision)> CallAsync(string url)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Post, url + "/v1/chat/completions")
        {
            Content = new StringContent("""{"model":"rung/sums","messages":[{"role":"user","content":"What is 1+1?"}]}""", Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };
        using var reply = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        return (reply.Headers.GetValues("x-rung-tier").Single(), reply.Headers.GetValues("x-rung-policy").Single()[..2]);
    }
}
