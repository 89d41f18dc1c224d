using Rung.Core.Rollouts;
using Rung.Storage.Revisions;
using Rung.Storage.Rollouts;
using Rung.Storage.Sqlite;

namespace Rung.Storage;

/// <summary>Rollouts: candidates beside the current policy, and all that happened to them.</summary>
public sealed partial class Ledger
{
    /// <summary>
    /// Stores a rollout with its first event. Refused in the same transaction when an open one covers a tag of it, also when two processes start at once.
    /// </summary>
    /// <param name="candidate">Number of the candidate's revision.</param>
    /// <param name="base">Number of the revision in force.</param>
    /// <param name="plan">What it promises.</param>
    /// <param name="started">The first event: ordinal 0.</param>
    /// <param name="cancellationToken">Looked at before it begins.</param>
    /// <exception cref="LedgerException">The file cannot be written, or a revision does not exist.</exception>
    public Task<RolloutStart> StartRolloutAsync(long candidate, long @base, RolloutPlan plan, RolloutEvent started, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(started);
        ArgumentOutOfRangeException.ThrowIfNotEqual(started.Ordinal, 0, nameof(started));
        return WriteAsync(connection => RolloutTable.Start(connection, candidate, @base, plan, started), cancellationToken);
    }

    /// <summary>
    /// Adds an event to a rollout when it is the next one and the rollout is open; false, and nothing is stored, when somebody else was faster or it has ended.
    /// </summary>
    /// <param name="id">The rollout.</param>
    /// <param name="happened">The event; its ordinal is the number of events that the caller has seen.</param>
    /// <param name="cancellationToken">Looked at before it begins.</param>
    /// <exception cref="LedgerException">The file cannot be written.</exception>
    public Task<bool> AppendRolloutEventAsync(long id, RolloutEvent happened, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(happened);
        return WriteAsync(connection => RolloutTable.Append(connection, id, happened), cancellationToken);
    }

    /// <summary>
    /// Publishes the policy that a rollout ends in, and adds the event that says so: both or neither. Null, and nothing is stored, when another revision is
    /// in force than the one it was decided on, somebody else was faster, or the rollout has ended.
    /// </summary>
    /// <exception cref="LedgerException">The file cannot be written.</exception>
    public Task<PolicyRevision?> CompleteRolloutAsync(long id, RolloutEvent happened, AutomaticRevision revision, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(happened);
        ArgumentNullException.ThrowIfNull(revision);
        return WriteAsync(
            connection => RevisionTable.PublishAutomatic(connection, revision, _clock.GetUtcNow(), (within, _) => RolloutTable.AppendWithin(within, id, happened)),
            cancellationToken);
    }

    /// <summary>Rollouts in order of their numbers, with their events.</summary>
    /// <param name="openOnly">Only those that a gateway must know: see <see cref="Rollout.IsOpen"/>.</param>
    /// <param name="cancellationToken">Looked at before it begins.</param>
    public async Task<IReadOnlyList<Rollout>> ListRolloutsAsync(bool openOnly, CancellationToken cancellationToken) =>
        await ReadOnceAsync(connection => RolloutTable.List(connection, openOnly), cancellationToken);

    /// <summary>One rollout; null when there is none of that number.</summary>
    public Task<Rollout?> FindRolloutAsync(long id, CancellationToken cancellationToken) =>
        ReadOnceAsync(connection => RolloutTable.Find(connection, id), cancellationToken);

    /// <summary>Stores what the guards said; an earlier reading of the same minute gives way, and after an hour all but the last of an hour.</summary>
    /// <exception cref="LedgerException">The file cannot be written.</exception>
    public Task RecordReadingAsync(RolloutReading reading, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reading);
        return WriteAsync(connection =>
        {
            RolloutTable.Record(connection, reading);
            return true;
        }, cancellationToken);
    }

    /// <summary>What the guards of a rollout said, the newest first.</summary>
    /// <param name="id">The rollout.</param>
    /// <param name="most">At most so many, at least 1.</param>
    /// <param name="cancellationToken">Looked at before it begins.</param>
    public async Task<IReadOnlyList<RolloutReading>> ListReadingsAsync(long id, int most, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        return await ReadOnceAsync(connection => RolloutTable.Readings(connection, id, most), cancellationToken);
    }
}
