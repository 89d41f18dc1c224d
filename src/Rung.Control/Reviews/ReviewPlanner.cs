using Rung.Core.Spans;
using Rung.Storage;
using Rung.Storage.Content;
using Rung.Storage.Verdicts;

namespace Rung.Control.Reviews;

/// <summary>What is to be planned.</summary>
public sealed record ReviewPlanRequest
{
    /// <summary>The job.</summary>
    public required string Tag { get; init; }
    /// <summary>Items that are aimed at.</summary>
    public required int Quota { get; init; }
    /// <summary>Share of the uniform part, 0.5 to 1.</summary>
    public double UniformShare { get; init; } = 0.5;
    /// <summary>Share of items for two reviewers, 0 to 1.</summary>
    public double DoubleShare { get; init; } = 0.2;
    /// <summary>Decides who is drawn; null: that of the plan that is there, else 1.</summary>
    public long? Seed { get; init; }
}

/// <summary>What a planning did.</summary>
public sealed record ReviewPlanResult
{
    /// <summary>The plan.</summary>
    public required ReviewPlan Plan { get; init; }
    /// <summary>Items that it aimed at now: the quota, or of a week that still runs the part of it that has passed.</summary>
    public required double Aimed { get; init; }
    /// <summary>Items drawn, new and known.</summary>
    public required int Drawn { get; init; }
    /// <summary>Of these, new in the queue.</summary>
    public required int Added { get; init; }
    /// <summary>Drawn by the uniform part.</summary>
    public required int Uniform { get; init; }
    /// <summary>Drawn by the targeted part alone.</summary>
    public required int Targeted { get; init; }
    /// <summary>For two reviewers.</summary>
    public required int Double { get; init; }
    /// <summary>With two answers, to be shown side by side.</summary>
    public required int Pairs { get; init; }
}

/// <summary>Draws items for people from captured calls and from eval sets, and puts them into the queue. Safe to repeat: what came late tops up.</summary>
/// <param name="store">The store of content.</param>
/// <param name="ledger">Where users' and judges' verdicts are; null: nothing is known of them.</param>
/// <param name="clock">The clock.</param>
public sealed class ReviewPlanner(ContentStore store, Ledger? ledger, TimeProvider clock)
{
    private const double FarApart = 0.5; // Two verdicts on one call that differ by so much cannot both be right.

    /// <summary>Plans a week of a tag's captured calls.</summary>
    /// <exception cref="ReviewException">The week has not begun, nothing was captured, or the plan was made with another seed.</exception>
    public async Task<ReviewPlanResult> PlanWeekAsync(ReviewPlanRequest request, ReviewWeek week, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var elapsed = week.Elapsed(clock.GetUtcNow());
        if (elapsed <= 0) throw new ReviewException(ReviewFault.Invalid, $"Week {week} has not begun.", $"It begins on {week.Since:yyyy-MM-dd}.");

        // 1. What each call tells, without its content: a week of it need not fit into memory.
        var disputed = await DisputedAsync(request.Tag, week, cancellationToken);
        var signs = new List<ReviewSigns>();
        var entries = new List<FrameEntry>();
        await foreach (var call in store.ReadCapturesAsync(new CaptureQuery { Tag = request.Tag, Since = week.Since, Until = week.Until }, cancellationToken))
        {
            var sign = CallSigns.Of(call);
            if (sign is null) continue;
            signs.Add(sign with { IsDisputed = disputed.IsDisputed(call.CallId, CallSigns.ServedPassed(call)) });
            entries.Add(new FrameEntry(call.CallId, call.Session, call.User, call.StartedAt, call.ExpiresAt, call.SampledAt, sign.AnswersDiffer));
        }
        if (signs.Count == 0)
            throw new ReviewException(ReviewFault.NotFound, $"No call of tag {request.Tag} was captured in week {week}.", $"Capture it: add `capture: {{ sample: 1, keep_days: 30 }}` to tags.{request.Tag} in the policy.");

        // 2. The draw. A week that still runs uses up its quota as it passes, so that late calls find theirs.
        var scope = week.ToString();
        var seed = await SeedAsync(request, scope, cancellationToken);
        var aimed = request.Quota * elapsed;
        var frame = ReviewNeed.Of(signs);
        var drawn = ReviewDraw.Draw(frame, Design(request, aimed, seed, request.Tag + " " + scope));
        var items = drawn.Select(one =>
        {
            var entry = entries[one.Index];
            return Item(request, scope, one, ReviewSource.Call, frame[one.Index].Why) with
            {
                CallId = entry.CallId, Session = entry.Session, User = entry.User, StartedAt = entry.StartedAt, ExpiresAt = entry.ExpiresAt, CapturedAt = entry.CapturedAt,
            };
        }).ToArray();

        // 3. Into the queue.
        return await StoreAsync(request, scope, seed, signs.Count, aimed, drawn, items, drawn.Count(one => entries[one.Index].HasTwo), cancellationToken);
    }

    /// <summary>Plans the reference answers of an eval set.</summary>
    /// <param name="request">What to plan. Its tag is where the items are found again.</param>
    /// <param name="set">The set.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ReviewException">No row has a reference, or the plan was made with another seed.</exception>
    public Task<ReviewPlanResult> PlanSetAsync(ReviewPlanRequest request, EvalSet set, IReadOnlyList<EvalRow> rows, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(rows);
        var pieces = rows.Where(row => !row.Reference.IsEmpty).Select(row => new EvalPiece(row, Run: null, Candidate: null, Need: 0, Why: null)).ToArray();
        if (pieces.Length == 0) throw new ReviewException(ReviewFault.NotFound, $"No row of {set.Name}@{set.Version} has a reference answer.", "Fill them first; see: rung eval build --help");
        return PlanPiecesAsync(request, set, $"set {set.Name}@{set.Version}", ReviewSource.Row, pieces, cancellationToken);
    }

    /// <summary>Plans answers of a run beside their references: what a judge of such pairs is measured by. Those that were graded near the middle, or not at all, need it most.</summary>
    /// <exception cref="ReviewException">There is no answer beside a reference, or the plan was made with another seed.</exception>
    public async Task<ReviewPlanResult> PlanRunAsync(ReviewPlanRequest request, EvalRun run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(run);
        var set = await store.FindEvalSetAsync(run.SetName, run.SetVersion, cancellationToken)
            ?? throw new ReviewException(ReviewFault.NotFound, $"The eval set {run.SetName}@{run.SetVersion} of run {run.Id} is gone.", "Run another set.");
        var rows = (await store.ReadEvalRowsAsync(run.SetName, run.SetVersion, cancellationToken)).Where(row => !row.Reference.IsEmpty).ToDictionary(row => row.Id, StringComparer.Ordinal);
        var pieces = new List<EvalPiece>();
        foreach (var answer in await store.ReadEvalAnswersAsync(run.Id, withContent: false, cancellationToken))
        {
            if (answer.Status != EvalAnswerStatus.Answered || !rows.TryGetValue(answer.RowId, out var row)) continue;
            var score = answer.Grade?.Score;
            var need = score is { } known ? 1 - Math.Abs((2 * known) - 1) : 1;
            pieces.Add(new EvalPiece(row, run.Id, answer.Candidate, need, score is null ? "not graded" : need >= 0.5 ? "graded near the middle" : null));
        }
        if (pieces.Count == 0) throw new ReviewException(ReviewFault.NotFound, $"Run {run.Id} has no answer beside a reference.", "Let it run further: rung eval run");
        return await PlanPiecesAsync(request, set, $"run {run.Id}", ReviewSource.Run, pieces, cancellationToken);
    }

    private async Task<ReviewPlanResult> PlanPiecesAsync(ReviewPlanRequest request, EvalSet set, string scope, ReviewSource source, IReadOnlyList<EvalPiece> pieces, CancellationToken cancellationToken)
    {
        var seed = await SeedAsync(request, scope, cancellationToken);
        var frame = pieces.Select(piece => new ReviewCandidate($"{piece.Row.Id} {piece.Candidate}", piece.Need, piece.Why)).ToArray();
        var drawn = ReviewDraw.Draw(frame, Design(request, request.Quota, seed, request.Tag + " " + scope));
        var items = drawn.Select(one =>
        {
            var piece = pieces[one.Index];
            return Item(request, scope, one, source, piece.Why) with
            {
                CallId = piece.Row.CallId, Session = piece.Row.Session, User = piece.Row.User, Set = set.Name, SetVersion = set.Version, RowId = piece.Row.Id, Run = piece.Run, Candidate = piece.Candidate,
            };
        }).ToArray();
        return await StoreAsync(request, scope, seed, frame.Length, request.Quota, drawn, items, source == ReviewSource.Run ? items.Length : 0, cancellationToken);
    }

    private async Task<long> SeedAsync(ReviewPlanRequest request, string scope, CancellationToken cancellationToken)
    {
        var known = await store.FindReviewPlanAsync(request.Tag, scope, cancellationToken);
        if (known is not null && request.Seed is { } wanted && wanted != known.Seed)
            throw new ReviewException(ReviewFault.Conflict, $"{scope} of tag {request.Tag} was planned with seed {known.Seed}; another seed would draw another sample, and no probability would be known any more.", "Leave out --seed.");
        return known?.Seed ?? request.Seed ?? 1;
    }

    private async Task<ReviewPlanResult> StoreAsync(
        ReviewPlanRequest request, string scope, long seed, int frame, double aimed, IReadOnlyList<DrawnReview> drawn, ReviewItem[] items, int pairs, CancellationToken cancellationToken)
    {
        var plan = new ReviewPlan { Tag = request.Tag, Scope = scope, Seed = seed, Quota = request.Quota, Frame = frame };
        var planned = await store.AddReviewPlanAsync(plan, items, cancellationToken);
        return new ReviewPlanResult
        {
            Plan = (await store.FindReviewPlanAsync(request.Tag, scope, cancellationToken))!, Aimed = aimed, Drawn = drawn.Count, Added = planned.Added,
            Uniform = drawn.Count(one => one.IsUniform), Targeted = drawn.Count(one => !one.IsUniform), Double = drawn.Count(one => one.IsDouble), Pairs = pairs,
        };
    }

    private static ReviewDesign Design(ReviewPlanRequest request, double aimed, long seed, string scope) =>
        new() { Quota = aimed, UniformShare = request.UniformShare, DoubleShare = request.DoubleShare, Seed = seed, Scope = scope };

    private static ReviewItem Item(ReviewPlanRequest request, string scope, DrawnReview one, ReviewSource source, string? why) => new()
    {
        Id = one.Id, Source = source, Tag = request.Tag, Scope = scope, Part = one.IsUniform ? ReviewPart.Uniform : ReviewPart.Targeted, Why = why,
        UniformInclusion = one.UniformInclusion, TargetedInclusion = one.TargetedInclusion, Reviewers = one.IsDouble ? 2 : 1, IsFlipped = one.IsFlipped, Shuffle = one.Shuffle,
    };

    // Signals of the week and of the four weeks after it, in which late feedback comes.
    private async Task<Disputes> DisputedAsync(string tag, ReviewWeek week, CancellationToken cancellationToken)
    {
        var disputes = new Disputes();
        if (ledger is null) return disputes;
        await foreach (var verdict in ledger.ReadVerdictsAsync(new VerdictQuery { Tag = tag, Since = week.Since, Until = week.Until.AddDays(28), Imported = false }, cancellationToken))
            disputes.Add(verdict);
        return disputes;
    }

    private sealed record FrameEntry(string CallId, string? Session, string? User, DateTimeOffset StartedAt, DateTimeOffset ExpiresAt, double CapturedAt, bool HasTwo);

    /// <summary>What users say of a call, and what judges do. Reviews are not among them: they must not decide what is reviewed.</summary>
    private sealed class Disputes
    {
        private readonly Dictionary<string, Means> byCall = new(StringComparer.Ordinal);

        public void Add(VerdictRecord verdict)
        {
            if (verdict.CallId is not { } call) return;
            var isMachine = verdict.Kind is VerdictKind.Judge or VerdictKind.Evaluation;
            var isUser = verdict.Kind is VerdictKind.Thumbs or VerdictKind.Score or VerdictKind.Override or VerdictKind.TaskCompleted or VerdictKind.Escalated;
            if (!isMachine && !isUser) return;
            if (!byCall.TryGetValue(call, out var means)) byCall.Add(call, means = new Means());
            if (isUser) (means.Users, means.UserCount) = (means.Users + verdict.Score, means.UserCount + 1);
            else (means.Machines, means.MachineCount) = (means.Machines + verdict.Score, means.MachineCount + 1);
        }

        public bool IsDisputed(string call, bool passed)
        {
            if (!byCall.TryGetValue(call, out var means) || means.UserCount == 0) return false;
            var users = means.Users / means.UserCount;
            if (means.MachineCount > 0 && Math.Abs(users - (means.Machines / means.MachineCount)) >= FarApart) return true;
            return passed && users < 0.5;
        }

        private sealed class Means
        {
            public double Users { get; set; }
            public int UserCount { get; set; }
            public double Machines { get; set; }
            public int MachineCount { get; set; }
        }
    }
}

/// <summary>One answer of an eval that may be drawn.</summary>
/// <param name="Row">The row.</param>
/// <param name="Run">The run; null: the row's reference itself.</param>
/// <param name="Candidate">The model that answered; null: the row's reference itself.</param>
/// <param name="Need">How much it needs a look, at least 0.</param>
/// <param name="Why">Why, in words; null when nothing speaks for it.</param>
internal sealed record EvalPiece(EvalRow Row, string? Run, string? Candidate, double Need, string? Why);
