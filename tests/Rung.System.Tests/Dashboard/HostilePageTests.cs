using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Rung.Control.Reviews;
using Rung.Control.Tests.Reviews;
using Rung.Core.Spans;
using Rung.Storage.Content;

namespace Rung.Tests.Dashboard;

/// <summary>What a page of elsewhere, somebody with a mere key, and hostile names of tags can do: nothing.</summary>
public sealed partial class HostilePageTests
{
    private const string Token = "0123456789abcdef0123456789abcdef";
    private const string Key = "a-gateway-key-of-some-length";
    private const string Formula = "=cmd|' /C calc'!A0\r\nSet-Cookie: a=b";

    private static readonly string[] s_acts =
    [
        "/alerts/silences", "/alerts/silences/1/end", "/policy/history/1/roll-back", "/rollouts/freeze", "/rollouts/unfreeze", "/rollouts/1/advance", "/rollouts/1/hold", "/rollouts/1/resume",
        "/rollouts/1/rollback", "/reviews/name", "/reviews/1", "/reviews/1/withdraw", "/audit/uploads", "/audit/runs/1/stop",
    ];

    private static readonly string[] s_pages =
    [
        "/", "/overview.csv", "/overview.json", "/spend", "/spend.csv", "/spend.json", "/calls", "/calls.csv", "/calls.json", "/policy", "/policy.json", "/policy/history", "/policy/history.json",
        "/policy/history/1", "/policy/explain?tag=label", "/rollouts", "/rollouts.json", "/evidence", "/reviews", "/alerts", "/audit", "/audit/report.json", "/audit/jobs.csv", "/health",
    ];

    [Fact]
    public async Task No_act_is_taken_without_the_session_its_token_and_its_own_origin()
    {
        await using var gateway = await DashboardGateway.StartAsync(key: Key, operators: $"anna={Token},ben=fedcba9876543210fedcba9876543210", withContent: true);
        using var anna = await SignedInAsync(gateway, Token);
        using var other = await SignedInAsync(gateway, Token);
        using var keyed = await SignedInAsync(gateway, Key);
        using var stranger = gateway.Browser(follow: false);
        var (mine, others, keys) = (await TokenOfAsync(anna), await TokenOfAsync(other), await TokenOfAsync(keyed));
        var origin = gateway.Url.GetLeftPart(UriPartial.Authority);

        foreach (var act in s_acts)
        {
            await RefusedAsync(anna, act, token: null);
            await RefusedAsync(anna, act, others);
            await RefusedAsync(anna, act, mine, ("Origin", "https://evil.example"));
            await RefusedAsync(anna, act, mine, ("Origin", "null"));
            await RefusedAsync(anna, act, mine, ("Origin", origin + "0")); // Another port is another origin, though cookies do not know it.
            await RefusedAsync(anna, act, mine, ("Sec-Fetch-Site", "cross-site"));
            await RefusedAsync(anna, act, mine, ("Sec-Fetch-Site", "same-site"));
            await RefusedAsync(keyed, act, keys);
            await RefusedAsync(stranger, act, mine, ("Authorization", $"Bearer {Key}"));
            using var nobody = await PostAsync(stranger, act, mine);
            Assert.True(nobody.StatusCode == HttpStatusCode.Unauthorized, $"{act}: {nobody.StatusCode}");
            using var got = await anna.GetAsync($"{act}?_token={mine}&why=x&for=4h&tag=sort&verdict=good");
            Assert.True(got.StatusCode is HttpStatusCode.OK or HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.Conflict, $"GET {act}: {got.StatusCode}");
        }

        Assert.Empty(await gateway.Ledger.ListSilencesAsync(DateTimeOffset.UtcNow, default));
        Assert.Empty(await gateway.Ledger.ListFreezesAsync(10, default));
        Assert.Single(await gateway.Ledger.ListRevisionsAsync(default));
        // The form itself is right: with its own session, token and origin it is taken.
        using var taken = await PostAsync(anna, "/rollouts/freeze", mine, ("Origin", origin), ("Sec-Fetch-Site", "same-origin"));
        Assert.Equal(HttpStatusCode.SeeOther, taken.StatusCode);
        Assert.Equal("anna", (await gateway.Ledger.ReadFreezeAsync(default))!.By); // And not what the form says.
        // Signing out from elsewhere ends nothing.
        using var left = await PostAsync(anna, "/sign-out", mine, ("Sec-Fetch-Site", "cross-site"));
        Assert.False(left.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Who_has_a_key_alone_is_shown_no_prompt_and_no_answer_in_any_form()
    {
        var clock = new ReviewWorld.HandClock(ReviewWorld.Monday.AddDays(8));
        await using var gateway = await DashboardGateway.StartAsync(
            key: Key, operators: $"anna={Token}", withContent: true, clock: clock, fill: ledger => ledger.AppendAsync([.. Enumerable.Range(0, 50).Select(i => Call(ReviewWorld.Id(i), ReviewWorld.Monday.AddMinutes(i), Formula))], default));
        await gateway.Content!.AppendCapturesAsync([.. Enumerable.Range(0, 50).Select(i => ReviewWorld.Call(i))], default);
        await new ReviewPlanner(gateway.Content, gateway.Ledger, clock).PlanWeekAsync(ReviewWorld.Request(), ReviewWorld.Week, default);
        var item = (await new ReviewDesk(gateway.Content, gateway.Ledger, clock).NextAsync(new ReviewTurn { Reviewer = "ben" }, default))!.Item.Id;
        using var keyed = await SignedInAsync(gateway, Key);
        var call = $"/calls/{ReviewWorld.Id(1)}";
        string[] closed = ["/reviews/next", $"/reviews/{item}"];

        foreach (var path in s_pages.Concat([call, $"{call}/call.json", "/sessions/run-1"]).Concat(closed))
        {
            using var reply = await keyed.GetAsync(path);
            var text = await reply.Content.ReadAsStringAsync();
            Assert.True(path.StartsWith("/audit/", StringComparison.Ordinal) || reply.StatusCode == (closed.Contains(path) ? HttpStatusCode.Forbidden : HttpStatusCode.OK), $"{path}: {reply.StatusCode}");
            Assert.DoesNotMatch("Label it\\.|question [0-9]|(small|large) [0-9]+\\b.*assistant", text);
            Assert.True(reply.Headers.CacheControl is { NoStore: true }, path);
            Assert.True(reply.Headers.Contains("Content-Security-Policy"), path);
            Assert.False(reply.Headers.TryGetValues("Set-Cookie", out var cookies) && cookies.Any(cookie => cookie.StartsWith("a=", StringComparison.Ordinal)), path);
            if (reply.Content.Headers.ContentType?.MediaType == "text/html") Assert.DoesNotContain("<b>tag", text);

            using var asked = new HttpRequestMessage(HttpMethod.Head, path);
            using var head = await keyed.SendAsync(asked);
            Assert.True(head.StatusCode == reply.StatusCode || path.StartsWith("/audit/", StringComparison.Ordinal), $"HEAD {path}: {head.StatusCode}");
            Assert.Empty(await head.Content.ReadAsStringAsync());
        }

        // An operator reads it, so the test above looks for the right words.
        using var anna = await SignedInAsync(gateway, Token);
        Assert.Contains("question 1", await anna.GetStringAsync(call));
        // In a spreadsheet the tag is no formula, and no line of its own.
        var csv = await anna.GetStringAsync("/calls.csv?limit=5");
        Assert.Contains("\"'=cmd|", csv);
        Assert.DoesNotMatch("(^|,|\")=cmd", csv);
        Assert.Contains("\"'=cmd|", await anna.GetStringAsync("/spend.csv?by=tag&period=30d"));
    }

    [Fact]
    public async Task Forms_that_come_slowly_and_readers_who_do_not_read_keep_nobody_from_the_pages()
    {
        await using var gateway = await DashboardGateway.StartAsync(key: Key, fill: ledger => ledger.AppendAsync([.. Enumerable.Range(0, 200).Select(i => Call(ReviewWorld.Id(i), DateTimeOffset.UtcNow.AddMinutes(-i), "sort"))], default));
        var slow = new List<TcpClient>();
        try
        {
            // More of each than pages are made at once, and more pages asked for than a socket's buffers hold.
            foreach (var i in Enumerable.Range(0, 12))
            {
                slow.Add(await SendAsync(gateway, $"POST /rollouts/freeze HTTP/1.1\r\nHost: {gateway.Url.Authority}\r\nAuthorization: Bearer {Key}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 200000\r\n\r\nwhy=x"));
                slow.Add(await SendAsync(gateway, string.Concat(Enumerable.Repeat($"GET /?period=30d HTTP/1.1\r\nHost: {gateway.Url.Authority}\r\nAuthorization: Bearer {Key}\r\n\r\n", 60))));
                slow.Add(await SendAsync(gateway, string.Concat(Enumerable.Repeat($"GET /rung/calls?limit=500 HTTP/1.1\r\nHost: {gateway.Url.Authority}\r\nAuthorization: Bearer {Key}\r\n\r\n", 60))));
            }
            using var keyed = await SignedInAsync(gateway, Key);
            foreach (var path in new[] { "/policy", "/health", "/rung/calls?limit=1" })
            {
                using var asked = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Authorization = new("Bearer", Key) } };
                using var reply = await AnsweredAsync(keyed, asked);
                Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
            }
        }
        finally
        {
            slow.ForEach(client => client.Dispose());
        }

        static async Task<TcpClient> SendAsync(DashboardGateway gateway, string text)
        {
            var client = new TcpClient { ReceiveBufferSize = 4096 };
            await client.ConnectAsync(gateway.Url.Host, gateway.Url.Port);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text));
            return client;
        }

        // While the first of them are made, a JSON page may say 429; it says so for a moment, and not for as long as they do not read.
        static async Task<HttpResponseMessage> AnsweredAsync(HttpClient client, HttpRequestMessage asked)
        {
            for (var i = 0; ; i++)
            {
                using var again = new HttpRequestMessage(asked.Method, asked.RequestUri) { Headers = { Authorization = asked.Headers.Authorization } };
                var reply = await client.SendAsync(again);
                if (reply.StatusCode != HttpStatusCode.TooManyRequests || i == 100) return reply;
                reply.Dispose();
                await Task.Delay(100);
            }
        }
    }

    [Fact]
    public async Task A_page_of_elsewhere_loads_nothing_and_empties_no_queue()
    {
        await using var gateway = await DashboardGateway.StartAsync();
        async Task<int> StatusAsync(string path, string site, string dest)
        {
            using var asked = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Sec-Fetch-Site", site }, { "Sec-Fetch-Dest", dest } } };
            using var reply = await gateway.Client.SendAsync(asked);
            return (int)reply.StatusCode;
        }

        foreach (var path in new[] { "/", "/spend", "/calls.json", "/reviews/next" })
        {
            Assert.Equal(403, await StatusAsync(path, "cross-site", "image"));
            Assert.Equal(403, await StatusAsync(path, "same-site", "iframe"));
        }
        Assert.Equal((200, 200), (await StatusAsync("/", "cross-site", "document"), await StatusAsync("/", "same-origin", "empty")));
        foreach (var path in new[] { "/rung/calls", "/rung/alerts", "/rung/reviews/next?reviewer=b" }) Assert.Equal(403, await StatusAsync(path, "cross-site", "document"));
        Assert.Equal(200, await StatusAsync("/rung/calls", "none", "document"));
    }

    [Fact]
    public async Task A_time_of_centuries_is_refused_with_a_way_on()
    {
        await using var gateway = await DashboardGateway.StartAsync();
        foreach (var path in new[] { "/?from=0001-01-01&to=9999-12-31", "/spend?by=day&from=1970-01-01" })
        {
            using var reply = await gateway.Client.GetAsync(path);
            Assert.Equal(HttpStatusCode.BadRequest, reply.StatusCode);
            Assert.Contains("longer than 1100 days", await reply.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task A_parameter_that_is_not_known_is_told_and_not_passed_over()
    {
        await using var gateway = await DashboardGateway.StartAsync();
        using var reply = await gateway.Client.GetAsync("/rung/calls?from=2026-10-01");

        Assert.Equal(HttpStatusCode.BadRequest, reply.StatusCode);
        Assert.Contains("no parameter \\\"from\\\"", await reply.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Forms_that_are_too_large_of_unknown_length_or_broken_are_refused_and_say_so()
    {
        await using var gateway = await DashboardGateway.StartAsync(operators: $"anna={Token}");
        using var anna = await SignedInAsync(gateway, Token);
        var token = await TokenOfAsync(anna);

        using var large = await anna.PostAsync("/rollouts/freeze", new FormUrlEncodedContent([new("_token", token), new("why", new string('x', 300_000))]));
        Assert.Equal(HttpStatusCode.BadRequest, large.StatusCode);
        using var chunked = new HttpRequestMessage(HttpMethod.Post, "/rollouts/freeze") { Content = new StringContent($"_token={token}&why=x", Encoding.UTF8, "application/x-www-form-urlencoded") };
        chunked.Headers.TransferEncodingChunked = true;
        using var unknown = await anna.SendAsync(chunked);
        Assert.Equal(HttpStatusCode.BadRequest, unknown.StatusCode);
        using var many = await anna.PostAsync("/rollouts/freeze", new FormUrlEncodedContent([new("_token", token), .. Enumerable.Range(0, 3000).Select(i => KeyValuePair.Create($"f{i}", "x"))]));
        Assert.Equal(HttpStatusCode.BadRequest, many.StatusCode);
        using var broken = await anna.PostAsync("/rollouts/freeze", new StringContent("nonsense", Encoding.UTF8, new MediaTypeHeaderValue("multipart/form-data") { Parameters = { new("boundary", "x") } }));
        Assert.Equal(HttpStatusCode.BadRequest, broken.StatusCode);
        using var json = await anna.PostAsync("/rollouts/freeze", new StringContent("{}", Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, json.StatusCode);
        using var wordy = await anna.PostAsync("/alerts/silences", new FormUrlEncodedContent([new("_token", token), new("tag", "sort"), new("for", "4h"), new("why", new string('x', 2000))]));
        Assert.Contains("at most 1000 characters", await (await anna.GetAsync(wordy.Headers.Location)).Content.ReadAsStringAsync());
        using var wide = await anna.PostAsync("/alerts/silences", new FormUrlEncodedContent([new("_token", token), new("tag", new string('x', 2000)), new("for", "4h"), new("why", "x"), new("back", "/alerts/\r\nSet-Cookie: a=b")]));
        Assert.Equal(HttpStatusCode.SeeOther, wide.StatusCode);
        Assert.StartsWith("/?notice=", wide.Headers.Location!.OriginalString);
        Assert.False(wide.Headers.Contains("Set-Cookie"));
        Assert.Empty(await gateway.Ledger.ListFreezesAsync(10, default));
        Assert.Empty(await gateway.Ledger.ListSilencesAsync(DateTimeOffset.UtcNow, default));
    }

    [Fact]
    public async Task Two_gateways_of_a_machine_leave_each_others_sessions_alone()
    {
        await using var one = await DashboardGateway.StartAsync();
        await using var two = await DashboardGateway.StartAsync();
        // One browser: cookies know hosts, not ports.
        using var browser = new HttpClient(new HttpClientHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = false });

        var token = TokenField().Match(await browser.GetStringAsync(new Uri(one.Url, "/rollouts"))).Groups["token"].Value;
        await browser.GetStringAsync(new Uri(two.Url, "/rollouts"));
        using var act = await browser.PostAsync(new Uri(one.Url, "/rollouts/freeze"), new FormUrlEncodedContent([new("_token", token), new("why", "a test")]));
        Assert.Equal(HttpStatusCode.SeeOther, act.StatusCode);
        using var foreign = await browser.PostAsync(new Uri(two.Url, "/rollouts/freeze"), new FormUrlEncodedContent([new("_token", token), new("why", "a test")]));
        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);

        // No path leads to another server, and none is served under two names.
        foreach (var path in new[] { "//evil.example/", "//spend", "/%2F/evil.example", "/\\evil.example", "/spend//", "/..//evil.example" })
        {
            using var reply = await browser.GetAsync(new Uri(one.Url.GetLeftPart(UriPartial.Authority) + path));
            Assert.False(reply.Headers.Location?.OriginalString is ['/', '/' or '\\', ..] or ['h', ..], $"{path}: {reply.Headers.Location}");
            Assert.DoesNotContain("href=\"//", await reply.Content.ReadAsStringAsync());
        }
    }

    private static CallRecord Call(string id, DateTimeOffset at, string tag) => new()
    {
        Id = id, StartedAt = at, Tag = tag, Session = "run-1", Role = "<b>tag", Route = "label", Tier = "small", PolicyRevision = 1, PolicyHash = new string('a', 64), Status = CallStatus.Answered, HttpStatus = 200, LatencyMicros = 1000,
    };

    private static async Task<HttpClient> SignedInAsync(DashboardGateway gateway, string token)
    {
        var browser = gateway.Browser(follow: false);
        using var reply = await browser.PostAsync("/sign-in", new FormUrlEncodedContent([new("token", token), new("to", "/")]));
        Assert.Equal(HttpStatusCode.Redirect, reply.StatusCode);
        return browser;
    }

    private static async Task<string> TokenOfAsync(HttpClient browser) => TokenField().Match(await browser.GetStringAsync("/rollouts")).Groups["token"].Value;

    private static async Task RefusedAsync(HttpClient browser, string act, string? token, params (string Name, string Value)[] headers)
    {
        using var reply = await PostAsync(browser, act, token, headers);
        Assert.True(reply.StatusCode == HttpStatusCode.Forbidden, $"{act} {string.Join(' ', headers)}: {reply.StatusCode}");
        Assert.Contains("Nothing was changed", await reply.Content.ReadAsStringAsync());
    }

    // The token stands in the form, and for an upload in the address.
    private static async Task<HttpResponseMessage> PostAsync(HttpClient browser, string act, string? token, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, token is null || !act.EndsWith("/uploads", StringComparison.Ordinal) ? act : $"{act}?_token={token}")
        {
            Content = new FormUrlEncodedContent([new("_token", token ?? ""), new("why", "a test"), new("for", "4h"), new("tag", "sort"), new("verdict", "good"), new("reviewer", "mallory"), new("by", "mallory")]),
        };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await browser.SendAsync(request);
    }

    [GeneratedRegex("""name="_token" value="(?<token>[^"]+)""")]
    private static partial Regex TokenField();
}
