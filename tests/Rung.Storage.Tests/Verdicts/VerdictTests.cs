using FsCheck;
using FsCheck.Fluent;
using Rung.Core.Spans;
using Rung.Storage.Sqlite;
using Rung.Storage.Verdicts;

namespace Rung.Storage.Tests.Verdicts;

public sealed class VerdictTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithReplay(20261122, 1).WithMaxTest(40);

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    private Ledger Open() => Ledger.Open(_directory.Path, FixedClock.AtNoon());

    private static VerdictRecord Thumb(string id, string? call = null, string? session = null, double score = 1, int minute = 0, string? tag = null) => new()
    {
        Id = id, CallId = call, Session = session, Tag = tag, Kind = VerdictKind.Thumbs, Score = score, Weight = 0.3, By = "u-7", At = Noon.AddMinutes(minute),
    };

    private static async Task<List<VerdictRecord>> AllAsync(Ledger ledger, VerdictQuery? query = null)
    {
        var all = new List<VerdictRecord>();
        await foreach (var verdict in ledger.ReadVerdictsAsync(query ?? new VerdictQuery(), CancellationToken.None)) all.Add(verdict);
        return all;
    }

    private static CallRecord Call(string? tag, string? session, string model, int chance) => new()
    {
        Id = AnyCall.IdOf(Noon.AddDays(-90), new Guid(0, 0, 0, [0, 0, 0, 0, 0, 0, 0, (byte)chance])), StartedAt = Noon.AddDays(-90), Tag = tag, Session = session, Route = tag ?? "default",
        PolicyRevision = 1, PolicyHash = "h", Status = CallStatus.Answered, Model = model, Tier = "small",
    };

    private static readonly Gen<VerdictRecord> Wild =
        from id in ArbMap.Default.GeneratorFor<Guid>()
        from texts in Gen.Elements<string?>(null, "", "Größe", "nul\0inside", "quote'", new string('é', 300)).ArrayOf(5)
        from kind in Gen.Elements(Enum.GetValues<VerdictKind>())
        from score in Gen.Elements(0, 1, 0.25, 1.0 / 3, double.Epsilon)
        from turns in Gen.Choose(0, 10_000)
        from weight in Gen.Elements(0, 0.3, 1, 1e9)
        from sampled in Gen.Elements<double?>(null, 1, 1.0 / 7, double.Epsilon)
        from micros in Gen.Choose(-1_000_000, 1_000_000)
        select new VerdictRecord
        {
            Id = id.ToString("N"), CallId = texts[0], Session = texts[1], Tag = texts[2], Model = texts[3], Kind = kind, Name = texts[4],
            Score = kind == VerdictKind.ConversationLength ? turns : score, Weight = weight, By = "judge", At = Noon.AddMicroseconds(micros), SampledAt = sampled,
        };

    [Fact]
    public async Task What_is_appended_is_read_equal()
    {
        await using var ledger = Open();
        Prop.ForAll(Wild.ToArbitrary(), verdict =>
        {
            ledger.AppendVerdictsAsync([verdict], CancellationToken.None).GetAwaiter().GetResult();
            Assert.Contains(verdict, AllAsync(ledger).GetAwaiter().GetResult());
        }).Check(Fixed);
    }

    [Fact]
    public async Task The_same_id_again_changes_nothing_and_is_not_counted_as_new()
    {
        await using var ledger = Open();
        Assert.Equal(2, await ledger.AppendVerdictsAsync([Thumb("a"), Thumb("b")], CancellationToken.None));
        Assert.Equal(1, await ledger.AppendVerdictsAsync([Thumb("a", score: 0), Thumb("c"), Thumb("c", score: 0)], CancellationToken.None));

        Assert.Equal([("a", 1.0), ("b", 1.0), ("c", 1.0)], (await AllAsync(ledger)).Select(verdict => (verdict.Id, verdict.Score)));
    }

    [Fact]
    public async Task A_verdict_takes_tag_session_and_model_from_its_call_whichever_of_the_two_came_first()
    {
        await using var ledger = Open();
        var call = Call("classify", "s1", "haiku", 1);
        await ledger.AppendVerdictsAsync([Thumb("early", call.Id)], CancellationToken.None);
        Assert.Equal((null, null, null), Known(Assert.Single(await AllAsync(ledger))));

        await ledger.AppendAsync([call], CancellationToken.None);
        await ledger.AppendVerdictsAsync([Thumb("late", call.Id)], CancellationToken.None);

        Assert.All(await AllAsync(ledger), verdict => Assert.Equal(("classify", "s1", "haiku"), Known(verdict)));
        Assert.Equal(2, (await AllAsync(ledger, new VerdictQuery { Tag = "classify" })).Count);
        Assert.Equal(2, (await AllAsync(ledger, new VerdictQuery { Session = "s1" })).Count);
        Assert.Equal(2, (await AllAsync(ledger, new VerdictQuery { CallId = call.Id })).Count);

        static (string?, string?, string?) Known(VerdictRecord verdict) => (verdict.Tag, verdict.Session, verdict.Model);
    }

    [Fact]
    public async Task What_a_verdict_says_of_itself_counts_before_its_call()
    {
        await using var ledger = Open();
        var call = Call("classify", "s1", "haiku", 1);
        await ledger.AppendAsync([call], CancellationToken.None);
        await ledger.AppendVerdictsAsync([Thumb("a", call.Id, tag: "other") with { Model = "opus" }], CancellationToken.None);

        var verdict = Assert.Single(await AllAsync(ledger));
        Assert.Equal(("other", "opus"), (verdict.Tag, verdict.Model));
    }

    [Fact]
    public async Task A_window_takes_its_first_instant_and_not_its_last_and_the_order_is_that_of_time()
    {
        await using var ledger = Open();
        await ledger.AppendVerdictsAsync([.. Enumerable.Range(0, 10).Reverse().Select(minute => Thumb($"v{minute}", minute: minute))], CancellationToken.None);

        var window = await AllAsync(ledger, new VerdictQuery { Since = Noon.AddMinutes(3), Until = Noon.AddMinutes(6) });

        Assert.Equal(["v3", "v4", "v5"], window.Select(verdict => verdict.Id));
    }

    [Fact]
    public async Task Many_verdicts_of_one_instant_are_read_once_each_across_pages()
    {
        await using var ledger = Open();
        await ledger.AppendVerdictsAsync([.. Enumerable.Range(0, 5000).Select(number => Thumb($"{number:x5}"))], CancellationToken.None);
        Assert.Equal(Enumerable.Range(0, 5000).Select(number => $"{number:x5}"), (await AllAsync(ledger)).Select(verdict => verdict.Id));
    }

    [Fact]
    public async Task Kinds_are_chosen()
    {
        await using var ledger = Open();
        await ledger.AppendVerdictsAsync([Thumb("a"), Thumb("b") with { Kind = VerdictKind.Review }, Thumb("c") with { Kind = VerdictKind.Judge }], CancellationToken.None);
        Assert.Equal(["b", "c"], (await AllAsync(ledger, new VerdictQuery { Kinds = [VerdictKind.Judge, VerdictKind.Review] })).Select(verdict => verdict.Id));
    }

    [Fact]
    public async Task A_batch_with_a_broken_verdict_is_refused_whole()
    {
        await using var ledger = Open();
        VerdictRecord[] broken =
        [
            Thumb("x") with { Score = 1.1 }, Thumb("x") with { Score = double.NaN }, Thumb("x") with { Weight = -1 }, Thumb("x") with { SampledAt = 0 },
            Thumb(""), Thumb("x") with { By = "" }, Thumb("x") with { Kind = (VerdictKind)99 },
        ];
        foreach (var verdict in broken)
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(() => ledger.AppendVerdictsAsync([Thumb("good"), verdict], CancellationToken.None));
        }
        Assert.Empty(await AllAsync(ledger));
    }

    [Fact]
    public async Task Sessions_judged_as_a_whole_are_told_with_the_tags_of_their_calls()
    {
        await using var ledger = Open();
        await ledger.AppendAsync([Call("a", "s1", "m", 1), Call("b", "s1", "m", 2), Call("a", "s1", "m", 3), Call("a", "s2", "m", 4), Call(null, "s1", "m", 5)], CancellationToken.None);
        await ledger.AppendVerdictsAsync([Thumb("v", session: "s1")], CancellationToken.None);

        Assert.Equal([new SessionTag("s1", "a"), new SessionTag("s1", "b")], await ledger.SessionTagsAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Forgetting_takes_out_sessions_and_users_and_leaves_the_numbers()
    {
        await using (var ledger = Open())
        {
            await ledger.AppendVerdictsAsync(
                [
                    Thumb("call", call: "c1", session: "s1"), Thumb("session", session: "s2"), Thumb("other", call: "c3", session: "s3"),
                    Thumb("judge", call: "c1") with { Kind = VerdictKind.Judge, By = "judge-faq" },
                ],
                CancellationToken.None);
        }

        using (var connection = Connection.OpenWriter(_directory[Ledger.FileName]))
        {
            Assert.Equal(2, VerdictTable.Forget(connection, ["c1"], "s2"));
            Assert.Equal(0, VerdictTable.Forget(connection, ["c1"], "s2"));
        }

        await using var after = Open();
        var all = (await AllAsync(after)).ToDictionary(verdict => verdict.Id);
        Assert.Equal((null, "user", 1.0), (all["call"].Session, all["call"].By, all["call"].Score));
        Assert.Equal((null, "user"), (all["session"].Session, all["session"].By));
        Assert.Equal(("s3", "u-7"), (all["other"].Session, all["other"].By));
        Assert.Equal("judge-faq", all["judge"].By);
    }
}
