using System.Text.Json.Nodes;
using Rung.Core.Guarantees;

namespace Rung.Tests.Evals;

/// <summary><c>rung eval run</c> and <c>rung eval report</c> over real HTTP: decisions, money, the cap, evidence, and what the linter says of it.</summary>
public sealed class EvalRunCommandTests
{
    [Fact]
    public async Task It_decides_for_each_candidate_and_the_report_can_be_printed_again()
    {
        await using var folder = await EvalFolder.StartAsync(rows: 200);

        var (code, text, error) = await EvalFolder.RunAsync(folder.Run("--candidates", "small,nano,local"));

        Assert.Equal(0, code);
        Assert.Contains("200 rows × 3 candidates, and opus of frontier about the 200 whose reference it did not write; 800 answers to come, at most about $", error);
        Assert.Contains("haiku: not worse than frontier by more than 5 points at 95 %; saves 90 %: eligible", text);
        Assert.Contains("nano: 12 points worse (bound -", text);
        Assert.Contains("): not eligible", text);
        Assert.Contains("tested at once by Holm's rule", text);
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 100, line));

        var run = JsonNode.Parse((await EvalFolder.RunAsync("eval", "report", "--data", folder.Data, "--json")).Output)!["runs"]![0]!;
        var again = await EvalFolder.RunAsync("eval", "report", (string)run["run"]!, "--data", folder.Data);
        Assert.Equal((0, text), (again.Code, again.Output));
        var markdown = await EvalFolder.RunAsync("eval", "report", (string)run["run"]!, "--data", folder.Data, "--markdown");
        Assert.StartsWith("## Eval of count\n\n- haiku: not worse", markdown.Output, StringComparison.Ordinal);
        // The same command asks nothing again; another margin is another decision over the same answers.
        Assert.Contains("0 answers to come", (await EvalFolder.RunAsync(folder.Run("--candidates", "small,nano,local", "--margin", "0.01"))).Error);
        Assert.Equal(800, folder.Asked.Values.Sum());
    }

    [Fact]
    public async Task What_it_cost_is_on_the_bill_under_a_tag_of_its_own()
    {
        await using var folder = await EvalFolder.StartAsync(rows: 20);

        await EvalFolder.RunAsync(folder.Run("--candidates", "haiku", "--known-answers"));
        var report = JsonNode.Parse((await EvalFolder.RunAsync("report", "--data", folder.Data, "--by", "tag", "--json")).Output)!;

        Assert.Contains("\"eval.count\"", report.ToJsonString());
        // 20 calls of 100 tokens at $1 and 10 at $5 a million.
        Assert.Contains("0.003", report.ToJsonString());
    }

    [Fact]
    public async Task The_cost_cap_stops_it_before_it_is_passed_and_a_higher_one_goes_on()
    {
        await using var folder = await EvalFolder.StartAsync(rows: 40);

        var stopped = await EvalFolder.RunAsync(folder.Run("--candidates", "haiku", "--known-answers", "--max-usd", "0.006", "--json"));

        Assert.Equal(1, stopped.Code);
        Assert.Contains("goes on", stopped.Error);
        var report = JsonNode.Parse(stopped.Output)!;
        Assert.False((bool)report["whole"]!);
        Assert.InRange((decimal)report["cost_usd"]!, 0.00015m, 0.006m);
        Assert.Equal("cannot_be_said", (string)report["candidates"]![0]!["decision"]!);

        var whole = await EvalFolder.RunAsync(folder.Run("--candidates", "haiku", "--known-answers", "--max-usd", "1", "--json"));
        Assert.True((bool)JsonNode.Parse(whole.Output)!["whole"]!);
        Assert.All(folder.Asked.Values, count => Assert.Equal(1, count));
    }

    [Fact]
    public async Task Evidence_speaks_for_the_tags_tier_and_lints_clean_until_the_model_or_the_tier_changes()
    {
        await using var folder = await EvalFolder.StartAsync(rows: 200, tag: "tier: small # cheap and good");

        var (code, text, _) = await EvalFolder.RunAsync(folder.Run("--candidates", "haiku,nano", "--write-evidence"));

        Assert.Equal(0, code);
        Assert.Contains("of tag count was written", text);
        var policy = await File.ReadAllTextAsync(folder.Policy);
        Assert.Contains("tier: small # cheap and good", policy);
        Assert.Contains("    evidence: evals/count-set/", policy);
        var file = Directory.GetFiles(Path.Combine(Path.GetDirectoryName(folder.Policy)!, "evals", "count-set")).Single();
        var evidence = EvalEvidenceFile.Read(await File.ReadAllBytesAsync(file), out _)!;
        Assert.Equal("haiku-2026-10", Assert.Single(evidence.Candidates[0].Reported));
        Assert.Equal((EvalDecision.Eligible, EvalDecision.NotEligible), (evidence.Candidates[0].Decision, evidence.Candidates[1].Decision));
        var clean = await EvalFolder.RunAsync("policy", "lint", folder.Policy, "--strict");
        Assert.DoesNotContain("RUNG04", clean.Output);
        Assert.DoesNotContain("RUNG003", clean.Output);

        await File.WriteAllTextAsync(folder.Policy, policy.Replace("id: haiku", "id: haiku-5", StringComparison.Ordinal));
        Assert.Contains("RUNG042", (await EvalFolder.RunAsync("policy", "lint", folder.Policy)).Output);
        await File.WriteAllTextAsync(folder.Policy, policy.Replace("tier: small #", "tier: tiny #", StringComparison.Ordinal));
        Assert.Contains("RUNG043", (await EvalFolder.RunAsync("policy", "lint", folder.Policy)).Output);
    }

    [Fact]
    public async Task A_tag_is_moved_only_to_a_tier_whose_model_is_eligible()
    {
        await using var folder = await EvalFolder.StartAsync(rows: 200, tag: "tier: frontier");

        var (_, told, _) = await EvalFolder.RunAsync(folder.Run("--candidates", "haiku,nano", "--write-evidence"));
        var before = await File.ReadAllTextAsync(folder.Policy);
        var refused = await EvalFolder.RunAsync(folder.Run("--candidates", "haiku,nano", "--write-evidence", "--set-tier", "tiny"));
        var same = await File.ReadAllTextAsync(folder.Policy);
        var moved = await EvalFolder.RunAsync(folder.Run("--candidates", "haiku,nano", "--write-evidence", "--set-tier", "small"));

        Assert.Contains("--set-tier small", told);
        Assert.Equal(2, refused.Code);
        Assert.Equal(before, same);
        Assert.Contains("was moved from frontier to small", moved.Output.ReplaceLineEndings(" "));
        Assert.Contains("tier: small", await File.ReadAllTextAsync(folder.Policy));
        Assert.DoesNotContain("RUNG04", (await EvalFolder.RunAsync("policy", "lint", folder.Policy)).Output);
    }

    [Fact]
    public async Task What_cannot_be_run_says_why_and_what_to_do()
    {
        await using var folder = await EvalFolder.StartAsync(rows: 5);

        var unknownSet = await EvalFolder.RunAsync("eval", "run", "--set", "nope", "--candidates", "haiku", "--policy", folder.Policy, "--data", folder.Data);
        var unknownModel = await EvalFolder.RunAsync(folder.Run("--candidates", "gpt"));
        var noPart = await EvalFolder.RunAsync(folder.Run("--candidates", "haiku", "--part", "tune"));
        var noJudge = await EvalFolder.RunAsync(folder.Run("--candidates", "haiku", "--score", "rubric"));

        Assert.All((((int, string, string)[])[unknownSet, unknownModel, noPart, noJudge]), ended => Assert.Equal(2, ended.Item1));
        Assert.Contains("rung eval list", unknownSet.Error);
        Assert.Contains("nano, local, haiku, opus", unknownModel.Error);
        Assert.Contains("no row of part tune", noPart.Error);
        Assert.Contains("needs a judge", noJudge.Error);
        Assert.Empty(folder.Asked);
    }
}
