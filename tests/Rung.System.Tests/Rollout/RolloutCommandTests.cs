using System.CommandLine;
using System.Text.Json;
using Rung.Commands;
using Rung.Commands.Policy;
using Rung.Commands.Rollout;
using Rung.Control.Rollouts;
using Rung.Control.Steering;
using Rung.Control.Tests.Rollouts;
using Rung.Core.Prices;
using Rung.Core.Rollouts;
using Rung.Serving;
using Rung.Storage.Revisions;
using Rung.Storage.Rollouts;
using Rung.Tests.Policy;
using Xunit.Abstractions;

namespace Rung.Tests.Rollout;

/// <summary>The commands of a rollout on a real ledger and a real policy file, with the control loop between them; the clock is moved by hand.</summary>
public sealed class RolloutCommandTests(ITestOutputHelper printed) : IAsyncLifetime
{
    private readonly RolloutWorld _world = new();
    private ControlLoop _loop = null!;

    private string File => Path.Combine(_world.Folder, "rung.yaml");

    private string Candidate => Path.Combine(_world.Folder, "cheaper.yaml");

    public async Task InitializeAsync()
    {
        await _world.PublishAsync();
        await System.IO.File.WriteAllTextAsync(File, RolloutWorld.Policy);
        await System.IO.File.WriteAllTextAsync(Candidate, RolloutWorld.Cheaper());
        _loop = new ControlLoop(_world.Ledger, PolicyFileAccess.Of(File, PriceBook.Embedded, _world.Clock), "gateway 1", (_, _, _) => Task.CompletedTask);
    }

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task A_session_from_the_plan_to_the_whole_traffic_and_back()
    {
        for (var hour = 0; hour < 24; hour++)
        {
            await _world.TrafficAsync("label", 60);
            _world.Clock.Now += TimeSpan.FromHours(1);
        }
        var plan = await RunAsync("rollout", "plan", "--to", Candidate);
        Assert.Equal(ExitCode.Ok, plan.Code);
        Assert.Contains("~ label: large → small", plan.Output, StringComparison.Ordinal);
        Assert.Contains("cost_per_session", plan.Output, StringComparison.Ordinal);
        Assert.All(plan.Lines, line => Assert.True(line.Length <= 100, line));

        string[] quick = ["--to", Candidate, "--stages", "10,50,100", "--min-time", "20m", "--min-sample", "20", "--unit", "call", "--guards", "judge=0.2,error=0.2"];
        var asked = await RunAsync(["rollout", "start", .. quick]);
        Assert.Equal((ExitCode.Usage, 0), (asked.Code, (await _world.Ledger.ListRolloutsAsync(openOnly: false, CancellationToken.None)).Count)); // Nobody is there to confirm.
        var start = await RunAsync(["rollout", "start", .. quick, "--why", "a third of the price", "--yes"]);
        Assert.Equal(ExitCode.Ok, start.Code);
        Assert.Contains("Rollout 1: started at 10 % of calls. The candidate is revision 2.", start.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Faults, (await RunAsync(["rollout", "start", .. quick, "--yes"])).Code); // One is open on this tag.

        for (var minute = 0; minute < 8; minute++) await _world.MinuteAsync(_loop);
        var status = await RunAsync("rollout", "status");
        Assert.Contains("verdict  hold", status.Output, StringComparison.Ordinal);
        Assert.Contains("    - judge: ", status.Output, StringComparison.Ordinal);
        var json = (await RunAsync("rollout", "status", "1", "--json")).Json.GetProperty("rollouts")[0];
        Assert.Equal((10.0, "hold"), (json.GetProperty("share_percent").GetDouble(), json.GetProperty("reading").GetProperty("verdict").GetProperty("decision").GetString()));

        Assert.InRange(await _world.UntilAsync(rollout => !rollout.IsOpen, 200, _loop), 1, 200);
        Assert.Contains("rollout 1  complete", (await RunAsync("rollout", "status", "1")).Output, StringComparison.Ordinal);
        Assert.Contains("complete", (await RunAsync("rollout", "list")).Output, StringComparison.Ordinal);
        Assert.Equal(RolloutWorld.Cheaper(), await System.IO.File.ReadAllTextAsync(File));

        var history = await RunAsync("policy", "history");
        Assert.Contains("automatic, rung: rollout 1 is complete", history.Output, StringComparison.Ordinal);
        Assert.Contains("to take it back: rung policy rollback 1", history.Output, StringComparison.Ordinal);
        Assert.Contains("candidate, ", history.Output, StringComparison.Ordinal);
        Assert.Contains("rollout 1 started at 10 % of calls", history.Output, StringComparison.Ordinal);
        Assert.All(history.Lines, line => Assert.True(line.Length <= 100, line));

        Assert.Equal(ExitCode.Ok, (await RunAsync("policy", "rollback", "1", "--policy", File, "--yes")).Code);
        var newest = (await _world.Ledger.NewestRevisionAsync(CancellationToken.None))!;
        Assert.Equal((4L, RevisionOrigin.Person, RolloutWorld.Compile(RolloutWorld.Policy).Snapshot!.Hash), (newest.Number, newest.Origin, newest.Hash));
    }

    [Fact]
    public async Task A_rollout_that_does_harm_is_taken_back_by_itself_and_says_why()
    {
        _world.Candidate = 0.4;
        await RunAsync("rollout", "start", "--to", Candidate, "--stages", "10,50,100", "--min-time", "20m", "--min-sample", "20", "--unit", "call", "--guards", "judge=0.2,error=0.2", "--yes");
        Assert.InRange(await _world.UntilAsync(rollout => !rollout.IsOpen, 120, _loop), 1, 120);

        var status = await RunAsync("rollout", "status", "1");
        Assert.Contains("verdict  roll back", status.Output, StringComparison.Ordinal);
        Assert.Contains("rolled back, by rung: Worse than the current policy: judge: ", string.Join(' ', status.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Equal(RolloutWorld.Policy, await System.IO.File.ReadAllTextAsync(File));
        Assert.Equal(1, (await _world.Ledger.NewestRevisionAsync(CancellationToken.None))!.Number);
        Assert.Equal("rolled_back", (await RunAsync("policy", "history", "--json")).Json.GetProperty("rollout_events")[1].GetProperty("kind").GetString());
    }

    [Fact]
    public async Task People_hold_resume_advance_and_roll_back_with_a_reason()
    {
        await RunAsync("rollout", "start", "--to", Candidate, "--guards", "judge,error", "--yes");
        Assert.Equal(ExitCode.Usage, (await RunAsync("rollout", "hold", "1")).Code); // Without a reason.
        Assert.Equal(ExitCode.Ok, (await RunAsync("rollout", "hold", "1", "--why", "launch day")).Code);
        Assert.Contains("rung rollout resume 1", (await RunAsync("rollout", "status", "1")).Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Faults, (await RunAsync("rollout", "hold", "1", "--why", "again")).Code);
        Assert.Equal(ExitCode.Ok, (await RunAsync("rollout", "resume", "1", "--why", "over")).Code);
        Assert.Contains("advanced to 10 % of sessions", (await RunAsync("rollout", "advance", "1", "--why", "fine so far")).Output, StringComparison.Ordinal);
        Assert.Contains("rolled back", (await RunAsync("rollout", "rollback", "1", "--why", "complaints")).Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, (await RunAsync("rollout", "rollback", "9", "--why", "?")).Code);
        Assert.Equal(
            ["launch day", "over", "fine so far", "complaints"],
            (await _world.RolloutAsync()).Events.Skip(1).Select(happened => happened.Why));
    }

    [Fact]
    public async Task The_switch_is_seen_and_turned_from_the_command_line()
    {
        Assert.Contains("does not run", (await RunAsync("control", "status")).Output, StringComparison.Ordinal);
        await _loop.StepAsync(_world.Clock.Now, CancellationToken.None);
        Assert.Contains("runs in gateway", (await RunAsync("control", "status")).Output, StringComparison.Ordinal);
        Assert.Contains("Frozen until", (await RunAsync("control", "freeze", "--why", "launch day", "--for", "2h")).Output, StringComparison.Ordinal);
        var status = (await RunAsync("control", "status", "--json")).Json;
        Assert.Equal((true, true), (status.GetProperty("runs").GetBoolean(), status.GetProperty("frozen").GetBoolean()));
        await RunAsync("control", "unfreeze", "--why", "over");
        Assert.Contains("frozen    no", (await RunAsync("control", "status")).Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, (await RunAsync("control", "freeze", "--why", "x", "--for", "soon")).Code);
    }

    private async Task<Printed> RunAsync(params string[] args)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var root = new RootCommand { RolloutCommand.Create(_world.Clock, terminal: null), ControlCommand.Create(_world.Clock), PolicyCommand.Create(_world.Clock, terminal: null) };
        var code = await CommandLine.RunAsync(root, [.. args, "--data", _world.Folder], new InvocationConfiguration { Output = output, Error = error });
        printed.WriteLine($"$ rung {string.Join(' ', args)}\n{output}{error}".Replace(_world.Folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal));
        return new Printed(code, output.ToString(), error.ToString());
    }
}
