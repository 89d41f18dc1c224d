using System.Globalization;
using Rung.Core.Alerts;
using Rung.Core.Rollouts;
using Rung.Storage;
using Rung.Storage.Revisions;
using Rung.Storage.Rollouts;

namespace Rung.Control.Rollouts;

/// <summary>
/// Decides about open rollouts from what their guards saw, and acts: the next stage, the candidate as the policy, or everything back. Its state is the ledger; what it
/// holds in memory is read again after a restart.
/// </summary>
public sealed class RolloutControl(Ledger ledger, PolicyAccess policies)
{
    // How long a rollback by guards is told after it happened, unless another rollout of its tags was started since.
    private static readonly TimeSpan s_tellRollback = TimeSpan.FromHours(24);

    private static readonly TimeSpan s_longShadow = TimeSpan.FromDays(2);

    // A rollout that has waited for so many times its least time is stuck.
    private const int StallFactor = 4;

    private readonly Dictionary<long, RolloutTracker> _trackers = [];
    private readonly Dictionary<long, string> _problems = []; // Why a rollout could not do what was decided.

    /// <summary>From when the feed must be read so that every open rollout sees all of its calls; null when none is open.</summary>
    public DateTimeOffset? NeedsFrom => _trackers.Count == 0 ? null : _trackers.Values.Min(tracker => LedgerFeed.Minute(tracker.Began));

    /// <summary>Brings what is followed up to date with what is open. A rollout that began before the feed's place is caught up from the ledger.</summary>
    /// <param name="open">The open rollouts.</param>
    /// <param name="readTo">Up to where the feed was read; null: not at all yet.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task FollowAsync(IReadOnlyList<Rollout> open, DateTimeOffset? readTo, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(open);
        foreach (var gone in _trackers.Keys.Except(open.Select(rollout => rollout.Id)).ToList())
        {
            _trackers.Remove(gone);
            _problems.Remove(gone);
        }
        foreach (var rollout in open)
        {
            if (_trackers.TryGetValue(rollout.Id, out var known))
            {
                known.Rollout = rollout;
                continue;
            }
            var tracker = new RolloutTracker(rollout);
            if (readTo is { } place && tracker.Began < place)
                await new LedgerFeed(ledger) { Units = new Dictionary<long, RolloutUnit> { [rollout.Id] = rollout.Plan.Unit } }.ReadAsync(LedgerFeed.Minute(tracker.Began), place, (observed, _) =>
                {
                    tracker.Take(observed);
                    return ValueTask.CompletedTask;
                }, cancellationToken);
            _trackers.Add(rollout.Id, tracker);
        }
    }

    /// <summary>Takes one observation of the feed.</summary>
    public void Take(in Observed observed)
    {
        foreach (var tracker in _trackers.Values) tracker.Take(observed);
    }

    /// <summary>Decides about every open rollout, and acts.</summary>
    /// <param name="cutoff">Up to where the feed was read.</param>
    /// <param name="now">Now.</param>
    /// <param name="frozen">Whether nothing may advance: harm is rolled back all the same.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What was done, in words; empty when nothing was.</returns>
    public async Task<IReadOnlyList<string>> StepAsync(DateTimeOffset cutoff, DateTimeOffset now, bool frozen, CancellationToken cancellationToken)
    {
        var done = new List<string>();
        foreach (var tracker in _trackers.Values.OrderBy(tracker => tracker.Rollout.Id))
        {
            tracker.SettleTo(cutoff);
            if (await StepAsync(tracker, now, frozen, cancellationToken) is { } words) done.Add(words);
        }
        return done;
    }

    /// <summary>Everything that somebody should know about rollouts now.</summary>
    public IEnumerable<AlertCondition> Conditions(IReadOnlyList<Rollout> all, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(all);
        foreach (var rollout in all)
        {
            var next = $"rung rollout status {rollout.Id}";
            if (rollout.Last is { Kind: RolloutEventKind.RolledBack, By: AutomaticRevision.By } last && now - last.At < s_tellRollback && !all.Any(later => later.Id > rollout.Id && Overlaps(later, rollout)))
            {
                yield return new AlertCondition
                {
                    Key = $"rollback:{rollout.Id}", Kind = AlertKind.RolloutRolledBack, Severity = AlertSeverity.Critical, Tag = OneTag(rollout),
                    Summary = $"rollout {rollout.Id} of {Tags(rollout)} was rolled back: {last.Why}", Cause = $"the candidate, revision {rollout.Candidate}, against revision {rollout.Base}",
                    Next = $"rung policy diff {rollout.Base} {rollout.Candidate}", Since = last.At,
                };
            }
            if (!rollout.IsOpen) continue;
            if (rollout.IsShadow && now - rollout.StageBegan() > s_longShadow)
            {
                yield return new AlertCondition
                {
                    Key = $"stalled:{rollout.Id}", Kind = AlertKind.RolloutStalled, Severity = AlertSeverity.Warning, Tag = OneTag(rollout),
                    Summary = string.Create(CultureInfo.InvariantCulture, $"rollout {rollout.Id} of {Tags(rollout)} has made copies for {AlertWords.Span(now - rollout.StageBegan())}, and neither enough of them were judged nor is their budget spent"),
                    Cause = rollout.IsHeld ? $"held by {rollout.Last.By}: {rollout.Last.Why}" : "little traffic, or no judge (eval: { judge: TAG })", Next = next, Since = rollout.StageBegan() + s_longShadow,
                };
            }
            else if (_problems.TryGetValue(rollout.Id, out var problem))
            {
                yield return new AlertCondition
                {
                    Key = $"rollout:{rollout.Id}", Kind = AlertKind.RolloutStalled, Severity = AlertSeverity.Warning, Tag = OneTag(rollout), Summary = problem, Next = next, Since = rollout.StageBegan(),
                };
            }
            else if (!rollout.IsCompleted() && !rollout.IsShadow && now - rollout.StageBegan() > StallFactor * RolloutLaw.LeastTime(rollout.Plan) && rollout.Plan.MinTime > TimeSpan.Zero)
            {
                yield return new AlertCondition
                {
                    Key = $"stalled:{rollout.Id}", Kind = AlertKind.RolloutStalled, Severity = AlertSeverity.Warning, Tag = OneTag(rollout),
                    Summary = string.Create(CultureInfo.InvariantCulture, $"rollout {rollout.Id} of {Tags(rollout)} has been at {RolloutWords.State(rollout)} for {AlertWords.Span(now - rollout.StageBegan())}; its least time there is {AlertWords.Span(RolloutLaw.LeastTime(rollout.Plan))}"),
                    Cause = rollout.IsHeld ? $"held by {rollout.Last.By}: {rollout.Last.Why}" : "too few observations for its margins, or a difference close to one of them", Next = next, Since = rollout.StageBegan() + (StallFactor * RolloutLaw.LeastTime(rollout.Plan)),
                };
            }
        }
    }

    private async Task<string?> StepAsync(RolloutTracker tracker, DateTimeOffset now, bool frozen, CancellationToken cancellationToken)
    {
        var rollout = tracker.Rollout;
        if (rollout.IsShadow) return await StepShadowAsync(tracker, now, frozen, cancellationToken);

        // 1. What the guards say goes on record, whatever follows from it.
        var verdict = tracker.Decide(now);
        var numbers = RolloutPlanJson.Write(verdict);
        await ledger.RecordReadingAsync(new RolloutReading(rollout.Id, now, rollout.Last.Stage, numbers), cancellationToken);

        // 2. Harm is taken back at once, also while it is held or everything is frozen.
        if (verdict.Decision == RolloutDecision.RollBack) return await RollBackAsync(rollout, now, verdict.Why, numbers, cancellationToken);
        if (verdict.Decision == RolloutDecision.Hold || rollout.IsHeld || frozen || rollout.IsCompleted())
        {
            _problems.Remove(rollout.Id);
            return null;
        }

        // 3. The next stage; the last one makes the candidate the policy.
        var (stage, last) = (rollout.Last.Stage + 1, rollout.Plan.Stages.Length - 1);
        if (stage < last) return await AppendAsync(rollout, Event(rollout, now, RolloutEventKind.Advanced, stage, verdict.Why, numbers), cancellationToken);
        var ending = await new RolloutCompletion(ledger, policies).CompleteAsync(rollout, Event(rollout, now, RolloutEventKind.Completed, last, verdict.Why, numbers), cancellationToken);
        return Ended(rollout, ending, "complete");
    }

    private async Task<string?> StepShadowAsync(RolloutTracker tracker, DateTimeOffset now, bool frozen, CancellationToken cancellationToken)
    {
        var rollout = tracker.Rollout;
        if (rollout.Plan.Shadow is not { } terms || !tracker.Shadow.IsOver(terms)) return null;
        var margin = rollout.Plan.Guards.FirstOrDefault(guard => guard.Metric == GuardMetric.Judge)?.Margin ?? GuardDefaults.Margin(GuardMetric.Judge);
        if (tracker.Shadow.IsWorse(margin))
            return await AppendAsync(rollout, Event(rollout, now, RolloutEventKind.RolledBack, -1, $"The judge prefers the answers of the current policy: {tracker.Shadow.Words(terms)}.", null), cancellationToken);
        if (rollout.IsHeld || frozen) return null;
        // Nobody has said that the candidate is as good. Somebody who resumes it takes that upon themselves.
        if (!tracker.Shadow.IsJudged && !rollout.Events.Any(happened => happened.Kind == RolloutEventKind.Resumed))
        {
            var why = $"The copies ended before {ShadowTerms.LeastJudgements} were judged: {tracker.Shadow.Words(terms)}. Nothing says yet that the candidate is as good; to show it to users all the same: rung rollout resume {rollout.Id} --why ...";
            return await AppendAsync(rollout, Event(rollout, now, RolloutEventKind.Held, rollout.Last.Stage, why, null), cancellationToken);
        }
        return await AppendAsync(rollout, Event(rollout, now, RolloutEventKind.ShadowEnded, 0, tracker.Shadow.Words(terms), null), cancellationToken);
    }

    private async Task<string?> RollBackAsync(Rollout rollout, DateTimeOffset now, string why, string numbers, CancellationToken cancellationToken)
    {
        var happened = Event(rollout, now, RolloutEventKind.RolledBack, -1, why, numbers);
        if (!rollout.IsCompleted()) return await AppendAsync(rollout, happened, cancellationToken);
        return Ended(rollout, await new RolloutCompletion(ledger, policies).UndoAsync(rollout, happened, cancellationToken), "rolled back");
    }

    /// <summary>Rolls an open rollout back for a reason outside its guards: the floor of one of its tags is broken.</summary>
    internal async Task<string?> RollBackAsync(long id, DateTimeOffset now, string why, CancellationToken cancellationToken) =>
        await ledger.FindRolloutAsync(id, cancellationToken) is { IsOpen: true } rollout && !rollout.IsCompleted()
            ? await AppendAsync(rollout, Event(rollout, now, RolloutEventKind.RolledBack, -1, why, null), cancellationToken)
            : null;

    private string? Ended(Rollout rollout, RolloutEnding ending, string word)
    {
        if (ending.Problem is { } problem)
        {
            _problems[rollout.Id] = problem;
            return null; // Told as an alert, and tried again at the next step.
        }
        _problems.Remove(rollout.Id);
        return $"rollout {rollout.Id} of {Tags(rollout)} is {word}: revision {ending.Published!.Number} is in force. {ending.File}";
    }

    private async Task<string?> AppendAsync(Rollout rollout, RolloutEvent happened, CancellationToken cancellationToken)
    {
        // False: somebody else acted at the same moment. What they did is seen at the next step.
        if (!await ledger.AppendRolloutEventAsync(rollout.Id, happened, cancellationToken)) return null;
        return $"rollout {rollout.Id} of {Tags(rollout)}: {RolloutWords.Of(happened, rollout.Plan)}. {happened.Why}";
    }

    private static RolloutEvent Event(Rollout rollout, DateTimeOffset now, RolloutEventKind kind, int stage, string why, string? numbers) =>
        new() { Ordinal = rollout.Events.Length, At = now, Kind = kind, Stage = stage, By = AutomaticRevision.By, Why = why, Numbers = numbers };

    private static string Tags(Rollout rollout) => rollout.Plan.Tags.IsEmpty ? "every call" : string.Join(", ", rollout.Plan.Tags);

    private static string? OneTag(Rollout rollout) => rollout.Plan.Tags is [var tag] ? tag : null;

    private static bool Overlaps(Rollout one, Rollout other) => one.Plan.Tags.IsEmpty || other.Plan.Tags.IsEmpty || one.Plan.Tags.Any(other.Plan.Covers);
}
