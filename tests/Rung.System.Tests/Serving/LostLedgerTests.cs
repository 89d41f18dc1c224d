using System.CommandLine;
using System.Net;
using System.Text;
using Rung.Commands;
using Rung.Core.Prices;
using Rung.Gateway.Tests.Support;
using Rung.Serving;
using Rung.Storage;
using Rung.Storage.Revisions;
using Rung.Storage.Rollouts;
using Rung.Tests.Policy;

namespace Rung.Tests.Serving;

/// <summary>A gateway over HTTP whose ledger breaks under it; and what a gateway says when it starts.</summary>
public sealed class LostLedgerTests : IDisposable
{
    private readonly PolicyFolder folder = new();

    public void Dispose() => folder.Dispose();

    private string LedgerFile => Path.Combine(folder.Data, Ledger.FileName);

    [Fact]
    public async Task Calls_go_on_on_their_arms_while_the_ledger_is_broken_and_a_rollback_takes_effect_when_it_is_back()
    {
        await using var upstream = await FakeUpstream.StartAsync(Does.Answer("fine"));
        await using var ledger = Ledger.Open(folder.Data, TimeProvider.System);
        await using var server = await StartAsync(ledger, upstream);
        var arms = new Dictionary<string, string>();
        for (var i = 0; i < 20; i++) arms[$"s{i}"] = await ArmAsync(server, $"s{i}");
        Assert.Equal(2, arms.Values.Distinct().Count());

        string[] names = [.. Directory.EnumerateFiles(folder.Data, $"{Ledger.FileName}*").Select(file => Path.GetFileName(file)!)];
        var away = Directory.CreateDirectory(Path.Combine(folder.Data, "away")).FullName;
        foreach (var name in names) File.Move(Path.Combine(folder.Data, name), Path.Combine(away, name));
        await File.WriteAllTextAsync(LedgerFile, new string('x', 20_000));
        var lost = await UntilAsync(server, status => status.Output.Contains("LEDGER", StringComparison.Ordinal));
        Assert.Contains("50 % on revision 2, of sums, by session", lost.Unbroken, StringComparison.Ordinal);
        foreach (var (session, arm) in arms) Assert.Equal(arm, await ArmAsync(server, session));

        File.Delete(LedgerFile);
        foreach (var name in names) File.Move(Path.Combine(away, name), Path.Combine(folder.Data, name));
        Assert.True(await ledger.AppendRolloutEventAsync(1, FollowedGateway.Event(1, RolloutEventKind.RolledBack, stage: -1), CancellationToken.None));
        await UntilAsync(server, status => !status.Output.Contains("LEDGER", StringComparison.Ordinal) && !status.Output.Contains("rollout", StringComparison.Ordinal));
        Assert.Equal("", await ArmAsync(server, "s1"));
    }

    [Fact]
    public async Task A_start_beside_an_automatic_revision_and_a_rollout_says_so_and_how_to_write_it_to_the_file()
    {
        folder.WriteStart();
        await folder.PublishAsync("the start");
        var file = PolicyFile.Read(folder.At("rung.yaml"), PriceBook.Embedded, new DateOnly(2026, 11, 22));
        var demoted = PolicyFolder.Start.Replace("    tier: small\n", "    tier: large\n", StringComparison.Ordinal).Replace("    escalate: { to: large }\n", "", StringComparison.Ordinal);
        var automatic = PolicyFile.Compile("rung.yaml", demoted, name => file.Files[name], PriceBook.Embedded, new DateOnly(2026, 11, 22)).Compilation.Snapshot!;
        await using (var ledger = Ledger.Open(folder.Data, TimeProvider.System))
        {
            await ledger.PublishRevisionAsync(automatic.Hash, demoted, file.Files, "rung", "label moved up: quality below its floor", CancellationToken.None, RevisionOrigin.Automatic, file.Compilation.Snapshot!.Hash);
            var plan = FollowedGateway.Plan() with { Tags = ["label"] };
            await ledger.StartRolloutAsync(1, 2, plan, FollowedGateway.Event(0, RolloutEventKind.Started, stage: 1), CancellationToken.None);
        }
        using var stop = new CancellationTokenSource();
        var said = new StringWriter();
        var error = TextWriter.Synchronized(said);
        var command = new RootCommand { ServeCommand.Create() };
        var running = command.Parse(["serve", "--policy", folder.At("rung.yaml"), "--data", folder.Data, "--urls", "http://127.0.0.1:0"])
            .InvokeAsync(new InvocationConfiguration { Output = TextWriter.Null, Error = error }, stop.Token);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!running.IsCompleted && !Said().Contains("feedback POST", StringComparison.Ordinal)) await Task.Delay(20, limit.Token);
        await stop.CancelAsync();
        await running;

        Assert.Contains($"the ledger's, revision 2 ({automatic.Hash[..12]})", Said(), StringComparison.Ordinal);
        Assert.Contains("label moved up: quality below its floor", Said(), StringComparison.Ordinal);
        Assert.Contains($"rung policy rollback 2 --policy {folder.At("rung.yaml")} --data {folder.Data}", Said(), StringComparison.Ordinal);
        Assert.Contains("rollout  1: 10 % of label on revision 1", Said(), StringComparison.Ordinal);
        Assert.Equal(2, (await folder.RevisionsAsync()).Count);

        string Said()
        {
            lock (error) return said.ToString();
        }
    }

    private async Task<GatewayServer> StartAsync(Ledger ledger, FakeUpstream upstream)
    {
        string Text(string model) => FollowedGateway.SumsOn("small", model).Replace("http://127.0.0.1:1/v1", upstream.Url, StringComparison.Ordinal);
        var (current, candidate) = (FollowedGateway.Compile(Text("mini")), FollowedGateway.Compile(Text("nano")));
        var revision = await ledger.PublishRevisionAsync(current.Compilation.Snapshot!.Hash, current.Text, current.Files, "ana", "the start", CancellationToken.None);
        var other = await ledger.PublishRevisionAsync(candidate.Compilation.Snapshot!.Hash, candidate.Text, candidate.Files, "ana", "cheaper", CancellationToken.None, RevisionOrigin.Candidate);
        await ledger.StartRolloutAsync(other.Number, revision.Number, FollowedGateway.Plan(), FollowedGateway.Event(0, RolloutEventKind.Started, stage: 2), CancellationToken.None);
        return await GatewayServer.StartAsync(
            new GatewayServerOptions { Urls = ["http://127.0.0.1:0"], Policy = current.Compilation.Snapshot.WithRevision(revision.Number), Prices = PriceBook.Embedded, Clock = TimeProvider.System, Log = null },
            ledger, CancellationToken.None);
    }

    private async Task<Printed> UntilAsync(GatewayServer server, Func<Printed, bool> seen)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var status = await folder.RunAsync("status", "--gateway", server.Urls[0]);
            if (seen(status)) return status;
            await Task.Delay(20, limit.Token);
        }
    }

    private static async Task<string> ArmAsync(GatewayServer server, string session)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        http.DefaultRequestHeaders.Add("x-rung-session", session);
        using var reply = await http.PostAsync(
            $"{server.Urls[0]}/v1/chat/completions", new StringContent("""{"model":"rung/sums","messages":[{"role":"user","content":"1+1?"}]}""", Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        return reply.Headers.TryGetValues("x-rung-arm", out var arm) ? arm.Single() : "";
    }
}
