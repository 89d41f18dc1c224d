using System.Net;
using System.Text;
using Rung.Control.Feedback;
using Rung.Core.Spans;
using Rung.Serving;

namespace Rung.Tests.Feedback;

public sealed class FeedbackReceiverTests
{
    private const string Call = FeedbackHost.Call;
    private const string Thumb = $$"""{"call_id":"{{Call}}","thumbs":"up"}""";

    [Fact]
    public async Task Several_signals_of_one_body_become_several_verdicts_and_the_same_key_again_adds_none()
    {
        await using var host = await FeedbackHost.StartAsync();
        const string Body = $$"""{"call_id":"{{Call}}","id":"k-1","thumbs":"down","score":{"value":2,"min":1,"max":5},"task_completed":true,"conversation_length":9,"escalated_to_person":true,"override":{"distance":0.25},"by":"u-7"}""";

        var (status, body, _) = await host.PostAsync(Body);
        var again = await host.PostAsync(Body.Replace("down", "up"));

        Assert.Equal((202, 6, 6), (status, (int)body["accepted"]!, (int)body["new"]!));
        Assert.Equal((202, 6, 0), (again.Status, (int)again.Body["accepted"]!, (int)again.Body["new"]!));
        Assert.Equal(
            [(VerdictKind.Thumbs, 0.0), (VerdictKind.Score, 0.25), (VerdictKind.Override, 0.75), (VerdictKind.TaskCompleted, 1), (VerdictKind.Escalated, 0), (VerdictKind.ConversationLength, 9)],
            (await host.VerdictsAsync()).Select(verdict => (verdict.Kind, verdict.Score)).OrderBy(pair => pair.Kind));
        Assert.All(await host.VerdictsAsync(), verdict => Assert.Equal("u-7", verdict.By));
        Assert.Equal(body["verdicts"]!.AsArray().Select(verdict => (string?)verdict!["id"]).Order(), (await host.VerdictsAsync()).Select(verdict => verdict.Id).Order());
    }

    [Fact]
    public async Task Feedback_that_comes_before_its_call_or_months_after_it_finds_it()
    {
        await using var host = await FeedbackHost.StartAsync();
        Assert.Equal(202, (await host.PostAsync(Thumb)).Status);
        await host.AddCallAsync(Call, "classify", "s-1");
        Assert.Equal(202, (await host.PostAsync($$"""[{"call_id":"{{Call}}","task_completed":false},{"session":"s-1","escalated_to_person":false}]""")).Status);

        var verdicts = await host.VerdictsAsync();
        Assert.Equal(3, verdicts.Count);
        Assert.All(verdicts.Where(verdict => verdict.CallId is not null), verdict => Assert.Equal(("classify", "haiku", "s-1"), (verdict.Tag, verdict.Model, verdict.Session)));
    }

    [Fact]
    public async Task An_override_is_compared_with_what_is_sent_or_with_the_captured_answer()
    {
        await using var host = await FeedbackHost.StartAsync();
        var other = Call.Replace('a', 'b');
        await host.AddCallAsync(Call, "draft", answer: "Dear Ann,");

        await host.PostAsync($$"""{"call_id":"{{Call}}","override":{"replacement":"Dear Bob,"} }""");
        await host.PostAsync($$"""{"call_id":"{{other}}","override":{"original":"abcd","replacement":"abxy"} }""");
        var unknown = await host.PostAsync($$"""{"call_id":"{{other}}","override":{"replacement":"abxy"} }""");

        var scores = (await host.VerdictsAsync()).ToDictionary(verdict => verdict.CallId!, verdict => verdict.Score);
        Assert.Equal(1 - 3.0 / 9, scores[Call], 12);
        Assert.Equal(0.5, scores[other], 12);
        Assert.Equal((400, "override.original"), (unknown.Status, (string?)unknown.Body["error"]!["param"]));
    }

    [Fact]
    public async Task A_comment_is_kept_redacted_with_its_call_and_otherwise_dropped_and_said_so()
    {
        await using var host = await FeedbackHost.StartAsync();
        await host.AddCallAsync(Call, "draft", answer: "Hello");

        var kept = await host.PostAsync($$"""{"call_id":"{{Call}}","comment":"my password is hunter2"}""");
        var dropped = await host.PostAsync($$"""{"session":"s","comment":"too long","thumbs":false}""");

        Assert.Equal((202, 1), (kept.Status, (int)kept.Body["kept_texts"]!));
        Assert.Equal("my password is [secret]", Assert.Single(await host.Content.ReadCommentsAsync(Call, null, CancellationToken.None)).Text);
        Assert.Equal((202, 0, 1), (dropped.Status, (int)dropped.Body["kept_texts"]!, (int)dropped.Body["new"]!));
        Assert.Contains("not kept", (string?)dropped.Body["notes"]![0]);
        Assert.Empty(await host.Content.ReadCommentsAsync(null, "s", CancellationToken.None));
    }

    [Fact]
    public async Task With_keep_comments_they_are_kept_for_that_long()
    {
        await using var host = await FeedbackHost.StartAsync(new FeedbackReceiverOptions { KeepComments = TimeSpan.FromDays(3) });
        await host.PostAsync("""{"session":"s","comment":"slow"}""");
        Assert.Equal(host.Clock.GetUtcNow().AddDays(3), Assert.Single(await host.Content.ReadCommentsAsync(null, "s", CancellationToken.None)).ExpiresAt);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"call_id\":")]
    [InlineData("{\"call_id\":{\"$ne\":null},\"thumbs\":true}")]
    [InlineData("{\"call_id\":\"../../etc/passwd\",\"thumbs\":true}")]
    [InlineData("{\"session\":\"s\",\"score\":-1e400}")]
    [InlineData("{\"session\":\"s\",\"thumbs\":true,\"weight\":1000}")]
    [InlineData("{\"session\":\"\\ud800\",\"thumbs\":true}")]
    [InlineData("[[]]")]
    public async Task Hostile_bodies_are_told_what_is_wrong_and_leave_nothing(string json)
    {
        await using var host = await FeedbackHost.StartAsync();
        var (status, body, _) = await host.PostAsync(json);
        Assert.Equal((400, "invalid_feedback"), (status, (string?)body["error"]!["code"]));
        Assert.Empty(await host.VerdictsAsync());
    }

    [Fact]
    public async Task One_bad_item_of_a_list_stops_the_list()
    {
        await using var host = await FeedbackHost.StartAsync();
        Assert.Equal(400, (await host.PostAsync($"[{Thumb},{{}}]")).Status);
        Assert.Empty(await host.VerdictsAsync());
    }

    [Fact]
    public async Task Method_type_and_size_are_bounded()
    {
        await using var host = await FeedbackHost.StartAsync(new FeedbackReceiverOptions { BodyBytes = 2048 });
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await host.Client.GetAsync(FeedbackReceiver.Path)).StatusCode);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await host.Client.PostAsync(FeedbackReceiver.Path, new StringContent(Thumb, Encoding.UTF8, "text/plain"))).StatusCode);
        Assert.Equal(413, (await host.PostAsync($$"""{"session":"s","comment":"{{new string('x', 3000)}}"}""")).Status);
    }

    [Fact]
    public async Task A_sender_that_sends_too_much_is_told_when_to_come_again()
    {
        await using var host = await FeedbackHost.StartAsync(new FeedbackReceiverOptions { AddressBurst = 2, AddressRefill = TimeSpan.FromHours(1) });
        Assert.Equal(202, (await host.PostAsync(Thumb)).Status);
        Assert.Equal(202, (await host.PostAsync(Thumb)).Status);
        var (status, _, reply) = await host.PostAsync(Thumb);
        Assert.Equal(429, status);
        Assert.True(reply.Headers.RetryAfter!.Delta > TimeSpan.Zero);
    }

    [Fact]
    public async Task A_ledger_that_cannot_be_written_costs_a_wait()
    {
        await using var host = await FeedbackHost.StartAsync();
        host.LedgerIsGone = true;
        var (status, _, reply) = await host.PostAsync(Thumb);
        Assert.Equal(503, status);
        Assert.NotNull(reply.Headers.RetryAfter);
        host.LedgerIsGone = false;
        Assert.Equal(202, (await host.PostAsync(Thumb)).Status);
    }

    [Fact]
    public async Task With_keys_one_is_wanted_and_without_keys_only_this_machine_is_served()
    {
        await using (var keyed = await FeedbackHost.StartAsync(null, "key-1"))
        {
            Assert.Equal(401, (await keyed.PostAsync(Thumb)).Status);
            Assert.Equal(401, (await keyed.PostAsync(Thumb, bearer: "key-2")).Status);
            Assert.Equal(202, (await keyed.PostAsync(Thumb, bearer: "key-1")).Status);
        }
        await using var open = await FeedbackHost.StartAsync();
        Assert.Equal(403, (await open.PostAsync(Thumb, change: request => request.Headers.Host = "evil.example")).Status);
        Assert.Equal(202, (await open.PostAsync(Thumb)).Status);
    }
}
