using System.Text;
using Rung.Storage.Content;
using Rung.Storage.Sqlite;

namespace Rung.Storage.Tests.Content;

public sealed class EvalSetTests : IDisposable
{
    private static readonly CancellationToken Now = CancellationToken.None;
    private readonly TemporaryDirectory _directory = new();
    private readonly FixedClock _clock = FixedClock.AtNoon();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_set_comes_back_whole_and_is_numbered_from_one()
    {
        await using var store = Open();
        var rows = new[] { Row(0) with { CallId = "c0", CalledAt = _clock.Now.AddHours(-1), Session = "s", User = "u", DataClass = "phi", Stratum = "short", Weight = 2.5, Group = "g" }, Answered(1) };

        var set = await store.AddEvalSetAsync(Draft(rows) with { Tag = "sums", Seed = 7, Profile = "{\"a\":1}", Simulated = true }, Now);

        Assert.Equal(("intent", 1, "sums", 7L, "{\"a\":1}", 2, 0, true, "a test", _clock.Now), (set.Name, set.Version, set.Tag, set.Seed, set.Profile, set.Rows, set.Removed, set.Simulated, set.MadeBy, set.MadeAt));
        Assert.Equal(EvalSetHash.Of(rows), set.Hash);
        Assert.Equivalent(set, await store.FindEvalSetAsync("intent", null, Now), strict: true);
        var read = await store.ReadEvalRowsAsync("intent", 1, Now);
        Assert.Equal(rows.Select(Text), read.Select(Text));
        Assert.Null(await store.FindEvalSetAsync("intent", 2, Now));
        Assert.Empty(await store.ReadEvalRowsAsync("other", 1, Now));
    }

    [Fact]
    public async Task The_same_rows_in_another_order_are_the_same_version_and_other_rows_are_another()
    {
        await using var store = Open();
        EvalRow[] rows = [Row(0), Row(1), Row(2)];
        await store.AddEvalSetAsync(Draft(rows), Now);

        var again = await store.AddEvalSetAsync(Draft([rows[2] with { Position = 0 }, rows[0] with { Position = 1 }, rows[1] with { Position = 2 }]), Now);
        var other = await store.AddEvalSetAsync(Draft([rows[0], rows[1]]), Now);
        var back = await store.AddEvalSetAsync(Draft(rows), Now);

        Assert.Equal((1, 2, 3), (again.Version, other.Version, back.Version));
        Assert.Equal(again.Hash, back.Hash);
        Assert.NotEqual(again.Hash, other.Hash);
        Assert.Equal([3, 2, 1], (await store.ListEvalSetsAsync(Now)).Select(set => set.Version));
    }

    [Fact]
    public void Everything_that_an_eval_depends_on_changes_the_hash()
    {
        var row = Answered(0) with { DataClass = "a", Stratum = "b", Group = "c", ReferenceBy = "d" };
        var bytes = Encoding.UTF8.GetBytes("{\"x\":1}");
        EvalRow[] others =
        [
            row with { Id = "r-ffffffffffffffff" }, row with { Part = EvalPart.Test }, row with { Request = bytes }, row with { Reference = bytes },
            row with { ReferenceSource = ReferenceSource.Person }, row with { ReferenceBy = null }, row with { ReferenceBy = "" }, row with { DataClass = null },
            row with { Stratum = "bc" }, row with { Weight = 1.5 }, row with { Group = "cc" },
        ];
        Assert.Equal(others.Length + 1, others.Append(row).Select(one => EvalSetHash.Of([one])).Distinct().Count());
        Assert.Equal(EvalSetHash.Of([row]), EvalSetHash.Of([row with { Position = 9, Session = "s", User = "u", ReferenceCostNanoUsd = 5 }]));
        // What one field loses, the next one gains: still another hash.
        Assert.NotEqual(EvalSetHash.Of([row with { Stratum = "bc", Group = "c" }]), EvalSetHash.Of([row with { Stratum = "b", Group = "cc" }]));
    }

    [Fact]
    public async Task Rows_of_a_forgotten_user_are_gone_and_the_version_says_so()
    {
        const string Secret = "the-heron-flies-at-dawn";
        await using (var store = Open())
        {
            var rows = Enumerable.Range(0, 5).Select(i => Row(i, i < 3 ? Secret + i : "plain") with { CallId = $"c{i}", User = i < 3 ? "ada" : "bo" }).ToArray();
            await store.AddEvalSetAsync(Draft(rows), Now);
            await store.AddEvalSetAsync(Draft([.. rows.Take(4)]), Now);
            await store.AddEvalSetAsync(Draft([rows[4] with { Position = 0 }]) with { Name = "untouched" }, Now);
        }

        var sets = Forget(new ForgetRequest { User = "ada", Reason = "request of\nthe user" }, out var removed);

        Assert.Equal(6, removed);
        Assert.Equal(["intent@1", "intent@2"], sets.Order());
        await using (var store = Open())
        {
            var first = (await store.FindEvalSetAsync("intent", 1, Now))!;
            Assert.Equal((5, 3), (first.Rows, first.Removed));
            Assert.Equal(["3 rows removed on 2026-11-22: request of the user"], first.Notes);
            Assert.Equal([3, 4], (await store.ReadEvalRowsAsync("intent", 1, Now)).Select(row => row.Position));
            Assert.Equal(64, first.Hash.Length);
            Assert.Empty((await store.FindEvalSetAsync("untouched", null, Now))!.Notes);
            await store.CompactAsync(Now);
        }
        foreach (var file in Directory.GetFiles(_directory.Path))
        {
            Assert.DoesNotContain(Secret, Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Everything_that_is_asked_for_must_match_and_a_row_from_a_file_has_no_age()
    {
        await using (var store = Open())
        {
            EvalRow[] rows =
            [
                Row(0) with { CallId = "c0", User = "ada", Session = "s1", CalledAt = _clock.Now.AddDays(-9) },
                Row(1) with { CallId = "c1", User = "ada", Session = "s2", CalledAt = _clock.Now.AddDays(-1) },
                Row(2),
                Row(3) with { CallId = "c3", CalledAt = _clock.Now.AddDays(-9) },
            ];
            await store.AddEvalSetAsync(Draft(rows) with { Tag = "t" }, Now);
        }
        Forget(new ForgetRequest { User = "ada", Session = "s3", Reason = "r" }, out var none);
        Forget(new ForgetRequest { User = "ada", Before = _clock.Now.AddDays(-5), Reason = "r" }, out var one);
        Forget(new ForgetRequest { Tag = "t", Before = _clock.Now.AddDays(-30), Reason = "r" }, out var old);
        Forget(new ForgetRequest { Tag = "other", Reason = "r" }, out var otherTag);
        Assert.Equal((0, 1, 0, 0), (none, one, old, otherTag));

        Forget(new ForgetRequest { CallId = "gone", Reason = "found by its capture" }, out var byCall, "c1");
        Forget(new ForgetRequest { Tag = "t", Reason = "the tag is gone" }, out var byTag);
        Assert.Equal((1, 1), (byCall, byTag));
        await using var after = Open();
        Assert.Equal([2], (await after.ReadEvalRowsAsync("intent", 1, Now)).Select(row => row.Position));
        Assert.Equal(3, (await after.FindEvalSetAsync("intent", 1, Now))!.Notes.Count);
        // The version that lost rows is not taken for the whole one.
        Assert.Equal(2, (await after.AddEvalSetAsync(Draft([Row(0), Row(1), Row(2), Row(3)]) with { Tag = "t" }, Now)).Version);
    }

    [Fact]
    public async Task A_build_goes_on_where_it_was_stopped_and_costs_add_up()
    {
        await using var store = Open();
        var begun = await store.BeginEvalBuildAsync("key", "intent", "t", _clock.Now, Now);
        await store.SaveEvalBuildAnswerAsync("key", Row(0), new EvalBuildAnswer { CostNanoUsd = 3 }, Now);
        await store.SaveEvalBuildAnswerAsync("key", Row(0), new EvalBuildAnswer { Message = "{}"u8.ToArray(), Model = "opus", CostNanoUsd = 4 }, Now);
        await store.SaveEvalBuildAnswerAsync("key", Row(1), new EvalBuildAnswer { CostNanoUsd = 1, UnknownPriceAttempts = 1 }, Now);
        _clock.Now = _clock.Now.AddDays(1);

        var again = await store.BeginEvalBuildAsync("key", "intent", "t", _clock.Now, Now);

        Assert.Empty(begun.Answers);
        Assert.Equal(begun.BegunAt, again.BegunAt);
        Assert.Equal((7L, "opus", "{}"), (again.Answers[Row(0).Id].CostNanoUsd, again.Answers[Row(0).Id].Model, Encoding.UTF8.GetString(again.Answers[Row(0).Id].Message.Span)));
        Assert.True(again.Answers[Row(1).Id].Message.IsEmpty);

        await store.AddEvalSetAsync(Draft([Row(0)]), "key", Now);
        Assert.Empty((await store.BeginEvalBuildAsync("key", "intent", "t", _clock.Now, Now)).Answers);
    }

    [Fact]
    public async Task An_unfinished_build_forgets_too_and_an_old_one_is_dropped()
    {
        await using (var store = Open())
        {
            await store.BeginEvalBuildAsync("key", "intent", "t", _clock.Now, Now);
            await store.SaveEvalBuildAnswerAsync("key", Row(0) with { User = "ada" }, new EvalBuildAnswer { Message = "{}"u8.ToArray() }, Now);
            await store.SaveEvalBuildAnswerAsync("key", Row(1) with { CallId = "c1" }, new EvalBuildAnswer { Message = "{}"u8.ToArray() }, Now);
            await store.SaveEvalBuildAnswerAsync("key", Row(2), new EvalBuildAnswer { Message = "{}"u8.ToArray() }, Now);
        }
        Forget(new ForgetRequest { User = "ada", Reason = "r" }, out _, "c1");
        await using var after = Open();
        Assert.Equal([Row(2).Id], (await after.BeginEvalBuildAsync("key", "intent", "t", _clock.Now, Now)).Answers.Keys);
        _clock.Now = _clock.Now.AddDays(31);
        Assert.Single((await after.BeginEvalBuildAsync("key", "intent", "t", _clock.Now, Now)).Answers); // Whoever goes on late does not pay again.
        await after.BeginEvalBuildAsync("another", "intent", "t", _clock.Now, Now);
        Assert.Null(await after.FindEvalBuildAsync("key", Now));
    }

    [Fact]
    public async Task Content_of_rows_is_encrypted_when_there_is_a_key()
    {
        var key = ContentKey.FromPassphrase("a passphrase of some length");
        await using (var store = ContentStore.Open(_directory.Path, key, _clock))
        {
            await store.AddEvalSetAsync(Draft([Row(0, "the-heron") with { Reference = "\"the-answer\""u8.ToArray(), ReferenceSource = ReferenceSource.Given }]) with { Profile = "\"the-profile\"" }, Now);
            Assert.Contains("the-heron", Encoding.UTF8.GetString((await store.ReadEvalRowsAsync("intent", 1, Now))[0].Request.Span), StringComparison.Ordinal);
            await store.CompactAsync(Now);
        }
        var bytes = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(_directory[ContentStore.FileName]));
        foreach (var secret in (string[])["the-heron", "the-answer", "the-profile"]) Assert.DoesNotContain(secret, bytes, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Upper")]
    [InlineData("a/b")]
    [InlineData("näme")]
    public async Task A_name_that_is_none_is_refused(string name)
    {
        await using var store = Open();
        await Assert.ThrowsAsync<ArgumentException>(() => store.AddEvalSetAsync(Draft([Row(0)]) with { Name = name }, Now));
    }

    [Fact]
    public async Task Rows_that_cannot_be_told_apart_are_refused()
    {
        await using var store = Open();
        EvalRow[][] bad = [[], [Row(0), Row(0) with { Position = 1 }], [Row(0), Row(1) with { Position = 0 }], [Row(0) with { Weight = 0 }], [Row(0) with { Weight = double.NaN }], [Row(0) with { ReferenceSource = ReferenceSource.Given }]];
        foreach (var rows in bad) await Assert.ThrowsAsync<ArgumentException>(() => store.AddEvalSetAsync(Draft(rows), Now));
        Assert.Empty(await store.ListEvalSetsAsync(Now));
    }

    private ContentStore Open() => ContentStore.Open(_directory.Path, key: null, _clock);

    private List<string> Forget(ForgetRequest request, out int removed, params string[] calls)
    {
        using var connection = Connection.OpenWriter(_directory[ContentStore.FileName]);
        connection.Execute("PRAGMA secure_delete = ON");
        var sets = new List<string>();
        removed = EvalSetTable.Forget(connection, request, calls.ToHashSet(), _clock.Now, sets);
        return sets;
    }

    private static EvalSetDraft Draft(IReadOnlyList<EvalRow> rows) => new() { Name = "intent", MadeBy = "a test", Rows = rows };

    private static EvalRow Row(int i, string text = "hello") => new()
    {
        Id = $"r-{i:x16}", Position = i, Part = EvalPart.Tune, Request = Encoding.UTF8.GetBytes($"{{\"messages\":[\"{text}\"]}}"), Origin = $"file a:{i}",
    };

    private static EvalRow Answered(int i) => Row(i) with
    {
        Reference = "{\"content\":\"4\"}"u8.ToArray(), ReferenceSource = ReferenceSource.Model, ReferenceBy = "opus", ReferenceCostNanoUsd = 12,
    };

    private static string Text(EvalRow row) =>
        Encoding.UTF8.GetString(row.Request.Span) + Encoding.UTF8.GetString(row.Reference.Span) + (row with { Request = default, Reference = default });
}
