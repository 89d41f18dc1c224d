namespace Rung.Storage;

/// <summary>The directory that holds the ledger. It is private to its user: the ledger says who asked what of which model, and when.</summary>
internal static class DataDirectory
{
    private const UnixFileMode OwnerDirectory = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes the directory and an empty file where they are missing.</summary>
    /// <returns>The full path of the file.</returns>
    /// <exception cref="LedgerException">One of them cannot be made or written.</exception>
    public static string Prepare(string directory, string fileName)
    {
        var full = Path.GetFullPath(directory);
        try
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(full);
            else Directory.CreateDirectory(full, OwnerDirectory);

            var path = Path.Combine(full, fileName);
            // Never opened when it is there: closing it would drop the locks that SQLite holds on it in this process.
            if (!File.Exists(path)) Create(path);
            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new LedgerException(full, $"the data directory cannot be written ({e.Message})",
                "Give this user the right to write there, or name another directory with --data.", e);
        }
    }

    /// <summary>The full path of the file of an existing ledger.</summary>
    /// <exception cref="LedgerException">The directory or the file is missing.</exception>
    public static string Existing(string directory, string fileName)
    {
        var full = Path.GetFullPath(directory);
        if (!Directory.Exists(full))
        {
            throw new LedgerException(full, "there is no such data directory.",
                "`rung serve` makes it and records every call there; name another with --data.");
        }
        var path = Path.Combine(full, fileName);
        if (!File.Exists(path))
        {
            throw new LedgerException(full, $"there is no ledger ({fileName}) in this directory.",
                "`rung serve` makes it and records every call there; name another directory with --data.");
        }
        return path;
    }

    private static void Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerFile; // SQLite gives its log the same mode.
        using var file = new FileStream(path, options);
    }
}
