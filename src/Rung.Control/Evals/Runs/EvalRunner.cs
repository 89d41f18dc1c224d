using System.Text;
using System.Text.Json;
using Rung.Control.Evals.Asking;
using Rung.Control.Evals.Scoring;
using Rung.Storage.Content;

namespace Rung.Control.Evals.Runs;

/// <summary>Known cost of a call by the ledger, in nano-USD; null when the ledger has no such call.</summary>
public delegate Task<long?> FindPaidCall(string callId, CancellationToken cancellationToken);

/// <summary>
/// Runs candidates over the rows of a set. 1. The run is found again, or begun. 2. What was under way when it was killed is counted as cut off. 3. Every
/// missing answer is asked for and stored as it comes. 4. Every answer is graded, and the grade stored. What is stored is never asked again.
/// </summary>
/// <param name="store">Where answers and grades are kept.</param>
/// <param name="asker">Asks; the scorer's judge must be asked through the same one.</param>
/// <param name="scorer">Grades.</param>
/// <param name="findPaid">Looks up what a question that was cut off cost.</param>
/// <param name="clock">The clock.</param>
public sealed class EvalRunner(ContentStore store, RunAsker asker, IScorer scorer, FindPaidCall findPaid, TimeProvider clock)
{
    /// <summary>A candidate that failed so often in a row, and never answered, is not asked on: something is wrong that waiting does not mend.</summary>
    public const int FailuresToStop = 10;

    private const int VerdictTokens = 300;
    private const int RubricBytes = 1500;

    /// <summary>The rows that can be graded; those without a reference are left out where the scorer needs one.</summary>
    /// <exception cref="EvalException">None can.</exception>
    public IReadOnlyList<EvalRow> Gradable(EvalRunPlan plan, IReadOnlyList<EvalRow> rows)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(rows);
        EvalRow[] gradable = [.. rows.Where(row => (plan.Part is null || row.Part == plan.Part) && (!scorer.NeedsReference || !row.Reference.IsEmpty)).OrderBy(row => row.Position)];
        if (gradable.Length > 0) return gradable;
        throw new EvalException($"{plan.SetName}@{plan.SetVersion} has no row{(plan.Part is { } part ? $" of part {part.ToString().ToLowerInvariant()}" : "")} that can be graded{(scorer.NeedsReference ? " (the score needs a reference)" : "")}.",
            "Build the set with references, or run another part: --part all");
    }

    /// <summary>The id of the run that a plan goes on with, or begins.</summary>
    public async Task<string> IdAsync(EvalRunPlan plan, bool fresh, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var same = (await store.ListEvalRunsAsync(cancellationToken)).Where(run => run.Id == plan.Id || run.Id.StartsWith(plan.Id + "-", StringComparison.Ordinal)).ToList();
        if (same.Count == 0) return plan.Id;
        var newest = same.Max(Ordinal);
        return (fresh ? newest + 1 : newest) is > 1 and var ordinal ? $"{plan.Id}-{ordinal}" : plan.Id;

        int Ordinal(EvalRun run) => run.Id.Length > plan.Id.Length && int.TryParse(run.Id.AsSpan(plan.Id.Length + 1), out var number) ? number : 1;
    }

    /// <summary>What a run would still cost at most about now.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="run">Its id.</param>
    /// <param name="rows">Its rows, from <see cref="Gradable"/>.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<RunEstimate> EstimateAsync(EvalRunPlan plan, string run, IReadOnlyList<EvalRow> rows, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(rows);
        var there = (await store.ReadEvalAnswersAsync(run, withContent: false, cancellationToken)).ToDictionary(answer => (answer.Candidate, answer.RowId));
        var (questions, grades, answers, judged) = (0, 0, 0L, 0L);
        var unpriced = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            foreach (var candidate in plan.AskedAbout(row))
            {
                var known = there.GetValueOrDefault((candidate.Name, row.Id));
                if (known is null)
                {
                    questions++;
                    if (asker.Estimate(Question(plan, candidate, row)) is { } estimate) answers += estimate;
                    else unpriced.Add(candidate.Name);
                }
                if (known is null or { Status: EvalAnswerStatus.Answered, Grade: null })
                {
                    grades++;
                    if (JudgeEstimate(plan, row) is { } estimate) judged += estimate;
                    else unpriced.Add(plan.Terms.Judge!);
                }
            }
        }
        return new RunEstimate(questions, grades, plan.Candidates.Append(plan.ReferenceAsked).Any(candidate => candidate is not null && unpriced.Contains(candidate.Name)) ? null : answers,
            plan.Terms.Judge is { } judge && unpriced.Contains(judge) ? null : judged, [.. unpriced]);
    }

    /// <summary>Runs, or goes on.</summary>
    /// <param name="plan">What.</param>
    /// <param name="run">Its id, from <see cref="IdAsync"/>.</param>
    /// <param name="rows">Its rows, from <see cref="Gradable"/>.</param>
    /// <param name="limits">What bounds it.</param>
    /// <param name="progress">Told after every answer that is stored and graded; called by one thread at a time.</param>
    /// <param name="cancellationToken">Stops it; it can go on later.</param>
    /// <exception cref="EvalException">A candidate never answers.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public async Task<RunEnd> RunAsync(
        EvalRunPlan plan, string run, IReadOnlyList<EvalRow> rows, RunLimits limits, Action<RunProgress> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(progress);
        await store.BeginEvalRunAsync(new EvalRun
        {
            Id = run, SetName = plan.SetName, SetVersion = plan.SetVersion, SetHash = plan.SetHash, Tag = plan.Tag, Part = plan.Part, Seed = plan.Seed,
            Plan = plan.ToJson(), BegunAt = clock.GetUtcNow(),
        }, cancellationToken);
        await RecoverAsync(run, cancellationToken);
        if (limits.RetryFailed) await store.DropFailedEvalAnswersAsync(run, cancellationToken);

        var there = (await store.ReadEvalAnswersAsync(run, withContent: false, cancellationToken)).ToDictionary(answer => (answer.Candidate, answer.RowId));
        // What an earlier process found out about references is not paid for again.
        foreach (var known in there.Values)
        {
            if (known.Grade is { } grade) scorer.Recall(known.RowId, new RowScore { Score = grade.Score, ReferenceScore = grade.ReferenceScore });
        }
        var work = new Queue<Item>();
        foreach (var row in rows)
        {
            foreach (var candidate in plan.AskedAbout(row))
            {
                var known = there.GetValueOrDefault((candidate.Name, row.Id));
                if (known is null or { Status: EvalAnswerStatus.Answered, Grade: null }) work.Enqueue(new Item(candidate, row, known));
            }
        }
        var total = rows.Sum(row => plan.AskedAbout(row).Count());
        var budget = new RunBudget(limits.MostNanoUsd, await SpentAsync(run, cancellationToken));
        var state = new State(plan, run, new ModelPace(limits.PerMinute, clock), there.Values.Where(answer => answer.Status == EvalAnswerStatus.Answered).Select(answer => answer.Candidate));
        var end = await WorkAsync(state, work, total, budget, limits, progress, cancellationToken);
        if (end == RunEnd.Whole) await store.EndEvalRunAsync(run, cancellationToken);
        return end;
    }

    /// <summary>Known cost of everything that a run has asked, what was cut off included, in nano-USD.</summary>
    public async Task<long> SpentAsync(string run, CancellationToken cancellationToken)
    {
        var answers = await store.ReadEvalAnswersAsync(run, withContent: false, cancellationToken);
        var flights = await store.ReadEvalFlightsAsync(run, cancellationToken);
        return answers.Sum(answer => answer.CostNanoUsd + (answer.Grade?.CostNanoUsd ?? 0)) + flights.Sum(flight => flight.CostNanoUsd ?? 0);
    }

    /// <summary>One thread hands out the work and takes it back, so that money and progress need no lock; the questions run beside it.</summary>
    private async Task<RunEnd> WorkAsync(State state, Queue<Item> work, int total, RunBudget budget, RunLimits limits, Action<RunProgress> progress, CancellationToken cancellationToken)
    {
        var before = total - work.Count;
        var done = before;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new List<Task<Settled>>();
        try
        {
            while (work.Count > 0 || running.Count > 0)
            {
                while (running.Count < limits.Concurrency && work.TryPeek(out var next))
                {
                    var estimate = EstimateOf(state.Plan, next);
                    if (!budget.TryPromise(estimate)) break;
                    work.Dequeue();
                    running.Add(DoAsync(state, next, estimate, stop.Token));
                }
                if (running.Count == 0) return RunEnd.CapReached;
                var ended = await Task.WhenAny(running);
                running.Remove(ended);
                var settled = await ended;
                budget.Settle(settled.Estimate, settled.CostNanoUsd);
                progress(new RunProgress(++done, total, before, budget.Spent));
                state.Note(settled);
                cancellationToken.ThrowIfCancellationRequested();
            }
            return RunEnd.Whole;
        }
        catch
        {
            // Whoever is still under way is told to stop, and waited for: what it used is booked before the store is closed.
            await stop.CancelAsync();
            await Task.WhenAll(running).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            throw;
        }
    }

    private async Task<Settled> DoAsync(State state, Item item, long estimate, CancellationToken cancellationToken)
    {
        var (plan, run, row, name) = (state.Plan, state.Run, item.Row, item.Candidate.Name);
        var cost = 0L;
        ModelAnswer answer;
        if (item.Known is null)
        {
            await state.Pace.WaitAsync(name, cancellationToken);
            asker.Enter(run, plan.Tag, name, row, EvalStage.Answer);
            answer = await asker.AskAsync(Question(plan, item.Candidate, row), cancellationToken);
            cost += answer.CostNanoUsd;
            // From here on nothing is given up: it is paid.
            await store.SaveEvalAnswerAsync(run, row, Stored(name, row, answer), CancellationToken.None);
        }
        else
        {
            var known = await store.FindEvalAnswerAsync(run, name, row.Id, cancellationToken);
            answer = Asked(known ?? item.Known);
        }
        if (answer.Status == AskStatus.Answered)
        {
            asker.Enter(run, plan.Tag, name, row, EvalStage.Grade);
            var score = await scorer.ScoreAsync(new ScoringCase(row, name, answer), cancellationToken);
            cost += score.CostNanoUsd;
            await store.SaveEvalGradeAsync(run, name, row.Id, Stored(score), CancellationToken.None);
        }
        asker.Leave();
        return new Settled(name, answer.Status, answer.Why, estimate, cost);
    }

    /// <summary>What was under way when the run was last heard of was cut off. The ledger may know what it cost: a call is written there before its answer is given out.</summary>
    private async Task RecoverAsync(string run, CancellationToken cancellationToken)
    {
        foreach (var flight in await store.ReadEvalFlightsAsync(run, cancellationToken))
        {
            if (!flight.Lost || flight.CostNanoUsd is null) await store.LoseEvalFlightAsync(run, flight, await findPaid(flight.CallId, cancellationToken), cancellationToken);
        }
    }

    private long EstimateOf(EvalRunPlan plan, Item item) =>
        (item.Known is null ? asker.Estimate(Question(plan, item.Candidate, item.Row)) ?? 0 : 0) + (JudgeEstimate(plan, item.Row) ?? 0);

    /// <summary>A verdict is about as dear as a question that holds the row, two answers like the reference, and the rubric.</summary>
    private long? JudgeEstimate(EvalRunPlan plan, EvalRow row)
    {
        if (plan.Terms.Judge is not { } judge) return 0;
        var text = new string('x', row.Request.Length + (2 * row.Reference.Length) + RubricBytes);
        var request = Encoding.UTF8.GetBytes($$"""{"max_tokens":{{VerdictTokens}},"messages":[{"role":"user","content":"{{text}}"}]}""");
        var one = asker.Estimate(new ModelQuestion { Tag = judge, AboutTag = plan.Tag, DataClass = row.DataClass, User = row.User, Purpose = AskPurpose.Judge, Request = request });
        return plan.Terms.IsPairwise ? one * 2 : one;
    }

    private static ModelQuestion Question(EvalRunPlan plan, RunCandidate candidate, EvalRow row) =>
        new() { Model = candidate.Name, Tag = plan.Tag, DataClass = row.DataClass, User = row.User, Purpose = AskPurpose.Candidate, Request = row.Request };

    private static EvalRunAnswer Stored(string candidate, EvalRow row, ModelAnswer answer) => new()
    {
        Candidate = candidate, RowId = row.Id, Status = (EvalAnswerStatus)answer.Status, CallId = answer.CallId, LatencyMicros = answer.LatencyMicros,
        CostNanoUsd = answer.CostNanoUsd, UnknownPriceAttempts = answer.UnknownPriceAttempts, BaselineNanoUsd = answer.BaselineNanoUsd,
        InputTokens = answer.Usage.Input, OutputTokens = answer.Usage.Output, Attempts = answer.Attempts, UpstreamModel = answer.UpstreamModel,
        FinishReason = answer.FinishReason, Why = answer.Why, Message = answer.Message,
    };

    private static ModelAnswer Asked(EvalRunAnswer stored) => new()
    {
        Status = (AskStatus)stored.Status, Message = stored.Message, FinishReason = stored.FinishReason, Model = stored.Candidate, UpstreamModel = stored.UpstreamModel,
        CostNanoUsd = stored.CostNanoUsd, UnknownPriceAttempts = stored.UnknownPriceAttempts, LatencyMicros = stored.LatencyMicros, Attempts = stored.Attempts, CallId = stored.CallId, Why = stored.Why,
    };

    private static EvalRunGrade Stored(RowScore score) => new()
    {
        Score = score.Score, ReferenceScore = score.ReferenceScore, Kind = score.Kind, Reason = score.Reason, CostNanoUsd = score.CostNanoUsd,
        UnknownPriceAttempts = score.UnknownPriceAttempts,
        Verdicts = score.Verdicts.Count == 0 ? ReadOnlyMemory<byte>.Empty : JsonSerializer.SerializeToUtf8Bytes(score.Verdicts, RunJson.Options),
    };

    private sealed record Item(RunCandidate Candidate, EvalRow Row, EvalRunAnswer? Known);

    private sealed record Settled(string Candidate, AskStatus Status, string? Why, long Estimate, long CostNanoUsd);

    private sealed class State(EvalRunPlan plan, string run, ModelPace pace, IEnumerable<string> answered)
    {
        private readonly HashSet<string> _answered = new(answered, StringComparer.Ordinal);
        private readonly Dictionary<string, int> _failed = new(StringComparer.Ordinal);

        public EvalRunPlan Plan { get; } = plan;

        public string Run { get; } = run;

        public ModelPace Pace { get; } = pace;

        public void Note(Settled settled)
        {
            if (settled.Status == AskStatus.Answered) _answered.Add(settled.Candidate);
            if (settled.Status != AskStatus.Failed || _answered.Contains(settled.Candidate)) return;
            if ((_failed[settled.Candidate] = _failed.GetValueOrDefault(settled.Candidate) + 1) < FailuresToStop) return;
            throw new EvalException($"{settled.Candidate} failed {FailuresToStop} questions and answered none. The last: {settled.Why}",
                "Put it right and run again with --retry-failed: what is there is kept.");
        }
    }
}
