using System.Collections.Immutable;
using Rung.Storage.Revisions;

namespace Rung.Storage.Sqlite;

/// <summary>The policy revisions and the files that they include. Rows are only ever added.</summary>
internal static class RevisionTable
{
    private const string Entry = "number, hash, author, reason, published_at_us, origin, file_hash";

    /// <summary>
    /// Adds a revision, unless the one in force has the same hash: then that one is given back. A candidate is given back when one of the same hash is stored.
    /// </summary>
    public static PolicyRevision Publish(
        Connection connection, string hash, string text, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files, string author, string reason,
        RevisionOrigin origin, string? fileHash, DateTimeOffset now)
    {
        // Immediate: of two processes that publish at once, the second sees the number of the first.
        connection.Execute("BEGIN IMMEDIATE");
        try
        {
            var number = origin == RevisionOrigin.Candidate ? CandidateOf(connection, hash) : NewestEntry(connection) is { } newest && newest.Hash == hash ? newest.Number : null;
            number ??= Insert(connection, hash, text, files, author, reason, origin, fileHash, UnixMicros.From(now));
            var revision = Find(connection, number.Value)!;
            connection.Execute("COMMIT");
            return revision;
        }
        catch
        {
            connection.RollBack();
            throw;
        }
    }

    /// <summary>
    /// Adds an automatic revision, and what belongs to it, in one transaction; null, and nothing is there, when another revision is in force than the one that it
    /// was decided on, or what belongs to it cannot be added.
    /// </summary>
    /// <param name="connection">Where.</param>
    /// <param name="revision">What to add; when the one in force has its hash already, that one is given back.</param>
    /// <param name="now">The instant.</param>
    /// <param name="also">Adds what belongs to it, given the number; false takes everything back.</param>
    public static PolicyRevision? PublishAutomatic(Connection connection, AutomaticRevision revision, DateTimeOffset now, Func<Connection, long, bool> also)
    {
        connection.Execute("BEGIN IMMEDIATE");
        try
        {
            if (NewestEntry(connection) is not { } newest || newest.Number != revision.After)
            {
                connection.RollBack();
                return null;
            }
            var number = newest.Hash == revision.Hash
                ? newest.Number
                : Insert(
                    connection, revision.Hash, revision.Text, revision.Files, AutomaticRevision.By, revision.Reason, RevisionOrigin.Automatic, revision.FileHash,
                    UnixMicros.From(now));
            if (!also(connection, number))
            {
                connection.RollBack();
                return null;
            }
            var stored = Find(connection, number);
            connection.Execute("COMMIT");
            return stored;
        }
        catch
        {
            connection.RollBack();
            throw;
        }
    }

    /// <summary>Every revision, the newest first, without texts and files.</summary>
    public static List<RevisionEntry> List(Connection connection)
    {
        using var rows = new Statement(connection, $"SELECT {Entry} FROM revision ORDER BY number DESC");
        var entries = new List<RevisionEntry>();
        while (rows.Next())
        {
            entries.Add(new RevisionEntry
            {
                Number = rows.Integer(0), Hash = rows.Text(1), Author = rows.Text(2), Reason = rows.Text(3),
                PublishedAt = UnixMicros.ToInstant(rows.Integer(4)), Origin = (RevisionOrigin)rows.Integer(5), FileHash = rows.TextOrNull(6),
            });
        }
        return entries;
    }

    /// <summary>The revision in force: the newest that is no candidate; null when there is none.</summary>
    public static RevisionEntry? NewestEntry(Connection connection)
    {
        using var row = new Statement(connection, $"SELECT {Entry} FROM revision WHERE origin <> {(byte)RevisionOrigin.Candidate} ORDER BY number DESC LIMIT 1");
        if (!row.Next()) return null;
        return new RevisionEntry
        {
            Number = row.Integer(0), Hash = row.Text(1), Author = row.Text(2), Reason = row.Text(3),
            PublishedAt = UnixMicros.ToInstant(row.Integer(4)), Origin = (RevisionOrigin)row.Integer(5), FileHash = row.TextOrNull(6),
        };
    }

    /// <summary>One revision whole; null when there is none of that number.</summary>
    public static PolicyRevision? Find(Connection connection, long number)
    {
        using var row = new Statement(connection, $"SELECT {Entry}, text FROM revision WHERE number = ?");
        row.Bind(1, number);
        if (!row.Next()) return null;
        return new PolicyRevision
        {
            Number = number, Hash = row.Text(1), Author = row.Text(2), Reason = row.Text(3),
            PublishedAt = UnixMicros.ToInstant(row.Integer(4)), Origin = (RevisionOrigin)row.Integer(5), FileHash = row.TextOrNull(6),
            Text = row.Text(7), Files = Files(connection, number),
        };
    }

    private static ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> Files(Connection connection, long number)
    {
        using var rows = new Statement(connection, "SELECT name, bytes FROM revision_file WHERE revision = ?");
        rows.Bind(1, number);
        var files = ImmutableSortedDictionary.CreateBuilder<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        while (rows.Next()) files.Add(rows.Text(0), rows.Bytes(1).ToArray());
        return files.ToImmutable();
    }

    private static long? CandidateOf(Connection connection, string hash)
    {
        using var row = new Statement(connection, $"SELECT number FROM revision WHERE hash = ? AND origin = {(byte)RevisionOrigin.Candidate} ORDER BY number DESC LIMIT 1");
        row.Bind(1, hash);
        return row.Next() ? row.Integer(0) : null;
    }

    private static long NextNumber(Connection connection)
    {
        using var row = new Statement(connection, "SELECT coalesce(max(number), 0) + 1 FROM revision");
        row.Next();
        return row.Integer(0);
    }

    private static long Insert(
        Connection connection, string hash, string text, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files, string author, string reason,
        RevisionOrigin origin, string? fileHash, long publishedAtMicros)
    {
        var number = NextNumber(connection);
        using var row = new Statement(connection,
            "INSERT INTO revision (number, hash, text, author, reason, published_at_us, origin, file_hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
        row.Bind(1, number);
        row.Bind(2, hash);
        row.Bind(3, text);
        row.Bind(4, author);
        row.Bind(5, reason);
        row.Bind(6, publishedAtMicros);
        row.Bind(7, (long)origin);
        row.Bind(8, fileHash);
        row.Run();
        InsertFiles(connection, number, files);
        return number;
    }

    private static void InsertFiles(Connection connection, long number, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files)
    {
        using var row = new Statement(connection, "INSERT INTO revision_file (revision, name, bytes) VALUES (?, ?, ?)");
        foreach (var (name, bytes) in files)
        {
            row.Bind(1, number);
            row.Bind(2, name);
            row.Bind(3, bytes.Span);
            row.Run();
        }
    }
}
