using System.Collections.Frozen;
using System.Collections.Immutable;
using Rung.Core.Checks;
using Rung.Core.Policies;
using Rung.Gateway.Dispatch;
using Rung.Gateway.Rollouts;

namespace Rung.Gateway;

/// <summary>Gives the text of a secret, or null when it is not there. Called when a policy becomes active, never on a call.</summary>
public delegate string? ReadSecret(SecretReference reference);

/// <summary>What is in force, and what was refused.</summary>
/// <param name="Revision">Number of the revision in force.</param>
/// <param name="Hash">Its content hash.</param>
/// <param name="LoadedAt">When it came into force, UTC.</param>
/// <param name="Problem">Why a newer policy was refused; null when none was.</param>
/// <param name="ProblemSince">When it was refused; null when none was.</param>
/// <param name="ModelsWithoutKey">Models whose key is named by the policy and cannot be read; they are not tried.</param>
/// <param name="VerifiersWithoutKey">The same for verifiers: they are unavailable.</param>
public sealed record PolicyStatus(
    long Revision, string Hash, DateTimeOffset LoadedAt, string? Problem, DateTimeOffset? ProblemSince, ImmutableArray<string> ModelsWithoutKey,
    ImmutableArray<string> VerifiersWithoutKey)
{
    /// <summary>The rollouts beside it.</summary>
    public ImmutableArray<RolloutStatus> Rollouts { get; init; } = [];

    /// <summary>Rollouts that are open and not applied.</summary>
    public ImmutableArray<RolloutRefusal> RolloutsRefused { get; init; } = [];

    /// <summary>Why newer revisions and the state of rollouts cannot be seen; null when they can. Until then what was in force last stays.</summary>
    public string? LedgerProblem { get; init; }
}

/// <summary>The policy in force and the rollouts beside it. Swapped whole: a call sees one state from start to end.</summary>
public sealed class PolicyHolder
{
    private readonly Lock swapping = new();
    private readonly ReadSecret readSecret;
    private readonly TimeProvider clock;
    private volatile PoliciesInForce inForce;
    private volatile PolicyStatus status;

    /// <summary>Puts the first snapshot in force.</summary>
    public PolicyHolder(PolicySnapshot first, ReadSecret readSecret, TimeProvider clock)
    {
        this.readSecret = readSecret;
        this.clock = clock;
        inForce = new PoliciesInForce(Activate(first, KnownHealth.Of(before: null, clock)), []);
        status = Describe(inForce.Policy);
    }

    internal ActivePolicy Current => inForce.Policy;

    internal PoliciesInForce InForce => inForce;

    /// <summary>The snapshot in force.</summary>
    public PolicySnapshot Snapshot => inForce.Policy.Snapshot;

    /// <summary>What is in force, and what was refused.</summary>
    public PolicyStatus Status => status;

    /// <summary>The models of the policy in force, in its order, as they are at this instant.</summary>
    public ImmutableArray<ModelStatus> Models() =>
    [
        .. inForce.Policy.Upstreams.Select(upstream => new ModelStatus(
            upstream.Model.Name, upstream.Model.Provider, upstream.MissingKey, upstream.Health.IsOpen, upstream.Health.RestLeft() > TimeSpan.Zero, upstream.Health.UntilTry(), upstream.Health.Outstanding)),
    ];

    /// <summary>Puts another snapshot in force for every call that starts from now on. Rollouts stay.</summary>
    public void Swap(PolicySnapshot snapshot)
    {
        lock (swapping) Change(snapshot, [.. inForce.Rollouts.Select(rollout => rollout.Terms)], status.RolloutsRefused);
    }

    /// <summary>Applies other rollouts to every call that starts from now on. The policy in force stays.</summary>
    /// <param name="rollouts">All that are to be applied.</param>
    /// <param name="refused">Others that are open and cannot be.</param>
    public void SwapRollouts(ImmutableArray<RolloutInForce> rollouts, ImmutableArray<RolloutRefusal> refused = default)
    {
        lock (swapping) Change(snapshot: null, rollouts, refused);
    }

    /// <summary>Both at once: no call sees one without the other.</summary>
    /// <param name="snapshot">The policy.</param>
    /// <param name="rollouts">All rollouts that are to be applied beside it.</param>
    /// <param name="refused">Others that are open and cannot be.</param>
    public void SwapAll(PolicySnapshot snapshot, ImmutableArray<RolloutInForce> rollouts, ImmutableArray<RolloutRefusal> refused = default)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        lock (swapping) Change(snapshot, rollouts, refused);
    }

    /// <summary>Notes that a newer policy was refused; the one in force stays.</summary>
    public void Refuse(string problem)
    {
        lock (swapping) status = status with { Problem = problem, ProblemSince = clock.GetUtcNow() };
    }

    /// <summary>Notes whether the ledger can be followed.</summary>
    /// <param name="problem">Why not; null when it can.</param>
    public void NoteLedger(string? problem)
    {
        if (status.LedgerProblem == problem) return;
        lock (swapping) status = status with { LedgerProblem = problem };
    }

    private void Change(PolicySnapshot? snapshot, ImmutableArray<RolloutInForce> rollouts, ImmutableArray<RolloutRefusal> refused)
    {
        var before = inForce;
        var known = KnownHealth.Of(before, clock);
        var policy = snapshot is null ? before.Policy : Activate(snapshot, known);
        var described = snapshot is null ? status : Describe(policy) with { LedgerProblem = status.LedgerProblem };

        var taken = ImmutableArray.CreateBuilder<ActiveRollout>(rollouts.Length);
        var left = ImmutableArray.CreateBuilder<RolloutRefusal>();
        if (!refused.IsDefault) left.AddRange(refused);
        foreach (var terms in rollouts)
        {
            var active = Activate(terms, policy, before.Find(terms.Id), known);
            if (MissingKeys(active, policy) is { Length: > 0 } missing)
            {
                var models = missing.Length == 1 ? $"Its model {missing[0]} has no key" : $"Its models {string.Join(", ", missing)} have no keys";
                left.Add(new(terms.Id, $"{models} that can be read here: set it, and the rollout is applied within seconds."));
            }
            else taken.Add(active);
        }
        // The status first: whoever sees a call of the new state finds it described.
        status = described with
        {
            Rollouts = [.. taken.Select(rollout => RolloutStatus.Of(rollout.Terms))], RolloutsRefused = [.. left.DistinctBy(refusal => refusal.Id).OrderBy(refusal => refusal.Id)],
        };
        inForce = new PoliciesInForce(policy, taken.DrainToImmutable());
    }

    private ActiveRollout Activate(RolloutInForce terms, ActivePolicy policy, ActiveRollout? before, KnownHealth known)
    {
        var isSameRoom = before is null || before.Terms.IsShadow == terms.IsShadow;
        return new ActiveRollout(
            terms, Beside(terms.Candidate, isSameRoom ? before?.Candidate : null, terms.IsShadow ? new KnownHealth(clock) : known), Beside(terms.Holdback, before?.Holdback, known));

        ActivePolicy? Beside(PolicySnapshot? snapshot, ActivePolicy? active, KnownHealth health)
        {
            if (snapshot is null) return null;
            // A key that was missing may be there now.
            var policyBeside = active is not null && ReferenceEquals(active.Snapshot, snapshot) && !active.Upstreams.Any(upstream => upstream.MissingKey) ? active : Activate(snapshot, health);
            return policyBeside with { Bounds = new PinBounds(policy.Snapshot, snapshot) };
        }
    }

    /// <summary>Models of a rollout's policies that cannot be asked for want of a key, and that the policy in force could ask, or does not know.</summary>
    private static string[] MissingKeys(ActiveRollout rollout, ActivePolicy policy)
    {
        var alike = policy.Upstreams.Where(upstream => upstream.MissingKey).Select(upstream => upstream.Model.Name).ToHashSet(StringComparer.Ordinal);
        return [.. new[] { rollout.Candidate, rollout.Holdback }.OfType<ActivePolicy>().SelectMany(beside => beside.Upstreams)
            .Where(upstream => upstream.MissingKey && !alike.Contains(upstream.Model.Name)).Select(upstream => upstream.Model.Name).Distinct(StringComparer.Ordinal)];
    }

    private PolicyStatus Describe(ActivePolicy active) => new(
        active.Snapshot.Revision, active.Snapshot.Hash, clock.GetUtcNow(), null, null,
        [.. active.Upstreams.Where(upstream => upstream.MissingKey).Select(upstream => upstream.Model.Name)],
        [.. active.Verifiers.Values.Where(verifier => verifier.MissingKey).Select(verifier => verifier.Verifier.Name).Order(StringComparer.Ordinal)]);

    private ActivePolicy Activate(PolicySnapshot snapshot, KnownHealth known) =>
        new(snapshot, [.. snapshot.Models.Select(model => new Upstream(model, model.Key is null ? null : readSecret(model.Key), known.Of(model)))],
            snapshot.OutsideVerifiers.Values.OfType<HttpVerifier>()
                .Select(verifier => new VerifierEndpoint(verifier, verifier.Key is null ? null : readSecret(verifier.Key), known.Of(verifier)))
                .ToFrozenDictionary(endpoint => endpoint.Verifier.Name, StringComparer.Ordinal));
}
