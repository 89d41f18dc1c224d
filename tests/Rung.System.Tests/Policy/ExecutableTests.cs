using System.Diagnostics;
using Rung.Commands;

namespace Rung.Tests.Policy;

/// <summary>The program itself, as a shell or a build starts it.</summary>
public sealed class ExecutableTests : IDisposable
{
    private readonly PolicyFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ExitCode.Usage, "See: rung policy --help", "policy", "lnit")]
    [InlineData(ExitCode.Usage, "See: rung policy diff --help", "policy", "diff", "1")]
    [InlineData(ExitCode.Usage, "See: rung --help", "polcy")]
    [InlineData(ExitCode.Usage, "See: rung drive --help", "drive", "--concurrency", "many")]
    [InlineData(ExitCode.Usage, "Required command was not provided.", "policy")]
    [InlineData(ExitCode.Usage, "There is no policy file rung.yaml.", "policy", "lint")]
    [InlineData(ExitCode.Ok, "", "version")]
    [InlineData(ExitCode.Ok, "", "drive", "--help")]
    public async Task A_wrong_command_line_ends_with_2_and_says_where_help_is(int code, string error, params string[] args)
    {
        var printed = await RunAsync(args);

        Assert.Equal(code, printed.Code);
        Assert.Contains(error, printed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_default_policy_is_that_of_the_working_folder_and_a_pipe_gets_no_colours()
    {
        _folder.WriteStart();

        var lint = await RunAsync("policy", "lint");
        var chart = await RunAsync("policy", "show", "rung.yaml", "--table");
        var explained = await RunAsync("policy", "explain", "--tag", "label");

        Assert.Equal((ExitCode.Ok, "rung.yaml: in order (2 tiers, 2 models, 0 roles, 1 tag, 0 pins).\n"), (lint.Code, lint.Output));
        Assert.All([lint, chart, explained], printed => Assert.DoesNotContain("\u001b", printed.Output + printed.Error, StringComparison.Ordinal));
        Assert.StartsWith("small: mini\n", explained.Output, StringComparison.Ordinal);
    }

    private async Task<Printed> RunAsync(params string[] args)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            WorkingDirectory = _folder.Root, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "rung.dll"));
        foreach (var arg in args) start.ArgumentList.Add(arg);
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return new Printed(process.ExitCode, await output, await error);
    }
}
