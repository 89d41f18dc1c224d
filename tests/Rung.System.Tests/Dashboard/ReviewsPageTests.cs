using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Rung.Control.Reviews;
using Rung.Control.Tests.Reviews;
using Rung.Storage.Content;

namespace Rung.Tests.Dashboard;

/// <summary>Reviews on the page: blind before the verdict, text only, acts with rights, under a name.</summary>
public sealed partial class ReviewsPageTests
{
    private const string Token = "0123456789abcdef0123456789abcdef";
    private const string Key = "a-gateway-key-of-some-length";

    [Fact]
    public async Task Before_the_verdict_no_model_and_no_reason_is_in_the_page_and_after_it_they_are()
    {
        await using var gateway = await StartAsync(i => 3 * i); // All of them climbed: pairs.
        await NameAsync(gateway, "ana");

        var blind = await gateway.PageAsync("/reviews/next?tag=label");
        Assert.Contains("Which answer is better?", blind);
        Assert.Contains("question ", blind);
        Assert.DoesNotContain("-model", blind);
        Assert.DoesNotContain("a check failed", blind);
        Assert.DoesNotContain("two answers differ", blind);
        var item = ItemOf(blind);
        Assert.DoesNotContain((await gateway.Content!.FindReviewItemAsync(item, default))!.CallId!, blind);
        Assert.DoesNotContain("-model", await gateway.PageAsync($"/reviews/{item}"));

        using var given = await gateway.ActAsync("/reviews/next?tag=label", $"/reviews/{item}", ("verdict", "left.better"), ("tag", "label"), ("comment", "clear"));
        var told = await given.Content.ReadAsStringAsync();
        Assert.Equal($"/reviews/next?tag=label&told={item}", given.RequestMessage!.RequestUri!.PathAndQuery);
        Assert.Contains("Your verdict: left is better, only that one is good enough.", told);
        Assert.Contains("large-model", told);
        Assert.Contains("small-model", told);
        Assert.NotEqual(item, ItemOf(told)); // And goes on.
        var stored = (await gateway.Content!.FindReviewVerdictAsync(item, "ana", default))!;
        Assert.Equal((ReviewChoice.Left, ReviewGood.Better, "clear"), (stored.Choice, stored.Good, stored.Comment));

        // Somebody else who opens the same address is told nothing.
        using var other = gateway.Browser();
        Assert.DoesNotContain("-model", await other.GetStringAsync($"/reviews/next?told={item}"));
    }

    [Fact]
    public async Task Who_skips_is_told_nothing_and_a_slip_counts_as_not_sure()
    {
        await using var gateway = await StartAsync(i => 3 * i);
        await NameAsync(gateway, "ana");
        var first = ItemOf(await gateway.PageAsync("/reviews/next"));

        using var skipped = await gateway.ActAsync("/reviews/next", $"/reviews/{first}", ("verdict", "skip"));
        var next = await skipped.Content.ReadAsStringAsync();
        Assert.Contains("Skipped", next);
        Assert.DoesNotContain("-model", next);
        var second = ItemOf(next);
        Assert.NotEqual(first, second);

        using var given = await gateway.ActAsync("/reviews/next", $"/reviews/{second}", ("verdict", "good"));
        using var slip = await gateway.ActAsync("/reviews/next", $"/reviews/{second}/withdraw");
        Assert.Contains("counts as not sure", await slip.Content.ReadAsStringAsync());
        Assert.Equal(ReviewChoice.Unsure, (await gateway.Content!.FindReviewVerdictAsync(second, "ana", default))!.Choice);
        using var nothing = await gateway.ActAsync("/reviews/next", $"/reviews/{first}/withdraw");
        Assert.Contains("There is no verdict of yours", await nothing.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task What_models_and_users_say_is_text_and_never_markup()
    {
        const string Hostile = "<script>alert(1)</script><img src=x onerror=alert(2)>\u202Eevil\u001b[2J</pre>";
        await using var gateway = await StartAsync(i => i, call => call with
        {
            Request = JsonSerializer.SerializeToUtf8Bytes(new { messages = new[] { new { role = "<b>user</b>", content = Hostile }, new { role = "user", content = Hostile } } }),
            Answers = [call.Answers[0] with { Served = true, Message = JsonSerializer.SerializeToUtf8Bytes(new { content = Hostile }) }],
        });
        await NameAsync(gateway, "ana");

        var html = await gateway.PageAsync("/reviews/next");

        Assert.Contains("Is this answer good enough?", html);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", html);
        Assert.DoesNotContain("<script>alert", html);
        Assert.DoesNotContain("<img", html);
        Assert.DoesNotContain("<b>", html);
        Assert.DoesNotContain("\u202E", html);
        Assert.DoesNotContain("\u001b", html);
        Assert.Contains("‹U+202E›", WebUtility.HtmlDecode(html));
    }

    [Fact]
    public async Task A_verdict_needs_a_name_a_token_and_the_right_to_read_and_is_kept_under_the_operators_name()
    {
        await using var gateway = await StartAsync(i => i, key: Key, operators: $"anna={Token}");
        await AlertsPageTests.SignInAsync(gateway, Key);
        using var keyed = await gateway.Client.GetAsync("/reviews/next");
        Assert.Equal(HttpStatusCode.Forbidden, keyed.StatusCode);
        Assert.DoesNotContain("question ", await keyed.Content.ReadAsStringAsync());
        Assert.Contains("of 50 in 1 plan", await gateway.PageAsync("/reviews")); // Progress holds no content.

        await AlertsPageTests.SignInAsync(gateway, Token);
        var item = ItemOf(await gateway.PageAsync("/reviews/next"));
        using var forged = await gateway.Client.PostAsync($"/reviews/{item}", new FormUrlEncodedContent([new("verdict", "good")]));
        Assert.Equal(HttpStatusCode.Forbidden, forged.StatusCode);
        Assert.Null(await gateway.Content!.FindReviewVerdictAsync(item, "anna", default));
        using var given = await gateway.ActAsync("/reviews/next", $"/reviews/{item}", ("verdict", "rating.4"), ("reviewer", "mallory"));
        Assert.Equal((4, 1.0), ((await gateway.Content!.FindReviewVerdictAsync(item, "anna", default)) is { } stored ? (stored.Rating!.Value, stored.Score!.Value) : default));
        using var nonsense = await gateway.ActAsync("/reviews/next", $"/reviews/{item}", ("verdict", "left.everything"));
        Assert.Contains("That is no verdict", await nonsense.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Without_a_name_nothing_is_shown_and_an_address_is_no_name()
    {
        await using var gateway = await StartAsync(i => i);

        Assert.Contains("Who are you?", await gateway.PageAsync("/reviews/next"));
        using var address = await gateway.ActAsync("/reviews/next", "/reviews/name", ("reviewer", "ana@example.org"));
        Assert.Contains("e-mail address is never kept", await address.Content.ReadAsStringAsync());
        await NameAsync(gateway, "ana");
        Assert.Contains("You are ana.", await gateway.PageAsync("/reviews/next"));
    }

    [Fact]
    public async Task The_queue_shows_quota_progress_and_estimates_and_a_gateway_without_content_says_so()
    {
        await using (var gateway = await StartAsync(i => i))
        {
            var desk = new ReviewDesk(gateway.Content!, gateway.Ledger, TimeProvider.System);
            for (var i = 0; i < 12; i++)
                await desk.GiveAsync((await desk.NextAsync(new ReviewTurn { Reviewer = "ben" }, default))!.Item.Id, new ReviewOpinion { Reviewer = "ben", Choice = ReviewChoice.Good }, default);
            var html = await gateway.PageAsync("/reviews");
            Assert.Contains("38 items", html);
            Assert.Contains("2026-W48", html);
            Assert.Matches("100 % \\([0-9.]+ to 100 %\\)", html);
            Assert.Contains(">ben<", html);
        }
        await using var bare = await DashboardGateway.StartAsync();
        Assert.Contains("keeps no content", await bare.PageAsync("/reviews"));
    }

    private static async Task<DashboardGateway> StartAsync(Func<int, int> number, Func<CapturedCall, CapturedCall>? change = null, string? key = null, string? operators = null)
    {
        var clock = new ReviewWorld.HandClock(ReviewWorld.Monday.AddDays(8));
        var gateway = await DashboardGateway.StartAsync(operators: operators, key: key, withContent: true, clock: clock);
        await gateway.Content!.AppendCapturesAsync([.. Enumerable.Range(0, 50).Select(i => ReviewWorld.Call(number(i))).Select(change ?? (call => call))], default);
        await new ReviewPlanner(gateway.Content, gateway.Ledger, clock).PlanWeekAsync(ReviewWorld.Request(), ReviewWorld.Week, default);
        return gateway;
    }

    private static async Task NameAsync(DashboardGateway gateway, string name)
    {
        using var named = await gateway.ActAsync("/reviews/next", "/reviews/name", ("reviewer", name), ("back", "/reviews"));
        Assert.Equal(HttpStatusCode.OK, named.StatusCode);
    }

    private static string ItemOf(string html) => VerdictForm().Match(html).Groups["item"].Value;

    [GeneratedRegex("""action="/reviews/(?<item>v-[0-9a-f]+)" class="verdict""")]
    private static partial Regex VerdictForm();
}
