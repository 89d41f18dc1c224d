using System.Collections.Immutable;
using Rung.Storage.Revisions;

namespace Rung.Storage.Sqlite;

/// <summary>The policy revisions and the files that they include. Rows are only ever added.</summary>
internal static class RevisionTable
{
    /// <summary>Adds a revision, unless the newest one has the same hash: then that one is given back.</summary>
    public static PolicyRevision Publish(
        Connection connection, string hash, string text, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files, string author, string reason,
        DateTimeOffset now)
    {
        // Immediate: of two processes that publish at once, the second sees the number of the first.
        connection.Execute("BEGIN IMMEDIATE");
        try
        {
            var newest = Newest(connection);
            if (newest is not { } entry || entry.Hash != hash)
            {
                var number = (newest?.Number ?? 0) + 1;
                Insert(connection, number, hash, text, author, reason, UnixMicros.From(now));
                InsertFiles(connection, number, files);
                entry = (number, hash);
            }
            var revision = Find(connection, entry.Number)!;
            connection.Execute("COMMIT");
            return revision;
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
        using var rows = new Statement(connection, "SELECT number, hash, author, reason, published_at_us FROM revision ORDER BY number DESC");
        var entries = new List<RevisionEntry>();
        while (rows.Next())
        {
            entries.Add(new RevisionEntry
            {
                Number = rows.Integer(0), Hash = rows.Text(1), Author = rows.Text(2), Reason = rows.Text(3),
                PublishedAt = UnixMicros.ToInstant(rows.Integer(4)),
            });
        }
        return entries;
    }

    /// <summary>One revision whole; null when there is none of that number.</summary>
    public static PolicyRevision? Find(Connection connection, long number)
    {
        using var row = new Statement(connection, "SELECT hash, author, reason, published_at_us, text FROM revision WHERE number = ?");
        row.Bind(1, number);
        if (!row.Next()) return null;
        return new PolicyRevision
        {
            Number = number, Hash = row.Text(0), Author = row.Text(1), Reason = row.Text(2),
            PublishedAt = UnixMicros.ToInstant(row.Integer(3)), Text = row.Text(4), Files = Files(connection, number),
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

    private static (long Number, string Hash)? Newest(Connection connection)
    {
        using var row = new Statement(connection, "SELECT number, hash FROM revision ORDER BY number DESC LIMIT 1");
        return row.Next() ? (row.Integer(0), row.Text(1)) : null;
    }

    private static void Insert(Connection connection, long number, string hash, string text, string author, string reason, long publishedAtMicros)
    {
        using var row = new Statement(connection,
            "INSERT INTO revision (number, hash, text, author, reason, published_at_us) VALUES (?, ?, ?, ?, ?, ?)");
        row.Bind(1, number);
        row.Bind(2, hash);
        row.Bind(3, text);
        row.Bind(4, author);
        row.Bind(5, reason);
        row.Bind(6, publishedAtMicros);
        row.Run();
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
