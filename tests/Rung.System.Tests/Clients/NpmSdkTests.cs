using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Rung.Core.Spans;

namespace Rung.Tests.Clients;

/// <summary>OpenAI's own JavaScript client against a running gateway.</summary>
public sealed class NpmSdkTests
{
    [Fact]
    public async Task The_npm_client_chats_streams_calls_tools_aborts_and_understands_errors()
    {
        var directory = Path.Combine(Here(), "npm");
        Assert.True(Directory.Exists(Path.Combine(directory, "node_modules", "openai")), "The npm client is not installed: run ./test.sh, which installs it (npm ci --prefix tests/Rung.System.Tests/Clients/npm).");
        await using var gateway = await ClientGateway.StartAsync(Talks.Sensibly);

        var start = new ProcessStartInfo("node") { WorkingDirectory = directory, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["client.mjs", gateway.Url.ToString(), ClientGateway.Key]) start.ArgumentList.Add(argument);
        using var node = Process.Start(start)!;
        var (output, errors) = (node.StandardOutput.ReadToEndAsync(), node.StandardError.ReadToEndAsync());
        await node.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));

        Assert.True(node.ExitCode == 0, await errors);
        var results = JsonDocument.Parse(await output).RootElement;
        Assert.Equal("""["one two three",15]""", results.GetProperty("chat").GetRawText());
        Assert.Equal("""["one two three",15]""", results.GetProperty("stream").GetRawText());
        Assert.Equal(0, results.GetProperty("unaskedUsage").GetInt32());
        foreach (var kind in (string[])["tool", "streamedTool"])
        {
            Assert.Equal("weather", results.GetProperty(kind).GetProperty("name").GetString());
            Assert.Equal("""{"city":"Bonn"}""", results.GetProperty(kind).GetProperty("arguments").GetString());
        }
        Assert.Equal("word ", results.GetProperty("abort").GetString());
        Assert.Equal("AuthenticationError 401", results.GetProperty("errors").GetProperty("wrong key").GetString());
        Assert.Equal("BadRequestError 400", results.GetProperty("errors").GetProperty("bad request").GetString());
        Assert.Equal("InternalServerError 502", results.GetProperty("errors").GetProperty("server error").GetString());
        Assert.Equal("RateLimitError 429", results.GetProperty("errors").GetProperty("rate limit").GetString());
        var calls = await gateway.CallsAsync(9);
        Assert.Equal(9, calls.Count);
        Assert.Single(calls, call => call.Status == CallStatus.ClientGone);
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
