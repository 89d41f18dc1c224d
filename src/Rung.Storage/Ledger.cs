using System.Runtime.CompilerServices;
using Rung.Core.Spans;
using Rung.Storage.Imports;
using Rung.Storage.Reports;
using Rung.Storage.Revisions;
using Rung.Storage.Sqlite;

namespace Rung.Storage;

/// <summary>
/// The append-only record of calls, attempts, verdicts, policy revisions and imported calls, in one SQLite file. One process writes; any number may
/// read at the same time. Safe to use from several threads: writes take turns, reads do not wait for them.
/// </summary>
/// <remarks>
/// Crash: a batch is there whole or not at all. A killed process loses at most the batch it was writing; a power cut may also take the
/// batches since the last checkpoint (every 16 MB of log), never the consistency of the file.
/// </remarks>
public sealed partial class Ledger : IAsyncDisposable
{
    /// <summary>Name of the file in the data directory.</summary>
    public const string FileName = "rung.db";

    // Calls per read transaction of ReadAsync: a slow consumer must not keep the log from being checkpointed.
    private const int PageSize = 256;

    // The same for imported calls and for verdicts, which are read by the million.
    private const int LongPageSize = 2048;

    private readonly string _path;
    private readonly TimeProvider _clock;
    private readonly Lock _writing = new();
    private readonly Connection? _connection; // Null for a ledger that only reads; used under _writing.
    private readonly CallWriter? _writer; // As _connection.
    private ImportedWriter? _importedWriter; // Made when something is imported; used under _writing.
    private bool _closed; // Written under _writing.

    private Ledger(string path, TimeProvider clock, Connection? connection)
    {
        _path = path;
        _clock = clock;
        _connection = connection;
        _writer = connection is null ? null : new CallWriter(connection, new RollupQueue(connection));
    }

    /// <summary>Opens for writing and reading; makes the directory and the file when they are missing, and brings the schema up to date.</summary>
    /// <param name="dataDirectory">The data directory. A new one is made for this user only (mode 0700), and so is a new file (0600).</param>
    /// <param name="clock">The time that revisions and migrations are stamped with.</param>
    /// <exception cref="LedgerException">The directory cannot be written, the file is no intact ledger, or its schema is newer than this program.</exception>
    public static Ledger Open(string dataDirectory, TimeProvider clock)
    {
        ArgumentException.ThrowIfNullOrEmpty(dataDirectory);
        ArgumentNullException.ThrowIfNull(clock);
        var path = DataDirectory.Prepare(dataDirectory, FileName);
        var connection = Connection.OpenWriter(path);
        try
        {
            SchemaMigrations.Apply(connection, SchemaMigrations.All, clock);
            return new Ledger(path, clock, connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens for reading only, beside the process that writes.</summary>
    /// <param name="dataDirectory">The data directory.</param>
    /// <param name="clock">The clock.</param>
    /// <exception cref="LedgerException">There is no ledger, it cannot be read, or its schema is not this program's.</exception>
    public static Ledger OpenReadOnly(string dataDirectory, TimeProvider clock)
    {
        ArgumentException.ThrowIfNullOrEmpty(dataDirectory);
        ArgumentNullException.ThrowIfNull(clock);
        var path = DataDirectory.Existing(dataDirectory, FileName);
        using var connection = Connection.OpenReader(path);
        SchemaMigrations.RequireCurrent(connection, SchemaMigrations.All);
        return new Ledger(path, clock, connection: null);
    }

    /// <summary>
    /// Appends calls with their attempts and checks in one transaction: all of the batch or, when it throws, nothing of it. A call whose id
    /// is there already is left as it is. Runs on the caller's thread: call it from a background task.
    /// </summary>
    /// <param name="batch">Finished calls. Nobody may change them until the task is done. Attempts of one call have different ordinals.</param>
    /// <param name="cancellationToken">Looked at before the batch begins; a batch that has begun is finished.</param>
    /// <exception cref="LedgerException">The file cannot be written (a full disk, another writer).</exception>
    public Task AppendAsync(IReadOnlyList<CallRecord> batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled(cancellationToken);
        if (batch.Count == 0) return Task.CompletedTask;
        try
        {
            lock (_writing)
            {
                RequireWriter();
                _writer!.Append(batch);
            }
            return Task.CompletedTask;
        }
        catch (LedgerException e)
        {
            return Task.FromException(e);
        }
    }

    /// <summary>Reads one call with its attempts and their checks; null when there is none of that id.</summary>
    public Task<CallRecord?> FindCallAsync(string id, CancellationToken cancellationToken) =>
        ReadOnceAsync(connection => CallReader.Find(connection, id), cancellationToken);

    /// <summary>
    /// Reads calls in order of their ids, which is the order of time to the millisecond. Streams: what is appended meanwhile may or may not
    /// be seen.
    /// </summary>
    public async IAsyncEnumerable<CallRecord> ReadAsync(CallQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var left = query.Limit ?? int.MaxValue;
        ArgumentOutOfRangeException.ThrowIfLessThan(left, 1, nameof(query));
        string? after = null;
        while (left > 0)
        {
            var most = Math.Min(left, PageSize);
            var page = await ReadOnceAsync(connection => CallReader.Page(connection, query, after, most), cancellationToken);
            foreach (var call in page) yield return call;
            if (page.Count < most) yield break;
            left -= page.Count;
            after = page[^1].Id;
        }
    }

    /// <summary>
    /// Appends calls of other systems in one transaction: all of the batch or, when it throws, nothing of it. A call that was imported before (same
    /// source, key and start to the millisecond) is left as it is. Runs on the caller's thread. A few thousand a batch keep a gateway that writes to
    /// the same ledger from waiting.
    /// </summary>
    /// <param name="batch">Imported calls, those of one log in its order: rows in order of time are written fastest.</param>
    /// <param name="cancellationToken">Looked at before the batch begins; a batch that has begun is finished.</param>
    /// <returns>How many of them were new.</returns>
    /// <exception cref="LedgerException">The file cannot be written (a full disk, another writer).</exception>
    public Task<int> AppendImportedAsync(IReadOnlyList<ImportedRecord> batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<int>(cancellationToken);
        if (batch.Count == 0) return Task.FromResult(0);
        try
        {
            lock (_writing)
            {
                RequireWriter();
                _importedWriter ??= new ImportedWriter(_connection!);
                return Task.FromResult(_importedWriter.Append(batch));
            }
        }
        catch (LedgerException e)
        {
            return Task.FromException<int>(e);
        }
    }

    /// <summary>
    /// Reads imported calls in order of their ids, which is the order of time to the millisecond. Streams, in bounded memory: what is appended
    /// meanwhile may or may not be seen.
    /// </summary>
    public async IAsyncEnumerable<ImportedRecord> ReadImportedAsync(ImportedQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var reader = new ImportedReader(query);
        string? after = null;
        while (true)
        {
            var page = await ReadOnceAsync(connection => reader.Page(connection, after, LongPageSize), cancellationToken);
            foreach (var call in page) yield return call;
            if (page.Count < LongPageSize) yield break;
            after = page[^1].Id;
        }
    }

    /// <summary>What was imported that began in [since, until), by source; null is open. One pass over the rows of the window.</summary>
    public async Task<IReadOnlyList<ImportedSource>> ImportedSourcesAsync(DateTimeOffset? since, DateTimeOffset? until, CancellationToken cancellationToken) =>
        await ReadOnceAsync(connection => ImportedReader.Sources(connection, since, until), cancellationToken);

    /// <summary>Adds up the calls of a window of time, over one consistent view of the ledger.</summary>
    /// <remarks>One pass over the window. Memory: two numbers per call (or attempt) for the quantiles, plus the groups.</remarks>
    public Task<LedgerReport> ReportAsync(ReportQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return ReadOnceAsync(connection => ReportScan.Run(connection, query, cancellationToken), cancellationToken);
    }

    /// <summary>Adds up the imported calls of a window of time, over one consistent view of the ledger. They are in no other report.</summary>
    public Task<ImportedReport> ReportImportedAsync(ImportedReportQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return ReadOnceAsync(connection => ImportedReportScan.Run(connection, query, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Stores a policy under the next number, from 1. When the revision in force (the newest that is no candidate) has the same hash it is given back and
    /// nothing is stored; publishing an older one again (a roll-back) makes a new number. A candidate is given back when one of the same hash is stored.
    /// </summary>
    /// <param name="hash">Content hash over the text and the files.</param>
    /// <param name="text">The document as written.</param>
    /// <param name="files">The files that it includes, by their path as written.</param>
    /// <param name="author">Who publishes it.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellationToken">Looked at before it begins.</param>
    /// <param name="origin">How it came about.</param>
    /// <param name="fileHash">For an automatic revision, the content hash of what the policy file holds.</param>
    /// <exception cref="LedgerException">The file cannot be written.</exception>
    public Task<PolicyRevision> PublishRevisionAsync(
        string hash, string text, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files, string author, string reason,
        CancellationToken cancellationToken, RevisionOrigin origin = RevisionOrigin.Person, string? fileHash = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(hash);
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(files);
        return WriteAsync(connection => RevisionTable.Publish(connection, hash, text, files, author, reason, origin, fileHash, _clock.GetUtcNow()), cancellationToken);
    }

    /// <summary>Every revision, the newest first, without texts and files.</summary>
    public async Task<IReadOnlyList<RevisionEntry>> ListRevisionsAsync(CancellationToken cancellationToken) =>
        await ReadOnceAsync(RevisionTable.List, cancellationToken);

    /// <summary>One revision with its text and files; null when there is none of that number.</summary>
    public Task<PolicyRevision?> GetRevisionAsync(long number, CancellationToken cancellationToken) =>
        ReadOnceAsync(connection => RevisionTable.Find(connection, number), cancellationToken);

    /// <summary>
    /// Throws when the file was deleted, moved away or replaced since it was opened. Every write looks for itself; this is for those who only read, and so would read another file. Takes some microseconds, in turn with writes.
    /// </summary>
    /// <exception cref="LedgerException">It is not in its place.</exception>
    public void RequireInPlace()
    {
        if (_connection is null) return; // Every reading opens what is there.
        lock (_writing)
        {
            if (!_closed) _connection.RequireInPlace();
        }
    }

    /// <summary>Closes the file. The last process to close it folds the log into it.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_writing)
        {
            if (!_closed)
            {
                _closed = true;
                _writer?.Dispose();
                _importedWriter?.Dispose();
                _roller?.Dispose();
                _connection?.Dispose();
            }
        }
        return ValueTask.CompletedTask;
    }

    // A connection of its own for every read: reads neither wait for the writer nor for one another. Opening one takes well under 1 ms.
    private Task<T> ReadOnceAsync<T>(Func<Connection, T> read, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        return Task.Run(() =>
        {
            using var connection = Connection.OpenReader(_path);
            connection.Execute("BEGIN"); // One consistent view for all statements; ends with the connection.
            return read(connection);
        }, cancellationToken);
    }

    private void RequireWriter()
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        if (_connection is null) throw new InvalidOperationException("This ledger was opened for reading only.");
        _connection.RequireInPlace();
    }
}
