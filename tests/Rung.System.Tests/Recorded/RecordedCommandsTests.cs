using System.CommandLine;
using System.Text.Json;
using Rung.Commands;
using Rung.Recorded;

namespace Rung.Tests.Recorded;

public sealed class RecordedCommandsTests : IDisposable
{
    private readonly RecordedFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Upstream_says_where_it_listens_and_drive_reports_in_both_forms()
    {
        var path = _files.Write("outcomes.jsonl.gz", RecordedFiles.ThreeSums);
        using var stop = new CancellationTokenSource();
        var ready = new ReadyLine();
        var server = UpstreamCommand.Create().Parse(["--outcomes", path, "--urls", "http://127.0.0.1:0", "--json"])
            .InvokeAsync(new InvocationConfiguration { Output = ready, Error = TextWriter.Null, ProcessTerminationTimeout = null }, stop.Token);
        var listening = JsonDocument.Parse(await ready.Line).RootElement;
        Assert.Equal((3, 2), (listening.GetProperty("prompts").GetInt32(), listening.GetProperty("models").GetInt32()));

        var url = listening.GetProperty("url").GetString()!;
        var (code, json) = await DriveAsync("--outcomes", path, "--gateway", url, "--tag", "sums", "--model", "large", "--json");
        var report = JsonDocument.Parse(json).RootElement;
        Assert.Equal(ExitCode.Ok, code);
        Assert.Equal(3, report.GetProperty("correct").GetDouble());
        Assert.Equal(0.0003m, report.GetProperty("always")[0].GetProperty("cost_usd").GetDecimal());
        Assert.Equal(JsonValueKind.Null, report.GetProperty("cost_usd").ValueKind);
        Assert.True(report.GetProperty("latency_ms").GetProperty("p95").GetDouble() > 0);

        var (tableCode, table) = await DriveAsync("--outcomes", path, "--gateway", url + "/v1", "--tag", "sums", "--model", "nobody");
        Assert.Equal(ExitCode.Faults, tableCode);
        Assert.Contains("3 × model_not_found", table, StringComparison.Ordinal);
        Assert.All(table.Split('\n'), line => Assert.True(line.Length <= 100, line));

        await stop.CancelAsync();
        Assert.Equal(ExitCode.Ok, await server);
    }

    [Theory]
    [InlineData("--gateway", "nowhere", "--tag", "x")]
    [InlineData("--gateway", "http://127.0.0.1:1")]
    [InlineData("--gateway", "http://127.0.0.1:1", "--tag", "x", "--concurrency", "0")]
    [InlineData("--gateway", "http://127.0.0.1:1", "--tag", "x", "--key-env", "RUNG_TEST_VARIABLE_THAT_IS_NOT_SET")]
    [InlineData("--gateway", "http://127.0.0.1:1", "--tag", "x", "--responses", "no-such-file.jsonl")]
    public async Task A_wrong_command_line_is_a_usage_error(params string[] args)
    {
        var path = _files.Write("outcomes.jsonl", RecordedFiles.ThreeSums);
        var (code, _) = await DriveAsync(["--outcomes", path, .. args]);
        Assert.Equal(ExitCode.Usage, code);
    }

    private static async Task<(int Code, string Output)> DriveAsync(params string[] args)
    {
        var output = new StringWriter();
        var code = await DriveCommand.Create().Parse(args).InvokeAsync(new InvocationConfiguration { Output = output, Error = TextWriter.Null });
        return (code, output.ToString());
    }

    /// <summary>Completes with the first line that is written.</summary>
    private sealed class ReadyLine : StringWriter
    {
        private readonly TaskCompletionSource<string> _line = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> Line => _line.Task;

        public override Task WriteLineAsync(string? value)
        {
            _line.TrySetResult(value ?? "");
            return Task.CompletedTask;
        }
    }
}
