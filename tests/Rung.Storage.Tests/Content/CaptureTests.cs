using Rung.Storage.Content;

namespace Rung.Storage.Tests.Content;

public sealed class CaptureTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FixedClock _clock = new(AnyCapture.Noon.AddDays(1));

    public void Dispose() => _directory.Dispose();

    private ContentStore Open(bool encrypted) =>
        ContentStore.Open(_directory.Path, encrypted ? ContentKey.FromPassphrase("a key of these tests") : null, _clock);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_captured_is_found_again_equal(bool encrypted)
    {
        await using var store = Open(encrypted);
        CapturedCall[] calls = [AnyCapture.Of(1, user: "u1", session: "s1"), AnyCapture.Of(2, tag: null)];
        Assert.Equal(2, await store.AppendCapturesAsync(calls, default));

        foreach (var call in calls) AnyCapture.Same(call, await store.FindCaptureAsync(call.CallId, default));
        Assert.Null(await store.FindCaptureAsync("nothing", default));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Content_is_readable_in_the_file_only_without_a_key(bool encrypted)
    {
        await using var store = Open(encrypted);
        await store.AppendCapturesAsync([AnyCapture.Of(1, text: "MARK-of-content")], default);
        Assert.Equal(!encrypted, RawFiles.Containing(_directory.Path, "MARK-of-content").Length > 0);
    }

    [Fact]
    public async Task A_call_that_is_there_already_is_left_as_it_is()
    {
        await using var store = Open(encrypted: false);
        Assert.Equal(1, await store.AppendCapturesAsync([AnyCapture.Of(1, text: "first")], default));
        Assert.Equal(1, await store.AppendCapturesAsync([AnyCapture.Of(1, text: "second"), AnyCapture.Of(2)], default));
        AnyCapture.Same(AnyCapture.Of(1, text: "first"), await store.FindCaptureAsync(AnyCapture.Id(1), default));
    }

    [Fact]
    public async Task A_query_reads_what_matches_everything_in_order_of_id_over_pages()
    {
        await using var store = Open(encrypted: false);
        var calls = Enumerable.Range(0, 80).Select(i => AnyCapture.Of(i, tag: i % 2 == 0 ? "even" : "odd", session: $"s{i % 5}", user: $"u{i % 7}")).ToArray();
        foreach (var batch in calls.Reverse().Chunk(9)) await store.AppendCapturesAsync(batch, default);

        Assert.Equal(Enumerable.Range(0, 80).Select(AnyCapture.Id), await Ids(store, new CaptureQuery()));
        Assert.Equal(Enumerable.Range(0, 40).Select(i => AnyCapture.Id(i * 2)), await Ids(store, new CaptureQuery { Tag = "even" }));
        Assert.Equal(Enumerable.Range(0, 35).Select(AnyCapture.Id), await Ids(store, new CaptureQuery { Limit = 35 }));
        Assert.Equal(Enumerable.Range(10, 20).Select(AnyCapture.Id),
            await Ids(store, new CaptureQuery { Since = AnyCapture.Noon.AddMinutes(10), Until = AnyCapture.Noon.AddMinutes(30) }));
        Assert.Equal([AnyCapture.Id(0), AnyCapture.Id(35), AnyCapture.Id(70)], await Ids(store, new CaptureQuery { Session = "s0", User = "u0" }));
    }

    [Fact]
    public async Task Lists_and_sums_need_no_content()
    {
        await using var store = Open(encrypted: true);
        await store.AppendCapturesAsync([AnyCapture.Of(1), AnyCapture.Of(2), AnyCapture.Of(3, tag: null)], default);

        var list = await store.ListCapturesAsync(new CaptureQuery { Limit = 2 }, default);
        Assert.Equal([AnyCapture.Id(3), AnyCapture.Id(2)], list.Select(entry => entry.CallId));
        var call = AnyCapture.Of(2);
        Assert.Equal(call.Request.Length + call.Answers.Sum(answer => answer.Message.Length), list[1].ContentBytes);

        var sums = await store.SumCapturesAsync(new CaptureQuery(), default);
        Assert.Equal(["summarize", null], sums.Select(sum => sum.Tag));
        Assert.Equal((2, 4, 3, 2), (sums[0].Calls, sums[0].Answers, sums[0].Redactions, sums[0].Redacted));
        Assert.Equal(AnyCapture.Noon.AddMinutes(1).AddDays(30), sums[0].NextExpiry);
    }

    [Fact]
    public async Task What_has_expired_is_read_by_nobody_and_dropped_from_the_files()
    {
        await using var store = Open(encrypted: false);
        await store.AppendCapturesAsync([AnyCapture.Of(1, text: "MARK-old"), AnyCapture.Of(2, text: "MARK-young") with { ExpiresAt = AnyCapture.Noon.AddDays(60) }], default);
        _clock.Now = AnyCapture.Noon.AddMinutes(1).AddDays(30);

        Assert.Null(await store.FindCaptureAsync(AnyCapture.Id(1), default));
        Assert.Equal([AnyCapture.Id(2)], await Ids(store, new CaptureQuery()));
        Assert.Equal(1, await store.DropExpiredAsync(default));
        Assert.Equal(0, await store.DropExpiredAsync(default));

        Assert.Empty(RawFiles.Containing(_directory.Path, "MARK-old"));
        Assert.NotEmpty(RawFiles.Containing(_directory.Path, "MARK-young"));
    }

    private static async Task<List<string>> Ids(ContentStore store, CaptureQuery query)
    {
        var ids = new List<string>();
        await foreach (var call in store.ReadCapturesAsync(query, default)) ids.Add(call.CallId);
        return ids;
    }
}
