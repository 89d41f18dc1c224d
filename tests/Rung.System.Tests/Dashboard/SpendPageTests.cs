using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Rung.Commands;
using Rung.Gateway.Tests.Support;
using Rung.Storage.Reports;

namespace Rung.Tests.Dashboard;

/// <summary>What the page of spending says, and that everything else says the same.</summary>
public sealed class SpendPageTests
{
    private static Task<DashboardGateway> StartAsync() => DashboardGateway.StartAsync(clock: new ManualClock(), fill: SpendWorld.FillAsync);

    [Fact]
    public async Task The_page_the_files_the_report_the_calls_and_the_ledger_have_one_total_to_the_nano_dollar()
    {
        await using var gateway = await StartAsync();
        var (from, until) = ("2026-11-20T00:00Z", "2026-11-22T12:00Z");

        var json = await JsonAsync(gateway, $"/spend.json?by=tag&by=model&by=day&from={from}&to={until}");
        var total = json["totals"]!["cost_nano_usd"]!.GetValue<long>();
        Assert.True(total > 0);
        Assert.Equal(total, json["rows"]!.AsArray().Sum(row => row!["cost_nano_usd"]!.GetValue<long>()));
        Assert.Equal(total, json["whole_cost_nano_usd"]!.GetValue<long>());

        // Whatever it is told apart by.
        foreach (var by in (string[])["team", "tag", "role", "tier", "model", "day", "team&by=tier", "tag&by=day&by=role"])
            Assert.Equal(total, (await JsonAsync(gateway, $"/spend.json?by={by}&from={from}&to={until}"))["totals"]!["cost_nano_usd"]!.GetValue<long>());

        // The command line.
        var report = await ReportAsync(gateway, "--since", from, "--until", until);
        Assert.Equal(total / 1e9m, report["totals"]!["cost_usd"]!.GetValue<decimal>());
        Assert.Equal(json["totals"]!["unknown_price_attempts"]!.GetValue<long>(), report["totals"]!["unknown_price_attempts"]!.GetValue<long>());
        Assert.Equal(json["totals"]!["saving_nano_usd"]!.GetValue<long>() / 1e9m, report["totals"]!["saving_usd"]!.GetValue<decimal>());
        Assert.Equal(json["totals"]!["calls"]!.GetValue<long>(), report["totals"]!["calls"]!.GetValue<long>());

        // The calls one by one.
        var (sum, after) = (0m, "");
        do
        {
            var page = await JsonAsync(gateway, $"/rung/calls?since={from}&until={until}&limit=500{after}");
            sum += page["calls"]!.AsArray().Sum(call => call!["cost_usd"]!.GetValue<decimal>());
            after = page["next"] is { } next ? $"&after={Uri.EscapeDataString(next.GetValue<string>())}" : "";
        }
        while (after.Length > 0);
        Assert.Equal(total / 1e9m, sum);

        // The ledger itself.
        var exact = await gateway.Ledger.ReportAsync(
            new ReportQuery { Since = DateTimeOffset.Parse(from, CultureInfo.InvariantCulture), Until = DateTimeOffset.Parse(until, CultureInfo.InvariantCulture) }, CancellationToken.None);
        Assert.Equal(total, exact.Totals.CostNanoUsd);

        // And the first page.
        Assert.Equal(total, (await JsonAsync(gateway, $"/overview.json?from={from}&to={until}"))["cost_nano_usd"]!.GetValue<long>());
    }

    [Fact]
    public async Task The_command_line_asks_for_the_same_calendar_months_and_has_the_same_totals()
    {
        var clock = new ManualClock();
        clock.Advance(TimeSpan.FromDays(11)); // 2026-12-03: of the calls of nearly five days some are of November and some of December.
        await using var gateway = await DashboardGateway.StartAsync(clock: clock, fill: ledger => SpendWorld.FillAsync(ledger, clock.GetUtcNow()));

        foreach (var (period, args) in new[] { ("month", new[] { "--since", "month" }), ("last-month", ["--since", "last-month", "--until", "month"]), ("last-month", ["--since", "2026-11", "--until", "2026-12"]) })
        {
            var page = await JsonAsync(gateway, $"/spend.json?period={period}");
            var report = await ReportAsync(gateway, clock, args);
            var total = page["totals"]!["cost_nano_usd"]!.GetValue<long>();
            Assert.True(total > 0);
            Assert.Equal(total / 1e9m, report["totals"]!["cost_usd"]!.GetValue<decimal>());
            Assert.Equal(page["totals"]!["calls"]!.GetValue<long>(), report["totals"]!["calls"]!.GetValue<long>());
            Assert.Equal(total, (await JsonAsync(gateway, $"/overview.json?period={period}"))["cost_nano_usd"]!.GetValue<long>());
        }
    }

    [Fact]
    public async Task Months_of_different_lengths_are_compared_by_the_day_with_both_lengths_said()
    {
        var clock = new ManualClock();
        clock.Advance(TimeSpan.FromDays(11));
        await using var gateway = await DashboardGateway.StartAsync(clock: clock, fill: ledger => SpendWorld.FillAsync(ledger, clock.GetUtcNow()));

        var html = await gateway.PageAsync("/?period=month");
        Assert.Contains("compared with the month before (2026-11): 2.5 days beside 30 days, so sums are compared by the day", html);
        Assert.Contains("a day over 2.5 days; the month before (2026-11): $", html);
        Assert.DoesNotContain("in the compared period", html);
        // A month before the first call cost nothing that anybody could compare with.
        Assert.Contains("no calls were recorded in the month before (2026-10)", await gateway.PageAsync("/?period=last-month"));
        Assert.Contains(">last month</a>", await gateway.PageAsync("/spend?period=month"));
    }

    [Fact]
    public async Task A_row_narrows_what_is_looked_at_until_only_its_calls_are_left()
    {
        await using var gateway = await StartAsync();

        var teams = await gateway.PageAsync("/spend?by=team&period=7d");
        Assert.Contains("href=\"/spend?by=tag&amp;team=team-a&amp;period=7d\"", teams);
        var tags = await gateway.PageAsync("/spend?by=tag&team=team-a&period=7d");
        Assert.Contains("href=\"/spend?by=tier&amp;tag=sort&amp;team=team-a&amp;period=7d\"", tags);
        Assert.Contains("Take away the condition team team-a", tags);
        var models = await gateway.PageAsync("/spend?by=day&tag=sort&tier=small&model=little&period=7d");
        Assert.Contains("href=\"/calls?tag=sort&amp;tier=small&amp;model=little&amp;from=2026-11-22T00:00Z&amp;to=2026-11-22T13:01Z\"", models);

        var all = await JsonAsync(gateway, "/spend.json?by=tag&period=7d");
        var sort = all["rows"]!.AsArray().Single(row => row!["tag"]?.GetValue<string>() == "sort")!["cost_nano_usd"]!.GetValue<long>();
        Assert.Equal(sort, (await JsonAsync(gateway, "/spend.json?by=model&tag=sort&period=7d"))["totals"]!["cost_nano_usd"]!.GetValue<long>());
        var none = all["rows"]!.AsArray().Single(row => row!["tag"] is null)!["cost_nano_usd"]!.GetValue<long>();
        Assert.Equal(none, (await JsonAsync(gateway, "/spend.json?by=model&none=tag&period=7d"))["totals"]!["cost_nano_usd"]!.GetValue<long>());
    }

    [Fact]
    public async Task A_saving_has_its_interval_sample_size_and_baseline_as_on_the_first_page()
    {
        await using var gateway = await StartAsync();

        var (first, spend) = (Saved(await gateway.PageAsync("/?period=7d")), Saved(await gateway.PageAsync("/spend?period=7d")));
        Assert.Contains("of the baseline; ", first);
        Assert.Contains("Baseline: the same tokens, answered once by big (tier frontier)", first);
        Assert.Equal(first, spend);
        Assert.Contains("no 95 % interval here", Saved(await gateway.PageAsync("/spend?period=7d&tier=small")));

        static string Saved(string html) => Regex.Match(html, "<dt>Saved, net of every attempt</dt>.*?</div>", RegexOptions.Singleline).Value;
    }

    [Fact]
    public async Task Unknown_prices_stand_apart_with_their_number()
    {
        await using var gateway = await StartAsync();

        var json = await JsonAsync(gateway, "/spend.json?by=tag&period=7d");
        var unknown = json["totals"]!["unknown_price_attempts"]!.GetValue<long>();
        Assert.Equal(7, unknown);
        var page = await gateway.PageAsync("/spend?by=tag&period=7d");
        Assert.Contains("7 attempts have no known price and stand apart from every amount", page);
        Assert.Contains("unknown_price=true", page);
    }

    [Theory]
    [InlineData("/spend?by=colour", "Nothing is told apart by &quot;colour&quot;")]
    [InlineData("/spend?by=<script>alert(1)</script>", "&lt;script&gt;")]
    [InlineData("/spend?period=fortnight", "period")]
    [InlineData("/spend?from=yesterday", "is no time")]
    [InlineData("/spend?day=2026-02-31", "is no day")]
    [InlineData("/spend?tag=a&tag=b", "is stated 2 times")]
    [InlineData("/spend?tag=a&none=tag", "exclude each other")]
    [InlineData("/spend?none=day", "is not known")]
    [InlineData("/spend.csv?by=colour", "Nothing is told apart by")]
    [InlineData("/spend.json?to=2026-11-22", "to needs a from")]
    [InlineData("/?compare=christmas", "compare")]
    [InlineData("/health?period=-1h", "period")]
    public async Task An_address_that_asks_for_what_cannot_be_is_told_what_would_be_right(string path, string words)
    {
        await using var gateway = await DashboardGateway.StartAsync(clock: new ManualClock());

        using var reply = await gateway.Client.GetAsync(path);
        Assert.Equal(HttpStatusCode.BadRequest, reply.StatusCode);
        var html = await reply.Content.ReadAsStringAsync();
        Assert.Contains(words, html);
        Assert.DoesNotContain("<script>alert", html);
    }

    [Fact]
    public async Task The_name_of_a_tag_is_text_on_every_page_and_no_formula_in_a_file()
    {
        await using var gateway = await StartAsync();

        foreach (var path in (string[])["/?period=7d", "/spend?by=tag", "/spend?by=tag&by=model", $"/spend?by=model&tag={Uri.EscapeDataString(SpendWorld.HostileTag)}"])
        {
            var html = await gateway.PageAsync(path);
            Assert.DoesNotContain("<script>alert", html);
            Assert.Contains("=HYPERLINK(", html);
        }
        var csv = await gateway.Client.GetStringAsync("/spend.csv?by=tag");
        Assert.Contains("\"'=HYPERLINK(\"\"http://evil.example\"\",\"\"<script>alert(1)</script>\"\")\"", csv);
        Assert.DoesNotContain("\r\n=", csv);
        Assert.Contains(SpendWorld.HostileTag, (await JsonAsync(gateway, "/spend.json?by=tag"))["rows"]!.AsArray().Select(row => row!["tag"]?.GetValue<string>()));
    }

    [Fact]
    public async Task A_file_of_comma_separated_values_has_a_line_a_row_and_exact_amounts()
    {
        await using var gateway = await StartAsync();

        using var reply = await gateway.Client.GetAsync("/spend.csv?by=model&period=7d");
        Assert.Equal("text/csv", reply.Content.Headers.ContentType!.MediaType);
        Assert.Equal("rung-spend.csv", reply.Content.Headers.ContentDisposition!.FileName!.Trim('"'));
        var lines = (await reply.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("model,calls,answered,", lines[0]);
        Assert.Equal(3, lines.Length);
        var cells = lines[1].Split(',');
        var (usd, nano) = (Array.IndexOf(lines[0].Split(','), "cost_usd"), Array.IndexOf(lines[0].Split(','), "cost_nano_usd"));
        Assert.Equal(decimal.Parse(cells[usd], CultureInfo.InvariantCulture) * 1_000_000_000m, decimal.Parse(cells[nano], CultureInfo.InvariantCulture));
    }

    private static async Task<JsonNode> JsonAsync(DashboardGateway gateway, string path)
    {
        using var reply = await gateway.Client.GetAsync(path);
        var text = await reply.Content.ReadAsStringAsync();
        Assert.True(reply.StatusCode == HttpStatusCode.OK, $"{path}: {reply.StatusCode}\n{text}");
        return JsonNode.Parse(text)!;
    }

    private static Task<JsonNode> ReportAsync(DashboardGateway gateway, params string[] args) => ReportAsync(gateway, new ManualClock(), args);

    private static async Task<JsonNode> ReportAsync(DashboardGateway gateway, TimeProvider clock, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLine.RunAsync(
            new RootCommand { ReportCommand.Create(clock) }, ["report", "--json", "--data", gateway.DataPath, .. args], new InvocationConfiguration { Output = output, Error = error });
        Assert.True(code == 0, error.ToString());
        return JsonNode.Parse(output.ToString())!;
    }
}
