using Rung.Storage.Calls;
using Rung.Storage.Rollups;
using Rung.Storage.Sqlite;

namespace Rung.Storage;

/// <summary>Sums of calls that are kept up to date, and the search for single ones.</summary>
public sealed partial class Ledger
{
    private Roller? _roller; // Made with the first step; used under _writing.

    /// <summary>
    /// Adds calls and verdicts that were appended to the roll-ups, in one transaction: each of them exactly once, whatever is interrupted, and whoever else does the same. Runs on the
    /// caller's thread: call it from a background task, again and again.
    /// </summary>
    /// <param name="most">About so many of them, at least 1: what was appended together is not torn apart.</param>
    /// <param name="cancellationToken">Looked at before it begins.</param>
    /// <exception cref="LedgerException">The file cannot be written.</exception>
    public Task<RollUpProgress> RollUpAsync(int most, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        return WriteAsync(connection => (_roller ??= new Roller(connection)).Step(most, _clock.GetUtcNow()), cancellationToken);
    }

    /// <summary>
    /// Reads the roll-ups of a window, and with them what was appended and not rolled up yet, over one consistent view of the ledger: they add up to what <see cref="ReportAsync"/> says. Waits
    /// for nobody.
    /// </summary>
    /// <exception cref="ArgumentException">The window is empty, or does not begin and end at whole minutes.</exception>
    public Task<RollupReading> ReadRollupAsync(RollupQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.From >= query.To) throw new ArgumentException("The window is empty: from is not before to.", nameof(query));
        if (query.From.UtcTicks % TimeSpan.TicksPerMinute != 0 || query.To.UtcTicks % TimeSpan.TicksPerMinute != 0)
            throw new ArgumentException("A window of roll-ups begins and ends at whole minutes.", nameof(query));
        return ReadOnceAsync(connection => RollupReader.Run(connection, query), cancellationToken);
    }

    /// <summary>Looks for calls, the newest first. The work of one page is bounded: a rare kind of calls comes in more pages, some of them empty.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The limit is not 1 to <see cref="CallSearch.MostLimit"/>.</exception>
    public Task<CallSearchPage> SearchCallsAsync(CallSearch search, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(search);
        ArgumentOutOfRangeException.ThrowIfLessThan(search.Limit, 1, nameof(search));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(search.Limit, CallSearch.MostLimit, nameof(search));
        return ReadOnceAsync(connection => CallFinder.Find(connection, search, _clock), cancellationToken);
    }
}
