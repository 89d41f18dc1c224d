using Rung.Recorded;
using Xunit.Abstractions;

namespace Rung.Tests.Recorded;

/// <summary>The whole way on a large public recording, where one is at hand.</summary>
public sealed class SharedRecordingsTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Grade_school_sums_give_the_published_numbers_of_right_answers()
    {
        if (Find("data/routellm-gsm8k/outcomes.jsonl.gz") is not { } path) return;

        var outcomes = await RecordedOutcomes.ReadAsync([path], [], CancellationToken.None);
        await using var upstream = await RecordedUpstream.StartAsync(outcomes, new RecordedUpstreamOptions { Urls = ["http://127.0.0.1:0"] }, CancellationToken.None);
        using var http = new HttpMessageInvoker(new SocketsHttpHandler());

        async Task<DriveReport> AlwaysAsync(string model, bool stream) => await new RecordedDrive(outcomes).RunAsync(
            new DriveOptions { Gateway = upstream.Url, Tag = "gsm8k", Model = model, Stream = stream }, http, TimeProvider.System, progress: null, CancellationToken.None);
        var weak = await AlwaysAsync("mixtral-8x7b-instruct-v0.1", stream: false);
        var strong = await AlwaysAsync("gpt-4-1106-preview", stream: true);

        Assert.Equal(1307, outcomes.Rows.Count);
        Assert.Equal((1307, 833.0), (weak.GradedAsRecorded, weak.Correct));
        Assert.Equal((1307, 1121.0), (strong.GradedAsRecorded, strong.Correct));
    }

    [Fact]
    public async Task Tool_calling_tasks_come_back_as_the_calls_that_were_graded()
    {
        if (Find("data/bfcl-2024-08/outcomes.jsonl.gz") is not { } path) return;

        var outcomes = await RecordedOutcomes.ReadAsync([path], [], CancellationToken.None);
        await using var upstream = await RecordedUpstream.StartAsync(outcomes, new RecordedUpstreamOptions { Urls = ["http://127.0.0.1:0"] }, CancellationToken.None);
        using var http = new HttpMessageInvoker(new SocketsHttpHandler());
        var report = await new RecordedDrive(outcomes).RunAsync(
            new DriveOptions { Gateway = upstream.Url, TagFromSource = true, Model = "gpt-4o-mini-2024-07-18-FC", Stream = true, Limit = 400 },
            http, TimeProvider.System, progress: null, CancellationToken.None);

        Assert.Equal(400, report.GradedAsRecorded);
        Assert.Equal(report.Always.Single(always => always.Model == "gpt-4o-mini-2024-07-18-FC").Correct, report.Correct);
    }

    private string? Find(string file)
    {
        var shared = Environment.GetEnvironmentVariable("RUNG_SHARED");
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); shared is null && folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Rung.slnx"))) shared = Path.Combine(folder.Parent?.FullName ?? "", "shared");
        }
        if (shared is not null && File.Exists(Path.Combine(shared, file))) return Path.Combine(shared, file);
        output.WriteLine($"Skipped: no {file} in RUNG_SHARED or in a folder 'shared' beside the repository.");
        return null;
    }
}
