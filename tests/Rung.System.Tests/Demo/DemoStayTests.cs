using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Threading.Channels;
using Rung.Commands;
using Rung.Demo;

namespace Rung.Tests.Demo;

public sealed class DemoStayTests
{
    [Fact]
    public void The_usual_port_gives_way_when_it_is_taken_and_a_named_one_does_not()
    {
        using var taken = Take(out var port);

        Assert.Equal($"http://127.0.0.1:{port}", DemoAddress.Choose(port));
        Assert.NotEqual($"http://127.0.0.1:{port}", DemoAddress.Choose(0));
        Assert.StartsWith("http://127.0.0.1:", DemoAddress.Choose(null), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_in_use_is_an_error_with_a_fix()
    {
        using var taken = Take(out var port);
        var error = new StringWriter();

        var code = await DemoCommand.Create().Parse(["--seconds", "1", "--port", $"{port}"]).InvokeAsync(new InvocationConfiguration { Output = TextWriter.Null, Error = error });

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("free ports", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_is_told_the_address_first_and_not_kept_waiting()
    {
        var (output, error) = (new StringWriter(), new StringWriter());

        var code = await DemoCommand.Create().Parse(["--seconds", "1", "--port", "0", "--json"]).InvokeAsync(new InvocationConfiguration { Output = output, Error = error });

        Assert.Equal(ExitCode.Ok, code);
        Assert.StartsWith("Look at it: http://127.0.0.1:", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(output.ToString()).RootElement.ValueKind);
    }

    [Fact]
    public async Task With_stay_the_dashboard_is_there_after_the_bill_until_somebody_ends_it()
    {
        using var stop = new CancellationTokenSource();
        var talk = new Lines();
        var running = DemoCommand.Create().Parse(["--seconds", "1", "--port", "0", "--stay"]).InvokeAsync(new InvocationConfiguration { Output = TextWriter.Null, Error = talk }, stop.Token);
        string line;
        do line = await talk.NextAsync();
        while (!line.StartsWith("Still up", StringComparison.Ordinal));
        var address = line.Split(' ').First(word => word.StartsWith("http", StringComparison.Ordinal));

        using var client = new HttpClient();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri(address))).StatusCode);
        await stop.CancelAsync();

        Assert.Equal(ExitCode.Ok, await running);
    }

    private static TcpListener Take(out int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        port = ((IPEndPoint)listener.LocalEndpoint).Port;
        return listener;
    }

    /// <summary>Gives what is written, line by line, as it comes.</summary>
    private sealed class Lines : StringWriter
    {
        private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

        public Task<string> NextAsync() => _lines.Reader.ReadAsync().AsTask();

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            _lines.Writer.TryWrite(value ?? "");
        }
    }
}
