using System.Collections.Frozen;
using Rung.Storage.Sqlite;

namespace Rung.Storage.Content;

/// <summary>Deletion on request.</summary>
public sealed partial class ContentStore
{
    /// <summary>
    /// Deletes all content that a request is about, in one transaction, and notes that it did. The bytes are overwritten; what the log still holds of them
    /// goes with <see cref="CompactAsync"/>.
    /// </summary>
    /// <param name="request">What is to go. The calls of the ledger that it is about are not looked up.</param>
    /// <param name="cancellationToken">Looked at before it begins.</param>
    /// <exception cref="ArgumentException">The request names nothing, or its reason names what is to be forgotten.</exception>
    /// <exception cref="LedgerException">The file cannot be written.</exception>
    public Task<ForgetReport> ForgetAsync(ForgetRequest request, CancellationToken cancellationToken) =>
        ForgetAsync(request, FrozenSet<string>.Empty, cancellationToken);

    /// <summary>The same, with the calls of the ledger that the request is about (<see cref="Ledger.FindForgottenAsync"/>): rows that know only a call are found by them.</summary>
    /// <param name="request">What is to go.</param>
    /// <param name="alsoCalls">Ids of calls whose content goes too.</param>
    /// <param name="cancellationToken">Looked at before it begins.</param>
    /// <exception cref="ArgumentException">The request names nothing, or its reason names what is to be forgotten.</exception>
    /// <exception cref="LedgerException">The file cannot be written.</exception>
    public Task<ForgetReport> ForgetAsync(ForgetRequest request, IReadOnlySet<string> alsoCalls, CancellationToken cancellationToken)
    {
        ForgetFilter.Require(request);
        ArgumentNullException.ThrowIfNull(alsoCalls);
        return WriteAsync(connection =>
        {
            var calls = CaptureTable.Matches(connection, request);
            calls.UnionWith(alsoCalls);
            var now = _clock.GetUtcNow();
            var sets = new SortedSet<string>(StringComparer.Ordinal);
            var report = new ForgetReport
            {
                Captures = CaptureTable.Forget(connection, request, calls),
                RunAnswers = EvalRunTable.Forget(connection, request, calls) + JudgingTable.Forget(connection, request, calls),
                EvalRows = EvalSetTable.Forget(connection, request, calls, now, sets),
                Comments = CommentTable.Forget(connection, request, calls),
                Reviews = ReviewTable.Forget(connection, request, calls),
                Sets = [.. sets],
            };
            ForgettingTable.Append(connection, request.Reason, report, now);
            return report;
        }, cancellationToken);
    }

    /// <summary>The notes on deletions, the newest first: when, why, how much. Never who.</summary>
    public async Task<IReadOnlyList<ForgetNote>> ListForgottenAsync(CancellationToken cancellationToken) =>
        await ReadAsync(ForgettingTable.List, cancellationToken);
}
