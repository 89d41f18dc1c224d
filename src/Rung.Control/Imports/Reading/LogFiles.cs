using System.IO.Enumeration;

namespace Rung.Control.Imports.Reading;

/// <summary>A file that was found.</summary>
/// <param name="Path">Its path, or <c>-</c>.</param>
/// <param name="Length">Its length in bytes; null when unknown.</param>
/// <param name="IsNamed">Whether it was named itself, rather than found in a folder.</param>
internal sealed record FoundFile(string Path, long? Length, bool IsNamed);

/// <summary>Finds files by paths, folders and patterns.</summary>
internal static class LogFiles
{
    private static readonly string[] Endings = [".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".log", ".txt", ".pb", ".proto", ".bin", ".otlp", ".binpb"];

    /// <summary>Every file once, those of a folder in the order of their paths.</summary>
    /// <exception cref="FileNotFoundException">A path does not exist, or a pattern finds nothing.</exception>
    public static IReadOnlyList<FoundFile> Find(IReadOnlyList<string> paths)
    {
        var found = new List<FoundFile>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            foreach (var file in Of(path))
            {
                if (file.Path == "-" || seen.Add(Path.GetFullPath(file.Path))) found.Add(file);
            }
        }
        return found;
    }

    private static IEnumerable<FoundFile> Of(string path)
    {
        if (path == "-") return [new FoundFile("-", null, IsNamed: true)];
        if (Directory.Exists(path)) return Below(path, "*").Where(file => IsLog(file.Path));
        if (File.Exists(path)) return [Found(path, isNamed: true)];
        if (path.AsSpan().ContainsAny('*', '?'))
        {
            // The folder is what stands before the first part with a wildcard.
            var parts = path.Split(Path.DirectorySeparatorChar);
            var fixedParts = parts.TakeWhile(part => !part.AsSpan().ContainsAny('*', '?')).ToArray();
            var folder = string.Join(Path.DirectorySeparatorChar, fixedParts);
            if (folder.Length == 0) folder = path[0] == Path.DirectorySeparatorChar ? "/" : ".";
            var pattern = string.Join(Path.DirectorySeparatorChar, parts[fixedParts.Length..]).Replace("**" + Path.DirectorySeparatorChar, "*", StringComparison.Ordinal);
            var matches = Directory.Exists(folder)
                ? Below(folder, "*").Where(file => FileSystemName.MatchesSimpleExpression(pattern, Path.GetRelativePath(folder, file.Path), ignoreCase: false) && SameDepth(pattern, path, Path.GetRelativePath(folder, file.Path)))
                    .Select(file => file with { IsNamed = true }).ToArray()
                : [];
            if (matches.Length > 0) return matches;
            throw new FileNotFoundException($"{path}: The pattern finds no file.", path);
        }
        throw new FileNotFoundException($"{path}: There is no such file or folder.", path);
    }

    // A single star stays within its folder, as in a shell; two go below.
    private static bool SameDepth(string pattern, string written, string relative) =>
        written.Contains("**", StringComparison.Ordinal) || pattern.Count(c => c == Path.DirectorySeparatorChar) == relative.Count(c => c == Path.DirectorySeparatorChar);

    private static IEnumerable<FoundFile> Below(string folder, string pattern) =>
        Directory.EnumerateFiles(folder, pattern, new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.None, MaxRecursionDepth = 32 })
            .Order(StringComparer.Ordinal).Select(path => Found(path, isNamed: false));

    private static FoundFile Found(string path, bool isNamed)
    {
        var file = new FileInfo(path);
        // A pipe says 0, and has what it has.
        return new FoundFile(path, file.Length > 0 || !isNamed ? file.Length : null, isNamed);
    }

    private static bool IsLog(string path)
    {
        var name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        return Endings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
    }
}
