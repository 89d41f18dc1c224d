using Xunit.Abstractions;

namespace Rung.Tests.Cascade;

/// <summary>Files that a test finds in the repository, and recordings that may stand beside it.</summary>
internal static class RepositoryFiles
{
    /// <summary>The root of the repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A shared recording; null, and said why, where there is none.</summary>
    public static string? Shared(ITestOutputHelper output, string file)
    {
        var path = Path.Combine(Environment.GetEnvironmentVariable("RUNG_SHARED") ?? Path.Combine(Path.GetDirectoryName(Root)!, "shared"), file);
        if (File.Exists(path)) return path;
        output.WriteLine($"Skipped: no {file} in RUNG_SHARED or in a folder 'shared' beside the repository.");
        return null;
    }

    private static string FindRoot()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "Rung.slnx"))) at = at.Parent;
        return at?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
