using Rung.Storage.Sqlite;

namespace Rung.Storage.Content;

/// <summary>How large the file is.</summary>
public sealed partial class ContentStore
{
    /// <summary>Bytes on the disk: the file and the log that has not been folded into it yet.</summary>
    public long FileBytes => FileSize.Of(_path);
}
