using System.Text;
using Rung.Storage.Sqlite;

namespace Rung.Storage.Content;

/// <summary>Comments and replaced texts of feedback.</summary>
public sealed partial class ContentStore
{
    /// <summary>Stores texts: all of the batch or, when it throws, nothing of it. One whose id is there already is left as it is.</summary>
    /// <param name="texts">Redacted texts.</param>
    /// <param name="cancellationToken">Looked at before it begins.</param>
    /// <returns>How many were new.</returns>
    /// <exception cref="LedgerException">The file cannot be written.</exception>
    public Task<int> AppendCommentsAsync(IReadOnlyList<FeedbackText> texts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return texts.Count == 0
            ? Task.FromResult(0)
            : WriteAsync(connection => CommentTable.Append(connection, texts, text => Close(Encoding.UTF8.GetBytes(text.Text), CommentTable.PlaceOf(text.Id))), cancellationToken);
    }

    /// <summary>The texts about a call, or, without one, about a session (calls of it included), in order of their time. What has expired is left out.</summary>
    /// <param name="callId">The call; null for those of the session.</param>
    /// <param name="session">The session; looked at only without a call.</param>
    /// <param name="cancellationToken">Looked at before it begins.</param>
    /// <exception cref="LedgerException">The file cannot be read, or content cannot be opened with this key.</exception>
    public async Task<IReadOnlyList<FeedbackText>> ReadCommentsAsync(string? callId, string? session, CancellationToken cancellationToken) =>
        await ReadAsync(
            connection => CommentTable.Read(connection, callId, session, _clock.GetUtcNow(), (bytes, id) => Encoding.UTF8.GetString(Reopen(bytes, CommentTable.PlaceOf(id)))),
            cancellationToken);

    /// <summary>Deletes texts whose time is over.</summary>
    /// <returns>How many are gone.</returns>
    /// <exception cref="LedgerException">The file cannot be written.</exception>
    public Task<int> DropExpiredCommentsAsync(CancellationToken cancellationToken) =>
        WriteAsync(connection => CommentTable.DropExpired(connection, _clock.GetUtcNow()), cancellationToken);
}
