namespace Rung.Core.Tests.Checks.Schema;

/// <summary>Recorded data that lies beside the repository, on machines that have it.</summary>
internal static class SharedData
{
    /// <summary>A folder of the data; null when it is not here.</summary>
    public static string? Find(string name)
    {
        if (Environment.GetEnvironmentVariable("RUNG_SHARED") is { Length: > 0 } named) return Existing(named, name);
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Existing(Path.Combine(folder.FullName, "shared"), name) is { } found) return found;
        }
        return null;
    }

    private static string? Existing(string shared, string name)
    {
        var folder = Path.Combine(shared, "data", name);
        return Directory.Exists(folder) ? folder : null;
    }
}
