using System.Text.Json;
using Rung.Commands;
using Rung.Control.Tests.Alerts;
using Rung.Core.Policies;
using Rung.Core.Prices;
using static Rung.Tests.Alerts.AlertsFolder;

namespace Rung.Tests.Alerts;

public sealed class AlertsCommandTests : IAsyncLifetime
{
    private readonly AlertsFolder folder = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await folder.DisposeAsync();

    [Fact]
    public async Task What_fires_is_shown_in_words_with_cause_and_next_command_and_exit_code_1()
    {
        await folder.StepAsync(0, Floor(), Floor("other", Core.Alerts.AlertSeverity.Warning) with { For = TimeSpan.FromMinutes(30) });
        folder.Clock.Now = Noon.AddMinutes(25);
        var printed = await folder.RunHereAsync();

        Assert.Equal(ExitCode.Faults, printed.Code);
        Assert.Equal(
            """
            1 firing, 1 pending.

            FIRING    critical floor:classify-intent tag classify-intent (quality below its floor)
                      quality dropped on tier small of classify-intent: 0.951 ± 0.012, floor 0.97, since
                      revision 14 at 2026-11-17 12:00 UTC; demoted to mid
              cause   revision 14 moved it to small
              next    rung policy diff 13 14
              since   2026-11-17 12:00:00 UTC; fires for 25 min, last told 25 min ago

            PENDING   warning floor:other tag other (quality below its floor)
                      quality dropped on tier small of other: 0.951 ± 0.012, floor 0.97, since revision 14 at
                      2026-11-17 12:00 UTC; demoted to mid
              cause   revision 14 moved it to small
              next    rung policy diff 13 14
              since   2026-11-17 12:00:00 UTC; seen for 25 min, fires after 30 min

            """.ReplaceLineEndings("\n"), printed.Output);
        Assert.All(printed.Lines, line => Assert.InRange(line.Length, 0, 100));
        Assert.Equal(printed.Output, (await folder.RunAsync("list", "--data", folder.Data)).Output);
    }

    [Fact]
    public async Task Nothing_to_say_is_exit_code_0()
    {
        var printed = await folder.RunHereAsync();

        Assert.Equal((ExitCode.Ok, "Nothing fires, and nothing is pending.\n"), (printed.Code, printed.Output));
    }

    [Fact]
    public async Task What_is_over_is_listed_with_all_and_its_history_is_shown()
    {
        await folder.StepAsync(0, Floor());
        await folder.StepAsync(11);

        Assert.DoesNotContain("RESOLVED", (await folder.RunHereAsync()).Output, StringComparison.Ordinal);
        var all = await folder.RunHereAsync("--all");
        Assert.Equal(ExitCode.Ok, all.Code);
        Assert.Contains("RESOLVED  critical floor:classify-intent", all.Output, StringComparison.Ordinal);
        Assert.Contains("over since 2026-11-22 12:11:00 UTC, after 11 min", all.Unbroken, StringComparison.Ordinal);
        var shown = await folder.RunHereAsync("show", "floor:classify-intent");
        Assert.Equal(ExitCode.Ok, shown.Code);
        Assert.Contains("2026-11-22 12:11:00 UTC  resolved   critical: quality dropped", shown.Output, StringComparison.Ordinal);
        Assert.Contains("2026-11-22 12:00:00 UTC  fired      critical: quality dropped", shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_has_the_same_and_more()
    {
        await folder.StepAsync(0, Floor());
        var root = (await folder.RunHereAsync("--json")).Json;

        Assert.Equal((1, 0, 0), (root.GetProperty("firing").GetInt32(), root.GetProperty("silenced").GetInt32(), root.GetProperty("pending").GetInt32()));
        var alert = Assert.Single(root.GetProperty("alerts").EnumerateArray());
        Assert.Equal(("quality_floor", "critical", "firing", "rung policy diff 13 14"), (Text(alert, "kind"), Text(alert, "severity"), Text(alert, "state"), Text(alert, "next")));
        Assert.Equal(JsonValueKind.Null, root.GetProperty("not_armed").ValueKind); // No policy is stored here.
        var history = (await folder.RunHereAsync("show", "floor:classify-intent", "--json")).Json.GetProperty("history");
        Assert.Equal(("fired", true), (Text(history[0], "change"), history[0].GetProperty("told").GetBoolean()));
    }

    [Fact]
    public async Task A_silence_covers_what_it_names_and_ends_when_told_to()
    {
        await folder.StepAsync(0, Floor(), Floor("other"));
        var silenced = await folder.RunHereAsync("silence", "--tag", "classify-intent", "--for", "4h", "--why", "a known release", "--who", "ada");
        Assert.Equal(ExitCode.Ok, silenced.Code);
        Assert.Contains("Silence 1: tag classify-intent, until 2026-11-22 16:00:00 UTC, by ada: a known release.", silenced.Unbroken, StringComparison.Ordinal);
        Assert.Contains("It covers 1 open alert: floor:classify-intent.", silenced.Unbroken, StringComparison.Ordinal);

        var list = await folder.RunHereAsync();
        Assert.Equal(ExitCode.Faults, list.Code);
        Assert.Contains("1 firing (1 more silenced), 0 pending.", list.Output, StringComparison.Ordinal);
        Assert.Contains("by silence 1; to end it: rung alerts unsilence 1", list.Output, StringComparison.Ordinal);
        await folder.RunHereAsync("silence", "--kind", "quality_floor", "--key", "floor:other", "--for", "30m", "--why", "also");
        Assert.Equal(ExitCode.Ok, (await folder.RunHereAsync()).Code); // What somebody silenced does not count.

        Assert.Equal(ExitCode.Ok, (await folder.RunHereAsync("unsilence", "1")).Code);
        Assert.Equal(ExitCode.Faults, (await folder.RunHereAsync()).Code);
        var again = await folder.RunHereAsync("unsilence", "1");
        Assert.Equal(ExitCode.Usage, again.Code);
        Assert.Contains("Silence 1 was ended by", again.Error, StringComparison.Ordinal);
        Assert.Contains("There is no silence 9", (await folder.RunHereAsync("unsilence", "9")).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Name --key, --tag or --kind", "--for", "4h", "--why", "w")]
    [InlineData("Write 30m, 4h or 2d; at most 90d.", "--tag", "t", "--for", "soon", "--why", "w")]
    [InlineData("Write 30m, 4h or 2d; at most 90d.", "--tag", "t", "--for", "91d", "--why", "w")]
    [InlineData("Kinds: quality_floor, ", "--kind", "floor", "--for", "4h", "--why", "w")]
    [InlineData("Say why", "--tag", "t", "--for", "4h", "--why", " ")]
    public async Task A_silence_that_cannot_be_is_refused_with_what_to_write(string expected, params string[] args)
    {
        var printed = await folder.RunHereAsync(["silence", .. args]);

        Assert.Equal(ExitCode.Usage, printed.Code);
        Assert.Contains(expected, printed.Error, StringComparison.Ordinal);
        Assert.Empty(await folder.Ledger.ListSilencesAsync(Noon, default));
    }

    [Fact]
    public async Task Tags_whose_alerts_are_not_armed_are_named_with_the_reason()
    {
        const string Yaml = """
            version: 1
            tiers: { only: { models: [one] } }
            models: { one: { provider: openai-compatible, url: "http://127.0.0.1:1/v1", id: m } }
            tags: { half: { tier: only, floor: { verdict: judge, at_least: 0.9 } }, whole: { tier: only, floor: { verdict: judge, at_least: 0.9 }, ceiling: { usd_per_day: 5 } } }
            default: { tier: only }
            """;
        var policy = PolicyCompiler.Compile(new PolicySource("rung.yaml", Yaml, _ => null), PriceBook.Embedded, new DateOnly(2026, 11, 22)).Snapshot!;
        await folder.Ledger.PublishRevisionAsync(policy.Hash, Yaml, new Dictionary<string, ReadOnlyMemory<byte>>(), "ana", "start", default);

        var printed = await folder.RunHereAsync();
        Assert.Contains("not armed half: it has a floor but no ceiling", printed.Unbroken, StringComparison.Ordinal);
        Assert.DoesNotContain("whole", printed.Output, StringComparison.Ordinal);
        Assert.Equal("half", Text(Assert.Single((await folder.RunHereAsync("--json")).Json.GetProperty("not_armed").EnumerateArray()), "tag"));
    }

    [Fact]
    public async Task A_test_goes_through_the_target_and_says_what_came_back_without_the_address()
    {
        await using var good = new TargetServer(_ => TargetServer.Answer(200, "ok"));
        await using var bad = new TargetServer(_ => TargetServer.Answer(404, "no_service"));
        var (policy, goodUrl, badUrl) = (folder.At("rung.yaml"), folder.At("good.url"), folder.At("bad.url"));
        await File.WriteAllTextAsync(goodUrl, good.Url);
        await File.WriteAllTextAsync(badUrl, bad.Url);
        await File.WriteAllTextAsync(folder.At("key"), "whsec");
        await File.WriteAllTextAsync(policy, $$"""
            version: 1
            tiers: { only: { models: [one] } }
            models: { one: { provider: openai-compatible, url: "http://127.0.0.1:1/v1", id: m } }
            default: { tier: only }
            alerts:
              good: { url: { file: "{{goodUrl}}" }, secret: { file: "{{folder.At("key")}}" } }
              bad: { url: { file: "{{badUrl}}" }, format: slack }
            """);

        var printed = await folder.RunAsync("test", "--policy", policy);
        Assert.Equal(ExitCode.Faults, printed.Code);
        Assert.Equal("good (rung, signed) took it: it answered 200, and said: ok bad (slack) did NOT take it: it answered 404: another try would end the same, and said: no_service", printed.Unbroken);
        Assert.DoesNotContain("s3cret-path", printed.Output + printed.Error, StringComparison.Ordinal);
        Assert.Contains("\"test\":true", (await good.NextAsync()).Text, StringComparison.Ordinal);
        var one = await folder.RunAsync("test", "--target", "good", "--policy", policy, "--json");
        Assert.Equal((ExitCode.Ok, "delivered"), (one.Code, Text(one.Json.GetProperty("targets")[0], "result")));
        Assert.Contains("Its targets: good, bad.", (await folder.RunAsync("test", "--target", "none", "--policy", policy)).Error, StringComparison.Ordinal);
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
