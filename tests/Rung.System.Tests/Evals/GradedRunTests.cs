using System.CommandLine;
using System.Text;
using System.Text.Json;
using Rung.Commands;
using Rung.Control.Evals.Runs;
using Rung.Core.Guarantees;
using Rung.Core.Learning;
using Rung.Storage.Content;

namespace Rung.Tests.Evals;

/// <summary>A stored run trains a verifier with its tune part and certifies a threshold with its test part.</summary>
public sealed class GradedRunTests : IDisposable
{
    private const string RunId = "r-0123456789ab";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rung-graded-run-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_verifier_is_trained_on_the_tune_part_and_its_threshold_is_certified_on_the_test_part()
    {
        await StoreAsync(rows: 700, ReferenceSource.Model, part: null);
        var model = Path.Combine(_folder.FullName, "v.json");

        var (trained, report, said) = await RunAsync("train", "verifier", "--eval", "sums", "--data", Data, "--folds", "3", "--out", model, "--json");
        var (code, text, error) = await RunAsync("calibrate", "--tag", "sums", "--policy", Policy(), "--data", Data, "--eval", RunId, "--quality-loss", "0.05", "--json");

        Assert.True(trained == ExitCode.Ok, said);
        var training = JsonDocument.Parse(report).RootElement;
        Assert.Equal((233, "a-id", "b"), (training.GetProperty("rows").GetInt32(), training.GetProperty("weak").GetString(), training.GetProperty("strong").GetString()));
        Assert.Equal($"eval sums@1 (tune part), run {RunId}", training.GetProperty("files")[0].GetProperty("name").GetString());
        Assert.NotNull(TrainedVerifier.Read("v", await File.ReadAllBytesAsync(model), out _));

        Assert.True(code != ExitCode.Usage, error);
        var calibrated = JsonDocument.Parse(text).RootElement;
        Assert.Equal(467, calibrated.GetProperty("rows").GetInt32());
        Assert.Equal("what the answers of the run cost", calibrated.GetProperty("cost_source").GetString());
        Assert.DoesNotContain("was trained", error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, code);
        var certificate = CertificateFile.Read(await File.ReadAllBytesAsync(calibrated.GetProperty("certificate").GetString()!), out _)!;
        Assert.Equal($"eval sums@1 (test part), run {RunId}", Assert.Single(certificate.Files).Name);
        Assert.NotEqual(training.GetProperty("files")[0].GetProperty("sha256").GetString(), certificate.Files[0].Sha256);
    }

    [Fact]
    public async Task References_by_people_are_no_grade_of_the_strong_model()
    {
        await StoreAsync(rows: 30, ReferenceSource.Person, part: null);

        var (code, _, error) = await RunAsync("train", "verifier", "--eval", RunId, "--data", Data);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("were not written by b", error, StringComparison.Ordinal);
        Assert.Contains("--candidates a,b", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Held_out_rows_never_train_and_tuned_rows_never_certify()
    {
        await StoreAsync(rows: 30, ReferenceSource.Model, EvalPart.Test);

        var (code, _, error) = await RunAsync("train", "verifier", "--eval", "sums@1", "--data", Data);
        var (crossed, _, why) = await RunAsync("calibrate", "--tag", "sums", "--policy", Policy(), "--data", Data, "--eval", RunId, "--cross-fit", "5");

        Assert.Equal((ExitCode.Usage, ExitCode.Usage), (code, crossed));
        Assert.Contains("asked about the test part", error, StringComparison.Ordinal);
        Assert.Contains("--part tune", error, StringComparison.Ordinal);
        Assert.Contains("never trains anything", why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("There is no run nothing", "--eval", "nothing")]
    [InlineData("exclude each other", "--eval", RunId, "--outcomes", "x.jsonl")]
    [InlineData("zzz is no candidate", "--eval", RunId, "--weak", "zzz")]
    public async Task What_is_not_there_is_said(string expected, params string[] args)
    {
        await StoreAsync(rows: 10, ReferenceSource.Model, part: null);

        var (code, _, error) = await RunAsync(["train", "verifier", "--data", Data, .. args]);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    private string Data => Path.Combine(_folder.FullName, "data");

    /// <summary>Sums, every third row to tune with. The weak model errs on every fifth, and shows a wrong sum there; the strong model wrote the references.</summary>
    private async Task StoreAsync(int rows, ReferenceSource source, EvalPart? part)
    {
        var drafted = Enumerable.Range(0, rows).Select(i => new EvalRow
        {
            Id = $"r-{i:x16}", Position = i, Part = i % 3 == 1 ? EvalPart.Tune : EvalPart.Test, Origin = $"file sums.jsonl:{i + 1}",
            Request = JsonSerializer.SerializeToUtf8Bytes(new { messages = new[] { new { role = "system", content = "Be brief." }, new { role = "user", content = $"What is {A(i)} plus {B(i)}?" } } }),
            Reference = Message($"{A(i) + B(i)}"), ReferenceSource = source, ReferenceBy = source == ReferenceSource.Model ? "b" : "Ada", ReferenceCostNanoUsd = 1_000_000,
        }).ToList();
        await using var store = ContentStore.Open(Data, key: null, TimeProvider.System);
        var set = await store.AddEvalSetAsync(new EvalSetDraft { Name = "sums", Tag = "sums", MadeBy = "a test", Rows = drafted }, CancellationToken.None);
        var plan = new EvalRunPlan
        {
            SetName = set.Name, SetVersion = set.Version, SetHash = set.Hash, Tag = "sums", Part = part, Candidates = [new RunCandidate { Name = "a", Id = "a-id" }],
            Terms = new RunTerms { Score = "numeric", Scorer = "the last number", ScoringHash = "", Margin = 0.03, Confidence = 0.95, MaxAgeDays = 90 },
            ReferenceTier = "large", ReferenceModel = "b", PolicyHash = "",
        };
        await store.BeginEvalRunAsync(new EvalRun { Id = RunId, SetName = set.Name, SetVersion = set.Version, SetHash = set.Hash, Tag = "sums", Part = part, Plan = plan.ToJson(), BegunAt = DateTimeOffset.UnixEpoch }, CancellationToken.None);
        foreach (var row in drafted.Where(row => part is null || row.Part == part))
        {
            var (i, isRight) = (row.Position, row.Position * 13 % 5 != 0);
            var shown = A(i) + B(i) + (isRight ? 0 : 1 + (i % 4));
            await store.SaveEvalAnswerAsync(RunId, row, new EvalRunAnswer
            {
                Candidate = "a", RowId = row.Id, Status = EvalAnswerStatus.Answered, CostNanoUsd = 10_000, BaselineNanoUsd = 1_000_000, FinishReason = "stop",
                Message = Message(isRight ? $"{A(i)} + {B(i)} = {shown}\n#### {shown}" : $"I am not sure, about {shown}?"),
            }, CancellationToken.None);
            await store.SaveEvalGradeAsync(RunId, "a", row.Id, new EvalRunGrade { Score = isRight ? 1 : 0 }, CancellationToken.None);
        }
    }

    private static int A(int i) => 3 + (i * 7 % 41);

    private static int B(int i) => 5 + (i * 11 % 37);

    private static byte[] Message(string text) => JsonSerializer.SerializeToUtf8Bytes(new { role = "assistant", content = text });

    private string Policy()
    {
        var path = Path.Combine(_folder.FullName, "rung.yaml");
        File.WriteAllText(path, """
            version: 1
            tiers: { small: { models: [a] }, large: { models: [b] } }
            models:
              a: { provider: openai-compatible, url: "http://127.0.0.1:1/v1", id: a-id, price: { input: 1, output: 2 } }
              b: { provider: openai-compatible, url: "http://127.0.0.1:1/v1", id: b-id, price: { input: 10, output: 20 } }
            tags:
              sums:
                tier: small
                checks:
                  - regex: "####"
                escalate: { to: large }
            default: { tier: large }

            """, Encoding.UTF8);
        return path;
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        var (text, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var root = new RootCommand { CalibrateCommand.Create(TimeProvider.System), TrainCommand.Create(TimeProvider.System) };
        var code = await CommandLine.RunAsync(root, args, new InvocationConfiguration { Output = text, Error = error });
        return (code, text.ToString(), error.ToString());
    }
}
