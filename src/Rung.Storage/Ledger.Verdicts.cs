using System.Runtime.CompilerServices;
using Rung.Core.Spans;
using Rung.Storage.Sqlite;
using Rung.Storage.Verdicts;

namespace Rung.Storage;

/// <summary>Quality signals.</summary>
public sealed partial class Ledger
{
    /// <summary>
    /// Appends quality signals in one transaction: all of the batch or, when it throws, nothing of it. One whose id is there already is left as it is. Their
    /// calls may be months old, or not written yet. Runs on the caller's thread.
    /// </summary>
    /// <param name="batch">The signals: ids that are not empty, scores and weights that are finite, weights not below 0.</param>
    /// <param name="cancellationToken">Looked at before the batch begins; a batch that has begun is finished.</param>
    /// <returns>How many of them were new.</returns>
    /// <exception cref="ArgumentException">One of them has no id, nobody who judged, or a number outside its range.</exception>
    /// <exception cref="LedgerException">The file cannot be written (a full disk, another writer).</exception>
    public Task<int> AppendVerdictsAsync(IReadOnlyList<VerdictRecord> batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        foreach (var verdict in batch) VerdictRules.Require(verdict);
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<int>(cancellationToken);
        if (batch.Count == 0) return Task.FromResult(0);
        try
        {
            lock (_writing)
            {
                RequireWriter();
                return Task.FromResult(VerdictTable.Append(_connection!, batch));
            }
        }
        catch (LedgerException e)
        {
            return Task.FromException<int>(e);
        }
    }

    /// <summary>
    /// Reads quality signals in order of the time they were given. Session, tag and model that a signal does not name are those of its call, where the
    /// call is known by now. Streams: what is appended meanwhile may or may not be seen.
    /// </summary>
    public async IAsyncEnumerable<VerdictRecord> ReadVerdictsAsync(VerdictQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        VerdictTable.Place? after = null;
        while (true)
        {
            var page = await ReadOnceAsync(connection => VerdictTable.Page(connection, query, after, LongPageSize), cancellationToken);
            foreach (var verdict in page) yield return verdict;
            if (page.Count < LongPageSize) yield break;
            after = VerdictTable.PlaceOf(page[^1]);
        }
    }

    /// <summary>Tags of the calls of every session that a signal is about as a whole, without naming a tag. One pass over the calls.</summary>
    public async Task<IReadOnlyList<SessionTag>> SessionTagsAsync(CancellationToken cancellationToken) =>
        await ReadOnceAsync(VerdictTable.SessionTags, cancellationToken);

    /// <summary>
    /// Reads answered calls whose answer was checked, in order of their ids: one row each, with what the checks of the last judged attempt said. Streams, as
    /// <see cref="ReadAsync"/>.
    /// </summary>
    /// <param name="tag">Calls of this tag; null: of any or none.</param>
    /// <param name="since">Calls that started then or later; null: from the first one.</param>
    /// <param name="until">Calls that started before; null: to the last one.</param>
    /// <param name="cancellationToken">Looked at between pages.</param>
    public async IAsyncEnumerable<CheckedCall> ReadCheckedAsync(
        string? tag, DateTimeOffset? since, DateTimeOffset? until, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? after = null;
        while (true)
        {
            var page = await ReadOnceAsync(connection => CheckedCalls.Page(connection, tag, since, until, after, LongPageSize), cancellationToken);
            foreach (var call in page) yield return call;
            if (page.Count < LongPageSize) yield break;
            after = page[^1].CallId;
        }
    }
}
