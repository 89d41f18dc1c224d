using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Rung.Control.Measurement;
using Rung.Control.Reviews;
using Rung.Control.Tests.Reviews;
using Rung.Core.Spans;
using Rung.Dashboard.Access;
using Rung.Gateway.Intake;
using Rung.Serving;
using Rung.Storage.Verdicts;

namespace Rung.Tests.Reviews;

/// <summary>Reviews over HTTP on loopback, over real files.</summary>
public sealed class ReviewPagesTests : IAsyncLifetime
{
    private readonly ReviewWorld world = new();
    private readonly List<WebApplication> apps = [];
    private readonly List<ReviewPages> pages = [];
    private readonly HttpClient client = new();
    private string url = "";

    public async Task InitializeAsync()
    {
        await world.CaptureAsync(0, 60);
        await world.Planner.PlanWeekAsync(ReviewWorld.Request(), ReviewWorld.Week, default);
        url = await StartAsync(world.Desk);
    }

    public async Task DisposeAsync()
    {
        client.Dispose();
        foreach (var app in apps) await app.DisposeAsync();
        foreach (var page in pages) page.Dispose();
        await world.DisposeAsync();
    }

    [Fact]
    public async Task The_next_item_is_blind_and_the_reply_to_a_verdict_says_whose_answers_they_were()
    {
        var pair = await NextPairAsync("ana");
        Assert.Equal(["id", "is_pair", "left", "messages", "reviewers", "right", "scope", "tag"], pair.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
        Assert.DoesNotContain("-model", pair.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("check", pair.GetRawText(), StringComparison.Ordinal);
        var largeIsLeft = pair.GetProperty("left").GetString()!.StartsWith("large", StringComparison.Ordinal);

        var (status, told) = await PostAsync(pair.GetProperty("id").GetString()!, new { reviewer = "ana", choice = largeIsLeft ? "left" : "right", good = "better", comment = "clear" });

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal((1, 1, 1), (told.GetProperty("revision").GetInt32(), told.GetProperty("score").GetDouble(), told.GetProperty("preference").GetDouble()));
        Assert.Equal("large-model", told.GetProperty(largeIsLeft ? "left_model" : "right_model").GetString());
        Assert.Equal(largeIsLeft ? "left" : "right", told.GetProperty("judged_side").GetString());
        Assert.Equal(1, told.GetProperty("sampled_at").GetDouble());
    }

    [Fact]
    public async Task The_same_verdict_again_is_the_same_and_another_one_replaces_it_until_it_is_booked()
    {
        var id = (await NextAsync("ana")).GetProperty("id").GetString()!;
        Assert.Equal(1, (await PostAsync(id, new { reviewer = "ana", choice = "good" })).Body.GetProperty("revision").GetInt32());
        Assert.Equal(1, (await PostAsync(id, new { reviewer = "ana", choice = "good" })).Body.GetProperty("revision").GetInt32());
        Assert.Equal(2, (await PostAsync(id, new { reviewer = "ana", choice = "bad" })).Body.GetProperty("revision").GetInt32());

        using var booking = new ReviewBooking(world.Desk, world.Clock, NullLogger<ReviewBooking>.Instance);
        Assert.Equal(0, await booking.StepAsync(default));
        world.Clock.Now += ReviewDesk.MayChange;
        Assert.Equal(1, await booking.StepAsync(default));
        var verdicts = new List<VerdictRecord>();
        await foreach (var verdict in world.Ledger.ReadVerdictsAsync(new VerdictQuery(), default)) verdicts.Add(verdict);
        Assert.Equal(0, Assert.Single(verdicts).Score);
    }

    [Fact]
    public async Task Who_skips_is_told_nothing_because_the_verdict_may_come_later()
    {
        var id = (await NextPairAsync("ana")).GetProperty("id").GetString()!;

        var told = (await PostAsync(id, new { reviewer = "ana", choice = "skip" })).Body;

        Assert.Equal(["choice", "given_at", "item", "reviewer", "revision"], told.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
        Assert.True((await PostAsync(id, new { reviewer = "ana", choice = "tie", good = "both" })).Body.TryGetProperty("left_model", out _));
    }

    [Fact]
    public async Task A_verdict_that_becomes_uncertain_after_it_went_to_the_ledger_counts_no_longer()
    {
        var id = (await NextAsync("ana")).GetProperty("id").GetString()!;
        await PostAsync(id, new { reviewer = "ana", choice = "good" });
        using var booking = new ReviewBooking(world.Desk, world.Clock, NullLogger<ReviewBooking>.Instance);
        world.Clock.Now += ReviewDesk.MayChange;
        Assert.Equal(1, await booking.StepAsync(default));

        await PostAsync(id, new { reviewer = "ana", choice = "unsure" });
        await PostAsync((await NextAsync("ana")).GetProperty("id").GetString()!, new { reviewer = "ana", choice = "unsure" }); // Never went: nothing to take out.
        world.Clock.Now += ReviewDesk.MayChange;

        Assert.Equal((1, 0), (await booking.StepAsync(default), await booking.StepAsync(default)));
        var pool = new QualityPool();
        await foreach (var verdict in world.Ledger.ReadVerdictsAsync(new VerdictQuery(), default))
            pool.Add(new QualityItem { Source = QualitySource.Review, Subject = verdict.CallId!, Session = verdict.Session, Score = verdict.Score, Weight = verdict.Weight, Voice = verdict.By });
        Assert.Equal(0, pool.Estimate().Items);
    }

    [Fact]
    public async Task Progress_counts_and_the_queue_ends()
    {
        for (var i = 0; i < 60; i++) Assert.Equal(HttpStatusCode.OK, (await PostAsync((await NextAsync("ana")).GetProperty("id").GetString()!, new { reviewer = "ana", choice = "good" })).Status);

        using var end = await client.GetAsync($"{url}/rung/reviews/next?reviewer=ana&tag=label");
        Assert.Equal(HttpStatusCode.NoContent, end.StatusCode);
        var progress = JsonDocument.Parse(await client.GetStringAsync($"{url}/rung/reviews?tag=label")).RootElement;
        Assert.Equal((60, 60), (progress.GetProperty("plans")[0].GetProperty("items").GetInt32(), progress.GetProperty("plans")[0].GetProperty("judged").GetInt32()));
        Assert.Equal(1, progress.GetProperty("quality")[0].GetProperty("quality").GetProperty("estimate").GetDouble());
        Assert.Empty(JsonDocument.Parse(await client.GetStringAsync($"{url}/rung/reviews?tag=other")).RootElement.GetProperty("plans").EnumerateArray());
    }

    [Theory]
    [InlineData("""{"reviewer":"ana"}""", 400, "invalid_review")]
    [InlineData("""{"reviewer":"ana","choice":"left","good":"both"}""", 400, "invalid_review")]
    [InlineData("""{"reviewer":"ana@example.com","choice":"good"}""", 400, "invalid_review")]
    [InlineData("""{"reviewer":"ana","choice":"good","model":"x"}""", 400, "invalid_review")]
    [InlineData("""{"reviewer":"ana","choice":"good","rating":"5"}""", 400, "invalid_review")]
    [InlineData("""{"reviewer":7,"choice":"good"}""", 400, "invalid_review")]
    [InlineData("[]", 400, "invalid_review")]
    [InlineData("{", 400, "invalid_review")]
    public async Task What_makes_no_sense_is_refused_with_what_to_send(string body, int status, string code)
    {
        var single = await NextSingleAsync("ana");
        using var reply = await client.PostAsync($"{url}/rung/reviews/{single.GetProperty("id").GetString()}", new StringContent(body, Encoding.UTF8, "application/json"));

        var error = JsonDocument.Parse(await reply.Content.ReadAsStringAsync()).RootElement.GetProperty("error");
        Assert.Equal((status, code), ((int)reply.StatusCode, error.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Items_that_are_gone_too_much_judged_too_large_or_wrongly_asked_for_have_their_status()
    {
        Assert.Equal((HttpStatusCode.NotFound, "not_found"), Code(await PostAsync("v-0000000000000000", new { reviewer = "ana", choice = "good" })));
        var id = (await NextAsync("ana")).GetProperty("id").GetString()!;
        for (var i = 0; i < 20; i++) Assert.Equal(HttpStatusCode.OK, (await PostAsync(id, new { reviewer = $"r{i}", choice = "bad" })).Status);
        Assert.Equal((HttpStatusCode.Conflict, "review_conflict"), Code(await PostAsync(id, new { reviewer = "one more", choice = "bad" })));
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "request_too_large"), Code(await PostAsync(id, new { reviewer = "ana", choice = "bad", comment = new string('x', 70_000) })));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_review"), Code(await PostAsync(id, new { reviewer = "ana", choice = "bad", comment = new string('x', 5_000) })));

        using var text = await client.PostAsync($"{url}/rung/reviews/{id}", new StringContent("""{"reviewer":"ana","choice":"bad"}""", Encoding.UTF8, "text/plain"));
        using var deleted = await client.DeleteAsync($"{url}/rung/reviews/{id}");
        using var nameless = await client.GetAsync($"{url}/rung/reviews/next");
        Assert.Equal((415, 405, 400), ((int)text.StatusCode, (int)deleted.StatusCode, (int)nameless.StatusCode));
    }

    [Fact]
    public async Task Keys_and_names_guard_it_as_every_other_page()
    {
        using var foreign = new HttpRequestMessage(HttpMethod.Get, $"{url}/rung/reviews");
        foreign.Headers.Host = "rung.example.com";
        using var refused = await client.SendAsync(foreign);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);

        var keyed = await StartAsync(world.Desk, "secret-key");
        using var without = await client.GetAsync($"{keyed}/rung/reviews");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{keyed}/rung/reviews") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", "secret-key") } };
        using var with = await client.SendAsync(request);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (without.StatusCode, with.StatusCode));

        using var empty = await client.GetAsync($"{await StartAsync(null)}/rung/reviews");
        Assert.Equal(HttpStatusCode.NotFound, empty.StatusCode);
    }

    [Fact]
    public async Task A_key_sees_how_far_reviews_are_and_only_an_operator_what_was_said()
    {
        Assert.True(Operators.TryRead("ana=operator-token-of-ana", out var operators, out _));
        var keyed = await StartAsync(world.Desk, "secret-key");
        var both = await StartAsync(world.Desk, operators, "secret-key");
        var named = await StartAsync(world.Desk, operators);

        Assert.Equal(403, await StatusAsync(keyed, "/next?reviewer=ana", "secret-key"));
        Assert.Equal((200, 403, 401), (await StatusAsync(both, "", "secret-key"), await StatusAsync(both, "/next?reviewer=ana", "secret-key"), await StatusAsync(both, "/next?reviewer=ana", "wrong")));
        Assert.Equal((200, 200), (await StatusAsync(both, "", "operator-token-of-ana"), await StatusAsync(both, "/next?reviewer=ana", "operator-token-of-ana")));
        Assert.Equal((401, 401, 200), (await StatusAsync(named, "", null), await StatusAsync(named, "/next?reviewer=ana", null), await StatusAsync(named, "/next?reviewer=ana", "operator-token-of-ana")));

        var item = JsonDocument.Parse(await client.GetStringAsync($"{url}/rung/reviews/next?reviewer=ana")).RootElement.GetProperty("id").GetString();
        Assert.Equal((403, 200), (await StatusAsync(both, $"/{item}", "secret-key"), await StatusAsync(both, $"/{item}", "operator-token-of-ana")));
        using var opinion = new HttpRequestMessage(HttpMethod.Post, $"{both}/rung/reviews/{item}")
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", "secret-key") }, Content = JsonContent.Create(new { reviewer = "ana", choice = "skip" }),
        };
        using var refused = await client.SendAsync(opinion);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    private async Task<int> StatusAsync(string gateway, string path, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{gateway}/rung/reviews{path}");
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var reply = await client.SendAsync(request);
        return (int)reply.StatusCode;
    }

    private Task<string> StartAsync(ReviewDesk? desk, params string[] keys) => StartAsync(desk, Operators.None, keys);

    private async Task<string> StartAsync(ReviewDesk? desk, Operators operators, params string[] keys)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var page = new ReviewPages(desk, new ClientKeys(keys), operators, NullLogger<ReviewPages>.Instance);
        page.Map(app);
        await app.StartAsync();
        apps.Add(app);
        pages.Add(page);
        return app.Urls.First();
    }

    private async Task<JsonElement> NextAsync(string reviewer) => JsonDocument.Parse(await client.GetStringAsync($"{url}/rung/reviews/next?reviewer={reviewer}&tag=label")).RootElement;

    private Task<JsonElement> NextPairAsync(string reviewer) => NextAsync(reviewer, isPair: true);

    private Task<JsonElement> NextSingleAsync(string reviewer) => NextAsync(reviewer, isPair: false);

    private async Task<JsonElement> NextAsync(string reviewer, bool isPair)
    {
        while (true)
        {
            var item = await NextAsync(reviewer);
            if (item.GetProperty("is_pair").GetBoolean() == isPair) return item;
            await PostAsync(item.GetProperty("id").GetString()!, new { reviewer, choice = "skip" });
        }
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string id, object verdict)
    {
        using var reply = await client.PostAsync($"{url}/rung/reviews/{id}", new StringContent(JsonSerializer.Serialize(verdict), Encoding.UTF8, "application/json"));
        return (reply.StatusCode, JsonDocument.Parse(await reply.Content.ReadAsStringAsync()).RootElement);
    }

    private static (HttpStatusCode, string?) Code((HttpStatusCode Status, JsonElement Body) reply) => (reply.Status, reply.Body.GetProperty("error").GetProperty("code").GetString());
}
