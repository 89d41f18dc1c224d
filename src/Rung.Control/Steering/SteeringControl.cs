using System.Collections.Immutable;
using Rung.Control.Alerts;
using Rung.Control.Rollouts;
using Rung.Core.Alerts;
using Rung.Core.Policies;
using Rung.Core.Policies.Changes;
using Rung.Core.Steering;
using Rung.Storage;
using Rung.Storage.Control;
using Rung.Storage.Revisions;
using Rung.Storage.Rollouts;

namespace Rung.Control.Steering;

/// <summary>
/// Watches every tag against its floor and ceiling, its rates for drift, and budgets; moves a route whose floor is broken to the next stronger tier. What it decides on
/// is read again from the ledger after a restart.
/// </summary>
/// <remarks>Bounded: at most <see cref="MostTags"/> tags are watched, those of the policy first.</remarks>
/// <param name="ledger">The ledger.</param>
/// <param name="policies">Compiles policies, and writes the policy file.</param>
/// <param name="standing">A freeze that holds as long as the process runs; null: none.</param>
public sealed class SteeringControl(Ledger ledger, PolicyAccess policies, SteeringFreeze? standing = null)
{
    /// <summary>Most tags that are watched: more are no jobs, but something that a client puts into the tag.</summary>
    public const int MostTags = 500;

    /// <summary>How far back it reads at its start: what is usual is learned from it.</summary>
    public static readonly TimeSpan History = TimeSpan.FromDays(7);

    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, TagWatch> _watches = new(StringComparer.Ordinal);
    private readonly Queue<RevisionEntry> _revisions = new(); // In order: in force from their instants on, not taken up yet.
    private readonly Dictionary<long, ControlAction> _demotions = [];
    private readonly Dictionary<string, string> _problems = new(StringComparer.Ordinal);
    private ImmutableArray<Budget> _budgeted = [];
    private ImmutableArray<BudgetPace> _budgets = [];
    private PolicySnapshot? _policy;
    private long _newest;
    private DateTimeOffset _stepped;

    /// <summary>Calls whose tag is not watched because too many are.</summary>
    public long UnwatchedCalls { get; private set; }

    /// <summary>The tags that are watched, for people.</summary>
    public IReadOnlyCollection<TagWatch> Watches => _watches.Values;

    /// <summary>Learns of revisions and demotions that it has not seen. The first time, it begins with the revision that was in force at the beginning.</summary>
    public async Task FollowAsync(DateTimeOffset from, CancellationToken cancellationToken)
    {
        var actions = await ledger.ListControlActionsAsync(from - History, cancellationToken);
        foreach (var action in actions.Where(action => action is { Kind: ControlActionKind.Demoted, Revision: not null })) _demotions[action.Revision!.Value] = action;
        var inForce = (await ledger.ListRevisionsAsync(cancellationToken)).Where(entry => entry.Origin != RevisionOrigin.Candidate && entry.Number > _newest).Reverse().ToList();
        if (inForce.Count == 0) return;
        if (_policy is null)
        {
            var first = inForce.FindLastIndex(entry => entry.PublishedAt <= from);
            if (first > 0) inForce.RemoveRange(0, first);
            await TakeUpAsync(inForce[0], cancellationToken);
            inForce.RemoveAt(0);
        }
        foreach (var entry in inForce)
        {
            _newest = entry.Number;
            _revisions.Enqueue(entry);
        }
    }

    /// <summary>Takes one observation of the feed, after the revisions that came into force before it.</summary>
    public async ValueTask TakeAsync(Observed observed, CancellationToken cancellationToken)
    {
        while (_revisions.TryPeek(out var next) && next.PublishedAt < observed.At) await TakeUpAsync(_revisions.Dequeue(), cancellationToken);
        if (_policy is null) return;
        if (_stepped == default) _stepped = LedgerFeed.Minute(observed.At);
        while (_stepped + s_minute < observed.At) Settle(_stepped + s_minute);
        if (observed.Call is { } call)
        {
            foreach (var budget in _budgets)
            {
                if (budget.Covers(call.Tag)) budget.Add(call.At, call.CostNanoUsd);
            }
            if (call.Tag is { } tag && !InternalTags.IsInternal(tag)) WatchOf(tag)?.Add(call);
        }
        else if (observed.Verdict is { Tag: { } judged } verdict && !InternalTags.IsInternal(judged))
        {
            WatchOf(judged)?.Add(verdict);
        }
    }

    /// <summary>Decides about broken floors, and acts.</summary>
    /// <param name="cutoff">Up to where the feed was read.</param>
    /// <param name="now">Now.</param>
    /// <param name="open">The open rollouts.</param>
    /// <param name="freeze">The switch; null when it was never touched.</param>
    /// <param name="rollouts">Rolls a rollout back whose tag is demoted.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What was done, in words.</returns>
    public async Task<IReadOnlyList<string>> StepAsync(
        DateTimeOffset cutoff, DateTimeOffset now, IReadOnlyList<Rollout> open, ControlFreeze? freeze, RolloutControl rollouts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(open);
        ArgumentNullException.ThrowIfNull(rollouts);
        while (_revisions.TryDequeue(out var entry)) await TakeUpAsync(entry, cancellationToken);
        if (_policy is null) return [];
        if (_stepped == default) _stepped = LedgerFeed.Minute(cutoff);
        while (_stepped + s_minute <= cutoff) Settle(_stepped + s_minute);
        if (!_policy.Control.Budgets.SequenceEqual(_budgeted))
        {
            // Whatever revision was in force when it was spent: a new limit is about the period that runs.
            _budgets = await BudgetStandings.MeasureAsync(ledger, _policy.Control.Budgets, cutoff, _ => { }, cancellationToken);
            _budgeted = _policy.Control.Budgets;
        }

        var broken = _watches.Values.Where(watch => watch.IsFloorBroken)
            .Select(watch => new TagStanding(watch.Tag, watch.Route, watch.Floor, open.FirstOrDefault(rollout => rollout.Plan.Covers(watch.Tag) && !rollout.IsCompleted())?.Id));
        PastDemotion[] past = [.. _demotions.Values.Select(action => new PastDemotion(action.Tag, action.At))];
        var frozen = freeze is { } switched && switched.HoldsAt(now) ? new SteeringFreeze(switched.By, switched.Why, switched.Until) : standing;
        var actions = SteeringLaw.Decide(_policy, broken, past, frozen, now);
        var done = new List<string>();
        foreach (var watch in _watches.Values)
        {
            if (actions.FirstOrDefault(action => action.Tag == watch.Tag) is not { } action)
            {
                watch.Decided(null, now);
                _problems.Remove(watch.Tag);
                continue;
            }
            watch.Decided(action, now);
            if (action.Step == SteeringStep.Propose && await ProposeAsync(action, now, cancellationToken)) done.Add(action.Summary);
        }
        foreach (var action in actions.Where(action => action.Step == SteeringStep.Demote))
        {
            if (await DemoteAsync(action, now, rollouts, cancellationToken) is { } words) done.Add(words);
        }
        return done;
    }

    /// <summary>Everything that somebody should know about tags and budgets now.</summary>
    public IEnumerable<AlertCondition> Conditions(DateTimeOffset now)
    {
        foreach (var watch in _watches.Values)
        {
            foreach (var condition in watch.Conditions()) yield return condition;
        }
        foreach (var budget in _budgets)
        {
            if (budget.Condition(now) is { } condition) yield return condition;
        }
        foreach (var (tag, problem) in _problems)
        {
            yield return new AlertCondition
            {
                Key = $"demotion_failed:{tag}", Kind = AlertKind.Control, Severity = AlertSeverity.Critical, Tag = tag, Summary = problem, Next = $"rung explain --tag {tag}", Since = now,
            };
        }
    }

    /// <summary>Gives a tag the watch of its inputs.</summary>
    public void WatchInputs(string tag, InputWatch watch)
    {
        if (_watches.TryGetValue(tag, out var known)) known.Inputs = watch;
    }

    private async Task<string?> DemoteAsync(SteeringAction action, DateTimeOffset now, RolloutControl rollouts, CancellationToken cancellationToken)
    {
        // 1. The text: one tier of one tag, nothing else.
        var entry = (await ledger.NewestRevisionAsync(cancellationToken))!;
        if (entry.Number != _policy!.Revision) return null; // Somebody changed the policy since: look again at the next step.
        var newest = (await ledger.GetRevisionAsync(entry.Number, cancellationToken))!;
        if (PolicyMove.SetTier(newest.Text, action.Tag, action.To!, out var problem) is not { } text)
        {
            _problems[action.Tag] = $"{action.Tag} could not be moved to {action.To}: {problem}";
            return null;
        }
        var compilation = policies.Compile(text, newest.Files);
        if (compilation.Snapshot is not { } snapshot)
        {
            _problems[action.Tag] = $"{action.Tag} could not be moved to {action.To}: {compilation.Faults[0].Path}: {compilation.Faults[0].Message}";
            return null;
        }
        _problems.Remove(action.Tag);

        // 2. A candidate for the same tag was compared with what is no longer good enough.
        var rolledBack = action.RollBack is { } rollout ? await rollouts.RollBackAsync(rollout, now, $"the floor of {action.Tag} is broken: {action.Reading.Words}", cancellationToken) : null;

        // 3. On record with its reason, then in the file.
        var behind = policies.FileBehind(newest);
        var revision = new AutomaticRevision { Hash = snapshot.Hash, Text = text, Files = newest.Files, Reason = action.Summary, FileHash = behind.Hash, After = newest.Number };
        var made = new ControlAction { At = now, Kind = ControlActionKind.Demoted, Tag = action.Tag, From = action.From, To = action.To!, Why = action.Summary };
        if (await ledger.PublishAutomaticAsync(revision, made, cancellationToken) is not { } published) return rolledBack;
        _demotions[published.Number] = made with { Revision = published.Number };
        var file = await policies.WriteAsync(published, behind, cancellationToken);
        _newest = published.Number;
        PutInForce(policies.Compiled(published), now);
        _watches[action.Tag].Decided(action, now);
        return $"{action.Summary}; revision {published.Number} is in force. {file}{(rolledBack is null ? "" : $" {rolledBack}")}";
    }

    // Once for each time that the floor breaks.
    private async Task<bool> ProposeAsync(SteeringAction action, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var since = action.Reading.BrokenAt ?? now;
        var made = await ledger.ListControlActionsAsync(since - s_minute, cancellationToken);
        if (made.Any(one => one.Kind == ControlActionKind.Proposed && one.Tag == action.Tag && one.To == action.To)) return false;
        await ledger.AppendControlActionAsync(new ControlAction { At = now, Kind = ControlActionKind.Proposed, Tag = action.Tag, From = action.From, To = action.To!, Why = action.Summary }, cancellationToken);
        return true;
    }

    private async Task TakeUpAsync(RevisionEntry entry, CancellationToken cancellationToken)
    {
        _newest = Math.Max(_newest, entry.Number);
        var revision = (await ledger.GetRevisionAsync(entry.Number, cancellationToken))!;
        if (policies.Compile(revision.Text, revision.Files).Snapshot is not { } snapshot) return; // Of another version of Rung: what was in force before is the next best thing.
        var demotion = _demotions.GetValueOrDefault(entry.Number);
        var reading = demotion is null ? null : _watches.GetValueOrDefault(demotion.Tag)?.Floor;
        PutInForce(snapshot.WithRevision(entry.Number), entry.PublishedAt);
        if (demotion is null || reading is null) return;
        // A demotion of an earlier run is told on, with its own words.
        _watches[demotion.Tag].Decided(
            new SteeringAction { Tag = demotion.Tag, Step = SteeringStep.Demote, From = demotion.From, To = demotion.To, Summary = demotion.Why, Outcome = $"demoted to {demotion.To}", Reading = reading }, demotion.At);
    }

    private void PutInForce(PolicySnapshot policy, DateTimeOffset at)
    {
        _policy = policy;
        foreach (var watch in _watches.Values) watch.PolicyChanged(RouteOf(watch.Tag), policy, at);
        foreach (var tag in policy.Tags.Keys) WatchOf(tag);
    }

    private void Settle(DateTimeOffset minute)
    {
        foreach (var watch in _watches.Values) watch.Step(minute);
        _stepped = minute;
    }

    private TagWatch? WatchOf(string tag)
    {
        if (_watches.TryGetValue(tag, out var known)) return known;
        if (_watches.Count >= MostTags && !_policy!.Tags.ContainsKey(tag))
        {
            UnwatchedCalls++;
            return null;
        }
        return _watches[tag] = new TagWatch(tag, RouteOf(tag), _policy!);
    }

    private Route RouteOf(string tag) => _policy!.Tags.TryGetValue(tag, out var route) ? route : _policy.Default;
}
