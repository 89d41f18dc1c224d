using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Rung.Tests.Evals;

/// <summary>The real executable, killed without a warning in the middle of a run, several times.</summary>
public sealed class EvalKillTests
{
    private static readonly int[] s_kills = [70, 230, 450];

    [Fact]
    public async Task A_run_of_200_rows_and_3_candidates_that_is_killed_goes_on_to_the_same_report_and_asks_the_reference_too_and_pays_no_answer_twice_but_what_was_under_way()
    {
        await using var folder = await EvalFolder.StartAsync(rows: 200);
        var whole = Path.Combine(Path.GetDirectoryName(folder.Data)!, "whole");
        await EvalFolder.AddSetAsync(whole, rows: 200);
        var expected = Parse(await RunToEndAsync(folder, whole));
        Assert.All(folder.Asked.Values, count => Assert.Equal(1, count));
        Assert.Equal(800, folder.Asked.Count);
        folder.Asked.Clear();

        // From the request on at which it is to be killed, the upstream lets nobody go until it is.
        var kills = 0;
        var requests = 0;
        var (due, done) = (NewGate(), NewGate());
        folder.OnRequest = _ =>
        {
            if (kills >= s_kills.Length || Interlocked.Increment(ref requests) < s_kills[kills]) return Task.CompletedTask;
            due.TrySetResult();
            return done.Task;
        };
        foreach (var _ in s_kills)
        {
            using var process = Start(folder, folder.Data);
            Assert.Same(due.Task, await Task.WhenAny(due.Task, process.WaitForExitAsync()));
            process.Kill(); // SIGKILL: it gets no chance to write anything.
            await process.WaitForExitAsync();
            kills++;
            var held = done;
            (due, done) = (NewGate(), NewGate());
            held.SetResult();
        }
        var report = Parse(await RunToEndAsync(folder, folder.Data));

        var cutOff = (int)report["interruptions"]!["cut_off"]!;
        Assert.InRange(cutOff, s_kills.Length, s_kills.Length * 4); // Four questions at once.
        Assert.Equal(800, folder.Asked.Count);
        Assert.True(folder.Asked.Values.Sum(count => count - 1) <= cutOff, $"{folder.Asked.Values.Sum(count => count - 1)} paid twice, {cutOff} cut off");
        Assert.Equal(Bare(expected).ToJsonString(), Bare(report).ToJsonString());
        Assert.Equal("eligible", (string?)report["candidates"]![0]!["decision"]);
    }

    private static TaskCompletionSource NewGate() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static Process Start(EvalFolder folder, string data)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "rung.dll"), "eval", "run", "--set", "count-set", "--candidates", "haiku,nano,local", "--policy", folder.Policy, "--data", data, "--json"])
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    private static async Task<string> RunToEndAsync(EvalFolder folder, string data)
    {
        using var process = Start(folder, data);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await error);
        return await output;
    }

    private static JsonNode Parse(string json) => JsonNode.Parse(json)!;

    /// <summary>Without times, durations, and the count of what was cut off.</summary>
    private static JsonNode Bare(JsonNode report)
    {
        var bare = report.DeepClone();
        bare.AsObject().Remove("times");
        bare.AsObject().Remove("interruptions");
        foreach (var candidate in bare["candidates"]!.AsArray()) candidate!.AsObject().Remove("latency_ms");
        return bare;
    }
}
