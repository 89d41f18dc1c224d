using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Rung.Control.Evals;
using Rung.Control.Evals.Asking;
using Rung.Control.Evals.Runs;
using Rung.Control.Evals.Scoring;
using Rung.Storage.Content;

namespace Rung.Control.Tests.Evals.Runs;

/// <summary>A store with a set, and models that answer as a test says.</summary>
internal sealed class EvalRunFolder : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rung-run-");

    private EvalRunFolder() => Store = ContentStore.Open(_folder.FullName, key: null, TimeProvider.System);

    public ContentStore Store { get; }

    public SaidModels Models { get; } = new();

    public EvalSet Set { get; private set; } = null!;

    public static async Task<EvalRunFolder> MakeAsync(int rows, Func<EvalRow, EvalRow>? change = null)
    {
        var folder = new EvalRunFolder();
        folder.Set = await folder.Store.AddEvalSetAsync(new EvalSetDraft
        {
            Name = "set", Tag = "t", MadeBy = "a test",
            Rows = [.. Enumerable.Range(0, rows).Select(i => new EvalRow
            {
                Id = $"r-{i:x16}", Position = i, Part = EvalPart.Test, Origin = $"made up {i}", ReferenceSource = ReferenceSource.Given,
                Request = Encoding.UTF8.GetBytes($$"""{"messages":[{"role":"user","content":"{{i}}"}]}"""), Reference = """{"content":"yes"}"""u8.ToArray(),
            }).Select(change ?? (row => row))],
        }, CancellationToken.None);
        return folder;
    }

    public EvalRunPlan Plan(params string[] candidates) => new()
    {
        SetName = Set.Name, SetVersion = Set.Version, SetHash = Set.Hash, Tag = "t", Part = EvalPart.Test, ReferenceTier = "frontier", ReferenceModel = "opus", PolicyHash = "x",
        Candidates = [.. candidates.Select(name => new RunCandidate { Name = name, Id = name })],
        Terms = new RunTerms { Score = "exact", Scorer = "says yes", ScoringHash = "1", Margin = 0.05, Confidence = 0.95, MaxAgeDays = 90 },
    };

    public async Task<(EvalRunReport Report, RunEnd End)> RunAsync(EvalRunPlan plan, RunLimits? limits = null, JudgeStanding? judge = null, bool content = false)
    {
        var asker = new RunAsker(Models, Store, TimeProvider.System);
        var runner = new EvalRunner(Store, asker, new SaysYes(asker, plan.Terms.Judge), (id, _) => Task.FromResult<long?>(Models.Paid.TryGetValue(id, out var cost) ? cost : null), TimeProvider.System);
        var rows = runner.Gradable(plan, await Store.ReadEvalRowsAsync(Set.Name, Set.Version, CancellationToken.None));
        var run = await runner.IdAsync(plan, limits?.Fresh ?? false, CancellationToken.None);
        var end = await runner.RunAsync(plan, run, rows, limits ?? new RunLimits(), _ => { }, CancellationToken.None);
        return (await new EvalRunReporter(Store, new FixedJudge(judge)).ReportAsync((await Store.FindEvalRunAsync(run, CancellationToken.None))!, content, terms: null, CancellationToken.None), end);
    }

    /// <summary>Questions that are still to be asked, and what they would cost, in nano-USD.</summary>
    public async Task<(int Questions, long? NanoUsd)> EstimateAsync(EvalRunPlan plan)
    {
        var asker = new RunAsker(Models, Store, TimeProvider.System);
        var runner = new EvalRunner(Store, asker, new SaysYes(asker, plan.Terms.Judge), (_, _) => Task.FromResult<long?>(null), TimeProvider.System);
        var rows = runner.Gradable(plan, await Store.ReadEvalRowsAsync(Set.Name, Set.Version, CancellationToken.None));
        var estimate = await runner.EstimateAsync(plan, await runner.IdAsync(plan, fresh: false, CancellationToken.None), rows, CancellationToken.None);
        return (estimate.Questions, estimate.TotalNanoUsd);
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private sealed class FixedJudge(JudgeStanding? standing) : IJudgeTrust
    {
        public Task<JudgeStanding?> OfAsync(EvalRun run, RunTerms terms, CancellationToken cancellationToken) => Task.FromResult(standing);
    }

    /// <summary>Right is whoever says yes; "?" cannot be graded. With a judge, it is asked, and costs.</summary>
    private sealed class SaysYes(IModelAsker asker, string? judge) : IScorer
    {
        public string Name => "says yes";

        public bool NeedsReference => true;

        public bool AsksJudge => judge is not null;

        public async Task<RowScore> ScoreAsync(ScoringCase scoring, CancellationToken cancellationToken)
        {
            var asked = judge is null ? null : await asker.AskAsync(new ModelQuestion { Tag = judge, Purpose = AskPurpose.Judge, Request = "{}"u8.ToArray() }, cancellationToken);
            var said = JsonDocument.Parse(scoring.Answer.Message).RootElement.GetProperty("content").GetString();
            return new RowScore { Score = said == "?" ? null : said == "yes" ? 1 : 0, Kind = said == "yes" ? null : "wrong value", Reason = said == "yes" ? null : $"it said {said}", CostNanoUsd = asked?.CostNanoUsd ?? 0 };
        }
    }
}

/// <summary>Models whose answers a test gives: by model and question, <c>null</c> for none.</summary>
internal sealed class SaidModels : IModelAsker
{
    public Func<string, int, string?> Says { get; set; } = (_, _) => "yes";

    public long Price { get; set; } = 1_000;

    /// <summary>Prices of models that cost something else.</summary>
    public ConcurrentDictionary<string, long> Prices { get; } = new();

    public ConcurrentQueue<ModelQuestion> Asked { get; } = new();

    public ConcurrentDictionary<string, long> Paid { get; } = new();

    /// <summary>Throws while a question is under way: the process dies, the ledger has the call.</summary>
    public Func<string, int, bool> Dies { get; set; } = (_, _) => false;

    public Task<ModelAnswer> AskAsync(ModelQuestion question, CancellationToken cancellationToken)
    {
        Asked.Enqueue(question);
        if (question.Purpose == AskPurpose.Judge) return Task.FromResult(new ModelAnswer { Status = AskStatus.Answered, Message = """{"content":"1"}"""u8.ToArray(), CostNanoUsd = 50, CallId = question.CallId });
        var number = int.Parse(JsonDocument.Parse(question.Request).RootElement.GetProperty("messages")[0].GetProperty("content").GetString()!, System.Globalization.CultureInfo.InvariantCulture);
        var price = Prices.GetValueOrDefault(question.Model!, Price);
        Paid[question.CallId!] = price;
        if (Dies(question.Model!, number)) throw new IOException("The process died.");
        var said = Says(question.Model!, number);
        return Task.FromResult(said is null
            ? new ModelAnswer { Status = AskStatus.Failed, CostNanoUsd = 0, Attempts = 1, Why = "503", CallId = question.CallId }
            : said == "pinned" ? new ModelAnswer { Status = AskStatus.Forbidden, Why = "a pin" }
            : new ModelAnswer
            {
                Status = AskStatus.Answered, Message = JsonSerializer.SerializeToUtf8Bytes(new { content = said }), CostNanoUsd = price, BaselineNanoUsd = 10 * Price, Attempts = 1,
                LatencyMicros = 1000 * (number + 1), CallId = question.CallId, UpstreamModel = $"{question.Model}-1",
            });
    }

    public long? Estimate(ModelQuestion question) => question.Purpose == AskPurpose.Judge ? 50 : question.Model == "unpriced" ? null : Prices.GetValueOrDefault(question.Model!, Price);
}
