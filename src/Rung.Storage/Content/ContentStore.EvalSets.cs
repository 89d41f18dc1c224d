using Rung.Storage.Sqlite;

namespace Rung.Storage.Content;

public sealed partial class ContentStore
{
    // A build that nobody went on with for so long is forgotten when the next one begins.
    private static readonly TimeSpan s_keepBuilds = TimeSpan.FromDays(30);

    /// <summary>
    /// Adds a version of an eval set. The same rows about the same tag again give back the newest version, unless that has lost rows since. A build of the same
    /// key is finished with it.
    /// </summary>
    /// <param name="draft">The version.</param>
    /// <param name="cancellationToken">Looked at before it begins.</param>
    /// <returns>The version with its number and hash.</returns>
    /// <exception cref="ArgumentException">It is no set: a bad name, no rows, rows with the same id or place.</exception>
    /// <exception cref="LedgerException">The file cannot be written.</exception>
    public Task<EvalSet> AddEvalSetAsync(EvalSetDraft draft, CancellationToken cancellationToken) => AddEvalSetAsync(draft, buildKey: null, cancellationToken);

    /// <summary>As the other one, and drops what is kept of an unfinished build, in the same transaction.</summary>
    /// <param name="draft">The version.</param>
    /// <param name="buildKey">The build that ends with it; null for none.</param>
    /// <param name="cancellationToken">Looked at before it begins.</param>
    public Task<EvalSet> AddEvalSetAsync(EvalSetDraft draft, string? buildKey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(draft);
        EvalSetDraft.Require(draft);
        return WriteAsync(connection =>
        {
            var hash = EvalSetHash.Of(draft.Rows);
            var newest = EvalSetTable.Find(connection, draft.Name, version: null, Reopen);
            if (newest is null || newest.Hash != hash || newest.Tag != draft.Tag || newest.Removed > 0)
            {
                newest = new EvalSet
                {
                    Name = draft.Name, Version = (newest?.Version ?? 0) + 1, Hash = hash, Tag = draft.Tag, MadeAt = _clock.GetUtcNow(), MadeBy = draft.MadeBy,
                    Seed = draft.Seed, Profile = draft.Profile, Rows = draft.Rows.Count, Simulated = draft.Simulated,
                };
                EvalSetTable.Insert(connection, newest, draft.Rows, Close);
                newest = EvalSetTable.Find(connection, newest.Name, newest.Version, Reopen)!; // Times as they are kept.
            }
            if (buildKey is not null) EvalBuildTable.Drop(connection, buildKey);
            return newest;
        }, cancellationToken);
    }

    /// <summary>Finds one version of a set; null when there is none.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="version">Its number; null: the newest.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public Task<EvalSet?> FindEvalSetAsync(string name, int? version, CancellationToken cancellationToken) =>
        ReadAsync(connection => EvalSetTable.Find(connection, name, version, Reopen), cancellationToken);

    /// <summary>Every version of every set, by name, the newest version first.</summary>
    public Task<IReadOnlyList<EvalSet>> ListEvalSetsAsync(CancellationToken cancellationToken) =>
        ReadAsync(connection => EvalSetTable.List(connection, Reopen), cancellationToken);

    /// <summary>The rows of a version that are still there, by position; none when there is no such version.</summary>
    public Task<IReadOnlyList<EvalRow>> ReadEvalRowsAsync(string name, int version, CancellationToken cancellationToken) =>
        ReadAsync(connection => EvalSetTable.Rows(connection, name, version, id: null, Reopen), cancellationToken);

    /// <summary>One row of a version; null when it is not there, or not any more.</summary>
    public Task<EvalRow?> FindEvalRowAsync(string name, int version, string id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        return ReadAsync(connection => EvalSetTable.Rows(connection, name, version, id, Reopen) is [var row, ..] ? row : null, cancellationToken);
    }

    /// <summary>Finds a build that was stopped; null when there is none.</summary>
    /// <param name="key">Hash of the set's name and of everything that decides its rows.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public Task<EvalBuild?> FindEvalBuildAsync(string key, CancellationToken cancellationToken) => ReadAsync(connection => EvalBuildTable.Find(connection, key, Reopen), cancellationToken);

    /// <summary>Begins a build, or goes on with one that was stopped. Other builds that were begun more than 30 days ago are dropped.</summary>
    /// <param name="key">Hash of the set's name and of everything that decides its rows.</param>
    /// <param name="name">The set's name.</param>
    /// <param name="tag">The set's tag; null when none is known.</param>
    /// <param name="begunAt">The instant up to which its rows were sampled, UTC; a build that goes on has its own.</param>
    /// <param name="cancellationToken">Looked at before it begins.</param>
    public Task<EvalBuild> BeginEvalBuildAsync(string key, string name, string? tag, DateTimeOffset begunAt, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return WriteAsync(connection =>
        {
            EvalBuildTable.DropBefore(connection, _clock.GetUtcNow() - s_keepBuilds, except: key);
            EvalBuildTable.Begin(connection, key, name, tag, begunAt);
            return EvalBuildTable.Find(connection, key, Reopen)!;
        }, cancellationToken);
    }

    /// <summary>Keeps what was asked about a row. Costs add up over questions about the same row; a whole answer stays.</summary>
    /// <param name="key">The build.</param>
    /// <param name="row">The row; its call, session and user decide when the answer is forgotten.</param>
    /// <param name="answer">What came, and the cost of this question alone.</param>
    /// <param name="cancellationToken">Looked at before it begins.</param>
    public Task SaveEvalBuildAnswerAsync(string key, EvalRow row, EvalBuildAnswer answer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentNullException.ThrowIfNull(answer);
        return WriteAsync(connection =>
        {
            EvalBuildTable.Save(connection, key, row, answer, Close);
            return true;
        }, cancellationToken);
    }
}
