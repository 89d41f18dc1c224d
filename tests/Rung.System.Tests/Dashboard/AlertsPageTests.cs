using System.Net;
using Rung.Core.Alerts;
using Rung.Storage;

namespace Rung.Tests.Dashboard;

/// <summary>The page of alerts: both axes, one alert's history, silences as acts.</summary>
public sealed class AlertsPageTests
{
    private const string Token = "0123456789abcdef0123456789abcdef";
    private const string Key = "a-gateway-key-of-some-length";

    private const string Policy = """
        version: 1
        tiers: { small: { models: [little] }, frontier: { models: [big] } }
        models:
          little: { provider: openai-compatible, url: "http://127.0.0.1:9/v1", id: little, price: { input: 1, output: 2 } }
          big: { provider: openai-compatible, url: "http://127.0.0.1:9/v1", id: big, price: { input: 10, output: 20 } }
        tags:
          sort: { tier: small, floor: { verdict: judge, at_least: 0.9 }, ceiling: { usd_per_call: 0.01 } }
          half: { tier: small, ceiling: { usd_per_day: 5 } }
        default: { tier: frontier }
        """;

    [Fact]
    public async Task Both_axes_stand_side_by_side_with_what_fires_and_what_is_not_armed()
    {
        await using var gateway = await DashboardGateway.StartAsync(Policy, fill: FireAsync);

        var html = await gateway.PageAsync("/alerts");

        Assert.Contains("1 firing, 0 pending.", html);
        Assert.Contains("judge at least 90&#xA0;%", html);
        Assert.Contains("at most $0.0100 a call", html);
        Assert.Contains("firing: quality below its floor", html);
        Assert.Contains("it has a ceiling but no floor", html);
        Assert.Contains("<code>rung policy diff 1 2</code>", html); // What to do next.
        Assert.Contains("href=\"/alerts/floor%3Asort\"", html);

        var one = await gateway.PageAsync("/alerts/floor%3Asort");
        Assert.Contains("What happened to it, the latest first", one);
        Assert.Contains("fired", one);
        using var none = await gateway.Client.GetAsync("/alerts/floor%3Anone");
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    [Fact]
    public async Task What_an_alert_says_is_text_and_never_markup()
    {
        await using var gateway = await DashboardGateway.StartAsync(Policy, fill: ledger => FireAsync(ledger, "<script>alert('it')</script>", "floor:<b>/x?y#z"));

        Assert.DoesNotContain("<script>alert", await gateway.PageAsync("/alerts"));
        var one = await gateway.PageAsync("/alerts/floor%3A%3Cb%3E/x%3Fy%23z");
        Assert.DoesNotContain("<script>alert", one);
        Assert.DoesNotContain("<b>", one);
        Assert.Contains("floor:&lt;b&gt;/x?y#z", one);
    }

    [Fact]
    public async Task A_silence_is_made_and_ended_under_the_operators_name()
    {
        await using var gateway = await DashboardGateway.StartAsync(Policy, operators: $"anna={Token}", key: Key, fill: FireAsync);
        await SignInAsync(gateway, Token);

        using var made = await gateway.ActAsync("/alerts", "/alerts/silences", ("tag", "sort"), ("for", "4h"), ("why", "a known fault"));
        Assert.Contains("It covers 1 open alert.", await made.Content.ReadAsStringAsync());
        var silence = Assert.Single(await gateway.Ledger.ListSilencesAsync(DateTimeOffset.UtcNow, default));
        Assert.Equal(("sort", "anna", "a known fault", 4.0), (silence.Tag, silence.Who, silence.Why, (silence.Until - silence.From).TotalHours));
        Assert.Contains("(1 more silenced)", await gateway.PageAsync("/alerts"));

        using var ended = await gateway.ActAsync("/alerts", $"/alerts/silences/{silence.Id}/end");
        Assert.Contains("was ended by anna", await ended.Content.ReadAsStringAsync());
        Assert.Equal("anna", (await gateway.Ledger.FindSilenceAsync(silence.Id, default))!.EndedBy);
        using var again = await gateway.ActAsync("/alerts", $"/alerts/silences/{silence.Id}/end");
        Assert.Contains("done already", await again.Content.ReadAsStringAsync());
        using var none = await gateway.ActAsync("/alerts", "/alerts/silences/99/end");
        Assert.Contains("or it is over already", await none.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_silence_of_everything_or_without_a_token_or_with_a_key_alone_is_none()
    {
        await using var gateway = await DashboardGateway.StartAsync(Policy, operators: $"anna={Token}", key: Key, fill: FireAsync);
        await SignInAsync(gateway, Token);
        using var everything = await gateway.ActAsync("/alerts", "/alerts/silences", ("for", "4h"), ("why", "quiet"));
        Assert.Contains("A silence of everything would hide what nobody thought of", await everything.Content.ReadAsStringAsync());
        using var forged = await gateway.Client.PostAsync("/alerts/silences", new FormUrlEncodedContent([new("tag", "sort"), new("for", "4h"), new("why", "quiet")]));
        Assert.Equal(HttpStatusCode.Forbidden, forged.StatusCode);

        await SignInAsync(gateway, Key);
        Assert.Contains("disabled", await gateway.PageAsync("/alerts"));
        using var looker = await gateway.ActAsync("/alerts", "/alerts/silences", ("tag", "sort"), ("for", "4h"), ("why", "quiet"));
        Assert.Equal(HttpStatusCode.Forbidden, looker.StatusCode);
        Assert.Empty(await gateway.Ledger.ListSilencesAsync(DateTimeOffset.UtcNow, default));
    }

    internal static async Task SignInAsync(DashboardGateway gateway, string token)
    {
        using var reply = await gateway.Client.PostAsync("/sign-in", new FormUrlEncodedContent([new("token", token), new("to", "/health")]));
        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
    }

    private static Task FireAsync(Ledger ledger) => FireAsync(ledger, "quality dropped on tier small of sort", "floor:sort");

    private static async Task FireAsync(Ledger ledger, string summary, string key)
    {
        var now = DateTimeOffset.UtcNow;
        var observed = new AlertBook(new AlertTimes(), []).Observe(
            [new AlertCondition { Key = key, Kind = AlertKind.QualityFloor, Severity = AlertSeverity.Critical, Tag = "sort", Since = now.AddHours(-1), Cause = "revision 2 moved it", Next = "rung policy diff 1 2", Summary = summary }],
            [], now);
        await ledger.SaveAlertsAsync(observed.Changed, observed.Transitions, default);
    }
}
