using Rung.Storage.Sqlite;

namespace Rung.Storage.Content;

/// <summary>What is known of judges.</summary>
public sealed partial class ContentStore
{
    /// <summary>Adds anchors; one whose id is there already is left as it is.</summary>
    /// <param name="tag">The job whose judge they test.</param>
    /// <param name="anchors">The anchors.</param>
    /// <param name="cancellationToken">Looked at before it begins.</param>
    /// <returns>How many were new.</returns>
    /// <exception cref="LedgerException">The file cannot be written.</exception>
    public Task<int> AddAnchorsAsync(string tag, IReadOnlyList<JudgeAnchor> anchors, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(tag);
        ArgumentNullException.ThrowIfNull(anchors);
        return WriteAsync(connection => JudgingTable.Add(connection, tag, anchors, _clock.GetUtcNow(), Close), cancellationToken);
    }

    /// <summary>The anchors of a tag, by id.</summary>
    /// <exception cref="LedgerException">The file cannot be read, or content cannot be opened with this key.</exception>
    public Task<IReadOnlyList<JudgeAnchor>> ReadAnchorsAsync(string tag, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<JudgeAnchor>>(connection => JudgingTable.Anchors(connection, tag, Reopen), cancellationToken);

    /// <summary>Adds what a judge said of the anchors.</summary>
    /// <returns>The number of the run.</returns>
    /// <exception cref="LedgerException">The file cannot be written.</exception>
    public Task<long> AddAnchorRunAsync(JudgeAnchorRun run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        return WriteAsync(connection => JudgingTable.Add(connection, run), cancellationToken);
    }

    /// <summary>What judges said of the anchors of a tag, oldest first.</summary>
    public Task<IReadOnlyList<JudgeAnchorRun>> ReadAnchorRunsAsync(string tag, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<JudgeAnchorRun>>(connection => JudgingTable.Runs(connection, tag), cancellationToken);

    /// <summary>Keeps answers that a judge and a person have both judged. What was there of the same answer and judge is replaced.</summary>
    /// <exception cref="LedgerException">The file cannot be written.</exception>
    public Task<int> SaveDoublyJudgedAsync(IReadOnlyList<DoublyJudged> items, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(items);
        return items.Count == 0 ? Task.FromResult(0) : WriteAsync(connection => JudgingTable.Save(connection, items), cancellationToken);
    }

    /// <summary>Answers of a tag that a judge and a person have both judged, over all runs, oldest first.</summary>
    /// <param name="tag">The job.</param>
    /// <param name="model">The judge's model; null: every one.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public Task<IReadOnlyList<DoublyJudged>> ReadDoublyJudgedAsync(string tag, string? model, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<DoublyJudged>>(connection => JudgingTable.DoublyJudged(connection, tag, model), cancellationToken);
}
