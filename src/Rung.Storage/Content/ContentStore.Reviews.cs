using System.Text;
using Rung.Storage.Sqlite;

namespace Rung.Storage.Content;

public sealed partial class ContentStore
{
    /// <summary>Puts a plan and the items that it drew into the queue. Planning the same again adds nothing; an item's chances of being drawn only ever rise.</summary>
    public Task<ReviewPlanned> AddReviewPlanAsync(ReviewPlan plan, IReadOnlyList<ReviewItem> items, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(items);
        return WriteAsync(connection =>
        {
            ReviewTable.DropExpired(connection, _clock.GetUtcNow());
            return ReviewTable.Add(connection, plan, items, _clock.GetUtcNow());
        }, cancellationToken);
    }

    /// <summary>A plan; null when nothing was planned for the tag and the scope.</summary>
    public Task<ReviewPlan?> FindReviewPlanAsync(string tag, string scope, CancellationToken cancellationToken) =>
        ReadAsync(connection => ReviewTable.FindPlan(connection, tag, scope), cancellationToken);

    /// <summary>Every plan and how far it is, newest first.</summary>
    /// <param name="tag">A tag; null: all.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<IReadOnlyList<ReviewProgress>> ReadReviewProgressAsync(string? tag, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<ReviewProgress>>(connection => ReviewTable.Progress(connection, tag), cancellationToken);

    /// <summary>An item; null when there is none.</summary>
    public Task<ReviewItem?> FindReviewItemAsync(string id, CancellationToken cancellationToken) => ReadAsync(connection => ReviewTable.Find(connection, id), cancellationToken);

    /// <summary>The next item for a person, which nobody else is given for a while; null when nothing is left for them.</summary>
    public Task<ReviewItem?> NextReviewItemAsync(ReviewTurn turn, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(turn);
        return WriteAsync(connection => ReviewTable.Next(connection, turn, _clock.GetUtcNow()), cancellationToken);
    }

    /// <summary>Stores a verdict, on the disk when this returns. One of the same person on the same item is replaced and kept as a trail; the same again changes nothing.</summary>
    /// <returns>The verdict with its revision; null when the item is gone, or has been judged by too many people.</returns>
    public Task<ReviewVerdict?> GiveReviewAsync(ReviewVerdict verdict, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        if (verdict.Comment is { Length: > ReviewVerdict.MostComment })
            throw new ArgumentException($"A comment has at most {ReviewVerdict.MostComment} characters.", nameof(verdict));
        return WriteAsync(connection => ReviewTable.Find(connection, verdict.Item) is null ? null : ReviewTable.Give(connection, verdict, SealComment, OpenComment), cancellationToken);
    }

    /// <summary>What a person said of an item, with its comment; null when nothing is in force.</summary>
    public Task<ReviewVerdict?> FindReviewVerdictAsync(string item, string reviewer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(item);
        ArgumentNullException.ThrowIfNull(reviewer);
        return ReadAsync(connection => ReviewTable.Standing(connection, item, reviewer, OpenComment), cancellationToken);
    }

    /// <summary>Takes back what a person said of an item; false when there is nothing to take back.</summary>
    public Task<bool> TakeBackReviewAsync(string item, string reviewer, CancellationToken cancellationToken) =>
        WriteAsync(connection => ReviewTable.TakeBack(connection, item, reviewer, _clock.GetUtcNow()), cancellationToken);

    /// <summary>Items with the verdicts in force.</summary>
    public Task<IReadOnlyList<ReviewedItem>> ReadReviewsAsync(ReviewQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return ReadAsync<IReadOnlyList<ReviewedItem>>(connection => ReviewTable.Read(connection, query, OpenComment), cancellationToken);
    }

    /// <summary>
    /// Verdicts in force on calls that have not gone to the ledger, at most 1,000, oldest first, each with its item. Those without a score are among them only where
    /// they take the place of one that went.
    /// </summary>
    /// <param name="reviewer">Of this person; null: of everybody.</param>
    /// <param name="until">Given at this instant or before.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<IReadOnlyList<ReviewedItem>> ReadUnbookedReviewsAsync(string? reviewer, DateTimeOffset until, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<ReviewedItem>>(connection => ReviewTable.Unbooked(connection, reviewer, until), cancellationToken);

    /// <summary>Notes that verdicts went to the ledger.</summary>
    public Task<int> BookReviewsAsync(IReadOnlyList<ReviewVerdict> verdicts, CancellationToken cancellationToken) =>
        WriteAsync(connection => ReviewTable.Book(connection, verdicts, _clock.GetUtcNow()), cancellationToken);

    /// <summary>Takes an item out of the queue whose content is gone.</summary>
    public Task<int> WithdrawReviewItemAsync(string id, CancellationToken cancellationToken) => WriteAsync(connection => ReviewTable.Withdraw(connection, id), cancellationToken);

    private byte[]? SealComment(ReviewVerdict verdict) =>
        string.IsNullOrEmpty(verdict.Comment) ? null : Close(Encoding.UTF8.GetBytes(verdict.Comment), ReviewTable.PlaceOf(verdict));

    private ReviewVerdict OpenComment(ReviewVerdict verdict, byte[]? sealedComment) =>
        sealedComment is null ? verdict : verdict with { Comment = Encoding.UTF8.GetString(Reopen(sealedComment, ReviewTable.PlaceOf(verdict))) };
}
