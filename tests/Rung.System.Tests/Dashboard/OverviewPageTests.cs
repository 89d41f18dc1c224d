using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Rung.Gateway.Tests.Support;
using Rung.Storage;

namespace Rung.Tests.Dashboard;

/// <summary>The first page, and the page of health.</summary>
public sealed partial class OverviewPageTests
{
    [Fact]
    public async Task Without_calls_the_first_page_claims_nothing_and_says_how_to_begin()
    {
        await using var gateway = await DashboardGateway.StartAsync(clock: new ManualClock());

        var html = await gateway.PageAsync("/");
        Assert.Contains("there is nothing to judge by", html);
        Assert.Contains("x-rung-tag", html);
        Assert.DoesNotContain("Nothing needs attention", html);
    }

    [Fact]
    public async Task Four_panels_stand_below_one_sentence_and_every_part_of_time_is_marked()
    {
        await using var gateway = await DashboardGateway.StartAsync(clock: new ManualClock(), fill: SpendWorld.FillAsync);

        var html = await gateway.PageAsync("/?period=7d");
        Assert.Equal(["Cost per session", "Quality", "Fallbacks and escalations", "Answers that people replaced"], Heading().Matches(html).Select(match => match.Groups["title"].Value));
        Assert.Single(Sentence().Matches(html));
        Assert.Contains("he price of 7 attempts is unknown: every total is without them", html);
        // Each chart has the marks and, for those who do not see it, its numbers.
        Assert.Equal(5, Regex.Count(html, "class=\"plot\"") + Regex.Count(html, "Nothing to draw in this period"));
        Assert.Equal(Regex.Count(html, "class=\"plot\""), Regex.Count(html, "class=\"numbers\""));
        Assert.Contains("revision 1 by a test: the first", html);
        Assert.Contains("Baseline: the same tokens, answered once by big (tier frontier)", html);
    }

    [Fact]
    public async Task A_period_of_too_few_calls_says_so_instead_of_a_number()
    {
        await using var gateway = await DashboardGateway.StartAsync(clock: new ManualClock(), fill: SpendWorld.FillAsync);

        var html = await gateway.PageAsync("/?period=1h&compare=none");
        Assert.Contains("not enough data yet", html);
        Assert.DoesNotContain("more than chance", html);
    }

    [Fact]
    public async Task Health_shows_models_queues_files_and_who_watches()
    {
        await using var gateway = await DashboardGateway.StartAsync(clock: new ManualClock(), fill: SpendWorld.FillAsync);

        var html = await gateway.PageAsync("/health?period=24h");
        foreach (var words in (string[])["little", "big", "closed: calls go to it", "check failed", "calls for the ledger", "copies for rollouts", "messages about alerts", "does not run", "in the hour of"])
            Assert.Contains(words, html);
        Assert.Contains("Nothing of this process is in trouble", html);
    }

    [Fact]
    public async Task Health_says_that_the_ledger_is_gone_and_shows_what_the_process_knows_and_calls_wait_for_the_file_to_come_back()
    {
        await using var upstream = await FakeUpstream.StartAsync(Does.Answer("fine"));
        await using var gateway = await DashboardGateway.StartAsync(policy: $$"""
            version: 1
            tiers: { frontier: { models: [big] } }
            models: { big: { provider: openai-compatible, url: "{{upstream.Url}}", id: big, price: { input: 10, output: 20 } } }
            default: { tier: frontier, owner: team-b, why: "Unknown." }
            """);
        var (file, away) = (Path.Combine(gateway.DataPath, Ledger.FileName), Path.Combine(gateway.DataPath, "away.db"));
        File.Move(file, away);
        using (var reply = await gateway.Client.PostAsync("/v1/chat/completions", new StringContent("""{"model":"any","messages":[{"role":"user","content":"Hello"}]}""", Encoding.UTF8, "application/json")))
            Assert.Equal(HttpStatusCode.OK, reply.StatusCode);

        var html = await gateway.PageAsync("/health?period=24h");
        foreach (var words in (string[])["The ledger cannot be read", "Put it back", "big", "closed: calls go to it", "calls for the ledger", "not known, because the ledger cannot be read"]) Assert.Contains(words, html);
        Assert.DoesNotContain("in trouble, at", html);
        // A page about the ledger is not of another one that stands in its place.
        File.Copy(away, file);
        using (var spend = await gateway.Client.GetAsync("/spend"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, spend.StatusCode);
            Assert.Contains("another file than the one that was opened", await spend.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        File.Delete(file);
        using (var flushed = await gateway.Client.GetAsync($"/rung/calls/{new string('0', 32)}")) Assert.Equal(HttpStatusCode.ServiceUnavailable, flushed.StatusCode);
        Assert.Contains("\"waiting\":1", await gateway.PageAsync("/readyz"));

        File.Move(away, file);
        using (var flushed = await gateway.Client.GetAsync($"/rung/calls/{new string('0', 32)}")) Assert.Equal(HttpStatusCode.NotFound, flushed.StatusCode);
        Assert.Contains("\"waiting\":0,\"written\":1,\"dropped\":0", await gateway.PageAsync("/readyz"));
        Assert.DoesNotContain("The ledger cannot be read", await gateway.PageAsync("/health?period=24h"));
    }

    [Fact]
    public async Task Health_names_a_key_that_is_missing_and_a_price_that_nobody_knows()
    {
        await using var gateway = await DashboardGateway.StartAsync(clock: new ManualClock(), policy: """
            version: 1
            tiers: { only: { models: [mystery] } }
            models: { mystery: { provider: openai-compatible, url: "http://127.0.0.1:9/v1", id: mystery, key: { env: RUNG_TEST_NO_SUCH_KEY } } }
            default: { tier: only, owner: team-a, why: "One model." }
            """);

        var html = await gateway.PageAsync("/health");
        Assert.Contains("model mystery has no key and is not asked", html);
        Assert.Contains("PRICE008", html);
        Assert.Contains("Model mystery has no key", await gateway.PageAsync("/"), StringComparison.Ordinal);
    }

    [GeneratedRegex("<h2 id=\"[a-z]+-title\">(?<title>[^<]+)</h2>")]
    private static partial Regex Heading();

    [GeneratedRegex("<p class=\"sentence\">")]
    private static partial Regex Sentence();
}
