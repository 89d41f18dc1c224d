using System.Collections.Immutable;
using System.Globalization;
using Rung.Core.Rollouts;
using Rung.Storage;
using Rung.Storage.Revisions;
using Rung.Storage.Rollouts;

namespace Rung.Control.Rollouts;

/// <summary>Where people plan, start and move rollouts. Everything that is done leaves an event with who and why.</summary>
/// <param name="ledger">The ledger; only read by <see cref="PlanAsync"/>.</param>
/// <param name="policies">Compiles, and publishes what a rollout ends in.</param>
/// <param name="clock">The clock.</param>
/// <param name="newSalt">Makes a text that no other rollout has.</param>
public sealed class RolloutDesk(Ledger ledger, PolicyAccess policies, TimeProvider clock, Func<string> newSalt)
{
    /// <summary>Works out what a rollout would do. Stores nothing.</summary>
    /// <exception cref="RolloutException">It cannot be started: the exception says why and what to do.</exception>
    public async Task<RolloutProposal> PlanAsync(RolloutRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var now = clock.GetUtcNow();

        // 1. What it is compared with, and what it changes.
        var current = await CurrentAsync(cancellationToken);
        var inForce = policies.Compiled(current);
        var scope = RolloutScope.Of(inForce, request.Candidate.Snapshot);
        var tags = RolloutPlanner.Tags(request, scope, RolloutPlanner.NameOf(current));
        await RefuseOverlapAsync(tags, cancellationToken);

        // 2. What its calls carry and what judges them.
        var notes = new List<string>();
        var traffic = await TrafficSurvey.LookAsync(ledger, tags, now, cancellationToken);
        var named = tags.IsEmpty ? "these calls" : string.Join(", ", tags);
        var unit = RolloutPlanner.Unit(request.Unit, traffic, notes);
        var startsLower = GuardChoice.StartsLower(inForce, request.Candidate.Snapshot, tags.IsEmpty ? scope.ByTag.Keys : tags);
        var guards = request.Guards.IsEmpty ? GuardChoice.Choose(traffic, startsLower, named, notes) : GuardChoice.Complete(request.Guards, traffic, named, notes);
        if (unit == RolloutUnit.Call && request.Guards.IsEmpty) guards = [.. guards.Where(guard => guard.Metric != GuardMetric.CostPerSession)];

        // 3. The plan, which must be sound.
        var plan = new RolloutPlan
        {
            Tags = tags, Stages = request.Stages, MinTime = request.MinTime, MinSample = request.MinSample, Unit = unit, Salt = newSalt(), Holdback = request.Holdback,
            Guards = guards, Shadow = request.Shadow,
        };
        if (plan.Stages is [RolloutPlan.Whole] && plan.Shadow is null)
            throw new RolloutException(RolloutFault.Invalid, "A single stage of 100 % compares nothing.", "Give it stages, such as --stages 1,10,50,100, or change the policy file: a gateway takes it up within a second.");
        if (RolloutPlanRules.Check(plan) is [var problem, ..]) throw new RolloutException(RolloutFault.Invalid, problem, "See: rung rollout start --help");
        var forecast = RolloutForecast.Of(plan, traffic);
        Warn(plan, forecast, notes);
        return new RolloutProposal
        {
            Candidate = request.Candidate, Current = current, Plan = plan, Scope = scope, Traffic = traffic, Forecast = forecast, Notes = [.. notes], By = request.By,
            Why = request.Why ?? RolloutPlanner.WhyOf(scope, request.Candidate.Name),
        };
    }

    /// <summary>Stores the candidate and starts.</summary>
    /// <exception cref="RolloutException">Another rollout, or another policy, came in between.</exception>
    public async Task<Rollout> StartAsync(RolloutProposal proposal, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(proposal);
        var newest = await CurrentAsync(cancellationToken);
        if (newest.Number != proposal.Current.Number)
            throw new RolloutException(RolloutFault.Conflict, $"Revision {newest.Number} came into force meanwhile ({newest.Author}: {newest.Reason}).", "Look at the plan again: rung rollout plan");
        var candidate = await ledger.PublishRevisionAsync(
            proposal.Candidate.Snapshot.Hash, proposal.Candidate.Text, proposal.Candidate.Files, proposal.By, $"candidate: {proposal.Why}", cancellationToken, RevisionOrigin.Candidate);
        var started = Event(0, RolloutEventKind.Started, proposal.Plan.Shadow is null ? 0 : -1, proposal.By, proposal.Why);
        var start = await ledger.StartRolloutAsync(candidate.Number, newest.Number, proposal.Plan, started, cancellationToken);
        return start.Started ?? throw InTheWay(start.InTheWay!);
    }

    /// <summary>How long the stage that a rollout is in and those to come would probably take from their beginning, by the traffic of the last two weeks; empty when none is left. Reads up to some ten thousand calls of each of its tags.</summary>
    public async Task<ImmutableArray<StageForecast>> ForecastAsync(Rollout rollout, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        if (!rollout.IsOpen || rollout.IsCompleted()) return [];
        var whole = RolloutForecast.Of(rollout.Plan, await TrafficSurvey.LookAsync(ledger, rollout.Plan.Tags, clock.GetUtcNow(), cancellationToken));
        return [.. whole.Skip(Math.Max(0, rollout.Last.Stage))]; // In the shadow all are to come.
    }

    /// <summary>
    /// Goes to the next stage, whatever the guards say: the shadow's end, a larger share, the candidate as the policy, or the end of the holdback.
    /// </summary>
    /// <param name="id">The rollout.</param>
    /// <param name="by">Who.</param>
    /// <param name="why">Why.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="seen">How many of its events whoever acts has seen: nothing is done when there are others by now. Null: whatever there are. The same for the other moves.</param>
    /// <exception cref="RolloutException">It has ended, somebody else was faster, or the policy that it would end in does not compile.</exception>
    public async Task<Rollout> AdvanceAsync(long id, string by, string why, CancellationToken cancellationToken, int? seen = null)
    {
        var rollout = await OpenAsync(id, seen, cancellationToken);
        var last = rollout.Plan.Stages.Length - 1;
        if (rollout.IsCompleted())
        {
            await AppendAsync(rollout, Event(rollout.Events.Length, RolloutEventKind.Closed, last, by, why), cancellationToken);
            return await FindAsync(id, cancellationToken);
        }
        var stage = rollout.Last.Stage + 1;
        if (stage < last)
        {
            await AppendAsync(rollout, Event(rollout.Events.Length, rollout.IsShadow ? RolloutEventKind.ShadowEnded : RolloutEventKind.Advanced, stage, by, why), cancellationToken);
            return await FindAsync(id, cancellationToken);
        }
        var completion = await new RolloutCompletion(ledger, policies).CompleteAsync(rollout, Event(rollout.Events.Length, RolloutEventKind.Completed, last, by, why), cancellationToken);
        if (completion.Problem is { } problem) throw new RolloutException(RolloutFault.Conflict, problem, $"Make the change by hand, or end it: rung rollout rollback {id} --why REASON");
        return await FindAsync(id, cancellationToken);
    }

    /// <summary>Stops it from advancing by itself; its guards go on watching, and may roll it back.</summary>
    /// <exception cref="RolloutException">It has ended, is complete, is held already, or somebody else was faster.</exception>
    public async Task<Rollout> HoldAsync(long id, string by, string why, CancellationToken cancellationToken, int? seen = null)
    {
        var rollout = await OpenAsync(id, seen, cancellationToken);
        if (rollout.IsCompleted()) throw new RolloutException(RolloutFault.Conflict, $"Rollout {id} is complete: there is nothing left to hold.", $"To take the change back: rung rollout rollback {id} --why REASON");
        if (rollout.IsHeld) throw new RolloutException(RolloutFault.Conflict, $"Rollout {id} is held already, by {rollout.Last.By}: {rollout.Last.Why}", $"To let it go on: rung rollout resume {id} --why REASON");
        await AppendAsync(rollout, Event(rollout.Events.Length, RolloutEventKind.Held, rollout.Last.Stage, by, why), cancellationToken);
        return await FindAsync(id, cancellationToken);
    }

    /// <summary>Lets it advance by itself again.</summary>
    /// <exception cref="RolloutException">It is not held, or somebody else was faster.</exception>
    public async Task<Rollout> ResumeAsync(long id, string by, string why, CancellationToken cancellationToken, int? seen = null)
    {
        var rollout = await OpenAsync(id, seen, cancellationToken);
        if (!rollout.IsHeld) throw new RolloutException(RolloutFault.Conflict, $"Rollout {id} is not held.", $"To see where it is: rung rollout status {id}");
        await AppendAsync(rollout, Event(rollout.Events.Length, RolloutEventKind.Resumed, rollout.Last.Stage, by, why), cancellationToken);
        return await FindAsync(id, cancellationToken);
    }

    /// <summary>
    /// Gives every unit back to the current policy. Of a rollout that is complete, the tags' blocks of the revision before it are put back, as an automatic revision.
    /// </summary>
    /// <exception cref="RolloutException">It has ended, somebody else was faster, or the blocks cannot be put back.</exception>
    public async Task<Rollout> RollBackAsync(long id, string by, string why, CancellationToken cancellationToken, int? seen = null)
    {
        var rollout = await OpenAsync(id, seen, cancellationToken);
        var happened = Event(rollout.Events.Length, RolloutEventKind.RolledBack, -1, by, why);
        if (!rollout.IsCompleted())
        {
            await AppendAsync(rollout, happened, cancellationToken);
            return await FindAsync(id, cancellationToken);
        }
        var undone = await new RolloutCompletion(ledger, policies).UndoAsync(rollout, happened, cancellationToken);
        if (undone.Problem is { } problem) throw new RolloutException(RolloutFault.Conflict, problem, $"Go back by hand: rung policy rollback {rollout.Base}");
        return await FindAsync(id, cancellationToken);
    }

    private async Task<PolicyRevision> CurrentAsync(CancellationToken cancellationToken)
    {
        if (await ledger.NewestRevisionAsync(cancellationToken) is not { } newest)
            throw new RolloutException(RolloutFault.Invalid, "There is no revision in force yet to compare with.", "Start the gateway once: rung serve --policy FILE");
        return (await ledger.GetRevisionAsync(newest.Number, cancellationToken))!;
    }

    private async Task RefuseOverlapAsync(ImmutableArray<string> tags, CancellationToken cancellationToken)
    {
        foreach (var open in await ledger.ListRolloutsAsync(openOnly: true, cancellationToken))
        {
            if (tags.IsEmpty || open.Plan.Tags.IsEmpty || tags.Any(open.Plan.Covers)) throw InTheWay(open);
        }
    }

    private async Task<Rollout> FindAsync(long id, CancellationToken cancellationToken) => await ledger.FindRolloutAsync(id, cancellationToken)
        ?? throw new RolloutException(RolloutFault.NotFound, $"There is no rollout {id}.", "The list: rung rollout list");

    // Whoever acts on what they saw must not act on something else.
    private async Task<Rollout> OpenAsync(long id, int? seen, CancellationToken cancellationToken)
    {
        var rollout = await FindAsync(id, cancellationToken);
        if (rollout.IsOpen && (seen is null || seen == rollout.Events.Length)) return rollout;
        if (rollout.IsOpen)
            throw new RolloutException(RolloutFault.Conflict, $"Rollout {id} has moved since you looked: {RolloutWords.Of(rollout.Last, rollout.Plan)}, {rollout.Last.At:yyyy-MM-dd HH:mm} UTC, by {rollout.Last.By}. Nothing was done.", "Look at where it is now, and decide again.");
        var revision = rollout.Last.Kind == RolloutEventKind.Completed ? $" To take it back: rung policy rollback {rollout.Base}" : "";
        throw new RolloutException(RolloutFault.Conflict, $"Rollout {id} has ended: {RolloutWords.Of(rollout.Last, rollout.Plan)}, {rollout.Last.At:yyyy-MM-dd HH:mm} UTC, by {rollout.Last.By}.", $"The list: rung rollout list{revision}");
    }

    private async Task AppendAsync(Rollout rollout, RolloutEvent happened, CancellationToken cancellationToken)
    {
        if (!await ledger.AppendRolloutEventAsync(rollout.Id, happened, cancellationToken))
            throw new RolloutException(RolloutFault.Conflict, $"Something else happened to rollout {rollout.Id} at the same moment.", $"Look and try again: rung rollout status {rollout.Id}");
    }

    private RolloutEvent Event(int ordinal, RolloutEventKind kind, int stage, string by, string why) =>
        new() { Ordinal = ordinal, At = clock.GetUtcNow(), Kind = kind, Stage = stage, By = by, Why = why };

    private static RolloutException InTheWay(Rollout open) => new(
        RolloutFault.Conflict,
        $"Rollout {open.Id} is open on {(open.Plan.Tags.IsEmpty ? "every call" : string.Join(", ", open.Plan.Tags))} ({RolloutWords.Of(open.Last, open.Plan)}): two at once would blur one another.",
        $"Wait for it, or end it: rung rollout rollback {open.Id} --why REASON");

    private static void Warn(RolloutPlan plan, ImmutableArray<StageForecast> forecast, List<string> notes)
    {
        foreach (var stage in forecast)
        {
            if (stage.Slowest is not { } slowest || (stage.Time is { } time && time <= plan.MinTime)) continue;
            notes.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"at {stage.Share / 100.0:0.##} % the guard {GuardWords.Of(slowest)} needs about {stage.Needed:N0} observations, which takes {(stage.Time is not { } wait ? "years" : wait.TotalDays >= 2 ? $"about {wait.TotalDays:0} days" : $"about {wait.TotalHours:0.#} hours")} at this traffic. A wider margin ({GuardWords.Of(slowest)}=...), a larger share or fewer guards make it faster."));
            break;
        }
    }
}
