using Rung.Control.Measurement;
using Rung.Core.Spans;
using Rung.Storage;
using Rung.Storage.Imports;

namespace Rung.Control.Tests.Measurement;

public sealed class QualityReadingTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly string directory = Directory.CreateTempSubdirectory("rung-quality-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    private static CallRecord Call(int number, string tag, string session) => new()
    {
        Id = $"{Noon.ToUnixTimeMilliseconds():x12}7{number:x19}", StartedAt = Noon, Tag = tag, Session = session, Route = tag, PolicyRevision = 1, PolicyHash = "h",
        Status = CallStatus.Answered, Model = "m", Tier = "small",
    };

    private static VerdictRecord Verdict(string id, string? call, string? session, VerdictKind kind, double score) => new()
    {
        Id = id, CallId = call, Session = session, Kind = kind, Score = score, Weight = QualityWeights.Of(kind), By = "u", At = Noon,
    };

    private async Task<IReadOnlyList<TagQuality>> ReadAsync(Func<Ledger, Task> fill, QualityQuery? query = null)
    {
        await using var ledger = Ledger.Open(directory, TimeProvider.System);
        await fill(ledger);
        return await QualityReading.ReadAsync(ledger, query ?? new QualityQuery(), CancellationToken.None);
    }

    [Fact]
    public async Task A_verdict_on_a_session_counts_for_every_job_in_it()
    {
        var rows = await ReadAsync(async ledger =>
        {
            await ledger.AppendAsync([.. Enumerable.Range(0, 40).SelectMany(number => new[] { Call(number * 2, "plan", $"s{number}"), Call((number * 2) + 1, "write", $"s{number}") })], CancellationToken.None);
            await ledger.AppendVerdictsAsync([.. Enumerable.Range(0, 40).Select(number => Verdict($"v{number}", null, $"s{number}", VerdictKind.TaskCompleted, number < 30 ? 1 : 0))], CancellationToken.None);
        });
        Assert.Equal(["plan", "write"], rows.Select(row => row.Tag));
        Assert.All(rows, row => Assert.Equal((40, 40, 0.75), (row.Combined.Items, row.Combined.Sessions, Math.Round(row.Combined.Quality!.Value.Estimate, 12))));
    }

    [Fact]
    public async Task A_length_is_no_quality_and_a_verdict_of_a_forgotten_session_ties_to_nothing()
    {
        var rows = await ReadAsync(ledger => ledger.AppendVerdictsAsync(
            [Verdict("a", null, "s", VerdictKind.ConversationLength, 9), Verdict("b", null, null, VerdictKind.Thumbs, 1)], CancellationToken.None));
        Assert.Empty(rows);
    }

    [Fact]
    public async Task A_verdict_whose_call_is_not_known_yet_stands_without_a_tag_until_it_is()
    {
        var call = Call(1, "late", "s");
        var before = await ReadAsync(ledger => ledger.AppendVerdictsAsync([Verdict("a", call.Id, null, VerdictKind.Thumbs, 1)], CancellationToken.None));
        var after = await ReadAsync(ledger => ledger.AppendAsync([call], CancellationToken.None));
        Assert.Null(Assert.Single(before).Tag);
        Assert.Equal("late", Assert.Single(after).Tag);
    }

    [Fact]
    public async Task Imported_calls_have_an_estimate_of_their_own()
    {
        async Task Fill(Ledger ledger)
        {
            await ledger.AppendAsync([Call(1, "t", "s")], CancellationToken.None);
            await ledger.AppendVerdictsAsync([Verdict("a", Call(1, "t", "s").Id, null, VerdictKind.Thumbs, 1)], CancellationToken.None);
            await ledger.AppendImportedAsync(
                [
                    .. Enumerable.Range(0, 35).Select(number => new ImportedRecord
                    {
                        Source = "otlp", Key = $"k{number}", StartedAt = Noon, Granularity = 1, Requests = 1, Provider = "openai", Model = "gpt", Tag = "t",
                        Verdicts = [new ImportedJudgement("relevance", 0.5, ByPerson: false)],
                    }),
                ],
                CancellationToken.None);
        }
        var served = Assert.Single(await ReadAsync(Fill));
        var imported = Assert.Single(await ReadAsync(_ => Task.CompletedTask, new QualityQuery { Imported = true }));
        Assert.Equal([QualitySource.Thumbs], served.Sources.Select(source => source.Source));
        Assert.Equal([QualitySource.Evaluation], imported.Sources.Select(source => source.Source));
        Assert.Equal((35, 0.5), (imported.Combined.Items, imported.Combined.Quality!.Value.Estimate));
    }
}
