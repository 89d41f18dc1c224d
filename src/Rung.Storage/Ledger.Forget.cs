using Rung.Storage.Content;
using Rung.Storage.Sqlite;

namespace Rung.Storage;

/// <summary>Deletion on request: who made a call is taken out; that it was made, and what it cost, stays.</summary>
public sealed partial class Ledger
{
    // Calls per transaction: a gateway that writes to the same ledger must not wait long.
    private const int ForgetBatch = 1000;

    /// <summary>The calls that a deletion is about, imported ones too, by their ids. Asked before <see cref="ForgetAsync"/>: afterwards nobody can tell.</summary>
    /// <param name="request">What is to be forgotten.</param>
    /// <param name="cancellationToken">Looked at before it begins.</param>
    /// <exception cref="ArgumentException">The request names nothing, or its reason names what is to be forgotten.</exception>
    public async Task<IReadOnlySet<string>> FindForgottenAsync(ForgetRequest request, CancellationToken cancellationToken)
    {
        ForgetFilter.Require(request);
        return await ReadOnceAsync(connection => LedgerForgetting.Matches(connection, request), cancellationToken);
    }

    /// <summary>
    /// Takes session and user out of the calls that a deletion is about, imported ones too, and out of their keys and runs where these contain them; out of the
    /// quality signals about them; and the words of their failed checks, which may quote an answer. In batches, so that a gateway can write meanwhile; run again after an interruption, it does the rest. What is overwritten is gone from the log and from
    /// free pages after <see cref="CompactAsync"/>.
    /// </summary>
    /// <param name="request">What is to be forgotten.</param>
    /// <param name="cancellationToken">Looked at before every batch.</param>
    /// <returns>How many calls had a session or a user.</returns>
    /// <exception cref="ArgumentException">The request names nothing, or its reason names what is to be forgotten.</exception>
    /// <exception cref="LedgerException">The file cannot be written.</exception>
    public async Task<int> ForgetAsync(ForgetRequest request, CancellationToken cancellationToken)
    {
        ForgetFilter.Require(request);
        // Names of sessions stand in the roll-ups too, and what waits to be rolled up would not be found there.
        while ((await RollUpAsync(ForgetBatch, cancellationToken)).Pending > 0)
        {
        }
        var (calls, sessions) = await ReadOnceAsync(
            connection => (LedgerForgetting.Matches(connection, request), LedgerForgetting.Sessions(connection, request)), cancellationToken);
        // The signals first: once the calls are cleared, nobody can tell which they were.
        foreach (var session in sessions) await ForgetBatchAsync(connection => VerdictTable.Forget(connection, [], session) + LedgerForgetting.ForgetUnit(connection, session), cancellationToken);
        var forgotten = 0;
        foreach (var batch in calls.Chunk(ForgetBatch))
        {
            await ForgetBatchAsync(connection => VerdictTable.Forget(connection, batch, session: null), cancellationToken);
            forgotten += await ForgetBatchAsync(connection => LedgerForgetting.Forget(connection, batch), cancellationToken);
        }
        return forgotten;
    }

    private Task<int> ForgetBatchAsync(Func<Connection, int> forget, CancellationToken cancellationToken) => Task.Run(() =>
    {
        lock (_writing)
        {
            RequireWriter();
            _connection!.Execute("PRAGMA secure_delete = ON"); // From here on for this connection: what it overwrites is zeroed.
            _connection.Execute("BEGIN IMMEDIATE");
            try
            {
                var changed = forget(_connection);
                _connection.Execute("COMMIT");
                return changed;
            }
            catch
            {
                _connection.RollBack();
                throw;
            }
        }
    }, cancellationToken);

    /// <summary>
    /// Rewrites the file without what was overwritten, and empties the log: afterwards no such byte is in either. Takes time with the size, and as much free
    /// space again; a gateway on the same directory serves on, and writes its calls when it is done.
    /// </summary>
    /// <exception cref="LedgerException">Another process keeps it busy, or the disk is full.</exception>
    public Task CompactAsync(CancellationToken cancellationToken) => Task.Run(() =>
    {
        lock (_writing)
        {
            RequireWriter();
            Compaction.Run(_connection!);
        }
    }, cancellationToken);
}
