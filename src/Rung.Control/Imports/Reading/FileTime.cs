namespace Rung.Control.Imports.Reading;

/// <summary>When a file was written: the only date of logs whose records have none.</summary>
internal static class FileTime
{
    /// <summary>Its last write, UTC; null for standard input and for what is no file.</summary>
    public static DateTimeOffset? LastWrite(LogFile file)
    {
        if (file.Path == "-") return null;
        var found = new FileInfo(file.Path);
        return found.Exists ? new DateTimeOffset(found.LastWriteTimeUtc, TimeSpan.Zero) : null;
    }
}
