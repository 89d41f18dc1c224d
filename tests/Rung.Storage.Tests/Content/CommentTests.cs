using Rung.Storage.Content;
using Rung.Storage.Sqlite;

namespace Rung.Storage.Tests.Content;

public sealed class CommentTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryDirectory _directory = new();
    private readonly FixedClock _clock = FixedClock.AtNoon();

    public void Dispose() => _directory.Dispose();

    private static FeedbackText Text(string id, string? call, string? session = null, int days = 30, string text = "wrong label") => new()
    {
        Id = id, CallId = call, Session = session, Kind = FeedbackTextKind.Comment, At = Noon, ExpiresAt = Noon.AddDays(days), Text = text,
    };

    private ContentStore Open(string? key = null) => ContentStore.Open(_directory.Path, ContentKey.Read(key), _clock);

    [Fact]
    public async Task A_comment_is_read_back_and_the_same_id_again_changes_nothing()
    {
        await using var store = Open();
        var first = Text("a", "c1", "s1");
        Assert.Equal(1, await store.AppendCommentsAsync([first], CancellationToken.None));
        Assert.Equal(1, await store.AppendCommentsAsync([first with { Text = "other" }, Text("b", null, "s1") with { Kind = FeedbackTextKind.Replacement }], CancellationToken.None));

        Assert.Equal([first], await store.ReadCommentsAsync("c1", null, CancellationToken.None));
        Assert.Equal(["a", "b"], (await store.ReadCommentsAsync(null, "s1", CancellationToken.None)).Select(text => text.Id));
    }

    [Fact]
    public async Task Under_a_key_the_file_does_not_hold_the_words()
    {
        await using (var store = Open(Convert.ToBase64String(new byte[32])))
        {
            await store.AppendCommentsAsync([Text("a", "c1", text: "the kangaroo was wrong")], CancellationToken.None);
            Assert.Equal("the kangaroo was wrong", Assert.Single(await store.ReadCommentsAsync("c1", null, CancellationToken.None)).Text);
        }
        foreach (var file in Directory.GetFiles(_directory.Path)) Assert.True((await File.ReadAllBytesAsync(file)).AsSpan().IndexOf("kangaroo"u8) < 0, file);
    }

    [Fact]
    public async Task What_has_expired_is_not_shown_and_then_dropped()
    {
        await using var store = Open();
        await store.AppendCommentsAsync([Text("short", "c1", days: 1), Text("long", "c1", days: 9)], CancellationToken.None);
        _clock.Now = Noon.AddDays(2);

        Assert.Equal(["long"], (await store.ReadCommentsAsync("c1", null, CancellationToken.None)).Select(text => text.Id));
        Assert.Equal(1, await store.DropExpiredCommentsAsync(CancellationToken.None));
        Assert.Equal(0, await store.DropExpiredCommentsAsync(CancellationToken.None));
    }

    [Theory]
    [InlineData(null, "s1", "two three")]
    [InlineData("c2", null, "one three")]
    [InlineData("c2", "s1", "one two three")]
    public async Task Forgetting_deletes_by_call_and_by_session_what_matches_both(string? call, string? session, string left)
    {
        await using (var store = Open())
        {
            await store.AppendCommentsAsync([Text("one", "c1", "s1"), Text("two", "c2"), Text("three", "c3", "s3")], CancellationToken.None);
        }
        using (var connection = Connection.OpenWriter(_directory[ContentStore.FileName]))
        {
            CommentTable.Forget(connection, new ForgetRequest { CallId = call, Session = session, Reason = "asked" }, new HashSet<string>());
        }
        Assert.Equal(left.Split(' '), await LeftAsync());
    }

    [Fact]
    public async Task Forgetting_a_user_deletes_the_texts_of_the_users_calls_and_nothing_else()
    {
        await using (var store = Open())
        {
            await store.AppendCommentsAsync([Text("one", "c1", "s1"), Text("two", "c2"), Text("three", "c3")], CancellationToken.None);
        }
        using (var connection = Connection.OpenWriter(_directory[ContentStore.FileName]))
        {
            Assert.Equal(2, CommentTable.Forget(connection, new ForgetRequest { User = "u", Reason = "asked" }, new HashSet<string> { "c1", "c3" }));
        }
        Assert.Equal(["two"], await LeftAsync());
    }

    [Fact]
    public async Task Forgetting_by_age_goes_by_the_call_where_the_text_came_later()
    {
        string Id(int days) => AnyCall.IdOf(Noon.AddDays(days), new Guid(1, 2, 3, new byte[8]));
        await using (var store = Open())
        {
            await store.AppendCommentsAsync([Text("one", Id(-10)), Text("two", Id(-1)), Text("three", null, "s1") with { At = Noon.AddDays(-9) }], CancellationToken.None);
        }
        using (var connection = Connection.OpenWriter(_directory[ContentStore.FileName]))
        {
            CommentTable.Forget(connection, new ForgetRequest { Before = Noon.AddDays(-5), Reason = "age" }, new HashSet<string>());
        }
        Assert.Equal(["two"], await LeftAsync());
    }

    private async Task<IEnumerable<string>> LeftAsync()
    {
        await using var store = Open();
        var left = new List<string>();
        foreach (var call in new[] { "c1", "c2", "c3", AnyCall.IdOf(Noon.AddDays(-10), new Guid(1, 2, 3, new byte[8])), AnyCall.IdOf(Noon.AddDays(-1), new Guid(1, 2, 3, new byte[8])) })
        {
            left.AddRange((await store.ReadCommentsAsync(call, null, CancellationToken.None)).Select(text => text.Id));
        }
        foreach (var session in new[] { "s1", "s3" })
        {
            left.AddRange((await store.ReadCommentsAsync(null, session, CancellationToken.None)).Select(text => text.Id));
        }
        return left.Distinct();
    }
}
