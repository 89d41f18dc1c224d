using Rung.Core.Prices;
using Rung.Recorded;
using Rung.Replay;
using Rung.Serving;
using Rung.Storage;
using Rung.Tests.Cascade;
using Xunit.Abstractions;

namespace Rung.Tests.Replay;

/// <summary>
/// One recording without answers, one policy, four ways: replayed; driven offline; driven through a real gateway over HTTP; and what the ledger then holds,
/// replayed. They agree on every call: model, attempts, cost, baseline.
/// </summary>
public sealed class ReplayAgreementTests(ITestOutputHelper output) : IDisposable
{
    private readonly ReplayFiles files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public Task Replay_drive_and_ledger_agree_on_a_recording_of_grades() =>
        AgreeAsync(files.Grades(60), url => ReplayFiles.Policy(ReplayFiles.Tag("words", "high") + "\n" + ReplayFiles.Tag("sums", "low"), url: url), limit: null);

    [Fact]
    public Task They_agree_where_a_stand_in_is_cut_and_climbs() =>
        AgreeAsync(files.Grades(60), url => ReplayFiles.Policy(ReplayFiles.Tag("words", "low", ", max_tokens: 8, escalate: { to: high, on: [truncated] }"), url: url), limit: null);

    [Fact]
    public async Task They_agree_on_shared_recorded_grades()
    {
        if (RepositoryFiles.Shared(output, "data/routellm-mmlu/outcomes.jsonl.gz") is not { } path) return;
        await AgreeAsync(path, SharedPolicy, limit: 300);
    }

    /// <summary>Law and mathematics to the strong model, the rest to the weak one.</summary>
    private static string SharedPolicy(string url) => ReplayFiles.Policy(
        string.Join('\n', new[] { "professional_law", "college_mathematics", "high_school_us_history", "high_school_european_history" }.Select(name => ReplayFiles.Tag($"mmlu-{name}", "high"))), url: url)
        .Replace("id: small", "id: mixtral-8x7b-instruct-v0.1", StringComparison.Ordinal).Replace("id: large", "id: gpt-4-1106-preview", StringComparison.Ordinal);

    private async Task AgreeAsync(string path, Func<string, string> policy, int? limit)
    {
        var outcomes = await RecordedOutcomes.ReadAsync([path], [], new RecordedReading { StandIns = true }, CancellationToken.None);
        await using var upstream = await RecordedUpstream.StartAsync(outcomes, new RecordedUpstreamOptions { Urls = ["http://127.0.0.1:0"] }, CancellationToken.None);
        var snapshot = ReplayFiles.Compile(policy(upstream.Url.ToString()));
        var options = new DriveOptions { Gateway = new Uri("http://127.0.0.1"), TagFromSource = true, ReadAttempts = true, Limit = limit };
        var now = DateTimeOffset.UtcNow;

        // 1. Replayed. 2. Driven offline.
        var replayed = new OutcomeReplay(outcomes, options, now).Run(snapshot, b: null);
        _ = new OfflineDrive(outcomes).Run(snapshot, "policy.yaml", options, now, out var offline);

        // 3. Driven through a gateway.
        await using var ledger = Ledger.Open(Path.Combine(files.Path, "data"), TimeProvider.System);
        IReadOnlyList<DriveCall> driven;
        await using (var gateway = await GatewayServer.StartAsync(
            new GatewayServerOptions { Urls = ["http://127.0.0.1:0"], Policy = snapshot, Prices = PriceBook.Embedded, Clock = TimeProvider.System, Log = null }, ledger, CancellationToken.None))
        {
            using var http = new HttpMessageInvoker(new SocketsHttpHandler());
            (_, driven) = await new RecordedDrive(outcomes).RunCallsAsync(options with { Gateway = new Uri(gateway.Urls[0]) }, http, TimeProvider.System, progress: null, CancellationToken.None);
        }

        // 4. What the ledger holds, decided again by the same policy.
        var rows = new LoggedRows(snapshot, against: null, isReference: false, PriceBook.Embedded, climbRate: 0);
        await foreach (var record in ledger.ReadAsync(new CallQuery(), CancellationToken.None)) rows.Add(LoggedTraffic.Of(record)!);
        var logged = rows.Rows.ToDictionary(row => row.Id, StringComparer.Ordinal);

        Assert.Equal(replayed.Count, driven.Count);
        for (var i = 0; i < driven.Count; i++)
        {
            var (call, row, entry) = (driven[i], replayed[i], logged[driven[i].Id!.Replace("-", "", StringComparison.Ordinal)]);
            Assert.Equal(Words(call), Words(offline[i].Call));
            Assert.Equal(Words(call), Words(row.A));
            Assert.Equal(row.A.Score, call.Grade?.Score);
            Assert.Equal(Words(row.A), Words(entry.A));
            Assert.Equal(Words(row.A), Words(entry.B));
            Assert.Equal(CostSource.Paid, entry.A.CostSource);
        }
        output.WriteLine($"{driven.Count} calls, {replayed.Count(row => row.A.Climbs > 0)} climbed: the same four ways.");
    }

    private static string Words(DriveCall call) =>
        $"{call.Error ?? $"{call.Tier}/{call.Model}"}, {string.Join(" > ", call.Attempts!.Select(attempt => $"{attempt.Kind?.ToLowerInvariant()} {attempt.Model}"))}, cost {call.CostNanoUsd}, baseline {call.BaselineNanoUsd}";

    private static string Words(ReplayedCall call) =>
        $"{call.Error ?? $"{call.Tier}/{call.Model}"}, {string.Join(" > ", call.Made)}, cost {call.CostNanoUsd}, baseline {call.BaselineNanoUsd}";
}
