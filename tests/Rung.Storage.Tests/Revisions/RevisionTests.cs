using System.Collections.Immutable;
using System.Text;

namespace Rung.Storage.Tests.Revisions;

public sealed class RevisionTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FixedClock _clock = FixedClock.AtNoon();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Revisions_are_numbered_from_one_and_come_back_whole()
    {
        await using var ledger = Ledger.Open(_directory.Path, _clock);
        var files = ImmutableSortedDictionary<string, ReadOnlyMemory<byte>>.Empty
            .Add("schemas/intent.json", Encoding.UTF8.GetBytes("{\"type\":\"object\"}")).Add("empty.json", Array.Empty<byte>());

        var first = await ledger.PublishRevisionAsync("aaa", "version: 1\n", files, "ada", "the first one", CancellationToken.None);
        _clock.Now = _clock.Now.AddHours(1);
        var second = await ledger.PublishRevisionAsync("bbb", "version: 1 # Ü\n", ImmutableSortedDictionary<string, ReadOnlyMemory<byte>>.Empty, "bo", "cheaper", CancellationToken.None);

        Assert.Equal((1L, 2L), (first.Number, second.Number));
        var read = (await ledger.GetRevisionAsync(1, CancellationToken.None))!;
        Assert.Equal(("aaa", "version: 1\n", "ada", "the first one", _clock.Now.AddHours(-1)), (read.Hash, read.Text, read.Author, read.Reason, read.PublishedAt));
        Assert.Equal(["empty.json", "schemas/intent.json"], read.Files.Keys);
        Assert.Equal("{\"type\":\"object\"}", Encoding.UTF8.GetString(read.Files["schemas/intent.json"].Span));
        Assert.Empty(read.Files["empty.json"].ToArray());
        Assert.Equal([2L, 1L], (await ledger.ListRevisionsAsync(CancellationToken.None)).Select(revision => revision.Number));
        Assert.Null(await ledger.GetRevisionAsync(3, CancellationToken.None));
    }

    [Fact]
    public async Task Publishing_the_newest_again_gives_it_back_and_publishing_an_older_one_makes_a_new_number()
    {
        await using var ledger = Ledger.Open(_directory.Path, _clock);
        var none = ImmutableSortedDictionary<string, ReadOnlyMemory<byte>>.Empty;
        await ledger.PublishRevisionAsync("aaa", "a", none, "ada", "first", CancellationToken.None);
        await ledger.PublishRevisionAsync("bbb", "b", none, "ada", "second", CancellationToken.None);

        var again = await ledger.PublishRevisionAsync("bbb", "b", none, "bo", "again", CancellationToken.None);
        var back = await ledger.PublishRevisionAsync("aaa", "a", none, "bo", "roll back", CancellationToken.None);

        Assert.Equal((2L, "ada", "second"), (again.Number, again.Author, again.Reason));
        Assert.Equal((3L, "bo", "roll back"), (back.Number, back.Author, back.Reason));
    }
}
