using System.Net;
using System.Net.Sockets;
using Rung.Recorded;

namespace Rung.Tests.Recorded;

public sealed class RecordedDriveTests : IAsyncLifetime
{
    private static readonly string[] s_rows = [.. RecordedFiles.ThreeSums,
        RecordedFiles.Row("tool/1", "Compute the area", """{"small":{"correct":1,"response":[{"area":"{\"base\": 10}"}]},"large":{"score":0.5,"response":"No tool."}}""",
            source: "tools/simple", tools: """{"name":"area","parameters":{"type":"dict","properties":{"base":{"type":"integer"}}}}""")];

    private readonly RecordedFiles _files = new();
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler());
    private RecordedOutcomes _outcomes = null!;
    private RecordedUpstream _upstream = null!;

    public async Task InitializeAsync()
    {
        _outcomes = await _files.ReadAsync(s_rows);
        _upstream = await RecordedUpstream.StartAsync(_outcomes, new RecordedUpstreamOptions { Urls = ["http://127.0.0.1:0"] }, CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _upstream.DisposeAsync();
        _files.Dispose();
    }

    [Theory]
    [InlineData("small", false, 2.0)]
    [InlineData("large", false, 3.5)]
    [InlineData("small", true, 2.0)]
    public async Task Straight_to_the_upstream_a_drive_finds_the_recorded_quality(string model, bool stream, double correct)
    {
        var report = await DriveAsync(new DriveOptions { Gateway = new Uri(_upstream.Url, "v1/"), Tag = "sums", Model = model, Stream = stream });

        Assert.Equal((4, 4, correct), (report.Calls, report.Answered, report.Correct));
        Assert.Equal(4, report.GradedAsRecorded);
        Assert.Equal(4, report.CallsByModel[model]);
        Assert.Null(report.CostUsd);
        Assert.Null(report.Attempts);
        Assert.Null(report.Escalations);
        Assert.Equal(["large", "small"], report.Always.Select(always => always.Model));
        Assert.Equal(0.875, report.Always[0].Accuracy);
        Assert.Null(report.Always[0].CostUsd); // One row has no price.
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Through_a_gateway_it_finds_what_the_policy_made_of_the_calls(bool stream)
    {
        await using var gateway = new FakeGateway(_upstream.Url) { RecordsLag = 1 };
        await gateway.StartAsync();

        var report = await DriveAsync(new DriveOptions { Gateway = gateway.Url, Tag = "sums", Stream = stream, ReadAttempts = true, Limit = 3, Key = "secret" });

        Assert.Equal(2, report.Correct); // The first by small, the second by large; small's third is wrong and not unsure.
        Assert.Equal(2.0 / 3, report.Accuracy);
        Assert.Equal(2, report.CallsByModel["cheap"]);
        Assert.Equal(1, report.CallsByModel["dear"]);
        Assert.Equal(4, report.Attempts);
        Assert.Equal(3, report.AttemptsByModel!["cheap"]);
        Assert.Equal(1, report.Escalations);
        Assert.Equal(0.000103m, report.CostUsd);
        Assert.Equal(0.0003m, report.BaselineUsd);
        Assert.Equal(0.000197m, report.SavingUsd);
        Assert.All(gateway.Seen, seen => Assert.Equal(("sums", "rung/sums", "Bearer secret"), (seen.Tag, seen.Model, seen.Authorization)));
    }

    [Fact]
    public async Task Tags_come_from_the_source_and_tools_from_the_row()
    {
        await using var gateway = new FakeGateway(_upstream.Url);
        await gateway.StartAsync();

        var report = await DriveAsync(new DriveOptions { Gateway = gateway.Url, TagFromSource = true });

        var seen = Assert.Single(gateway.Seen, call => call.Tag == "tools-simple");
        Assert.Equal("object", seen.Body.GetProperty("tools")[0].GetProperty("function").GetProperty("parameters").GetProperty("type").GetString());
        Assert.Equal(3, gateway.Seen.Count(call => call.Tag == "sums"));
        Assert.Equal(4, report.Answered);
        Assert.Null(report.AttemptsByModel); // Not asked for: the headers only count them.
        Assert.Equal(5, report.Attempts);
    }

    [Fact]
    public async Task Errors_are_counted_by_their_code_and_count_against_the_accuracy()
    {
        await using var other = await RecordedUpstream.StartAsync(
            await _files.ReadAsync(RecordedFiles.ThreeSums[0]), new RecordedUpstreamOptions { Urls = ["http://127.0.0.1:0"] }, CancellationToken.None);

        var report = await DriveAsync(new DriveOptions { Gateway = other.Url, Tag = "sums", Model = "large" });

        Assert.Equal(3, report.Errors["prompt_not_recorded"]);
        Assert.Equal(0.25, report.Accuracy);
        Assert.Equal(1.0, report.AccuracyAnswered);
    }

    [Theory]
    [InlineData("500", false, "recorded_fault")]
    [InlineData("429", false, "rate_limit_exceeded")]
    [InlineData("garbage", false, "malformed")]
    [InlineData("garbage", true, "malformed")]
    [InlineData("cut", false, "response_ended")]
    [InlineData("hang", false, "timeout")]
    public async Task Every_fault_has_its_word(string kind, bool stream, string code)
    {
        var faults = new RecordedUpstreamOptions { Urls = ["http://127.0.0.1:0"], Faults = [RecordedFault.Parse($"large={kind}")] };
        await using var faulty = await RecordedUpstream.StartAsync(_outcomes, faults, CancellationToken.None);

        // On the hurried clock a limit of one second is over at once.
        var options = new DriveOptions { Gateway = faulty.Url, Tag = "sums", Model = "large", Stream = stream, Limit = 1 };
        var report = await DriveAsync(kind == "hang" ? options with { Timeout = TimeSpan.FromSeconds(1) } : options);

        Assert.Equal(1, report.Errors[code]);
        Assert.Equal(0, report.Answered);
        Assert.Null(report.LatencyMs);
    }

    [Fact]
    public async Task A_gateway_that_is_not_there_is_named()
    {
        int port;
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            port = ((IPEndPoint)free.LocalEndpoint).Port;
        }

        var unreachable = await Assert.ThrowsAsync<GatewayUnreachableException>(
            () => DriveAsync(new DriveOptions { Gateway = new Uri($"http://127.0.0.1:{port}/v1"), Tag = "sums" }));
        Assert.Contains($"http://127.0.0.1:{port}", unreachable.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stopped_drive_reports_what_it_has()
    {
        using var stop = new CancellationTokenSource();
        var progress = new StopAfter(2, stop);

        var report = await new RecordedDrive(_outcomes).RunAsync(
            new DriveOptions { Gateway = _upstream.Url, Tag = "sums", Model = "small", Concurrency = 1 }, _http, new HurriedClock(), progress, stop.Token);

        Assert.True(report.Interrupted);
        Assert.Equal((2, 4), (report.Calls, report.Prompts));
        Assert.Equal(1, report.Correct);
    }

    private Task<DriveReport> DriveAsync(DriveOptions options) =>
        new RecordedDrive(_outcomes).RunAsync(options, _http, new HurriedClock(), progress: null, CancellationToken.None);

    private sealed class StopAfter(int calls, CancellationTokenSource stop) : IProgress<DriveProgress>
    {
        public void Report(DriveProgress value)
        {
            if (value.Done == calls) stop.Cancel();
        }
    }
}
