using System.Text.Json;
using Rung.Commands;
using Rung.Storage;

namespace Rung.Tests.Replay;

public sealed class ReplayCommandTests : IDisposable
{
    private readonly ReplayFiles files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public async Task Figures_equal_a_calculation_by_hand()
    {
        var (code, json, _) = await ReplayFiles.RunAsync([.. Recording(30), "--policy", Routes("a.yaml", "low", "low"), "--against", Routes("b.yaml", "high", "high"), "--json"]);

        Assert.Equal(ExitCode.Ok, code);
        var all = JsonDocument.Parse(json).RootElement.GetProperty("all");
        // Prompts of 100 … 129 tokens: 3,435. small: 3,435 × $1 + 300 × $2; large: 3,435 × $10 + 600 × $30, a million.
        Assert.Equal(0.004035m, all.GetProperty("policy").GetProperty("cost_usd").GetDecimal());
        Assert.Equal(0.05235m, all.GetProperty("against").GetProperty("cost_usd").GetDecimal());
        Assert.Equal(20.0 / 30, all.GetProperty("policy").GetProperty("accuracy").GetProperty("value").GetDouble(), 9);
        Assert.Equal(27.0 / 30, all.GetProperty("against").GetProperty("accuracy").GetProperty("value").GetDouble(), 9);
        var change = all.GetProperty("change");
        Assert.Equal(-7.0 / 30, change.GetProperty("accuracy").GetProperty("value").GetDouble(), 9);
        Assert.Equal(0.004035 / 0.05235 - 1, change.GetProperty("cost").GetProperty("value").GetDouble(), 9);
        Assert.Equal(30, change.GetProperty("other_model").GetInt32());
        // Both wrong on 15 only: small is wrong on ten, large on 5, 15 and 25.
        Assert.Equal((2, 9), (change.GetProperty("better").GetInt32(), change.GetProperty("worse").GetInt32()));
        Assert.Equal(2, JsonDocument.Parse(json).RootElement.GetProperty("tags").GetArrayLength());
    }

    [Fact]
    public async Task A_policy_against_itself_changes_nothing()
    {
        var policy = Routes("a.yaml", "low", "high");
        var (code, json, _) = await ReplayFiles.RunAsync([.. Recording(40), "--policy", policy, "--against", policy, "--json", "--fail-if", "cost > +0%", "--fail-if", "accuracy < -0pt", "--fail-if", "accuracy.low < -0pt"]);

        Assert.Equal(ExitCode.Ok, code);
        var change = JsonDocument.Parse(json).RootElement.GetProperty("all").GetProperty("change");
        Assert.All(["cost", "accuracy", "saving", "climb_rate"], name => Assert.Equal((0, 0, 0),
            (change.GetProperty(name).GetProperty("value").GetDouble(), change.GetProperty(name).GetProperty("low").GetDouble(), change.GetProperty(name).GetProperty("high").GetDouble())));
    }

    [Fact]
    public async Task Intervals_hang_on_the_seed_alone()
    {
        string[] args = [.. Recording(60), "--policy", Routes("a.yaml", "low", "high"), "--against", "reference", "--json"];

        var (_, first, _) = await ReplayFiles.RunAsync(args);
        Assert.Equal(first, (await ReplayFiles.RunAsync(args)).Output);
        Assert.NotEqual(first, (await ReplayFiles.RunAsync([.. args, "--seed", "2"])).Output.Replace("\"seed\": 2", "\"seed\": 1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_condition_that_holds_is_exit_code_1_and_is_named_with_its_figures()
    {
        var (code, text, _) = await ReplayFiles.RunAsync([.. Recording(30), "--policy", Routes("a.yaml", "low", "low"), "--against", "reference", "--fail-if", "accuracy < -1pt", "--fail-if", "cost > +5%"]);

        Assert.Equal(ExitCode.Faults, code);
        Assert.Contains("FAILED  fail-if accuracy < -1pt: accuracy -23.3 pt [", text, StringComparison.Ordinal);
        Assert.Contains("passed  fail-if cost > +5%: cost -92.3 % [", text, StringComparison.Ordinal);
        Assert.Contains("1 of 2 conditions failed: exit code 1.", text, StringComparison.Ordinal);
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 100, line));
    }

    [Fact]
    public async Task The_markdown_is_as_reviewed()
    {
        var (code, markdown, _) = await ReplayFiles.RunAsync(
            [.. Recording(40), "--policy", Routes("a.yaml", "low", "high"), "--against", "reference", "--markdown", "--fail-if", "accuracy < -1pt", "--fail-if", "saving < 30%", "--seed", "3"]);

        Assert.Equal(ExitCode.Faults, code);
        var reviewed = Path.Combine(Cascade.RepositoryFiles.Root, "tests", "Rung.System.Tests", "Replay", "replay.md.snapshot");
        var found = markdown.Replace(files.Path + "/", "", StringComparison.Ordinal).ReplaceLineEndings("\n");
        if (Environment.GetEnvironmentVariable("RUNG_REVIEW") == "1") await File.WriteAllTextAsync(reviewed, found);
        Assert.Equal(await File.ReadAllTextAsync(reviewed), found);
    }

    [Fact]
    public async Task Decisions_are_a_line_of_json_a_call()
    {
        var path = Path.Combine(files.Path, "decisions.jsonl");
        await ReplayFiles.RunAsync([.. Recording(12), "--policy", Routes("a.yaml", "low", "high"), "--decisions", path]);

        var lines = await File.ReadAllLinesAsync(path);
        Assert.Equal(12, lines.Length);
        var first = JsonDocument.Parse(lines[0]).RootElement;
        Assert.Equal(("q0", "sums", "small", "large"), (first.GetProperty("id").GetString(), first.GetProperty("tag").GetString(),
            first.GetProperty("policy").GetProperty("model").GetString(), first.GetProperty("against").GetProperty("model").GetString()));
        Assert.Equal(0.00012m, first.GetProperty("policy").GetProperty("cost_usd").GetDecimal());
    }

    [Fact]
    public async Task Logged_traffic_is_replayed_from_the_ledger()
    {
        var data = Path.Combine(files.Path, "data");
        await using (var ledger = Ledger.Open(data, TimeProvider.System))
            await ledger.AppendAsync([.. Enumerable.Range(0, 20).Select(i => Some.Call("large", paid: 13_000_000, id: Id(i), at: Some.Noon.AddSeconds(i), session: $"s{i}"))], CancellationToken.None);
        var policy = files.Write("a.yaml", ReplayFiles.Policy(ReplayFiles.Tag("t", "low")));

        var (code, json, error) = await ReplayFiles.RunAsync("--ledger", "--data", data, "--policy", policy, "--json", "--fail-if", "cost > -50%");
        Assert.Equal((ExitCode.Ok, ""), (code, error));
        var all = JsonDocument.Parse(json).RootElement.GetProperty("all");
        Assert.Equal(0.024m, all.GetProperty("policy").GetProperty("cost_usd").GetDecimal());
        Assert.Equal(0.26m, all.GetProperty("against").GetProperty("cost_usd").GetDecimal());
        Assert.Contains("no call has a verdict", all.GetProperty("quality").GetProperty("cannot_be_said").GetString(), StringComparison.Ordinal);

        var (fails, text, _) = await ReplayFiles.RunAsync("--ledger", "--data", data, "--policy", policy, "--fail-if", "accuracy < -1pt");
        Assert.Equal(ExitCode.Faults, fails);
        Assert.Contains("cannot be said", text, StringComparison.Ordinal);
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 100, line));

        var (none, _, why) = await ReplayFiles.RunAsync("--ledger", "--data", data, "--policy", policy, "--since", "2026-11-21");
        Assert.Equal(ExitCode.Usage, none);
        Assert.Contains("no calls of that time to replay", why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ledger_that_only_imported_is_replayed_without_being_asked_twice()
    {
        var data = Path.Combine(files.Path, "imported");
        await using (var ledger = Ledger.Open(data, TimeProvider.System))
            await ledger.AppendImportedAsync([.. Enumerable.Range(0, 12).Select(i => Some.Imported($"model-{i}", site: "t", granularity: i < 10 ? 1 : 2))], CancellationToken.None);

        var (code, json, error) = await ReplayFiles.RunAsync("--ledger", "--data", data, "--policy", files.Write("a.yaml", ReplayFiles.Policy(ReplayFiles.Tag("t", "low"))), "--json");

        Assert.Equal((ExitCode.Ok, ""), (code, error));
        var report = JsonDocument.Parse(json).RootElement;
        Assert.Equal(("imported", 10), (report.GetProperty("source").GetProperty("kind").GetString(), report.GetProperty("source").GetProperty("calls").GetInt32()));
        Assert.Equal(2, report.GetProperty("source").GetProperty("left_out").EnumerateObject().Single().Value.GetInt32());
        // Ten calls of 1,000 and 100 tokens at $1 and $2 a million; they were rated at $0.025 each.
        Assert.Equal((0.012m, 0.25m), (report.GetProperty("all").GetProperty("policy").GetProperty("cost_usd").GetDecimal(), report.GetProperty("all").GetProperty("against").GetProperty("cost_usd").GetDecimal()));
    }

    [Theory]
    [InlineData("Give either --outcomes or --ledger.", "--tag", "x")]
    [InlineData("--since and --until are for the ledger.", "RECORDING", "--since", "7d")]
    [InlineData("Both --json and --markdown want standard output.", "RECORDING", "--json", "--markdown")]
    [InlineData("--climb-rate is a share from 0 to 1.", "--ledger", "--climb-rate", "20")]
    [InlineData("--tag and --tag-from-source are for recorded outcomes.", "--ledger", "--tag", "x")]
    [InlineData("\"cost > +5%\" compares, and nothing is named to compare with.", "RECORDING", "--fail-if", "cost > +5%")]
    [InlineData("--fail-if \"cost > 5%\", character 8: A change of cost needs its sign.", "RECORDING", "--fail-if", "cost > 5%")]
    [InlineData("There is no policy file none.yaml.", "RECORDING", "--policy", "none.yaml")]
    [InlineData("--resamples is 0 (no intervals), or 100 to 100,000.", "RECORDING", "--resamples", "50")]
    public async Task A_wrong_command_line_is_said_with_its_fix(string message, params string[] args)
    {
        var (code, output, error) = await ReplayFiles.RunAsync([.. args.SelectMany(arg => arg == "RECORDING" ? Recording(10) : [arg])]);

        Assert.Equal((ExitCode.Usage, ""), (code, output));
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.True(error.TrimEnd().Split('\n').Length >= 2, "A fix stands under the message.");
    }

    private string[] Recording(int count) => ["--outcomes", files.Grades(count), "--tag-from-source"];

    private string Routes(string name, string sums, string words) => files.Write(name, ReplayFiles.Policy(ReplayFiles.Tag("sums", sums) + "\n" + ReplayFiles.Tag("words", words)));

    // Ids sort by time: their first 48 bits are its milliseconds.
    private static string Id(int i) => $"{Some.Noon.AddSeconds(i).ToUnixTimeMilliseconds():x12}7000800000000000{i:x4}";
}
