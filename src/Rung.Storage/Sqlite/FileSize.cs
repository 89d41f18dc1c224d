namespace Rung.Storage.Sqlite;

/// <summary>What a database takes on the disk.</summary>
internal static class FileSize
{
    /// <summary>Bytes of a database and of its write-ahead log; 0 for what is not there.</summary>
    public static long Of(string path) => Length(path) + Length(path + "-wal");

    private static long Length(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;
}
