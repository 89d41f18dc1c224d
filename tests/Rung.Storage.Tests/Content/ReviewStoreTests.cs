using Rung.Storage.Content;
using Rung.Storage.Sqlite;

namespace Rung.Storage.Tests.Content;

public sealed class ReviewStoreTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FixedClock _clock = new(AnyCapture.Noon.AddDays(1));

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Planning_the_same_again_adds_nothing_and_chances_only_rise()
    {
        await using var store = Open();
        Assert.Equal(new ReviewPlanned(3, 0), await store.AddReviewPlanAsync(Plan(), [Item(1), Item(2), Item(3)], default));
        Assert.Equal(new ReviewPlanned(1, 3), await store.AddReviewPlanAsync(Plan() with { Frame = 70, Quota = 120 }, [Item(1, uniform: 0.9), Item(2, uniform: 0.01, part: ReviewPart.Targeted), Item(3), Item(4)], default));

        var items = (await store.ReadReviewsAsync(new ReviewQuery(), default)).Select(entry => entry.Item).ToDictionary(item => item.Id);
        Assert.Equal((0.9, 0.25, 0.25), (items["v-1"].UniformInclusion, items["v-2"].UniformInclusion, items["v-4"].UniformInclusion));
        Assert.Equal(ReviewPart.Uniform, items["v-2"].Part);
        Assert.Equal(Item(3), items["v-3"]);
        var plan = await store.FindReviewPlanAsync("summarize", "2026-W47", default);
        Assert.Equal((70, 120, 7L), (plan!.Frame, plan.Quota, plan.Seed));
    }

    [Fact]
    public async Task Items_come_in_their_random_order_and_nobody_else_gets_one_that_is_being_looked_at()
    {
        await using var store = Open();
        await store.AddReviewPlanAsync(Plan(), [Item(1, shuffle: 30), Item(2, shuffle: 10), Item(3, shuffle: 20)], default);

        Assert.Equal("v-2", await NextAsync(store, "ana"));
        Assert.Equal("v-2", await NextAsync(store, "ana")); // Hers until she says something.
        Assert.Equal("v-3", await NextAsync(store, "ben"));
        await store.GiveReviewAsync(Good("v-2", "ana"), default);
        Assert.Equal("v-1", await NextAsync(store, "ana"));
        Assert.Null(await NextAsync(store, "carl"));
        _clock.Now += TimeSpan.FromMinutes(16);
        Assert.Equal("v-3", await NextAsync(store, "carl"));
    }

    [Fact]
    public async Task An_item_for_two_is_shown_to_two_people_and_to_each_once()
    {
        await using var store = Open();
        await store.AddReviewPlanAsync(Plan(), [Item(1, shuffle: 1), Item(2, shuffle: 2, reviewers: 2)], default);

        Assert.Equal("v-2", (await store.NextReviewItemAsync(new ReviewTurn { Reviewer = "ana", DoubleOnly = true }, default))!.Id);
        await store.GiveReviewAsync(Good("v-2", "ana"), default);
        Assert.Equal("v-1", await NextAsync(store, "ana"));
        Assert.Equal("v-2", (await store.NextReviewItemAsync(new ReviewTurn { Reviewer = "ben", DoubleOnly = true }, default))!.Id);
        await store.GiveReviewAsync(Good("v-2", "ben"), default);
        Assert.Null(await store.NextReviewItemAsync(new ReviewTurn { Reviewer = "carl", DoubleOnly = true }, default));

        var progress = Assert.Single(await store.ReadReviewProgressAsync("summarize", default));
        Assert.Equal((2, 1, 1, 1), (progress.Items, progress.Judged, progress.Double, progress.DoubleJudged));
        Assert.Empty(await store.ReadReviewProgressAsync("other", default));
    }

    [Fact]
    public async Task The_same_verdict_again_changes_nothing_and_another_one_replaces_it()
    {
        await using var store = Open();
        await store.AddReviewPlanAsync(Plan(), [Item(1)], default);

        Assert.Equal(1, (await store.GiveReviewAsync(Good("v-1", "ana"), default))!.Revision);
        Assert.Equal(1, (await store.GiveReviewAsync(Good("v-1", "ana") with { GivenAt = _clock.Now.AddHours(1) }, default))!.Revision);
        Assert.Equal(2, (await store.GiveReviewAsync(Good("v-1", "ana") with { Choice = ReviewChoice.Bad, Score = 0 }, default))!.Revision);

        var entry = Assert.Single(await store.ReadReviewsAsync(new ReviewQuery { JudgedOnly = true }, default));
        Assert.Equal((1, ReviewChoice.Bad, 2), (entry.Item.Verdicts, Assert.Single(entry.Verdicts).Choice, entry.Verdicts[0].Revision));
        Assert.Equal(2L, LedgerTests.Scalar(_directory[ContentStore.FileName], "SELECT count(*) FROM review_verdict")); // The trail.

        Assert.True(await store.TakeBackReviewAsync("v-1", "ana", default));
        Assert.False(await store.TakeBackReviewAsync("v-1", "ana", default));
        Assert.Equal("v-1", await NextAsync(store, "ana"));
        Assert.Empty((await store.ReadReviewsAsync(new ReviewQuery(), default)).Single().Verdicts);
    }

    [Fact]
    public async Task A_skipped_item_is_not_judged_and_not_shown_to_the_same_person_again()
    {
        await using var store = Open();
        await store.AddReviewPlanAsync(Plan(), [Item(1)], default);

        await store.GiveReviewAsync(Good("v-1", "ana") with { Choice = ReviewChoice.Skip, Score = null }, default);

        Assert.Null(await NextAsync(store, "ana"));
        Assert.Equal("v-1", await NextAsync(store, "ben"));
        Assert.Equal(0, Assert.Single(await store.ReadReviewProgressAsync(null, default)).Judged);
    }

    [Fact]
    public async Task A_verdict_on_nothing_and_one_too_many_are_refused()
    {
        await using var store = Open();
        await store.AddReviewPlanAsync(Plan(), [Item(1)], default);

        Assert.Null(await store.GiveReviewAsync(Good("v-9", "ana"), default));
        for (var i = 0; i < ReviewTable.MostReviewers; i++) Assert.NotNull(await store.GiveReviewAsync(Good("v-1", $"r{i}"), default));
        Assert.Null(await store.GiveReviewAsync(Good("v-1", "one more"), default));
        await Assert.ThrowsAsync<ArgumentException>(() => store.GiveReviewAsync(Good("v-1", "r1") with { Comment = new string('x', ReviewVerdict.MostComment + 1) }, default));
    }

    [Fact]
    public async Task Verdicts_wait_for_the_ledger_until_they_are_booked()
    {
        await using var store = Open();
        await store.AddReviewPlanAsync(Plan(), [Item(1), Item(2), Item(3) with { Source = ReviewSource.Row, Set = "s", SetVersion = 1, RowId = "r-1" }], default);
        await store.GiveReviewAsync(Good("v-1", "ana"), default);
        await store.GiveReviewAsync(Good("v-2", "ben") with { Choice = ReviewChoice.Unsure, Score = null }, default);
        await store.GiveReviewAsync(Good("v-3", "ana"), default);
        await store.GiveReviewAsync(Good("v-2", "carl") with { GivenAt = _clock.Now.AddMinutes(5) }, default);

        Assert.Equal(["v-1"], (await store.ReadUnbookedReviewsAsync(null, _clock.Now, default)).Select(entry => entry.Item.Id));
        Assert.Equal(["v-2"], (await store.ReadUnbookedReviewsAsync("carl", _clock.Now.AddHours(1), default)).Select(entry => entry.Item.Id));
        var waiting = await store.ReadUnbookedReviewsAsync(null, _clock.Now.AddHours(1), default);
        Assert.Equal(2, await store.BookReviewsAsync([.. waiting.Select(entry => entry.Verdicts[0])], default));
        Assert.Empty(await store.ReadUnbookedReviewsAsync(null, _clock.Now.AddHours(1), default));
    }

    [Fact]
    public async Task Comments_lie_sealed_and_go_with_the_call()
    {
        await using var store = ContentStore.Open(_directory.Path, ContentKey.FromPassphrase("a key of these tests"), _clock);
        await store.AddReviewPlanAsync(Plan(), [Item(1), Item(2)], default);
        await store.GiveReviewAsync(Good("v-1", "ana") with { Comment = "MARK of the customer" }, default);
        await store.GiveReviewAsync(Good("v-2", "ana"), default);

        var read = (await store.ReadReviewsAsync(new ReviewQuery { WithComments = true, JudgedOnly = true }, default)).SelectMany(entry => entry.Verdicts).ToArray();
        Assert.Equal(2, read.Length);
        Assert.Equal("MARK of the customer", Assert.Single(read, verdict => verdict.Comment is not null).Comment);
        Assert.All((await store.ReadReviewsAsync(new ReviewQuery(), default)).SelectMany(entry => entry.Verdicts), verdict => Assert.Null(verdict.Comment));
        Assert.Empty(RawFiles.Containing(_directory.Path, "MARK of the customer"));
    }

    [Theory]
    [InlineData("call")]
    [InlineData("user")]
    [InlineData("session")]
    [InlineData("before")]
    [InlineData("known")]
    public async Task Items_of_what_is_forgotten_are_deleted_with_their_verdicts(string by)
    {
        await using (var store = Open())
        {
            await store.AddReviewPlanAsync(Plan(), [Item(1) with { User = "MARK-user", Session = "MARK-session" }, Item(2) with { User = "other" }], default);
            await store.GiveReviewAsync(Good("v-1", "ana") with { Comment = "MARK-comment" }, default);
            await store.GiveReviewAsync(Good("v-2", "ana"), default);
        }
        var request = by switch
        {
            "call" => new ForgetRequest { CallId = AnyCapture.Id(1), Reason = "asked" },
            "user" => new ForgetRequest { User = "MARK-user", Reason = "asked" },
            "session" => new ForgetRequest { Session = "MARK-session", Reason = "asked" },
            "before" => new ForgetRequest { Before = AnyCapture.Noon.AddMinutes(2), Reason = "old" },
            _ => new ForgetRequest { User = "nobody", Reason = "asked" },
        };
        using (var connection = Connection.OpenWriter(_directory[ContentStore.FileName]))
        {
            connection.Execute("PRAGMA secure_delete = ON");
            Assert.Equal(1, ReviewTable.Forget(connection, request, by == "known" ? new HashSet<string> { AnyCapture.Id(1) } : new HashSet<string>()));
        }

        await using var after = Open();
        Assert.Equal("v-2", Assert.Single(await after.ReadReviewsAsync(new ReviewQuery(), default)).Item.Id);
        await after.CompactAsync(default);
        foreach (var mark in new[] { "MARK-user", "MARK-session", "MARK-comment" }) Assert.Empty(RawFiles.Containing(_directory.Path, mark));
    }

    [Fact]
    public async Task What_has_expired_leaves_the_queue_and_loses_its_comments_but_not_its_verdict()
    {
        await using var store = Open();
        await store.AddReviewPlanAsync(Plan(), [Item(1) with { ExpiresAt = _clock.Now.AddDays(1) }, Item(2) with { ExpiresAt = _clock.Now.AddDays(1) }, Item(3)], default);
        await store.GiveReviewAsync(Good("v-1", "ana") with { Comment = "quotes it" }, default);
        _clock.Now += TimeSpan.FromDays(2);

        await store.AddReviewPlanAsync(Plan(), [], default);

        var items = await store.ReadReviewsAsync(new ReviewQuery { WithComments = true }, default);
        Assert.Equal([("v-1", false), ("v-2", true), ("v-3", false)], items.Select(entry => (entry.Item.Id, entry.Item.IsWithdrawn)).Order());
        Assert.Null(items.Single(entry => entry.Item.Id == "v-1").Verdicts.Single().Comment);
        Assert.Equal("v-3", await NextAsync(store, "ben"));
    }

    private ContentStore Open() => ContentStore.Open(_directory.Path, key: null, _clock);

    private static async Task<string?> NextAsync(ContentStore store, string reviewer) => (await store.NextReviewItemAsync(new ReviewTurn { Reviewer = reviewer, Tag = "summarize" }, default))?.Id;

    private ReviewVerdict Good(string item, string reviewer) => new() { Item = item, Reviewer = reviewer, Choice = ReviewChoice.Good, Score = 1, GivenAt = _clock.Now };

    private static ReviewPlan Plan() => new() { Tag = "summarize", Scope = "2026-W47", Seed = 7, Quota = 100, Frame = 60 };

    private static ReviewItem Item(int number, long? shuffle = null, int reviewers = 1, double uniform = 0.25, ReviewPart part = ReviewPart.Uniform) => new()
    {
        Id = $"v-{number}", Source = ReviewSource.Call, Tag = "summarize", Scope = "2026-W47", CallId = AnyCapture.Id(number), StartedAt = AnyCapture.Noon.AddMinutes(number), Part = part,
        UniformInclusion = uniform, TargetedInclusion = 0.125, CapturedAt = 0.5, Reviewers = reviewers, IsFlipped = number % 2 == 0, Shuffle = shuffle ?? number, Why = "a check failed",
    };
}
