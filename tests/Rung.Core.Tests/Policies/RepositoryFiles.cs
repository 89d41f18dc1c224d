namespace Rung.Core.Tests.Policies;

/// <summary>Finds the files of the repository that tests hold against the code.</summary>
internal static class RepositoryFiles
{
    public static string Root { get; } = Find();

    public static string Read(params string[] path) => File.ReadAllText(Path.Combine([Root, .. path]));

    private static string Find()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Rung.slnx"))) return folder;
        }
        throw new InvalidOperationException("The tests run outside the repository.");
    }
}
