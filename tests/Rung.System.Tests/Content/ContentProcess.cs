using System.Diagnostics;
using System.Text.RegularExpressions;
using Rung.Tests.Policy;

namespace Rung.Tests.Content;

/// <summary>The executable beside the tests, as processes of its own, so that each has its own environment: a gateway that serves, and commands beside it.</summary>
internal sealed partial class ContentProcess(string? key) : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("rung-content-");
    private readonly List<string> said = [];
    private Process? serving;

    public string Data => At(".rung");

    public string At(string name) => Path.Combine(folder.FullName, name);

    /// <summary>What the server said so far.</summary>
    public string Said
    {
        get
        {
            lock (said) return string.Join('\n', said);
        }
    }

    /// <summary>Starts a gateway with a policy, and gives its address once it listens.</summary>
    public async Task<Uri> ServeAsync(string policy)
    {
        await File.WriteAllTextAsync(At("rung.yaml"), policy);
        Uri? address = null; // Set by the thread that reads, before the next line.
        var url = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        serving = Process.Start(Begin("serve", "--policy", At("rung.yaml"), "--data", Data, "--urls", "http://127.0.0.1:0"))!;
        serving.OutputDataReceived += (_, _) => { };
        serving.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is null) return;
            lock (said) said.Add(line.Data);
            if (Address().Match(line.Data) is { Success: true } match) address ??= new Uri(match.Value);
            // The last of the lines that it always says when it begins: what it keeps of content stands above.
            if (line.Data.Contains("feedback POST", StringComparison.Ordinal)) url.TrySetResult(address!);
        };
        serving.BeginErrorReadLine();
        serving.BeginOutputReadLine();
        var ended = serving.WaitForExitAsync();
        var first = await Task.WhenAny(url.Task, ended, Task.Delay(TimeSpan.FromSeconds(120)));
        Assert.True(first == url.Task, "It did not start: " + Said);
        return await url.Task;
    }

    /// <summary>Runs a command to its end.</summary>
    public async Task<Printed> RunAsync(params string[] args)
    {
        using var process = Process.Start(Begin([.. args, "--data", Data]))!;
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return new Printed(process.ExitCode, await output, await error);
    }

    /// <summary>The files of the data directory that contain a text, in UTF-8 or UTF-16.</summary>
    public string[] FilesWith(string text)
    {
        var (narrow, wide) = (System.Text.Encoding.UTF8.GetBytes(text), System.Text.Encoding.Unicode.GetBytes(text));
        return [.. Directory.GetFiles(Data, "*", SearchOption.AllDirectories).Where(file => Read(file) is var bytes && (bytes.AsSpan().IndexOf(narrow) >= 0 || bytes.AsSpan().IndexOf(wide) >= 0)).Select(Path.GetFileName).Order(StringComparer.Ordinal)!];
    }

    public void Dispose()
    {
        if (serving is { HasExited: false })
        {
            serving.Kill();
            serving.WaitForExit();
        }
        serving?.Dispose();
        folder.Delete(recursive: true);
    }

    private static byte[] Read(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private ProcessStartInfo Begin(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true, RedirectStandardInput = true, WorkingDirectory = folder.FullName };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "rung.dll"), .. args]) start.ArgumentList.Add(argument);
        start.Environment.Remove("RUNG_CONTENT_KEY");
        if (key is not null) start.Environment["RUNG_CONTENT_KEY"] = key;
        return start;
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+(?=\s|,|$)")]
    private static partial Regex Address();
}
