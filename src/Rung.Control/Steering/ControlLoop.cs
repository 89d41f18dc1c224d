using System.Collections.Immutable;
using Rung.Control.Rollouts;
using Rung.Core.Alerts;
using Rung.Core.Steering;
using Rung.Storage;

namespace Rung.Control.Steering;

/// <summary>Hands everything that holds now to whoever tells people: the alert desk.</summary>
/// <param name="conditions">Every condition that holds; one that is no longer named is over.</param>
/// <param name="now">Now.</param>
/// <param name="cancellationToken">Ends it.</param>
public delegate Task TellConditions(IReadOnlyList<AlertCondition> conditions, DateTimeOffset now, CancellationToken cancellationToken);

/// <summary>What a step of the control loop did.</summary>
/// <param name="Acted">Whether this process held the right to act; else nothing was looked at.</param>
/// <param name="Done">What it did, in words; empty when nothing was to be done.</param>
/// <param name="Conditions">What holds now.</param>
public sealed record ControlStep(bool Acted, ImmutableArray<string> Done, ImmutableArray<AlertCondition> Conditions)
{
    /// <summary>Another process acts.</summary>
    public static ControlStep Elsewhere { get; } = new(false, [], []);
}

/// <summary>
/// The control loop: reads what has happened, decides about rollouts and floors, acts, and tells. Several processes may run it on one ledger: a lease lets one of
/// them act, and what it does is refused when another was faster all the same. Its state is the ledger, so that it may stop at any point. One step at a time.
/// </summary>
public sealed class ControlLoop
{
    /// <summary>Name of the lease.</summary>
    public const string LeaseName = "control";

    /// <summary>How long the right to act lasts without being prolonged: a process that died is replaced after it.</summary>
    public static readonly TimeSpan LeaseTime = TimeSpan.FromMinutes(3);

    private readonly Ledger _ledger;
    private readonly string _holder;
    private readonly TellConditions _tell;
    private readonly InputLook? _inputs;
    private readonly LedgerFeed _feed;
    private readonly RolloutControl _rollouts;
    private readonly SteeringControl _steering;

    /// <summary>Makes one.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="policies">Compiles policies, and writes the policy file.</param>
    /// <param name="holder">Who this is: different for every process.</param>
    /// <param name="tell">Tells people.</param>
    /// <param name="inputs">Looks at captured inputs; null: they are not watched.</param>
    /// <param name="standing">A freeze of demotions that holds as long as the process runs; null: none. Rollouts go on: somebody started them.</param>
    public ControlLoop(Ledger ledger, PolicyAccess policies, string holder, TellConditions tell, InputLook? inputs = null, SteeringFreeze? standing = null)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(policies);
        ArgumentException.ThrowIfNullOrEmpty(holder);
        ArgumentNullException.ThrowIfNull(tell);
        (_ledger, _holder, _tell, _inputs) = (ledger, holder, tell, inputs);
        (_feed, _rollouts, _steering) = (new LedgerFeed(ledger), new RolloutControl(ledger, policies), new SteeringControl(ledger, policies, standing));
    }

    /// <summary>The tags that are watched.</summary>
    public SteeringControl Steering => _steering;

    /// <summary>One step.</summary>
    /// <param name="now">Now, UTC; never earlier than before.</param>
    /// <param name="cancellationToken">Ends it between two actions.</param>
    /// <exception cref="LedgerException">The ledger cannot be used: nothing was done that is not in it, and the next step starts afresh.</exception>
    public async Task<ControlStep> StepAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        // 1. One process acts.
        if (!await _ledger.TryHoldLeaseAsync(LeaseName, _holder, now + LeaseTime, cancellationToken)) return ControlStep.Elsewhere;
        if (await _ledger.NewestRevisionAsync(cancellationToken) is null) return new ControlStep(true, [], []);

        // 2. What has happened since, once, in order.
        var cutoff = LedgerFeed.CutoffOf(now);
        var all = await _ledger.ListRolloutsAsync(openOnly: false, cancellationToken);
        var open = all.Where(rollout => rollout.IsOpen).ToList();
        _feed.Units = all.ToDictionary(rollout => rollout.Id, rollout => rollout.Plan.Unit);
        await _rollouts.FollowAsync(open, _feed.ReadTo, cancellationToken);
        var from = _feed.ReadTo ?? Beginning(now);
        await _steering.FollowAsync(from, cancellationToken);
        await _feed.ReadAsync(from, cutoff, async (observed, token) =>
        {
            _rollouts.Take(observed);
            await _steering.TakeAsync(observed, token);
        }, cancellationToken);

        // 3. Act: rollouts first, since what they give back need not be demoted.
        var freeze = await _ledger.ReadFreezeAsync(cancellationToken);
        var done = new List<string>();
        done.AddRange(await _rollouts.StepAsync(cutoff, now, freeze is { } frozen && frozen.HoldsAt(now), cancellationToken));
        all = await _ledger.ListRolloutsAsync(openOnly: false, cancellationToken);
        open = [.. all.Where(rollout => rollout.IsOpen)];
        done.AddRange(await _steering.StepAsync(cutoff, now, open, freeze, _rollouts, cancellationToken));
        if (_inputs is not null) await _inputs.StepAsync(_steering, now, cancellationToken);

        // 4. Tell.
        all = await _ledger.ListRolloutsAsync(openOnly: false, cancellationToken);
        ImmutableArray<AlertCondition> conditions = [.. Distinct(_rollouts.Conditions(all, now).Concat(_steering.Conditions(now)))];
        await _tell(conditions, now, cancellationToken);
        return new ControlStep(true, [.. done], conditions);
    }

    /// <summary>Gives the right to act back, so that another process need not wait.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _ledger.ReleaseLeaseAsync(LeaseName, _holder, cancellationToken);

    private DateTimeOffset Beginning(DateTimeOffset now) =>
        now - SteeringControl.History is var steering && _rollouts.NeedsFrom is { } rollouts && rollouts < steering ? rollouts : LedgerFeed.Minute(steering);

    // Of a model that serves several tags, each of them says the same.
    private static IEnumerable<AlertCondition> Distinct(IEnumerable<AlertCondition> conditions) => conditions.DistinctBy(condition => condition.Key, StringComparer.Ordinal);
}
