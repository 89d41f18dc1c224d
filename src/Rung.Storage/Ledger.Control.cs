using Rung.Core.Spans;
using Rung.Storage.Control;
using Rung.Storage.Revisions;
using Rung.Storage.Sqlite;

namespace Rung.Storage;

/// <summary>What the control loop did and may do, and what it reads.</summary>
public sealed partial class Ledger
{
    /// <summary>The revision in force: the newest one that is no candidate; null when there is none.</summary>
    public Task<RevisionEntry?> NewestRevisionAsync(CancellationToken cancellationToken) => ReadOnceAsync(RevisionTable.NewestEntry, cancellationToken);

    /// <summary>
    /// Publishes what the control loop decided about a tag, with the action that says so: both or neither. Null, and nothing is stored, when another revision
    /// is in force than the one it was decided on.
    /// </summary>
    /// <param name="revision">The revision.</param>
    /// <param name="action">What was done; its number of the revision is filled in.</param>
    /// <param name="cancellationToken">Looked at before it begins.</param>
    /// <exception cref="LedgerException">The file cannot be written.</exception>
    public Task<PolicyRevision?> PublishAutomaticAsync(AutomaticRevision revision, ControlAction action, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(revision);
        ArgumentNullException.ThrowIfNull(action);
        return WriteAsync(connection => RevisionTable.PublishAutomatic(connection, revision, _clock.GetUtcNow(), (within, number) =>
        {
            ControlTable.Insert(within, action with { Revision = number });
            return true;
        }), cancellationToken);
    }

    /// <summary>Adds an action that changed nothing: a proposal.</summary>
    /// <exception cref="LedgerException">The file cannot be written.</exception>
    public Task AppendControlActionAsync(ControlAction action, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(action);
        return WriteAsync(connection =>
        {
            ControlTable.Insert(connection, action);
            return true;
        }, cancellationToken);
    }

    /// <summary>What the control loop did since an instant, in order.</summary>
    public async Task<IReadOnlyList<ControlAction>> ListControlActionsAsync(DateTimeOffset since, CancellationToken cancellationToken) =>
        await ReadOnceAsync(connection => ControlTable.Actions(connection, since), cancellationToken);

    /// <summary>Freezes the control loop, or lets it go.</summary>
    /// <exception cref="LedgerException">The file cannot be written.</exception>
    public Task FreezeAsync(ControlFreeze freeze, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(freeze);
        return WriteAsync(connection =>
        {
            ControlTable.Freeze(connection, freeze);
            return true;
        }, cancellationToken);
    }

    /// <summary>The last turn of the switch, whether or not it holds still; null when nobody ever touched it.</summary>
    public async Task<ControlFreeze?> ReadFreezeAsync(CancellationToken cancellationToken) =>
        await ListFreezesAsync(1, cancellationToken) is [var last, ..] ? last : null;

    /// <summary>Turns of the switch, the newest first.</summary>
    public async Task<IReadOnlyList<ControlFreeze>> ListFreezesAsync(int most, CancellationToken cancellationToken) =>
        await ReadOnceAsync(connection => ControlTable.Freezes(connection, most), cancellationToken);

    /// <summary>Takes a lease, or prolongs one's own; false while another holds it.</summary>
    /// <param name="name">What for.</param>
    /// <param name="holder">Who asks: different for every process.</param>
    /// <param name="until">Until when it is wanted.</param>
    /// <param name="cancellationToken">Looked at before it begins.</param>
    /// <exception cref="LedgerException">The file cannot be written.</exception>
    public Task<bool> TryHoldLeaseAsync(string name, string holder, DateTimeOffset until, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(holder);
        return WriteAsync(connection => ControlTable.Hold(connection, name, holder, until, _clock.GetUtcNow()), cancellationToken);
    }

    /// <summary>Gives one's own lease back.</summary>
    /// <exception cref="LedgerException">The file cannot be written.</exception>
    public Task ReleaseLeaseAsync(string name, string holder, CancellationToken cancellationToken) => WriteAsync(connection =>
    {
        ControlTable.Release(connection, name, holder);
        return true;
    }, cancellationToken);

    /// <summary>Who holds a lease, or held it last; null when it is free.</summary>
    public Task<Lease?> FindLeaseAsync(string name, CancellationToken cancellationToken) =>
        ReadOnceAsync(connection => ControlTable.FindLease(connection, name), cancellationToken);

    /// <summary>
    /// Ids of the calls whose id was made in [since, until), to the millisecond, in their order. A call is written when it ends, under an id of its beginning:
    /// whoever follows the ledger asks for a window again and takes the ids that are new to it. One pass over the rows of the window and no others.
    /// </summary>
    public async Task<IReadOnlyList<string>> ListCallIdsAsync(DateTimeOffset since, DateTimeOffset? until, CancellationToken cancellationToken) =>
        await ReadOnceAsync(connection => CallReader.Ids(connection, since, until), cancellationToken);

    /// <summary>Reads calls of these ids with their attempts and checks, in order of their ids; those that are not there are left out.</summary>
    /// <param name="ids">The ids: a thousand or so at a time.</param>
    /// <param name="cancellationToken">Looked at before it begins.</param>
    public async Task<IReadOnlyList<CallRecord>> FindCallsAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ids);
        if (ids.Count == 0) return [];
        return await ReadOnceAsync(connection => CallReader.FindAll(connection, ids), cancellationToken);
    }

    // On the caller's thread, as every write; what fails is the task, not the call.
    private Task<T> WriteAsync<T>(Func<Connection, T> write, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<T>(cancellationToken);
        try
        {
            lock (_writing)
            {
                RequireWriter();
                return Task.FromResult(write(_connection!));
            }
        }
        catch (LedgerException e)
        {
            return Task.FromException<T>(e);
        }
    }
}
