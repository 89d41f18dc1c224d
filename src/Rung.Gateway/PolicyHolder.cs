using System.Collections.Frozen;
using System.Collections.Immutable;
using Rung.Core.Checks;
using Rung.Core.Policies;
using Rung.Gateway.Dispatch;

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
    ImmutableArray<string> VerifiersWithoutKey);

/// <summary>The policy in force. Swapped whole: a call sees one revision from start to end.</summary>
public sealed class PolicyHolder
{
    private readonly Lock swapping = new();
    private readonly ReadSecret readSecret;
    private readonly TimeProvider clock;
    private volatile ActivePolicy current;
    private volatile PolicyStatus status;

    /// <summary>Puts the first snapshot in force.</summary>
    public PolicyHolder(PolicySnapshot first, ReadSecret readSecret, TimeProvider clock)
    {
        this.readSecret = readSecret;
        this.clock = clock;
        current = Activate(first, before: null);
        status = Describe(current);
    }

    internal ActivePolicy Current => current;

    /// <summary>The snapshot in force.</summary>
    public PolicySnapshot Snapshot => current.Snapshot;

    /// <summary>What is in force, and what was refused.</summary>
    public PolicyStatus Status => status;

    /// <summary>Puts another snapshot in force for every call that starts from now on.</summary>
    public void Swap(PolicySnapshot snapshot)
    {
        lock (swapping)
        {
            current = Activate(snapshot, current);
            status = Describe(current);
        }
    }

    /// <summary>Notes that a newer policy was refused; the one in force stays.</summary>
    public void Refuse(string problem)
    {
        lock (swapping) status = status with { Problem = problem, ProblemSince = clock.GetUtcNow() };
    }

    private PolicyStatus Describe(ActivePolicy active) => new(
        active.Snapshot.Revision, active.Snapshot.Hash, clock.GetUtcNow(), null, null,
        [.. active.Upstreams.Where(upstream => upstream.MissingKey).Select(upstream => upstream.Model.Name)],
        [.. active.Verifiers.Values.Where(verifier => verifier.MissingKey).Select(verifier => verifier.Verifier.Name).Order(StringComparer.Ordinal)]);

    /// <summary>What was seen of a model stays with it as long as its name, address and id stay.</summary>
    private ActivePolicy Activate(PolicySnapshot snapshot, ActivePolicy? before) =>
        new(snapshot, [.. snapshot.Models.Select(model =>
        {
            var known = before?.Upstreams.FirstOrDefault(old =>
                old.Model.Name == model.Name && old.Model.BaseUrl == model.BaseUrl && old.Model.UpstreamId == model.UpstreamId);
            return new Upstream(model, model.Key is null ? null : readSecret(model.Key), known?.Health ?? new ModelHealth(clock));
        })],
        snapshot.OutsideVerifiers.Values.OfType<HttpVerifier>().Select(verifier =>
        {
            var known = before?.Verifiers.GetValueOrDefault(verifier.Name);
            var health = known?.Verifier.Url == verifier.Url ? known.Health : new ModelHealth(clock);
            return new VerifierEndpoint(verifier, verifier.Key is null ? null : readSecret(verifier.Key), health);
        }).ToFrozenDictionary(endpoint => endpoint.Verifier.Name, StringComparer.Ordinal));
}
