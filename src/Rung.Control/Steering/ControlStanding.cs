using Rung.Control.Rollouts;
using Rung.Core.Policies;
using Rung.Core.Steering;
using Rung.Storage;
using Rung.Storage.Control;
using Rung.Storage.Revisions;
using Rung.Storage.Rollouts;

namespace Rung.Control.Steering;

/// <summary>A route that the control loop may look at, and whether its alerts are armed.</summary>
/// <param name="Route">The route.</param>
/// <param name="Arming">Whether they are, and why.</param>
public sealed record TagArming(Route Route, Arming Arming)
{
    /// <summary>Whether it has a floor or a ceiling, so that there is something to arm.</summary>
    public bool IsBounded => Route.Floor is not null || Route.Ceiling is not null;
}

/// <summary>Something that the control loop did.</summary>
/// <param name="Action">What.</param>
/// <param name="Before">The revision that was in force before it; null for a proposal, or when there was none.</param>
public sealed record DoneAction(ControlAction Action, long? Before);

/// <summary>Whether the control loop runs, whether it is frozen, what it lately did, and which tags it watches.</summary>
public sealed record ControlStanding
{
    /// <summary>How far back its actions are shown.</summary>
    public static readonly TimeSpan Shown = TimeSpan.FromDays(30);

    /// <summary>Who runs it, or ran it last; null: nobody does.</summary>
    public required Lease? Lease { get; init; }
    /// <summary>Whether it runs now.</summary>
    public required bool Runs { get; init; }
    /// <summary>The last turn of the switch; null: nobody ever touched it.</summary>
    public required ControlFreeze? Freeze { get; init; }
    /// <summary>Whether it is frozen now.</summary>
    public required bool IsFrozen { get; init; }
    /// <summary>What the policy lets it do; null: no policy is known.</summary>
    public required ControlTerms? Terms { get; init; }
    /// <summary>Every tag of the policy, by name.</summary>
    public required IReadOnlyList<TagArming> Tags { get; init; }
    /// <summary>What it did, in order.</summary>
    public required IReadOnlyList<DoneAction> Actions { get; init; }
    /// <summary>The open rollouts.</summary>
    public required IReadOnlyList<Rollout> Open { get; init; }

    /// <summary>What the policy lets it do, in a sentence; null: no policy is known.</summary>
    public string? SteeringWords => Terms is not { } terms ? null : terms.Steering switch
    {
        SteeringMode.Off => "off: floors and ceilings are not looked at",
        SteeringMode.Propose => "proposes: no route is moved by itself",
        _ => $"acts: a route below its floor is moved one tier up, at most {terms.DemotionsPerDay} in 24 hours, one tag again after {LengthOfTime.Words(terms.CoolDown)}",
    };

    /// <summary>Reads it.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="policy">The policy in force; null: not known.</param>
    /// <param name="now">Now, UTC.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<ControlStanding> ReadAsync(Ledger ledger, PolicySnapshot? policy, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        var lease = await ledger.FindLeaseAsync(ControlLoop.LeaseName, cancellationToken);
        var freeze = await ledger.ReadFreezeAsync(cancellationToken);
        var actions = await ledger.ListControlActionsAsync(now - Shown, cancellationToken);
        var open = await ledger.ListRolloutsAsync(openOnly: true, cancellationToken);
        var revisions = await ledger.ListRevisionsAsync(cancellationToken);
        return new ControlStanding
        {
            Lease = lease, Runs = lease is not null && lease.Until > now, Freeze = freeze, IsFrozen = freeze is not null && freeze.HoldsAt(now), Terms = policy?.Control,
            Tags = policy?.Tags.Values.OrderBy(route => route.Name, StringComparer.Ordinal).Select(route => new TagArming(route, SteeringLaw.Arm(route))).ToList() ?? [],
            Actions = [.. actions.Select(action => new DoneAction(action, Before(action.Revision)))], Open = open,
        };

        // What was in force before; the number below may be a candidate's, which never was.
        long? Before(long? revision) => revisions.Where(entry => entry.Number < revision && entry.Origin != RevisionOrigin.Candidate).Max(entry => (long?)entry.Number);
    }
}
