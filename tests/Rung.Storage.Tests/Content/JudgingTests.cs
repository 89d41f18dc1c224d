using System.Text;
using Rung.Storage.Content;
using Rung.Storage.Sqlite;

namespace Rung.Storage.Tests.Content;

public sealed class JudgingTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FixedClock _clock = new(AnyCapture.Noon);

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Anchors_and_what_judges_said_of_them_come_back_and_content_is_sealed_under_a_key(bool encrypted)
    {
        await using (var store = Open(encrypted))
        {
            Assert.Equal(2, await store.AddAnchorsAsync("job", [Anchor("a-1", "Lyon"), Anchor("a-2", "Nantes")], CancellationToken.None));
            Assert.Equal(1, await store.AddAnchorsAsync("job", [Anchor("a-2", "other"), Anchor("a-3", "Nice")], CancellationToken.None));
            await store.AddAnchorsAsync("elsewhere", [Anchor("a-9", "Brest")], CancellationToken.None);

            Assert.Equal(["Lyon", "Nantes", "Nice"], (await store.ReadAnchorsAsync("job", CancellationToken.None)).Select(anchor => Encoding.UTF8.GetString(anchor.Item.Span)));

            var first = Run("v1", new JudgeAnchorScore("a-1", 0.75, true, 2), new JudgeAnchorScore("a-2", null, null, 3));
            Assert.Equal(1, await store.AddAnchorRunAsync(first, CancellationToken.None));
            Assert.Equal(2, await store.AddAnchorRunAsync(Run(null, new JudgeAnchorScore("a-1", 0, false, 2)), CancellationToken.None));
            var runs = await store.ReadAnchorRunsAsync("job", CancellationToken.None);
            Assert.Equal([1L, 2L], runs.Select(run => run.Id));
            Assert.Equal(first with { Id = 1, Scores = [] }, runs[0] with { Scores = [] });
            Assert.Equal(first.Scores, runs[0].Scores);
            Assert.Null(runs[1].Version);
        }
        var raw = File.ReadAllBytes(Path.Combine(_directory.Path, ContentStore.FileName));
        Assert.Equal(!encrypted, raw.AsSpan().IndexOf("Nantes"u8) >= 0);
    }

    [Fact]
    public async Task What_both_judged_is_kept_once_for_each_answer_and_judge()
    {
        await using var store = Open(encrypted: false);
        await store.SaveDoublyJudgedAsync([Judged("r-1", 1), Judged("r-2", 0) with { Model = "other" }], CancellationToken.None);
        await store.SaveDoublyJudgedAsync([Judged("r-1", 0.5) with { Reviewer = "kim + lee" }], CancellationToken.None);

        var all = await store.ReadDoublyJudgedAsync("job", model: null, CancellationToken.None);

        Assert.Equal([("r-1", 0.5, "kim + lee"), ("r-2", 0.0, "kim")], all.Select(item => (item.RowId, item.Human, item.Reviewer)));
        Assert.Equal(Judged("r-1", 0.5) with { Reviewer = "kim + lee" }, Assert.Single(await store.ReadDoublyJudgedAsync("job", "opus", CancellationToken.None)));
        Assert.Empty(await store.ReadDoublyJudgedAsync("elsewhere", model: null, CancellationToken.None));
    }

    [Fact]
    public async Task What_belongs_to_a_forgotten_call_session_or_user_is_deleted()
    {
        await using (var store = Open(encrypted: false))
        {
            await store.SaveDoublyJudgedAsync(
                [
                    Judged("r-1", 1) with { CallId = "c-1", User = "u" }, Judged("r-2", 1) with { CallId = "c-2", User = "u" }, Judged("r-3", 1) with { CallId = "c-3", Session = "s" },
                    Judged("r-4", 1) with { CallId = "c-4" }, Judged("r-5", 1),
                ],
                CancellationToken.None);
        }
        using var connection = Connection.OpenWriter(Path.Combine(_directory.Path, ContentStore.FileName));

        Assert.Equal(2, Forget(new ForgetRequest { User = "u", Reason = "asked" }));
        Assert.Equal(1, Forget(new ForgetRequest { Session = "s", Reason = "asked" }));
        Assert.Equal(0, Forget(new ForgetRequest { Reason = "nothing named" }));
        Assert.Equal(1, Forget(new ForgetRequest { Tag = "none", Reason = "asked" }, "c-4"));
        Assert.Equal(0, Forget(new ForgetRequest { Tag = "job", Reason = "a row from a file has no call" }));

        int Forget(ForgetRequest request, params string[] calls) => JudgingTable.Forget(connection, request, calls.ToHashSet());
    }

    private ContentStore Open(bool encrypted) => ContentStore.Open(_directory.Path, encrypted ? ContentKey.FromPassphrase("a key of these tests") : null, _clock);

    private static JudgeAnchor Anchor(string id, string text) => new(id, Encoding.UTF8.GetBytes(text));

    private static JudgeAnchorRun Run(string? version, params JudgeAnchorScore[] scores) => new()
    {
        Tag = "job", JudgeTag = "judge-job", At = AnyCapture.Noon, Model = "opus", Version = version, Terms = "0123456789abcdef", CostNanoUsd = 5_000, UnknownPriceAttempts = 1, Scores = scores,
    };

    private static DoublyJudged Judged(string row, double human) => new()
    {
        Tag = "job", Run = "r-0123456789ab", RowId = row, Candidate = "haiku", Model = "opus", Reviewer = "kim", Scale = JudgeScale.Preference, Judge = 0.75, Human = human, Weight = 2,
        At = AnyCapture.Noon,
    };
}
