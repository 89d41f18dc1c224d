namespace Rung.Conventions.Tests.Reading;

/// <summary>The files of the checkout that the tests run in, without what builds and runs leave behind.</summary>
internal static class Repository
{
    private static readonly string[] NotSource = ["bin", "obj", "artifacts", "node_modules", "TestResults", "BenchmarkDotNet.Artifacts"];

    public static string Root { get; } = Find();

    public static string Read(string relative) => File.ReadAllText(Path.Combine(Root, relative));

    /// <summary>Relative paths with forward slashes, in order.</summary>
    public static IReadOnlyList<string> Files(string pattern, string under = "") =>
        [.. Walk(Path.Combine(Root, under)).Where(path => Matches(path, pattern)).Select(Relative).Order(StringComparer.Ordinal)];

    public static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static bool Matches(string path, string pattern) => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, Path.GetFileName(path));

    private static IEnumerable<string> Walk(string folder)
    {
        if (!Directory.Exists(folder)) yield break;
        foreach (var file in Directory.EnumerateFiles(folder)) yield return file;
        foreach (var inner in Directory.EnumerateDirectories(folder))
        {
            var name = Path.GetFileName(inner);
            if (name.StartsWith('.') || NotSource.Contains(name)) continue;
            foreach (var file in Walk(inner)) yield return file;
        }
    }

    private static string Find()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Rung.slnx"))) return folder;
        }
        throw new InvalidOperationException("The tests run outside the repository.");
    }
}
