using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rung.Commands;
using Rung.Core.Learning;
using Rung.Tests.Recorded;
using Xunit.Abstractions;

namespace Rung.Tests.Train;

public sealed class TrainVerifierCommandTests(ITestOutputHelper log) : IDisposable
{
    private readonly RecordedFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task A_pair_is_trained_reported_and_written()
    {
        var path = _files.Write("outcomes.jsonl", Sums(120));
        var model = Path.Combine(Path.GetDirectoryName(path)!, "sums.json");
        var scores = Path.Combine(Path.GetDirectoryName(path)!, "scores.jsonl");

        var (code, output, error) = await TrainAsync("--outcomes", path, "--weak", "small", "--strong", "large", "--folds", "3", "--out", model, "--scores", scores, "--json");

        Assert.Equal((ExitCode.Ok, "rung: training on 120 rows, 3 folds, seed 1"), (code, error.Trim()));
        var report = JsonDocument.Parse(output).RootElement;
        Assert.Equal((120, "small", "large"), (report.GetProperty("rows").GetInt32(), report.GetProperty("weak").GetString(), report.GetProperty("strong").GetString()));
        foreach (var name in new[] { "auroc", "ece", "apgr", "cpt50", "cpt80" }) Assert.Equal(JsonValueKind.Number, report.GetProperty(name).ValueKind);
        foreach (var level in new[] { "95", "98", "100" })
        {
            Assert.InRange(report.GetProperty("cost_share").GetProperty(level).GetDouble(), 0, 1.2);
            Assert.InRange(report.GetProperty("quality").GetProperty(level).GetDouble(), 0.8, 1.2);
        }
        Assert.Equal("cascade", report.GetProperty("recommend").GetString());
        Assert.Equal(64, report.GetProperty("files")[0].GetProperty("sha256").GetString()!.Length);
        Assert.Equal(120, (await File.ReadAllLinesAsync(scores)).Length);

        var verifier = TrainedVerifier.Read("sums", await File.ReadAllBytesAsync(model), out var fault);
        Assert.Null(fault);
        Assert.Equal(120, verifier!.Provenance!.Rows);
    }

    [Fact]
    public async Task The_table_fits_a_terminal_and_says_why()
    {
        var path = _files.Write("outcomes.jsonl", Sums(90));

        var (code, output, _) = await TrainAsync("--outcomes", path, "--weak", "small", "--strong", "large", "--folds", "2", "--label", "regraded");

        Assert.Equal(ExitCode.Ok, code);
        Assert.All(output.Split('\n'), line => Assert.InRange(line.Length, 0, 100));
        Assert.Contains("grades \"regraded\"", output, StringComparison.Ordinal);
        Assert.Contains("ascade: at 98% of its quality", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_without_prices_and_answers_and_with_grades_between_0_and_1_are_learned_from()
    {
        var lines = Sums(80).Select(line =>
        {
            var row = JsonNode.Parse(line)!.AsObject();
            foreach (var (_, fields) in row["models"]!.AsObject())
            {
                var entry = fields!.AsObject();
                entry["score"] = entry["correct"]!.GetValue<int>() * 0.75;
                foreach (var gone in new[] { "correct", "cost_usd", "response" }) entry.Remove(gone);
            }
            return row.ToJsonString();
        });
        var path = _files.Write("outcomes.jsonl", [.. lines]);

        var (code, output, _) = await TrainAsync("--outcomes", path, "--weak", "small", "--strong", "large", "--folds", "2", "--json");

        Assert.Equal(ExitCode.Ok, code);
        var report = JsonDocument.Parse(output).RootElement;
        Assert.Equal(("prompt", "strong_calls"), (report.GetProperty("sees").GetString(), report.GetProperty("cost_basis").GetString()));
    }

    [Theory]
    [InlineData("nothing to train on")]
    [InlineData("pair of models", "--outcomes", "{file}", "--weak", "small")]
    [InlineData("same model", "--outcomes", "{file}", "--weak", "small", "--strong", "small")]
    [InlineData("No row has the model huge", "--outcomes", "{file}", "--weak", "small", "--strong", "huge")]
    [InlineData("No row has the source maths", "--outcomes", "{file}", "--weak", "small", "--strong", "large", "--tag", "maths")]
    [InlineData("has a grade \"stars\"", "--outcomes", "{file}", "--weak", "small", "--strong", "large", "--label", "stars")]
    [InlineData("12 graded rows", "--outcomes", "{file}", "--weak", "small", "--strong", "large")]
    [InlineData("--folds must be", "--outcomes", "{file}", "--weak", "small", "--strong", "large", "--folds", "1")]
    [InlineData("neither prompts nor answers", "--ledger", "--tag", "sums")]
    [InlineData("needs the tag", "--ledger")]
    [InlineData("exclude each other", "--ledger", "--tag", "sums", "--outcomes", "{file}")]
    public async Task What_cannot_be_done_is_said(string said, params string[] arguments)
    {
        var path = _files.Write("outcomes.jsonl", Sums(12));

        var (code, output, error) = await TrainAsync([.. arguments.Select(argument => argument.Replace("{file}", path, StringComparison.Ordinal))]);

        Assert.Equal((ExitCode.Usage, ""), (code, output));
        Assert.Contains(said, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Grade_school_sums_reach_what_a_cascade_on_them_should()
    {
        if (Find("data/routellm-gsm8k/outcomes.jsonl.gz") is not { } path) return;

        var (code, output, error) = await TrainAsync("--outcomes", path, "--weak", "mixtral-8x7b-instruct-v0.1", "--strong", "gpt-4-1106-preview", "--json");

        Assert.True(code == ExitCode.Ok, error);
        log.WriteLine(output);
        var report = JsonDocument.Parse(output).RootElement;
        double Of(string name, string? level = null) => (level is null ? report.GetProperty(name) : report.GetProperty(name).GetProperty(level)).GetDouble();
        Assert.Equal(1307, report.GetProperty("rows").GetInt32());
        Assert.InRange(Of("apgr"), 0.80, 0.95);
        Assert.InRange(Of("cpt50"), 8, 16);
        Assert.InRange(Of("cpt80"), 15, 37);
        Assert.InRange(Of("cost_share", "98"), 0.3, 0.64);
        Assert.InRange(Of("cost_share", "100"), 0.4, 0.78);
        Assert.InRange(Of("quality", "98"), 0.97, 1.03);
        Assert.InRange(Of("quality", "100"), 0.99, 1.03);
        Assert.Equal("cascade", report.GetProperty("recommend").GetString());
    }

    private static async Task<(int Code, string Output, string Error)> TrainAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var root = new RootCommand { TrainCommand.Create(TimeProvider.System) };
        var code = await CommandLine.RunAsync(root, ["train", "verifier", .. arguments], new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }

    // The weak model errs where the sum that it shows is wrong.
    private static string[] Sums(int count) => [.. Enumerable.Range(0, count).Select(i =>
    {
        var (a, b) = (3 + (i * 7 % 41), 5 + (i * 11 % 37));
        var isRight = i * 13 % 5 != 0;
        var shown = a + b + (isRight ? 0 : 1 + (i % 4));
        var grade = isRight ? 1 : 0;
        return JsonSerializer.Serialize(new
        {
            id = $"sum/{i}", source = "sums/plus", prompt = $"Row {i}: what is {a} plus {b}?",
            models = new
            {
                small = new { correct = grade, regraded = grade, cost_usd = 0.00001, response = $"{a} + {b} = {shown}\n#### {shown}" },
                large = new { correct = 1, regraded = 1, cost_usd = 0.001 },
            },
        });
    })];

    private string? Find(string file)
    {
        var shared = Environment.GetEnvironmentVariable("RUNG_SHARED");
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); shared is null && folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Rung.slnx"))) shared = Path.Combine(folder.Parent?.FullName ?? "", "shared");
        }
        if (shared is not null && File.Exists(Path.Combine(shared, file))) return Path.Combine(shared, file);
        log.WriteLine($"Skipped: no {file} in RUNG_SHARED or in a folder 'shared' beside the repository.");
        return null;
    }
}
