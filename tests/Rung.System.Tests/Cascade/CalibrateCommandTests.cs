using System.Collections.Immutable;
using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Rung.Commands;
using Rung.Commands.Policy;
using Rung.Core.Checks;
using Rung.Core.Guarantees;
using Rung.Core.Learning;
using Rung.Recorded;
using Xunit.Abstractions;

namespace Rung.Tests.Cascade;

/// <summary>The commands around a guarantee, run as from a command line on recordings that each test writes.</summary>
public sealed class CalibrateCommandTests(ITestOutputHelper output) : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("rung-calibrate-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Checks_that_keep_the_promise_are_certified_and_the_certificate_is_in_order()
    {
        var outcomes = Outcomes(600, weakIsRightWhenSure: true);
        var policy = Policy("- regex: sure");

        var (code, text, _) = await RunAsync("calibrate", "--tag", "t", "--policy", policy, "--outcomes", outcomes, "--write");

        Assert.Equal(ExitCode.Ok, code);
        Assert.Contains("CERTIFIED: the checks alone keep the promise.", text, StringComparison.Ordinal);
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 100 || line.Contains(folder.FullName, StringComparison.Ordinal), line));
        Assert.Contains("    evidence: evidence/t.json\n", await File.ReadAllTextAsync(policy), StringComparison.Ordinal);
        var certificate = CertificateFile.Read(await File.ReadAllBytesAsync(Path.Combine(folder.FullName, "evidence", "t.json")), out _)!;
        Assert.Equal((600, 600, (double?)null), (certificate.Rows, certificate.Groups, certificate.Threshold));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(outcomes))), Assert.Single(certificate.Files).Sha256);
        Assert.DoesNotContain(new PolicyFinder("none", TimeProvider.System).FromFile(policy).File.Compilation.Lints, lint => lint.Code is "RUNG035" or "RUNG036" or "RUNG037");
    }

    [Fact]
    public async Task Where_none_qualifies_it_is_said_and_nothing_is_written()
    {
        var (code, text, _) = await RunAsync("calibrate", "--tag", "t", "--policy", Policy("- regex: sure"), "--outcomes", Outcomes(600, weakIsRightWhenSure: false));

        Assert.Equal(ExitCode.Faults, code);
        Assert.Contains("NO THRESHOLD QUALIFIES", text, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(folder.FullName, "evidence")));
    }

    [Fact]
    public async Task Too_few_rows_are_told_with_how_many_it_takes()
    {
        var (code, text, _) = await RunAsync("calibrate", "--tag", "t", "--policy", Policy("- regex: sure"), "--outcomes", Outcomes(50, weakIsRightWhenSure: true), "--method", "binomial");

        Assert.Equal(ExitCode.Faults, code);
        Assert.Contains("at least 149 are needed", string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("there is no cascade", "escalate: { to: large }", "max_tokens: 50")]
    [InlineData("needs 2 more answers", "- regex: sure", "- agrees: { samples: 3, at_least: 2, by: text }")]
    public async Task What_cannot_be_calibrated_is_refused(string expected, string old, string with)
    {
        var policy = Policy("- regex: sure");
        await File.WriteAllTextAsync(policy, (await File.ReadAllTextAsync(policy)).Replace(old, with, StringComparison.Ordinal));

        var (code, _, error) = await RunAsync("calibrate", "--tag", "t", "--policy", policy, "--outcomes", Outcomes(50, weakIsRightWhenSure: true));

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_verifier_is_not_judged_by_the_rows_that_it_was_trained_on_unless_cross_fitted()
    {
        var outcomes = Outcomes(400, weakIsRightWhenSure: true);
        var recorded = await RecordedOutcomes.ReadAsync([outcomes], [], CancellationToken.None);
        await TrainAsync(recorded, outcomes);
        var policy = Policy("- verifier: { use: v, at_least: 0.9 }", "verifiers:\n  v: { trained: v.json }\n");

        var (refused, _, error) = await RunAsync("calibrate", "--tag", "t", "--policy", policy, "--outcomes", outcomes);
        var (code, text, said) = await RunAsync("calibrate", "--tag", "t", "--policy", policy, "--outcomes", outcomes, "--cross-fit", "3", "--splits", "50", "--write", "--json");

        Assert.Equal(ExitCode.Usage, refused);
        Assert.Contains("was trained on outcomes.jsonl", error, StringComparison.Ordinal);
        Assert.True(code != ExitCode.Usage && text.Length > 0, said);
        var json = JsonDocument.Parse(text).RootElement;
        output.WriteLine($"exit code {code}, {json.GetProperty("verdict")}, at_least {json.GetProperty("at_least")}");
        Assert.True(json.GetProperty("cross_fitted").GetBoolean());
        Assert.Equal(50, json.GetProperty("splits").GetProperty("splits").GetInt32());
        if (code != ExitCode.Ok) return;
        Assert.True(json.GetProperty("policy_edited").GetBoolean());
        var least = json.GetProperty("at_least").GetDouble();
        Assert.Contains(FormattableString.Invariant($"at_least: {least:0.###}"), await File.ReadAllTextAsync(policy), StringComparison.Ordinal);
        Assert.DoesNotContain(new PolicyFinder("none", TimeProvider.System).FromFile(policy).File.Compilation.Lints, lint => lint.Code is "RUNG035" or "RUNG037");
    }

    [Fact]
    public async Task A_verifier_inside_another_check_is_held_to_the_same_rule_and_cross_fitting_does_not_help_it()
    {
        var outcomes = Outcomes(400, weakIsRightWhenSure: true);
        await TrainAsync(await RecordedOutcomes.ReadAsync([outcomes], [], CancellationToken.None), outcomes);
        var policy = Policy("- any: [ { verifier: { use: v, at_least: 0.9 } }, { regex: sure } ]", "verifiers:\n  v: { trained: v.json }\n");

        var (code, _, error) = await RunAsync("calibrate", "--tag", "t", "--policy", policy, "--outcomes", outcomes);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("Verifier v was trained on outcomes.jsonl", error, StringComparison.Ordinal);
        Assert.DoesNotContain("--cross-fit", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trying_a_policy_on_the_rows_of_its_verifier_is_possible_and_warns()
    {
        var outcomes = Outcomes(400, weakIsRightWhenSure: true);
        await TrainAsync(await RecordedOutcomes.ReadAsync([outcomes], [], CancellationToken.None), outcomes);
        var policy = Policy("- verifier: { use: v, at_least: 0.5 }", "verifiers:\n  v: { trained: v.json }\n");

        var (_, _, driven) = await RunAsync("drive", "--offline", "--tag", "t", "--policy", policy, "--outcomes", outcomes);
        var (_, _, explained) = await RunAsync("explain", "--economics", "--tag", "t", "--policy", policy, "--outcomes", outcomes, "--data", folder.FullName);

        Assert.Contains("verifier v was trained on outcomes.jsonl", driven, StringComparison.Ordinal);
        Assert.Contains("verifier v was trained on outcomes.jsonl", explained, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_beside_the_outcomes_are_in_the_certificate_and_do_not_count_as_rows_of_the_training()
    {
        var outcomes = Outcomes(600, weakIsRightWhenSure: true);
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "responses.jsonl"), "{\"id\":\"q0\",\"model\":\"b\",\"response\":\"another\"}\n");

        var (code, _, _) = await RunAsync("calibrate", "--tag", "t", "--policy", Policy("- regex: sure"), "--outcomes", outcomes, "--label", "correct");

        Assert.Equal(ExitCode.Ok, code);
        var certificate = CertificateFile.Read(await File.ReadAllBytesAsync(Path.Combine(folder.FullName, "evidence", "t.json")), out _)!;
        Assert.Equal(["outcomes.jsonl", "responses.jsonl"], certificate.Files.Select(file => file.Name));
        Assert.Equal("correct", certificate.Label);
    }

    [Fact]
    public async Task One_group_of_prompts_cannot_be_split_which_is_said()
    {
        var path = Path.Combine(folder.FullName, "outcomes.jsonl");
        await File.WriteAllTextAsync(path, (await File.ReadAllLinesAsync(Outcomes(2, weakIsRightWhenSure: true)))[0] + "\n");

        var (code, _, error) = await RunAsync("calibrate", "--tag", "t", "--policy", Policy("- regex: sure"), "--outcomes", path, "--splits", "10");

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("there is nothing to split", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Climbs_to_a_model_whose_answers_were_not_recorded_are_counted_and_said()
    {
        var outcomes = Outcomes(10, weakIsRightWhenSure: true);
        await File.WriteAllTextAsync(outcomes, System.Text.RegularExpressions.Regex.Replace(await File.ReadAllTextAsync(outcomes), ",\"response\":\"It is [^\"]*\"", ""));
        string[] drive = ["drive", "--offline", "--tag", "t", "--policy", Policy("- regex: sure"), "--outcomes", outcomes];

        var (_, text, _) = await RunAsync(drive);
        var (_, json, _) = await RunAsync([.. drive, "--json"]);

        Assert.Contains("5 of them got no answer there", text, StringComparison.Ordinal);
        Assert.Equal(5, JsonDocument.Parse(json).RootElement.GetProperty("climbs_without_answer").GetInt32());
    }

    [Theory]
    [InlineData("--out", "none/v.json", "There is no folder")]
    [InlineData("--scores", "none/s.jsonl", "There is no folder")]
    [InlineData("--out", "outcomes.jsonl", "would be overwritten")]
    [InlineData("--out", ".", "is a folder")]
    public async Task What_a_training_could_not_write_is_said_before_it_begins(string option, string path, string expected)
    {
        var outcomes = Outcomes(100, weakIsRightWhenSure: true);

        var (code, _, error) = await RunAsync("train", "verifier", "--outcomes", outcomes, "--weak", "a", "--strong", "b", option, Path.Combine(folder.FullName, path));

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.DoesNotContain("training on", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Economics_are_measured_where_there_is_a_recording_and_stated_where_not()
    {
        var (outcomes, policy) = (Outcomes(100, weakIsRightWhenSure: true), Policy("- regex: sure"));

        var (_, measured, _) = await RunAsync("explain", "--tag", "t", "--policy", policy, "--economics", "--outcomes", outcomes, "--data", folder.FullName, "--json");
        var (_, assumed, _) = await RunAsync("explain", "--tag", "t", "--policy", policy, "--economics", "--climb-rate", "0.99", "--data", folder.FullName);

        var economics = JsonDocument.Parse(measured).RootElement.GetProperty("economics");
        Assert.Equal(0.5, economics.GetProperty("climb_rate").GetDouble());
        Assert.Equal("cascade", economics.GetProperty("recommend").GetString());
        // 10 tokens in and 5 out at 1 and 2 dollars a million; half of the calls pay 10 in and 5 out at 10 and 20 as well.
        Assert.Equal(20e-6 + (0.5 * 200e-6), economics.GetProperty("expected_usd").GetDouble(), 1e-12);
        Assert.Equal(0.9, economics.GetProperty("break_even_climb_rate").GetDouble(), 1e-12);
        Assert.Contains("DO NOT CASCADE", assumed, StringComparison.Ordinal);
        Assert.Contains("an assumed 1,000 tokens in and 300 out", assumed.ReplaceLineEndings(" ").Replace("   ", " ", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_drive_without_a_gateway_writes_its_decisions()
    {
        var file = Path.Combine(folder.FullName, "decisions.jsonl");

        var (code, text, error) = await RunAsync("drive", "--offline", "--tag", "t", "--policy", Policy("- regex: sure"), "--outcomes", Outcomes(10, weakIsRightWhenSure: true), "--decisions", file, "--json");

        Assert.Equal((ExitCode.Ok, ""), (code, error));
        Assert.Equal(5, JsonDocument.Parse(text).RootElement.GetProperty("escalations").GetInt32());
        var lines = await File.ReadAllLinesAsync(file);
        Assert.Equal(10, lines.Length);
        Assert.Equal("b", JsonDocument.Parse(lines[1]).RootElement.GetProperty("model").GetString());
    }

    [Fact]
    public async Task On_recorded_sums_a_thousand_splits_keep_the_promise()
    {
        if (RepositoryFiles.Shared(output, "data/routellm-gsm8k/outcomes.jsonl.gz") is not { } path) return;
        var recorded = await RecordedOutcomes.ReadAsync([path], [], CancellationToken.None);
        var rows = Rows(recorded, "mixtral-8x7b-instruct-v0.1", "gpt-4-1106-preview");
        var trained = VerifierTraining.Train(rows, new TrainingOptions
        {
            Weak = "mixtral-8x7b-instruct-v0.1", Strong = "gpt-4-1106-preview", ForEach = (count, body) => Parallel.For(0, count, body),
        });

        foreach (var most in new[] { 0.02, 0.05 })
        {
            var report = SplitExperiment.Run(trained.OutOfFold, new CalibrationPlan { MostLoss = most, Confidence = 0.95 }, 1000, seed: 1, calibrationShare: 0.5, progress: null);
            output.WriteLine($"loss {most}: certified {report.Certified}, uncalibrated {report.Uncalibrated}, allowed {report.AllowedShare:P2}");
            Assert.True(report.IsKept);
            Assert.True(report.Uncalibrated.Violations > 200);
        }
    }

    /// <summary>Every other weak answer is sure of itself. The surer ones are right, or nearly all wrong; the strong model is right always.</summary>
    private string Outcomes(int count, bool weakIsRightWhenSure)
    {
        var path = Path.Combine(folder.FullName, "outcomes.jsonl");
        File.WriteAllLines(path, Enumerable.Range(0, count).Select(i => JsonSerializer.Serialize(new
        {
            id = $"q{i}", source = "t", prompt = $"Question {i}",
            models = new Dictionary<string, object>
            {
                ["a"] = new { correct = i % 2 == 0 && weakIsRightWhenSure ? 1 : 0, prompt_tokens = 10, completion_tokens = 5, response = i % 2 == 0 ? $"I am sure: {i}" : $"Maybe {i}?" },
                ["b"] = new { correct = 1, prompt_tokens = 10, completion_tokens = 5, response = $"It is {i}, as sure as can be." },
            },
        })));
        return path;
    }

    private string Policy(string check, string more = "")
    {
        var path = Path.Combine(folder.FullName, "rung.yaml");
        File.WriteAllText(path, $$"""
            version: 1
            tiers: { small: { models: [a] }, large: { models: [b] } }
            models:
              a: { provider: openai-compatible, url: "http://127.0.0.1:1/v1", id: a, price: { input: 1, output: 2 } }
              b: { provider: openai-compatible, url: "http://127.0.0.1:1/v1", id: b, price: { input: 10, output: 20 } }
            tags:
              t:
                tier: small
                checks:
                  {{check}}
                escalate: { to: large }
            default: { tier: large }

            """ + more);
        return path;
    }

    private async Task TrainAsync(RecordedOutcomes recorded, string outcomes)
    {
        var trained = VerifierTraining.Train(Rows(recorded, "a", "b"), new TrainingOptions { Weak = "a", Strong = "b", Folds = 3 });
        await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "v.json"), trained.Verifier.Write(new VerifierProvenance
        {
            TrainedAt = DateTimeOffset.UnixEpoch, Label = "correct", Rows = 400, Folds = 3, Seed = 1, Metrics = ImmutableSortedDictionary<string, double>.Empty,
            Files = [new TrainingFile("outcomes.jsonl", Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(outcomes))))],
        }));
    }

    private static TrainingRow[] Rows(RecordedOutcomes recorded, string weak, string strong) => [.. recorded.Rows.Select(row => new TrainingRow
    {
        Id = row.Id,
        Group = row.Id,
        WeakAnswer = new Answer
        {
            Content = row.Of(weak)!.Answer!.Text ?? [], FinishReason = "stop",
            Context = new CallContext { Prompt = Encoding.UTF8.GetBytes(row.Prompt), Given = Encoding.UTF8.GetBytes(row.Prompt) },
        },
        WeakQuality = row.Of(weak)!.Score!.Value,
        StrongQuality = row.Of(strong)!.Score!.Value,
        WeakCostNanoUsd = row.Of(weak)!.CostNanoUsd,
        StrongCostNanoUsd = row.Of(strong)!.CostNanoUsd,
    })];

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        var (text, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var root = new RootCommand { CalibrateCommand.Create(TimeProvider.System), ExplainCommand.Create(TimeProvider.System), DriveCommand.Create(), TrainCommand.Create(TimeProvider.System) };
        var code = await CommandLine.RunAsync(root, args, new InvocationConfiguration { Output = text, Error = error });
        return (code, text.ToString(), error.ToString());
    }
}
