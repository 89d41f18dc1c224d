using System.Collections.Immutable;

namespace Rung.Control.Health;

/// <summary>Whether the gateway sends calls to a model.</summary>
public enum ServedState : byte
{
    /// <summary>Calls go to it.</summary>
    Closed = 0,
    /// <summary>It failed several times in a row and is left alone; after a pause one call tries it.</summary>
    Open = 1,
    /// <summary>It asked to be left alone for a while (429, Retry-After).</summary>
    Resting = 2,
    /// <summary>Its key is missing: it is not tried.</summary>
    WithoutKey = 3,
}

/// <summary>A model as the gateway sees it at an instant.</summary>
/// <param name="Name">Its name in the policy.</param>
/// <param name="Provider">Its provider.</param>
/// <param name="State">Whether calls go to it.</param>
/// <param name="Wait">How long until it may be tried; zero for now.</param>
/// <param name="UnderWay">Attempts that are under way.</param>
public sealed record ServedModel(string Name, string Provider, ServedState State, TimeSpan Wait, int UnderWay);

/// <summary>A bounded queue of the serving process.</summary>
/// <param name="Name">What waits in it.</param>
/// <param name="Waiting">How many wait.</param>
/// <param name="Room">How many may wait; null: there is no limit to say.</param>
/// <param name="Done">How many went through since the process started.</param>
/// <param name="Dropped">How many were given up since then because it was full, or they could not be taken.</param>
/// <param name="Failures">How often what empties it failed since then.</param>
/// <param name="IsFailing">Whether it failed the last time.</param>
/// <param name="Note">What its numbers mean, in words.</param>
public sealed record ServedQueue(string Name, long Waiting, long? Room, long Done, long Dropped, long Failures, bool IsFailing, string Note)
{
    /// <summary>Whether a number of some page lacks what was dropped.</summary>
    public bool LosesData { get; init; }

    /// <summary>Why what empties it failed the last time, and what to do about it; null when it did not, or nothing is known.</summary>
    public string? Problem { get; init; }
}

/// <summary>What the process that serves says of itself: of this process alone, since it started.</summary>
public sealed record ServingHealth
{
    /// <summary>When the process started to serve, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }
    /// <summary>Number of the revision in force here.</summary>
    public required long Revision { get; init; }
    /// <summary>When it came into force here, UTC.</summary>
    public required DateTimeOffset LoadedAt { get; init; }
    /// <summary>Why a newer policy was refused; null when none was.</summary>
    public string? PolicyProblem { get; init; }
    /// <summary>When it was refused; null when none was.</summary>
    public DateTimeOffset? ProblemSince { get; init; }
    /// <summary>Why newer revisions and rollouts cannot be seen; null when they can.</summary>
    public string? LedgerProblem { get; init; }
    /// <summary>Verifiers whose key cannot be read.</summary>
    public ImmutableArray<string> VerifiersWithoutKey { get; init; } = [];
    /// <summary>Rollouts that are open and not applied here, each with the reason.</summary>
    public ImmutableArray<string> RolloutsRefused { get; init; } = [];
    /// <summary>The models of the policy in force, in its order.</summary>
    public required ImmutableArray<ServedModel> Models { get; init; }
    /// <summary>The queues.</summary>
    public required ImmutableArray<ServedQueue> Queues { get; init; }
    /// <summary>Whether the control loop is started in this process.</summary>
    public required bool RunsControl { get; init; }
}
