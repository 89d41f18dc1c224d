using System.Collections.Concurrent;
using Rung.Control.Evals.Asking;
using Rung.Storage.Content;

namespace Rung.Control.Evals.Sets.References;

/// <summary>Fills in the references of a drawn set. What is paid for is stored at once: a build that was killed pays for no row twice.</summary>
/// <param name="store">Keeps answers as they come.</param>
/// <param name="asker">Asks; null: nobody can be asked.</param>
/// <param name="terms">How.</param>
public sealed class ReferenceFilling(ContentStore store, IModelAsker? asker, ReferenceTerms terms)
{
    /// <summary>What it would take.</summary>
    /// <param name="sample">The set as drawn.</param>
    /// <param name="build">What a stopped build has kept; null for none.</param>
    public ReferencePlan Plan(EvalSample sample, EvalBuild? build)
    {
        ArgumentNullException.ThrowIfNull(sample);
        var toAsk = new List<DrawnRow>();
        var (given, captured, kept, without, estimate, unknown) = (0, 0, 0, 0, 0L, 0);
        foreach (var drawn in sample.Rows)
        {
            switch (SourceOf(drawn))
            {
                case From.Given:
                    given++;
                    break;
                case From.Captured:
                    captured++;
                    break;
                case From.Nowhere:
                    without++;
                    break;
                case From.Asking when IsKept(build, drawn.Row.Id):
                    kept++;
                    break;
                default:
                    toAsk.Add(drawn);
                    if (asker!.Estimate(Question(drawn, terms.Models[0])) is { } cost) estimate += cost;
                    else unknown++;
                    break;
            }
        }
        return new ReferencePlan
        {
            Given = given, Captured = captured, Kept = kept, Without = without, ToAsk = toAsk, EstimateNanoUsd = estimate, UnknownPrices = unknown,
            SpentNanoUsd = build?.Answers.Values.Sum(answer => answer.CostNanoUsd) ?? 0,
        };
    }

    /// <summary>Asks what the plan asks, and puts the references into the rows.</summary>
    /// <param name="sample">The set as drawn.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="build">The build that keeps the answers; null only when the plan asks nothing.</param>
    /// <param name="progress">Is told after every question how many were asked, and what all of them cost in nano-USD; null for nobody.</param>
    /// <param name="cancellationToken">Stops it; what was answered is kept.</param>
    public async Task<ReferenceOutcome> FillAsync(EvalSample sample, ReferencePlan plan, EvalBuild? build, Action<int, long>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentNullException.ThrowIfNull(plan);
        if (plan.ToAsk.Count > 0) ArgumentNullException.ThrowIfNull(build);
        var run = new Run(store, asker, terms, build, plan.SpentNanoUsd, progress);
        await Parallel.ForEachAsync(plan.ToAsk, new ParallelOptions { MaxDegreeOfParallelism = Math.Clamp(terms.Concurrency, 1, 64), CancellationToken = cancellationToken },
            async (drawn, stop) => await run.AskAsync(drawn, stop));
        var asked = 0;
        var rows = sample.Rows.Select(drawn =>
        {
            switch (SourceOf(drawn))
            {
                case From.Given:
                    return drawn.Row with { Reference = drawn.Source.Given, ReferenceSource = ReferenceSource.Given };
                case From.Captured:
                    return drawn.Row with { Reference = drawn.Source.Captured, ReferenceSource = ReferenceSource.Model, ReferenceBy = drawn.Source.CapturedBy };
                case From.Nowhere:
                    return drawn.Row;
            }
            var answer = run.Answers.GetValueOrDefault(drawn.Row.Id) ?? build?.Answers.GetValueOrDefault(drawn.Row.Id);
            if (answer is null || answer.Message.IsEmpty) return drawn.Row;
            asked++;
            return drawn.Row with
            {
                Reference = answer.Message, ReferenceSource = ReferenceSource.Model, ReferenceBy = answer.Model, ReferenceCostNanoUsd = answer.UnknownPriceAttempts > 0 ? null : answer.CostNanoUsd,
            };
        }).ToArray();
        return new ReferenceOutcome
        {
            Rows = rows, Asked = asked, Forbidden = run.Forbidden, DoNotFit = run.DoNotFit, Failed = run.Failed, OverCap = run.OverCap, CostNanoUsd = run.CostNanoUsd,
            UnknownPriceAttempts = run.UnknownPrices + (build?.Answers.Values.Sum(answer => answer.UnknownPriceAttempts) ?? 0),
            FailureReasons = [.. run.Reasons.OrderByDescending(reason => reason.Value).ThenBy(reason => reason.Key, StringComparer.Ordinal).Take(3).Select(reason => $"{reason.Key} ({reason.Value:#,0})")],
        };
    }

    private static bool IsKept(EvalBuild? build, string row) => build is not null && build.Answers.TryGetValue(row, out var answer) && !answer.Message.IsEmpty;

    private From SourceOf(DrawnRow drawn)
    {
        var (mode, source) = (terms.Mode, drawn.Source);
        if (mode is ReferenceMode.Auto or ReferenceMode.Given && !source.Given.IsEmpty) return From.Given;
        if (mode is ReferenceMode.Auto or ReferenceMode.Captured && !source.Captured.IsEmpty) return From.Captured;
        return mode is ReferenceMode.Auto or ReferenceMode.Frontier && asker is not null && terms.Models.Count > 0 ? From.Asking : From.Nowhere;
    }

    private ModelQuestion Question(DrawnRow drawn, string model) => QuestionOf(drawn, model, terms.Tag);

    private static ModelQuestion QuestionOf(DrawnRow drawn, string model, string tag) => new()
    {
        Model = model, Tag = tag, DataClass = drawn.Row.DataClass, User = drawn.Row.User, Purpose = AskPurpose.Reference, Request = drawn.Row.Request,
    };

    private enum From
    {
        Nowhere,
        Given,
        Captured,
        Asking,
    }

    /// <summary>The questions of one run: what they cost so far, and how they ended. Several threads.</summary>
    private sealed class Run(ContentStore store, IModelAsker? asker, ReferenceTerms terms, EvalBuild? build, long spentBefore, Action<int, long>? progress)
    {
        private readonly Lock _lock = new();
        private long _spent = spentBefore; // Under _lock, as the next ones.
        private long _reserved;
        private TaskCompletionSource _freed = new(TaskCreationOptions.RunContinuationsAsynchronously); // Ends when something that was reserved comes free.
        private int _done;

        public ConcurrentDictionary<string, EvalBuildAnswer> Answers { get; } = new(StringComparer.Ordinal);
        public Dictionary<string, int> Reasons { get; } = new(StringComparer.Ordinal);
        public int Forbidden { get; private set; }
        public int DoNotFit { get; private set; }
        public int Failed { get; private set; }
        public int OverCap { get; private set; }
        public int UnknownPrices { get; private set; }
        public long CostNanoUsd => _spent;

        public async Task AskAsync(DrawnRow drawn, CancellationToken cancellationToken)
        {
            ModelAnswer? answer = null;
            foreach (var model in terms.Models)
            {
                var question = QuestionOf(drawn, model, terms.Tag);
                var estimate = asker!.Estimate(question);
                if (!await ReservedAsync(estimate, cancellationToken)) return;
                try
                {
                    answer = await asker.AskAsync(question, cancellationToken);
                    await KeepAsync(drawn, answer, model);
                }
                finally
                {
                    Release(estimate);
                }
                // What one model of the tier may not see or cannot take, another one may.
                if (answer.Status is AskStatus.Answered or AskStatus.Failed) break;
            }
            End(answer);
        }

        // Before the question is sent: questions that run at the same time must not pass the cap together. What others still hold back may come free when they
        // end, since an answer usually costs less than it could: so a question waits for them before it is given up.
        private async Task<bool> ReservedAsync(long? estimate, CancellationToken cancellationToken)
        {
            while (true)
            {
                Task freed;
                lock (_lock)
                {
                    if (terms.MaxNanoUsd is not { } most || (estimate is { } known && _spent + _reserved + known <= most))
                    {
                        _reserved += estimate ?? 0;
                        return true;
                    }
                    if (estimate is null || _reserved == 0)
                    {
                        OverCap++;
                        return false;
                    }
                    freed = _freed.Task;
                }
                await freed.WaitAsync(cancellationToken);
            }
        }

        private void Release(long? estimate)
        {
            TaskCompletionSource freed;
            lock (_lock)
            {
                _reserved -= estimate ?? 0;
                (freed, _freed) = (_freed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            }
            freed.SetResult();
        }

        // Whoever stops the build does not lose an answer that has come: it is paid for.
        private async Task KeepAsync(DrawnRow drawn, ModelAnswer answer, string model)
        {
            lock (_lock)
            {
                _spent += answer.CostNanoUsd;
                UnknownPrices += answer.UnknownPriceAttempts;
            }
            if (answer.Status is not (AskStatus.Answered or AskStatus.Failed)) return;
            var kept = new EvalBuildAnswer
            {
                Message = answer.Status == AskStatus.Answered ? answer.Message : default, Model = answer.Model ?? model, CostNanoUsd = answer.CostNanoUsd, UnknownPriceAttempts = answer.UnknownPriceAttempts,
            };
            await store.SaveEvalBuildAnswerAsync(build!.Key, drawn.Row, kept, CancellationToken.None);
            var before = build.Answers.GetValueOrDefault(drawn.Row.Id);
            Answers[drawn.Row.Id] = kept with { CostNanoUsd = kept.CostNanoUsd + (before?.CostNanoUsd ?? 0), UnknownPriceAttempts = kept.UnknownPriceAttempts + (before?.UnknownPriceAttempts ?? 0) };
        }

        private void End(ModelAnswer? answer)
        {
            lock (_lock)
            {
                _done++;
                switch (answer?.Status)
                {
                    case AskStatus.Forbidden:
                        Forbidden++;
                        break;
                    case AskStatus.DoesNotFit:
                        DoNotFit++;
                        break;
                    case AskStatus.Failed:
                        Failed++;
                        var why = answer.Why ?? "no reason given";
                        Reasons[why] = Reasons.GetValueOrDefault(why) + 1;
                        break;
                }
                progress?.Invoke(_done, _spent);
            }
        }
    }
}
