using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Rung.Tests.Crash;

/// <summary>The executable beside the tests, as a process of its own.</summary>
internal sealed partial class RungProcess : IDisposable
{
    private readonly Process process;
    private readonly TaskCompletionSource<Uri> url = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<string> said = new();

    private RungProcess(Process process)
    {
        this.process = process;
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    /// <summary>Starts <c>rung serve</c> on a free port.</summary>
    public static RungProcess Start(string policy, string data, params string[] more)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "rung.dll"), "serve", "--policy", policy, "--data", data, "--urls", "http://127.0.0.1:0", .. more]) start.ArgumentList.Add(argument);
        return new(Process.Start(start)!);
    }

    /// <summary>Where it listens, once it says so.</summary>
    public async Task<Uri> UrlAsync()
    {
        var ended = process.WaitForExitAsync();
        var first = await Task.WhenAny(url.Task, ended, Task.Delay(TimeSpan.FromSeconds(60)));
        Assert.True(first == url.Task, "It did not start: " + string.Join("\n", said));
        return await url.Task;
    }

    /// <summary>SIGTERM, as whatever runs services sends it.</summary>
    public void AskToStop()
    {
        using var kill = Process.Start("sh", ["-c", $"kill -TERM {process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Until it has said something with these words.</summary>
    public async Task SaysAsync(string words)
    {
        for (var started = Stopwatch.GetTimestamp(); !said.Any(line => line.Contains(words, StringComparison.Ordinal)); await Task.Delay(20))
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(60), $"It never said \"{words}\", but: " + string.Join("\n", said));
    }

    /// <summary>Until it has ended by itself.</summary>
    /// <returns>Its exit code, and everything it said.</returns>
    public async Task<(int ExitCode, string Said)> EndedAsync()
    {
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return (process.ExitCode, string.Join("\n", said));
    }

    /// <summary>SIGKILL: it gets no chance to write anything.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    public void Dispose()
    {
        if (!process.HasExited) Kill();
        process.Dispose();
    }

    private void Hear(string? line)
    {
        if (line is null) return;
        said.Enqueue(line);
        if (Listening().Match(line) is { Success: true } match) url.TrySetResult(new Uri(match.Value));
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+(?=\s|,|$)")]
    private static partial Regex Listening();
}
