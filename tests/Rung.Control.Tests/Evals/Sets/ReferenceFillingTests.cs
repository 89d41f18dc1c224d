using System.Collections.Concurrent;
using System.Text;
using Rung.Control.Evals;
using Rung.Control.Evals.Asking;
using Rung.Control.Evals.Sets;
using Rung.Control.Evals.Sets.Reading;
using Rung.Control.Evals.Sets.References;
using Rung.Storage.Content;

namespace Rung.Control.Tests.Evals.Sets;

public sealed class ReferenceFillingTests : IDisposable
{
    private static readonly CancellationToken Now = CancellationToken.None;
    private readonly string _folder = Directory.CreateTempSubdirectory("rung-references-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Given_answers_come_first_then_captured_ones_then_the_reference_tier_is_asked()
    {
        await using var store = Open();
        var rows = Enumerable.Range(0, 9).Select(i => Questions.Row(i) with
        {
            Given = i < 3 ? ChatForm.AnswerOf("given") : default(ReadOnlyMemory<byte>), Captured = i < 6 ? ChatForm.AnswerOf("captured") : default(ReadOnlyMemory<byte>), CapturedBy = i < 6 ? "opus" : null,
        }).ToArray();
        var sample = Questions.Draw(rows, new EvalSampling());

        foreach (var (mode, given, captured, asked) in ((ReferenceMode, int, int, int)[])[(ReferenceMode.Auto, 3, 3, 3), (ReferenceMode.Frontier, 0, 0, 9), (ReferenceMode.Captured, 0, 6, 0), (ReferenceMode.Given, 3, 0, 0), (ReferenceMode.None, 0, 0, 0)])
        {
            var asker = new CountingAsker();
            var filling = new ReferenceFilling(store, asker, Terms() with { Mode = mode });
            var plan = filling.Plan(sample, null);
            Assert.Equal((given, captured, asked, 9 - given - captured - asked), (plan.Given, plan.Captured, plan.ToAsk.Count, plan.Without));
            Assert.Equal(asked * CountingAsker.Price, plan.EstimateNanoUsd);
            var build = asked > 0 ? await store.BeginEvalBuildAsync($"key {mode}", "s", "t", TimeProvider.System.GetUtcNow(), Now) : null;
            var outcome = await filling.FillAsync(sample, plan, build, null, Now);
            Assert.Equal((given, captured + asked, asked * CountingAsker.Price), (Count(outcome, ReferenceSource.Given), Count(outcome, ReferenceSource.Model), outcome.CostNanoUsd));
            Assert.All(outcome.Rows.Where(row => row.ReferenceSource == ReferenceSource.Model), row => Assert.Equal("opus", row.ReferenceBy));
            Assert.Equal(asked, asker.Asked.Count);
        }
    }

    [Fact]
    public async Task A_build_that_broke_in_the_middle_goes_on_and_pays_no_row_twice()
    {
        var sample = Questions.Draw(Questions.Mixed(60), new EvalSampling());
        var paid = new ConcurrentDictionary<string, int>();
        for (var round = 0; round < 4; round++)
        {
            await using var store = Open();
            var asker = new CountingAsker { Paid = paid, BreaksAfter = round < 3 ? 17 : int.MaxValue };
            var filling = new ReferenceFilling(store, asker, Terms() with { Concurrency = 3 });
            var build = await store.BeginEvalBuildAsync("key", "s", "t", TimeProvider.System.GetUtcNow(), Now);
            var plan = filling.Plan(sample, build);
            Assert.Equal(paid.Count, plan.Kept);
            Assert.Equal(sample.Rows.Count - paid.Count, plan.ToAsk.Count);
            if (round < 3)
            {
                await Assert.ThrowsAsync<InvalidOperationException>(() => filling.FillAsync(sample, plan, build, null, Now));
                continue;
            }
            var outcome = await filling.FillAsync(sample, plan, build, null, Now);
            Assert.True(outcome.IsComplete);
            Assert.Equal(sample.Rows.Count, Count(outcome, ReferenceSource.Model));
            Assert.Equal(sample.Rows.Count * CountingAsker.Price, outcome.CostNanoUsd);
            Assert.All(outcome.Rows, row => Assert.Equal(CountingAsker.Price, row.ReferenceCostNanoUsd));
        }
        Assert.Equal(sample.Rows.Count, paid.Count);
        Assert.All(paid, row => Assert.Equal(1, row.Value));
    }

    [Fact]
    public async Task The_cap_holds_for_the_whole_build_and_what_is_missing_is_counted()
    {
        await using var store = Open();
        var sample = Questions.Draw(Questions.Mixed(20), new EvalSampling());
        var asker = new CountingAsker();
        for (var round = 1; round <= 2; round++)
        {
            var filling = new ReferenceFilling(store, asker, Terms() with { Concurrency = 8, MaxNanoUsd = (CountingAsker.Price * 6) + 1 });
            var build = await store.BeginEvalBuildAsync("key", "s", "t", TimeProvider.System.GetUtcNow(), Now);
            var outcome = await filling.FillAsync(sample, filling.Plan(sample, build), build, null, Now);
            Assert.Equal((6, 14, false), (outcome.Asked, outcome.OverCap, outcome.IsComplete));
            Assert.Equal(CountingAsker.Price * 6, outcome.CostNanoUsd);
        }
        Assert.Equal(6, asker.Asked.Count);
    }

    [Fact]
    public async Task A_row_that_no_reference_model_may_see_stays_without_and_another_model_is_tried_first()
    {
        await using var store = Open();
        var rows = Enumerable.Range(0, 12).Select(i => Questions.Row(i) with { DataClass = (i % 3) switch { 0 => "phi", 1 => "secret", _ => null } }).ToArray();
        var sample = Questions.Draw(rows, new EvalSampling());
        var asker = new CountingAsker { Answer = question => question.DataClass == "secret" || question is { DataClass: "phi", Model: "opus" } ? AskStatus.Forbidden : AskStatus.Answered };
        var filling = new ReferenceFilling(store, asker, Terms() with { Models = ["opus", "eu-opus"] });
        var build = await store.BeginEvalBuildAsync("key", "s", "t", TimeProvider.System.GetUtcNow(), Now);
        var outcome = await filling.FillAsync(sample, filling.Plan(sample, build), build, null, Now);

        Assert.Equal((4, 8, true), (outcome.Forbidden, outcome.Asked, outcome.IsComplete));
        Assert.All(outcome.Rows, row => Assert.Equal((row.DataClass switch { "secret" => null, "phi" => "eu-opus", _ => "opus" }), row.ReferenceBy));
        Assert.All(outcome.Rows.Where(row => row.DataClass == "secret"), row => Assert.True(row.Reference.IsEmpty));
    }

    [Fact]
    public async Task Failures_are_counted_with_their_reasons_and_asked_again_later()
    {
        await using var store = Open();
        var sample = Questions.Draw(Questions.Mixed(10), new EvalSampling());
        var broken = true;
        var asker = new CountingAsker { Answer = question => broken && Encoding.UTF8.GetString(question.Request.Span).Contains('3', StringComparison.Ordinal) ? AskStatus.Failed : AskStatus.Answered };
        var filling = new ReferenceFilling(store, asker, Terms());
        var build = await store.BeginEvalBuildAsync("key", "s", "t", TimeProvider.System.GetUtcNow(), Now);
        var first = await filling.FillAsync(sample, filling.Plan(sample, build), build, null, Now);
        Assert.True(first.Failed > 0);
        Assert.False(first.IsComplete);
        Assert.Equal($"made to fail ({first.Failed})", Assert.Single(first.FailureReasons));

        broken = false;
        build = await store.BeginEvalBuildAsync("key", "s", "t", TimeProvider.System.GetUtcNow(), Now);
        var plan = filling.Plan(sample, build);
        Assert.Equal(first.Failed, plan.ToAsk.Count);
        var second = await filling.FillAsync(sample, plan, build, null, Now);
        Assert.True(second.IsComplete);
        Assert.Equal((10 + first.Failed) * CountingAsker.Price, second.CostNanoUsd); // What failed was paid for, too.
    }

    [Fact]
    public void Answers_of_people_replace_references_and_unknown_rows_are_said()
    {
        var path = Path.Combine(_folder, "answers.jsonl");
        var rows = Questions.RowsOf(Questions.Draw(Questions.Mixed(6), new EvalSampling()));
        File.WriteAllText(path, $$$"""
            {"id":"{{{rows[0].Id}}}","answer":"by hand","by":"reviewer one"}
            {"id":"{{{rows[1].Id}}}","answer":{"role":"assistant","content":"a message"}}
            {"id":"r-0000000000000000","answer":"x"}
            {"id":"{{{rows[1].Id}}}","answer":"again"}
            {"id":"{{{rows[2].Id}}}"}
            nonsense
            """);
        var answers = PersonAnswers.Read(path, null);
        var answered = answers.ApplyTo(rows, "team");

        Assert.Equal(3, answers.Count);
        Assert.Equal(3, answers.Faults.Count);
        Assert.Equal(["r-0000000000000000"], answers.UnknownIds);
        Assert.Equal(("reviewer one", ReferenceSource.Person, """{"role":"assistant","content":"by hand"}"""), (answered[0].ReferenceBy, answered[0].ReferenceSource, Encoding.UTF8.GetString(answered[0].Reference.Span)));
        Assert.Equal("team", answered[1].ReferenceBy);
        Assert.Equal(rows[2], answered[2]);
        var diff = EvalSetDiff.Of(rows, answered);
        Assert.Equal((4, 2, 0, 0), (diff.Same, diff.Changed.Count, diff.Added.Count, diff.Removed.Count));
        Assert.Equal(["reference added"], diff.Changed[0].Fields);
    }

    [Fact]
    public async Task Captured_calls_become_rows_with_weights_outcomes_and_the_reference_that_was_served()
    {
        await using var store = Open();
        await store.AppendCapturesAsync([
            Call(0, 0.5, ("haiku", "small", true, true, null)), Call(1, 0.1, ("haiku", "small", false, false, null), ("opus", "frontier", true, true, null)),
            Call(2, 1, ("opus", "frontier", true, true, null)), Call(3, 1, ("haiku", "small", true, false, null)), Call(4, 1), Call(5, 1, ("opus", "frontier", true, true, "length")),
        ], Now);

        var read = await CaptureRows.ReadAsync(store, new CaptureQuery { Tag = "t" }, "frontier", 1, null, Now);

        var rows = read.Rows.OrderBy(row => row.CallId, StringComparer.Ordinal).ToArray();
        Assert.Equal(["served cheap", "climbed", "served by the reference tier", "failed a check", "no answer", "cut off"], rows.Select(row => row.Outcome));
        Assert.Equal([2.0, 10, 1, 1, 1, 1], rows.Select(row => row.Mass));
        Assert.Equal([null, "opus", "opus", null, null, null], rows.Select(row => row.CapturedBy));
        Assert.Equal(("call " + rows[1].CallId, "s1", "u1"), (rows[1].Origin, rows[1].Session, rows[1].User));
        Assert.DoesNotContain("model", Encoding.UTF8.GetString(rows[0].Request.Span), StringComparison.Ordinal);
        Assert.Equal(16, read.Mass, 9);
        Assert.All((await CaptureRows.ReadAsync(store, new CaptureQuery { Tag = "t" }, null, 1, null, Now)).Rows, row => Assert.True(row.Captured.IsEmpty));
    }

    [Fact]
    public async Task Rows_of_a_forgotten_user_are_gone_from_sets_built_of_captures()
    {
        await using var store = Open();
        await store.AppendCapturesAsync([.. Enumerable.Range(0, 8).Select(i => Call(i, 1, ("haiku", "small", true, true, null)) with { User = i < 3 ? "ada" : "bo" })], Now);
        var population = await CaptureRows.ReadAsync(store, new CaptureQuery { Tag = "t" }, null, 1, null, Now);
        var sample = EvalDraw.From(population, new EvalSampling(), Now);
        var set = await store.AddEvalSetAsync(new EvalSetDraft { Name = "s", Tag = "t", MadeBy = "test", Rows = Questions.RowsOf(sample) }, Now);
        var report = await store.ForgetAsync(new ForgetRequest { User = "ada", Reason = "asked for it" }, Now);

        Assert.Equal((3, 3), (report.Captures, report.EvalRows));
        Assert.Equal(["s@1"], report.Sets);
        Assert.All(await store.ReadEvalRowsAsync("s", set.Version, Now), row => Assert.Equal("bo", row.User));
        Assert.StartsWith("3 rows removed on ", Assert.Single((await store.FindEvalSetAsync("s", null, Now))!.Notes), StringComparison.Ordinal);
    }

    private ContentStore Open() => ContentStore.Open(_folder, key: null, TimeProvider.System);

    private static ReferenceTerms Terms() => new() { Tag = "t", Models = ["opus"] };

    private static int Count(ReferenceOutcome outcome, ReferenceSource source) => outcome.Rows.Count(row => row.ReferenceSource == source);

    private static CapturedCall Call(int i, double sampledAt, params (string Model, string Tier, bool Served, bool Passed, string? Finish)[] answers) => new()
    {
        CallId = $"{i:x32}", StartedAt = TimeProvider.System.GetUtcNow().AddMinutes(-9 + i), ExpiresAt = TimeProvider.System.GetUtcNow().AddDays(1), Tag = "t", Route = "t", Session = $"s{i}", User = $"u{i}", SampledAt = sampledAt,
        Request = Encoding.UTF8.GetBytes($$"""{"model":"rung/t","messages":[{"role":"user","content":"{{Questions.Text(i)}}"}]}"""),
        Answers = [.. answers.Select((answer, ordinal) => new CapturedAnswer
        {
            Ordinal = ordinal, Model = answer.Model, Tier = answer.Tier, Served = answer.Served, Passed = answer.Passed, FinishReason = answer.Finish ?? "stop", Message = ChatForm.AnswerOf($"from {answer.Model}"),
        })],
    };

    /// <summary>Answers at once, for a price, and counts who was asked.</summary>
    private sealed class CountingAsker : IModelAsker
    {
        public const long Price = 1_000;
        private int _count;

        public ConcurrentBag<ModelQuestion> Asked { get; } = [];
        public ConcurrentDictionary<string, int> Paid { get; init; } = new();
        public int BreaksAfter { get; init; } = int.MaxValue;
        public Func<ModelQuestion, AskStatus> Answer { get; init; } = _ => AskStatus.Answered;

        public Task<ModelAnswer> AskAsync(ModelQuestion question, CancellationToken cancellationToken)
        {
            if (Interlocked.Increment(ref _count) > BreaksAfter) throw new InvalidOperationException("killed");
            Asked.Add(question);
            var status = Answer(question);
            var costs = status is AskStatus.Answered or AskStatus.Failed;
            if (costs) Paid.AddOrUpdate(Encoding.UTF8.GetString(question.Request.Span), 1, (_, times) => times + 1);
            return Task.FromResult(new ModelAnswer
            {
                Status = status, Model = question.Model, CostNanoUsd = costs ? Price : 0, Why = status == AskStatus.Failed ? "made to fail" : null,
                Message = status == AskStatus.Answered ? ChatForm.AnswerOf("asked") : default(ReadOnlyMemory<byte>),
            });
        }

        public long? Estimate(ModelQuestion question) => Price;
    }
}
