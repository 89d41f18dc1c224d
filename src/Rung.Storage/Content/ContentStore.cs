using System.Security.Cryptography;
using System.Text;
using Rung.Storage.Sqlite;

namespace Rung.Storage.Content;

/// <summary>
/// What was said: captured calls, eval sets, answers of runs, reviews, comments. One SQLite file beside the ledger, so that content can be encrypted, kept
/// for a while and deleted, while the ledger stays append-only and free of it. Safe to use from several threads, and beside other processes.
/// </summary>
/// <remarks>Deleted rows are overwritten (SQLite's secure_delete); <see cref="CompactAsync"/> removes what is left of them in the log and in free pages.</remarks>
public sealed partial class ContentStore : IAsyncDisposable
{
    /// <summary>Name of the file in the data directory.</summary>
    public const string FileName = "content.db";

    private const string KeyCheck = "key_check";
    private static readonly byte[] s_known = Encoding.UTF8.GetBytes("rung content");

    private readonly string _path;
    private readonly TimeProvider _clock;
    private readonly ContentSeal _seal;
    private readonly Lock _writing = new();
    private readonly Connection _connection; // Used under _writing.
    private bool _closed; // Written under _writing.

    private ContentStore(string path, TimeProvider clock, ContentSeal seal, Connection connection)
    {
        _path = path;
        _clock = clock;
        _seal = seal;
        _connection = connection;
    }

    /// <summary>Opens for writing and reading; makes directory and file, for this user only, when they are missing.</summary>
    /// <param name="dataDirectory">The data directory.</param>
    /// <param name="key">The content key; null: content is stored as it is.</param>
    /// <param name="clock">The time that rows are stamped with.</param>
    /// <exception cref="LedgerException">It cannot be used, or it holds encrypted content and this is not its key.</exception>
    public static ContentStore Open(string dataDirectory, ContentKey? key, TimeProvider clock)
    {
        ArgumentException.ThrowIfNullOrEmpty(dataDirectory);
        ArgumentNullException.ThrowIfNull(clock);
        var path = DataDirectory.Prepare(dataDirectory, FileName);
        var connection = Connection.OpenWriter(path);
        try
        {
            connection.Execute("PRAGMA secure_delete = ON");
            SchemaMigrations.Apply(connection, SchemaMigrations.OfContent, clock);
            var seal = new ContentSeal(key);
            RequireKey(connection, seal);
            return new ContentStore(path, clock, seal, connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Whether there is a store in a data directory: reading commands need not make one.</summary>
    public static bool Exists(string dataDirectory) => File.Exists(Path.Combine(Path.GetFullPath(dataDirectory), FileName));

    /// <summary>Whether content is encrypted.</summary>
    public bool IsEncrypted => _seal.HasKey;

    /// <summary>Rewrites the file without what was deleted, and empties the log: afterwards no deleted byte is in either. Takes time with the size.</summary>
    /// <exception cref="LedgerException">Another process keeps it busy, or the disk is full.</exception>
    public Task CompactAsync(CancellationToken cancellationToken) => WriteAsync(connection =>
    {
        Compaction.Run(connection);
        return true;
    }, inTransaction: false, cancellationToken);

    /// <summary>Closes the file.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_writing)
        {
            if (!_closed)
            {
                _closed = true;
                _connection.Dispose();
            }
        }
        return ValueTask.CompletedTask;
    }

    // A connection of its own for every read, as in the ledger: one consistent view, and nobody waits.
    private Task<T> ReadAsync<T>(Func<Connection, T> read, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        return Task.Run(() =>
        {
            using var connection = Connection.OpenReader(_path);
            connection.Execute("BEGIN");
            return read(connection);
        }, cancellationToken);
    }

    // All of it or nothing. On a thread of the pool: it may wait for another process.
    private Task<T> WriteAsync<T>(Func<Connection, T> write, CancellationToken cancellationToken) => WriteAsync(write, inTransaction: true, cancellationToken);

    private Task<T> WriteAsync<T>(Func<Connection, T> write, bool inTransaction, CancellationToken cancellationToken) => Task.Run(() =>
    {
        lock (_writing)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            _connection.RequireInPlace();
            if (!inTransaction) return write(_connection);
            _connection.Execute("BEGIN IMMEDIATE");
            try
            {
                var result = write(_connection);
                _connection.Execute("COMMIT");
                return result;
            }
            catch
            {
                _connection.RollBack();
                throw;
            }
        }
    }, cancellationToken);

    private byte[] Close(ReadOnlySpan<byte> content, string place) => _seal.Close(content, place);

    /// <exception cref="LedgerException">It cannot be opened with this key.</exception>
    private byte[] Reopen(ReadOnlySpan<byte> sealedBytes, string place)
    {
        try
        {
            return _seal.Open(sealedBytes, place);
        }
        catch (CryptographicException e)
        {
            throw new LedgerException(_path, $"content of {place} cannot be opened ({e.Message}).", $"Set {ContentKey.Variable} to the key that it was stored under.", e);
        }
    }

    // A store may hold content from before there was a key: that stays readable. Content under a key needs that key.
    private static void RequireKey(Connection connection, ContentSeal seal)
    {
        byte[]? check = null;
        using (var row = new Statement(connection, "SELECT value FROM content_property WHERE name = ?"))
        {
            row.Bind(1, KeyCheck);
            if (row.Next()) check = row.Bytes(0).ToArray();
        }
        if (check is null)
        {
            if (!seal.HasKey) return;
            using var insert = new Statement(connection, "INSERT OR IGNORE INTO content_property (name, value) VALUES (?, ?)");
            insert.Bind(1, KeyCheck);
            insert.Bind(2, seal.Close(s_known, KeyCheck).AsSpan());
            insert.Run();
            return;
        }
        try
        {
            seal.Open(check, KeyCheck);
        }
        catch (CryptographicException e)
        {
            throw new LedgerException(connection.Path, seal.HasKey ? "its content is encrypted with another key." : "its content is encrypted, and there is no key.",
                $"Set {ContentKey.Variable} to the key that it was stored under, or name another data directory with --data.", e);
        }
    }
}
