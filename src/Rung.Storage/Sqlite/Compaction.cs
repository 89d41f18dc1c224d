namespace Rung.Storage.Sqlite;

/// <summary>Rewrites a database without what was deleted: no deleted byte is left in its file, in its log or in free pages.</summary>
internal static class Compaction
{
    // A reader of another process keeps the log for as long as it reads: a report over a large ledger takes seconds. Each try waits 5 s for itself.
    private const int MostTries = 12;

    /// <summary>Runs it. Takes time with the size of the file, and for that time as much free space again. Readers go on; writers wait.</summary>
    /// <exception cref="LedgerException">Another process keeps the file busy, or the disk is full.</exception>
    public static void Run(Connection connection)
    {
        connection.Execute("VACUUM");
        EmptyLog(connection);
    }

    /// <summary>Carries the log over into the file and cuts it to no bytes.</summary>
    /// <exception cref="LedgerException">Other processes read it all the time.</exception>
    public static void EmptyLog(Connection connection)
    {
        for (var i = 0; i < MostTries; i++)
        {
            if (TryEmptyLog(connection)) return;
        }
        throw new LedgerException(connection.Path, "another process keeps reading the file, so that its log cannot be emptied: deleted content may still be in it.",
            "Let long reports end (or stop them), then run `rung content compact`.");
    }

    /// <summary>The same, tried once.</summary>
    /// <returns>Whether it was done.</returns>
    public static bool TryEmptyLog(Connection connection)
    {
        // A checkpoint that had to leave something says so in a row; it is no error.
        using var checkpoint = new Statement(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
        return checkpoint.Next() && checkpoint.Integer(0) == 0;
    }
}
