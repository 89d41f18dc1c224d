using Rung.Control.Alerts;
using Rung.Control.Alerts.Delivery;
using Rung.Control.Rollouts;
using Rung.Control.Steering;
using Rung.Core.Alerts;
using Rung.Core.Measurement;
using Rung.Core.Policies;
using Rung.Core.Rollouts;
using Rung.Core.Spans;
using Rung.Storage;
using Rung.Storage.Rollouts;

namespace Rung.Demo.Ledgers;

/// <summary>
/// The real control loop over the made-up past: it sees every call and verdict when it could have seen it, and demotes, advances, rolls back and alerts as it would
/// beside a gateway. It is asked every so often instead of once a minute.
/// </summary>
internal sealed class WorldControl : IAsyncDisposable
{
    private readonly Ledger _ledger;
    private readonly PolicyAccess _policies;
    private readonly WorldClock _clock;
    private readonly RolloutControl _rollouts;
    private readonly SteeringControl _steering;
    private readonly AlertTelemetry _telemetry;
    private readonly AlertSender _sender;
    private readonly AlertDelivery _delivery;
    private readonly AlertDesk _desk;
    private readonly PriorityQueue<Observed, (long Ticks, long Number)> _seen = new();
    private readonly List<(Rollout Rollout, PolicySnapshot Candidate)> _open = [];
    private readonly DateTimeOffset _from;
    private long _number;
    private long _inForce;
    private PolicySnapshot _policy;
    private DateTimeOffset? _readTo;

    /// <summary>Makes one.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="policies">Compiles policies, and writes the policy file.</param>
    /// <param name="clock">The time of the past.</param>
    /// <param name="from">From when on it looks.</param>
    /// <param name="first">The policy that the past begins with.</param>
    public WorldControl(Ledger ledger, PolicyAccess policies, WorldClock clock, DateTimeOffset from, PolicySnapshot first)
    {
        (_ledger, _policies, _clock, _from, _policy) = (ledger, policies, clock, from, first);
        (_rollouts, _steering) = (new RolloutControl(ledger, policies), new SteeringControl(ledger, policies));
        _telemetry = new AlertTelemetry(clock);
        _sender = new AlertSender(_ => null, clock);
        _delivery = new AlertDelivery(_sender, new DeliveryOptions(), clock, () => 0, _ => { });
        _desk = new AlertDesk(ledger, _delivery, _telemetry, new AlertDeskOptions { Targets = () => [], Log = _ => { }, StoreFailed = _ => { } });
    }

    /// <summary>The policy that decides a call of a session.</summary>
    public WorldPlace Place(string? tag, string? session)
    {
        foreach (var (rollout, candidate) in _open)
        {
            if (session is null || !rollout.Plan.Covers(tag)) continue;
            var arm = RolloutAssignment.ArmOf(RolloutAssignment.Point(rollout.Plan.Salt, session), rollout.Share, rollout.Plan.Holdback);
            return new WorldPlace(arm == RolloutArm.Candidate ? candidate : _policy, ArmName.Of(rollout.Id, arm));
        }
        return new WorldPlace(_policy, null);
    }

    /// <summary>Sees a call, which counts from its end on. Calls before the loop's beginning are no business of it.</summary>
    public ObservedCall? See(CallRecord call)
    {
        var ended = call.StartedAt.AddMicroseconds(call.LatencyMicros);
        if (ended < _from) return null;
        var observed = ObservedCalls.Of(call, RolloutUnit.Session);
        _seen.Enqueue(new Observed(ended, observed, null), (ended.UtcTicks, _number++));
        return observed;
    }

    /// <summary>Sees a verdict, which counts from when it was given.</summary>
    public void See(VerdictRecord verdict, ObservedCall? call)
    {
        if (verdict.At < _from || ObservedCalls.Of(verdict, call) is not { } observed) return;
        _seen.Enqueue(new Observed(verdict.At, null, observed), (verdict.At.UtcTicks, _number++));
    }

    /// <summary>Looks which policy and which rollouts are in force: after everything that a person or the loop did.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        var newest = (await _ledger.NewestRevisionAsync(cancellationToken))!;
        if (newest.Number != _inForce)
        {
            _policy = _policies.Compiled((await _ledger.GetRevisionAsync(newest.Number, cancellationToken))!);
            _inForce = newest.Number;
        }
        var open = await _ledger.ListRolloutsAsync(openOnly: true, cancellationToken);
        var known = _open.ToDictionary(entry => entry.Rollout.Id, entry => entry.Candidate);
        _open.Clear();
        foreach (var rollout in open)
        {
            if (!known.TryGetValue(rollout.Id, out var candidate)) candidate = _policies.Compiled((await _ledger.GetRevisionAsync(rollout.Candidate, cancellationToken))!);
            _open.Add((rollout, candidate));
        }
    }

    /// <summary>One step of the loop, at the clock's time. What happened by then must be written.</summary>
    public async Task StepAsync(CancellationToken cancellationToken)
    {
        var now = _clock.Now;
        var cutoff = LedgerFeed.CutoffOf(now);

        // 1. What has happened, in order.
        var open = _open.ConvertAll(entry => entry.Rollout);
        await _rollouts.FollowAsync(open, _readTo, cancellationToken);
        await _steering.FollowAsync(_from, cancellationToken);
        while (_seen.TryPeek(out var observed, out _) && observed.At <= cutoff)
        {
            _seen.Dequeue();
            _rollouts.Take(observed);
            await _steering.TakeAsync(observed, cancellationToken);
        }
        _readTo = cutoff;

        // 2. Act, rollouts first, as the loop beside a gateway does.
        var freeze = await _ledger.ReadFreezeAsync(cancellationToken);
        var done = await _rollouts.StepAsync(cutoff, now, freeze is { } frozen && frozen.HoldsAt(now), cancellationToken);
        if (done.Count > 0) await LookAsync(cancellationToken);
        var demoted = await _steering.StepAsync(cutoff, now, [.. _open.Select(entry => entry.Rollout)], freeze, _rollouts, cancellationToken);
        if (demoted.Count > 0) await LookAsync(cancellationToken);

        // 3. Tell.
        var all = await _ledger.ListRolloutsAsync(openOnly: false, cancellationToken);
        AlertCondition[] conditions = [.. _rollouts.Conditions(all, now).Concat(_steering.Conditions(now)).DistinctBy(condition => condition.Key, StringComparer.Ordinal)];
        await _desk.ObserveAsync(conditions, now, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _delivery.DisposeAsync();
        _sender.Dispose();
        _telemetry.Dispose();
    }
}
