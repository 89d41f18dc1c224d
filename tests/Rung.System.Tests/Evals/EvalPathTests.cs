using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Rung.Tests.Cascade;
using Xunit.Abstractions;

namespace Rung.Tests.Evals;

/// <summary>The commands of docs/evals.md, run as they stand there: capture, build, run, evidence, and a policy change that lints clean.</summary>
public sealed class EvalPathTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_whole_path_of_the_page_works_in_ten_commands_or_fewer()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(RepositoryFiles.Root, "docs", "evals.md"));
        var (upstream, gateway) = (FreePort(), FreePort());
        var commands = Ported(Block(page, "sh")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.InRange(commands.Length, 5, 10);
        var folder = Directory.CreateTempSubdirectory("rung-path-").FullName;
        var servers = new List<Process>();
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "rung.yaml"), Ported(Block(page, "yaml")));
            var said = "";
            foreach (var command in commands)
            {
                output.WriteLine($"$ {command}");
                var process = Start(folder, command.TrimEnd('&', ' ')["rung ".Length..]);
                if (command.EndsWith('&'))
                {
                    servers.Add(process);
                    await ListensAsync(process);
                    continue;
                }
                var (text, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
                await process.WaitForExitAsync();
                said = await text;
                output.WriteLine($"{said}{await error}");
                // A difference, which is what the last command is for, is exit code 1.
                Assert.True(process.ExitCode == (command.Contains(" diff ", StringComparison.Ordinal) ? 1 : 0), $"{command}: {said}{await error}");
                process.Dispose();
            }

            Assert.Contains("classify-intent", said, StringComparison.Ordinal);
            var policy = await File.ReadAllTextAsync(Path.Combine(folder, "rung.yaml"));
            Assert.Contains("    tier: small\n", policy, StringComparison.Ordinal);
            Assert.Contains("    evidence: evals/classify-intent/", policy, StringComparison.Ordinal);
        }
        finally
        {
            foreach (var server in servers)
            {
                if (!server.HasExited) server.Kill();
                await server.WaitForExitAsync();
                server.Dispose();
            }
            Directory.Delete(folder, recursive: true);
        }

        string Ported(string text) => text.Replace("127.0.0.1:8090", $"127.0.0.1:{upstream}", StringComparison.Ordinal).Replace("127.0.0.1:7070", $"127.0.0.1:{gateway}", StringComparison.Ordinal);
    }

    /// <summary>The first block of a language on a page.</summary>
    private static string Block(string page, string language)
    {
        var start = page.IndexOf($"```{language}\n", StringComparison.Ordinal) + language.Length + 4;
        return page[start..page.IndexOf("\n```", start, StringComparison.Ordinal)] + "\n";
    }

    private static Process Start(string folder, string arguments)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = folder };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "rung.dll"));
        foreach (var argument in arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)) start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    /// <summary>Reads what a server says until it names the address that it listens on, and then on, so that it never waits for a reader.</summary>
    private static async Task ListensAsync(Process server)
    {
        while (await server.StandardError.ReadLineAsync() is { } line)
        {
            if (!line.Contains("http://127.0.0.1:", StringComparison.Ordinal)) continue;
            server.BeginOutputReadLine();
            _ = server.StandardError.ReadToEndAsync();
            return;
        }
        Assert.Fail("A server ended before it listened.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
