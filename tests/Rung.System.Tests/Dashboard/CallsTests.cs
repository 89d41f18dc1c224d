using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Rung.Control.Calls;
using Rung.Core.Spans;
using Rung.Storage.Content;
using Rung.Storage.Reports;

namespace Rung.Tests.Dashboard;

/// <summary>Calls and sessions as pages, and <c>GET /rung/calls</c>, through a whole gateway.</summary>
public sealed partial class CallsTests
{
    private const string Hostile = "<script>alert('x')</script>\"'&";
    private static readonly DateTimeOffset Begin = new(2026, 11, 20, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task The_sum_over_all_pages_of_calls_is_the_report_to_the_nano_dollar()
    {
        var calls = Many(237);
        await using var gateway = await DashboardGateway.StartAsync(fill: ledger => ledger.AppendAsync(calls, CancellationToken.None));

        var (ids, cost, unknown) = (new List<string>(), 0m, 0L);
        string? next = null;
        do
        {
            var page = await JsonAsync(gateway, $"/rung/calls?limit=50{(next is null ? "" : $"&after={next}")}");
            foreach (var call in page.GetProperty("calls").EnumerateArray())
            {
                ids.Add(call.GetProperty("id").GetString()!);
                cost += call.GetProperty("cost_usd").GetDecimal();
                unknown += call.GetProperty("unknown_price_attempts").GetInt64();
            }
            next = page.TryGetProperty("next", out var place) ? place.GetString() : null;
        }
        while (next is not null);

        var report = await gateway.Ledger.ReportAsync(new ReportQuery(), CancellationToken.None);
        Assert.Equal(calls.Select(call => call.Id).Reverse(), ids);
        Assert.Equal(report.Totals.CostNanoUsd, cost * 1_000_000_000m);
        Assert.Equal(report.Totals.UnknownPriceAttempts, unknown);
        Assert.NotEqual(0, unknown);
    }

    [Fact]
    public async Task Calls_are_found_by_what_they_are_and_a_bad_question_is_told_what_would_be_right()
    {
        await using var gateway = await DashboardGateway.StartAsync(fill: ledger => ledger.AppendAsync(Many(40), CancellationToken.None));

        Assert.Equal(4, (await JsonAsync(gateway, "/rung/calls?escalated=true&tag=sort")).GetProperty("calls").GetArrayLength());
        Assert.Equal(8, (await JsonAsync(gateway, "/rung/calls?session=run-3")).GetProperty("calls").GetArrayLength());
        Assert.Equal(1, (await JsonAsync(gateway, "/rung/calls?min_cost_usd=0.000039&min_ms=1")).GetProperty("calls").GetArrayLength());
        using var bad = await gateway.Client.GetAsync("/rung/calls?status=fine");
        Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
        Assert.Contains("answered_unverified", await bad.Content.ReadAsStringAsync());
        using var post = await gateway.Client.PostAsync("/rung/calls", null);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
        using var elsewhere = new HttpRequestMessage(HttpMethod.Get, "/rung/calls");
        elsewhere.Headers.Host = "evil.example";
        using var refused = await gateway.Client.SendAsync(elsewhere);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Fact]
    public async Task The_form_of_a_search_keeps_all_that_was_searched_for_but_the_place()
    {
        await using var gateway = await DashboardGateway.StartAsync();
        var given = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["since"] = "7d", ["until"] = "1h", ["untagged"] = "true", ["tier"] = "small", ["revision"] = "1", ["status"] = "answered", ["escalated"] = "true", ["failed_over"] = "false", ["unknown_price"] = "true",
            ["min_cost_usd"] = "0.5", ["min_ms"] = "7", ["limit"] = "9", ["after"] = new string('a', 32),
        };
        var page = await gateway.PageAsync("/calls?" + string.Join('&', CallSearchForm.Fields.Where(name => name != "tag").Select(name => $"{name}={given.GetValueOrDefault(name, "a" + name)}")));
        var form = page[page.IndexOf("<form class=\"row\"", StringComparison.Ordinal)..];
        form = form[..form.IndexOf("</form>", StringComparison.Ordinal)];

        var named = NameOfField().Matches(form).Select(match => match.Groups["name"].Value).ToList();
        Assert.Equal(CallSearchForm.Fields.Except(["untagged", "after"]).Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal)); // Those without a tag are asked for by the tag's own field.
        foreach (var name in named) Assert.Contains(name == "tag" ? "value=\"(none)\"" : $"value=\"{given.GetValueOrDefault(name, "a" + name)}\"", form);
    }

    [Fact]
    public async Task With_keys_calls_are_for_those_who_have_one()
    {
        const string Key = "a-gateway-key-of-some-length";
        await using var gateway = await DashboardGateway.StartAsync(key: Key);

        using var stranger = await gateway.Client.GetAsync("/rung/calls");
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
        gateway.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        Assert.Equal(0, (await JsonAsync(gateway, "/rung/calls")).GetProperty("calls").GetArrayLength());
    }

    [Fact]
    public async Task The_list_filters_goes_on_to_older_ones_and_has_the_same_as_files()
    {
        await using var gateway = await DashboardGateway.StartAsync(fill: ledger => ledger.AppendAsync(Many(60), CancellationToken.None));

        var html = await gateway.PageAsync("/calls?tag=sort&limit=5");
        Assert.Equal(5, Count(html, "<tr>") - 1);
        Assert.Contains("id=\"older\"", html);
        var older = WebUtility.HtmlDecode(Between(html, "id=\"older\" href=\"", "\""));
        Assert.Contains("tag=sort", older);
        Assert.Contains("newest", await gateway.PageAsync(older));
        var csv = await gateway.Client.GetStringAsync("/calls.csv?tag=sort&limit=5");
        Assert.Equal(6, csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(5, (await JsonAsync(gateway, "/calls.json?tag=sort&limit=5")).GetProperty("calls").GetArrayLength());
        using var bad = await gateway.Client.GetAsync("/calls?since=whenever");
        Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
        Assert.Contains("since &quot;whenever&quot; cannot be read", await bad.Content.ReadAsStringAsync());
        Assert.Contains("No call matches", await gateway.PageAsync("/calls?tag=never-used"));
    }

    [Fact]
    public async Task A_call_shows_its_attempts_in_time_with_reasons_checks_and_money()
    {
        var call = Many(1)[0];
        await using var gateway = await DashboardGateway.StartAsync(fill: ledger => ledger.AppendAsync([call], CancellationToken.None));

        var html = await gateway.PageAsync($"/calls/{call.Id}");

        Assert.Contains("One rung up: little gave an answer that failed max_chars.", WebUtility.HtmlDecode(html));
        Assert.Contains("class=\"time-bar\"", html);
        Assert.Contains("href=\"/sessions/run-0\"", html);
        Assert.Contains("href=\"/policy/history/1\"", html);
        Assert.Contains("Nothing was kept of what was asked", html);
        Assert.DoesNotContain("style=", html);
        Assert.Equal(call.Id, (await JsonAsync(gateway, $"/calls/{call.Id}/call.json")).GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("/calls/0198c0de00007000800000000000ffff")]
    [InlineData("/calls/not-an-id")]
    [InlineData("/sessions/nobody")]
    [InlineData("/sessions")]
    [InlineData("/audit/runs/0123456789abcdef")]
    public async Task What_is_not_there_gets_a_page_that_says_so(string path)
    {
        await using var gateway = await DashboardGateway.StartAsync();

        using var reply = await gateway.Client.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, reply.StatusCode);
        Assert.Contains("<h1>", await reply.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Nothing_that_came_from_a_client_is_ever_HTML_or_a_formula()
    {
        var call = Call(1, Hostile, "=cmd|' /C calc'!A0");
        call.Reason = Hostile;
        await using var gateway = await DashboardGateway.StartAsync(withContent: true, fill: ledger => ledger.AppendAsync([call], CancellationToken.None));
        await gateway.Content!.AppendCapturesAsync([new CapturedCall
        {
            CallId = call.Id, StartedAt = call.StartedAt, ExpiresAt = TimeProvider.System.GetUtcNow().AddDays(1), Route = "t", SampledAt = 1, DataClass = Hostile,
            Request = JsonSerializer.SerializeToUtf8Bytes(new { messages = new[] { new { role = Hostile, content = Hostile } } }),
            Answers = [new CapturedAnswer { Ordinal = 0, Model = Hostile, Tier = "small", Served = true, Passed = false, Message = JsonSerializer.SerializeToUtf8Bytes(new { content = Hostile }) }],
        }], CancellationToken.None);

        foreach (var path in new[] { "/calls", $"/calls?tag={Uri.EscapeDataString(Hostile)}", $"/calls/{call.Id}", $"/sessions/{Uri.EscapeDataString(call.Session!)}", $"/calls?since={Uri.EscapeDataString(Hostile)}" })
        {
            using var reply = await gateway.Client.GetAsync(path);
            var html = await reply.Content.ReadAsStringAsync();
            Assert.DoesNotContain("<script>alert", html);
            Assert.Contains(path.StartsWith("/sessions", StringComparison.Ordinal) ? "=cmd|" : "&lt;script&gt;", html);
        }
        Assert.Contains("\"'=cmd|' /C calc'!A0\"".Replace("\"", "", StringComparison.Ordinal), await gateway.Client.GetStringAsync("/calls.csv"));
    }

    [Theory]
    [InlineData("a/b/../c")]
    [InlineData("a%2Fb")]
    [InlineData("?x=1#y")]
    [InlineData("..")]
    [InlineData("日本 語")]
    [InlineData("tab\tand\nline")]
    public async Task A_session_may_be_called_anything(string session)
    {
        var call = Call(1, "sort", session);
        await using var gateway = await DashboardGateway.StartAsync(fill: ledger => ledger.AppendAsync([call, Call(2, "sort", "another")], CancellationToken.None));
        var link = WebUtility.HtmlDecode(Between(await gateway.PageAsync($"/calls/{call.Id}"), "<dt>Session</dt><dd> <a href=\"", "\""));

        // As a browser does it: what is encoded stays encoded.
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Url.GetLeftPart(UriPartial.Authority) + link, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        using var reply = await gateway.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        var html = await reply.Content.ReadAsStringAsync();
        Assert.Contains($"href=\"/calls/{call.Id}\"", html);
        Assert.DoesNotContain("another", html);
    }

    [Fact]
    public async Task A_session_is_the_run_of_an_agent_with_cost_by_role()
    {
        await using var gateway = await DashboardGateway.StartAsync(fill: ledger => ledger.AppendAsync(Many(40), CancellationToken.None));

        var html = await gateway.PageAsync("/sessions/run-3");

        Assert.Contains(">planner</a>", html);
        Assert.Contains(">worker</a>", html);
        Assert.Contains("no call for", html);
        Assert.Contains("<meter", html);
        Assert.DoesNotContain("style=", html);
    }

    [Fact]
    public async Task Content_is_for_operators_and_not_for_those_who_only_have_a_key()
    {
        const string Key = "a-gateway-key-of-some-length", Token = "0123456789abcdef0123456789abcdef";
        var call = Call(1, "sort", "s");
        await using var gateway = await DashboardGateway.StartAsync(key: Key, operators: $"anna={Token}", withContent: true, fill: ledger => ledger.AppendAsync([call], CancellationToken.None));
        await gateway.Content!.AppendCapturesAsync([new CapturedCall
        {
            CallId = call.Id, StartedAt = call.StartedAt, ExpiresAt = TimeProvider.System.GetUtcNow().AddDays(1), Route = "t", SampledAt = 1,
            Request = Encoding.UTF8.GetBytes("""{"messages":[{"role":"user","content":"a secret question"}]}"""), Answers = [],
        }], CancellationToken.None);

        gateway.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        var looked = await gateway.PageAsync($"/calls/{call.Id}");
        gateway.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        var read = await gateway.PageAsync($"/calls/{call.Id}");

        Assert.DoesNotContain("a secret question", looked);
        Assert.Contains("shown to operators only", looked);
        Assert.Contains("a secret question", read);
    }

    private static List<CallRecord> Many(int count) => [.. Enumerable.Range(0, count).Select(number => Call(number, number % 2 == 0 ? "sort" : "answer", $"run-{number % 5}", climbs: number % 10 is 0 or 5))];

    private static CallRecord Call(int number, string tag, string session, bool climbs = false)
    {
        var at = Begin.AddSeconds(7 * number);
        var isUnknown = number % 7 == 3;
        var attempts = new List<AttemptRecord> { Attempt(0, "little", "small", climbs ? AttemptOutcome.CheckFailed : AttemptOutcome.Completed, at, isUnknown ? null : 1_001 * number) };
        if (climbs)
        {
            attempts[0].Checks = [new CheckVerdict("max_chars", false, "too long")];
            attempts.Add(Attempt(1, "big", "frontier", AttemptOutcome.Completed, at.AddMilliseconds(900), 17));
        }
        return new CallRecord
        {
            Id = $"{at.ToUnixTimeMilliseconds():x12}70008000{number.ToString("x12", CultureInfo.InvariantCulture)}", StartedAt = at, Tag = tag, Session = session, Role = number % 3 == 0 ? "planner" : "worker",
            Route = tag, PolicyRevision = 1, PolicyHash = new string('a', 64), Status = CallStatus.Answered, HttpStatus = 200, LatencyMicros = 2_000_000, Tier = attempts[^1].Tier, Model = attempts[^1].Model,
            CostNanoUsd = attempts.Sum(attempt => attempt.CostNanoUsd ?? 0), UnknownPriceAttempts = attempts.Count(attempt => attempt.CostNanoUsd is null), BaselineNanoUsd = 1_000_000, BaselineModel = "big", Attempts = attempts,
        };
    }

    private static AttemptRecord Attempt(int ordinal, string model, string tier, AttemptOutcome outcome, DateTimeOffset at, long? cost) => new()
    {
        Ordinal = ordinal, Kind = ordinal == 0 ? AttemptKind.First : AttemptKind.Escalation, Model = model, Provider = "p", Tier = tier, Propensity = 1, StartedAt = at, Outcome = outcome, HttpStatus = 200,
        LatencyMicros = 900_000, Usage = new TokenUsage { Input = 100, Output = 20, Source = UsageSource.Provider }, CostNanoUsd = cost,
    };

    private static async Task<JsonElement> JsonAsync(DashboardGateway gateway, string path) => JsonDocument.Parse(await gateway.Client.GetStringAsync(path)).RootElement;

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private static string Between(string text, string before, string after)
    {
        var at = text.IndexOf(before, StringComparison.Ordinal);
        Assert.True(at >= 0, $"\"{before}\" is not in:\n{text}");
        var begin = at + before.Length;
        return text[begin..text.IndexOf(after, begin, StringComparison.Ordinal)];
    }

    [GeneratedRegex(""" name="(?<name>[^"]+)""")]
    private static partial Regex NameOfField();
}
