using System.Runtime.CompilerServices;
using Rung.Storage.Sqlite;

namespace Rung.Storage.Content;

/// <summary>Captured calls.</summary>
public sealed partial class ContentStore
{
    // Calls per read transaction: each may be as large as the policy allows, 256 KiB where it does not say.
    private const int CapturePageSize = 32;

    // Calls per transaction of DropExpiredAsync: whoever writes at the same time must not wait long.
    private const int ExpiredBatch = 500;

    /// <summary>Stores captured calls: all of the batch or, when it throws, nothing of it. One whose id is there already is left as it is.</summary>
    /// <param name="calls">Redacted calls. Ordinals of the answers of one call are different.</param>
    /// <param name="cancellationToken">Looked at before it begins.</param>
    /// <returns>How many were new.</returns>
    /// <exception cref="LedgerException">The file cannot be written.</exception>
    public Task<int> AppendCapturesAsync(IReadOnlyList<CapturedCall> calls, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(calls);
        return calls.Count == 0 ? Task.FromResult(0) : WriteAsync(connection => CaptureTable.Append(connection, calls, Close), cancellationToken);
    }

    /// <summary>Reads captured calls in order of their ids, which is the order of time to the millisecond. Streams, in bounded memory.</summary>
    /// <exception cref="LedgerException">The file cannot be read, or content cannot be opened with this key.</exception>
    public async IAsyncEnumerable<CapturedCall> ReadCapturesAsync(CaptureQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var left = LimitOf(query);
        string? after = null;
        while (left > 0)
        {
            var most = Math.Min(left, CapturePageSize);
            var page = await ReadAsync(connection => CaptureTable.Page(connection, query, after, most, _clock.GetUtcNow(), Reopen), cancellationToken);
            foreach (var call in page) yield return call;
            if (page.Count < most) yield break;
            left -= page.Count;
            after = page[^1].CallId;
        }
    }

    /// <summary>One captured call; null when there is none of that id, or when it has expired.</summary>
    /// <exception cref="LedgerException">The file cannot be read, or content cannot be opened with this key.</exception>
    public Task<CapturedCall?> FindCaptureAsync(string callId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(callId);
        return ReadAsync(connection => CaptureTable.Find(connection, callId, _clock.GetUtcNow(), Reopen), cancellationToken);
    }

    /// <summary>Captured calls without their content, the newest first.</summary>
    public async Task<IReadOnlyList<CaptureEntry>> ListCapturesAsync(CaptureQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        _ = LimitOf(query);
        return await ReadAsync(connection => CaptureTable.List(connection, query, _clock.GetUtcNow()), cancellationToken);
    }

    /// <summary>What is kept, by tag, the most calls first. The limit of the query does not count.</summary>
    public async Task<IReadOnlyList<CaptureSum>> SumCapturesAsync(CaptureQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return await ReadAsync(connection => CaptureTable.Sums(connection, query, _clock.GetUtcNow()), cancellationToken);
    }

    /// <summary>
    /// Deletes captured calls, comments and replaced texts whose time is over, and empties the log, so that they are gone from both files of the database unless somebody is reading it
    /// just then; <see cref="CompactAsync"/> gives the space back.
    /// </summary>
    /// <returns>How many are gone.</returns>
    /// <exception cref="LedgerException">The file cannot be written.</exception>
    public async Task<int> DropExpiredAsync(CancellationToken cancellationToken)
    {
        var gone = 0;
        int dropped;
        do
        {
            dropped = await WriteAsync(connection => CaptureTable.DropExpired(connection, _clock.GetUtcNow(), ExpiredBatch), cancellationToken);
            gone += dropped;
        }
        while (dropped == ExpiredBatch);
        // Comments of reviews may quote what has expired.
        await WriteAsync(connection => ReviewTable.DropExpired(connection, _clock.GetUtcNow()), cancellationToken);
        gone += await DropExpiredCommentsAsync(cancellationToken);
        if (gone > 0) await WriteAsync(Compaction.TryEmptyLog, inTransaction: false, cancellationToken);
        return gone;
    }

    private static int LimitOf(CaptureQuery query)
    {
        var limit = query.Limit ?? int.MaxValue;
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1, nameof(query));
        return limit;
    }
}
