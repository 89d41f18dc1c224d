using Rung.Core.Checks.Schema;

namespace Rung.Commands.Checking;

/// <summary>One file of tests.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Name">Its name in the report, from the folder of its draft: <c>optional/format/date.json</c>.</param>
/// <param name="Draft">The draft of its schemas that do not name theirs.</param>
internal sealed record SuiteFile(string Path, string Name, SchemaDraft Draft)
{
    /// <summary>Whether an implementation may leave it out.</summary>
    public bool IsOptional { get; } = Name.Split('/').Contains("optional", StringComparer.Ordinal);

    /// <summary>Whether its tests want <c>format</c> asserted.</summary>
    public bool AssertsFormats { get; } = Name.Split('/') is [.., "optional", "format", _];
}

/// <summary>A folder in the layout of the official suite: <c>tests/draft7/*.json</c>, <c>optional</c> within, <c>remotes</c> beside <c>tests</c>.</summary>
/// <param name="Drafts">The drafts that are run, the newest first.</param>
/// <param name="Files">Their files.</param>
/// <param name="Remotes">The folder of remote documents; null when there is none.</param>
internal sealed record SuiteFolder(IReadOnlyList<SchemaDraft> Drafts, IReadOnlyList<SuiteFile> Files, string? Remotes)
{
    private const string RemoteHost = "localhost";
    private const int RemotePort = 1234;

    private static readonly (SchemaDraft Draft, string Folder)[] s_drafts = [(SchemaDraft.Draft202012, "draft2020-12"), (SchemaDraft.Draft7, "draft7")];

    /// <summary>Finds the tests.</summary>
    /// <param name="folder">The root of a suite, its <c>tests</c>, one draft's folder or one below it, a folder of test files, or one file.</param>
    /// <param name="draft">The draft to run, null for all that are there.</param>
    /// <exception cref="InvalidDataException">There are no tests.</exception>
    public static SuiteFolder Find(string folder, SchemaDraft? draft)
    {
        var root = Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar);
        if (!Directory.Exists(root) && !File.Exists(root)) throw new InvalidDataException($"There is no folder {folder}.");

        var files = new List<SuiteFile>();
        foreach (var (candidate, name) in s_drafts.Where(known => draft is null || known.Draft == draft))
        {
            var place = new[] { Path.Combine(root, "tests", name), Path.Combine(root, name) }.FirstOrDefault(Directory.Exists);
            if (place is not null) files.AddRange(Under(place, place, candidate));
        }
        var isWhole = s_drafts.Any(known => Directory.Exists(Path.Combine(root, "tests", known.Folder)) || Directory.Exists(Path.Combine(root, known.Folder)));
        if (!isWhole && !(DraftFolder(root) is not null && draft is not null && draft != DraftOf(root))) // Tests of one draft say nothing of another.
        {
            files.AddRange(Under(root, DraftFolder(root) ?? (Directory.Exists(root) ? root : Path.GetDirectoryName(root)!), draft ?? DraftOf(root)));
        }
        if (files.Count == 0) throw new InvalidDataException($"{folder} holds no tests{(draft is null ? "" : $" of draft {Word(draft.Value)}")}. Wanted are .json files as in tests/draft2020-12 of the official suite.");

        return new SuiteFolder([.. files.Select(file => file.Draft).Distinct()], files, FindRemotes(root));
    }

    /// <summary>A draft as people write it.</summary>
    public static string Word(SchemaDraft draft) => draft switch { SchemaDraft.Draft7 => "7", SchemaDraft.Draft201909 => "2019-09", _ => "2020-12" };

    /// <summary>The document that the suite serves at <c>http://localhost:1234/</c>; null when it is not there.</summary>
    public ReadOnlyMemory<byte>? Remote(Uri uri)
    {
        if (Remotes is null || !uri.IsAbsoluteUri || uri.Host != RemoteHost || uri.Port != RemotePort) return null;
        var path = Path.GetFullPath(Path.Combine(Remotes, Uri.UnescapeDataString(uri.AbsolutePath).TrimStart('/')));
        var isInside = path.StartsWith(Remotes + Path.DirectorySeparatorChar, StringComparison.Ordinal); // An address may hold an encoded "../".
        return isInside && File.Exists(path) ? (ReadOnlyMemory<byte>?)File.ReadAllBytes(path) : null; // Without the cast null would be an empty document.
    }

    private static IEnumerable<SuiteFile> Under(string place, string namedFrom, SchemaDraft draft)
    {
        var files = File.Exists(place) ? [place] : Directory.EnumerateFiles(place, "*.json", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(place, file).Split(Path.DirectorySeparatorChar).Contains("remotes", StringComparer.Ordinal));
        return files.Select(file => new SuiteFile(file, Path.GetRelativePath(namedFrom, file).Replace('\\', '/'), draft))
            .OrderBy(file => file.IsOptional).ThenBy(file => file.Name, StringComparer.Ordinal);
    }

    /// <summary>The folder of a draft that a place lies in; null when it lies in none.</summary>
    private static string? DraftFolder(string place)
    {
        for (var at = place; !string.IsNullOrEmpty(at); at = Path.GetDirectoryName(at))
        {
            if (s_drafts.Any(known => known.Folder == Path.GetFileName(at))) return at;
        }
        return null;
    }

    private static SchemaDraft DraftOf(string place)
    {
        var name = Path.GetFileName(DraftFolder(place));
        return s_drafts.FirstOrDefault(known => known.Folder == name, s_drafts[0]).Draft;
    }

    private static string? FindRemotes(string root)
    {
        for (var at = root; !string.IsNullOrEmpty(at); at = Path.GetDirectoryName(at))
        {
            if (Directory.Exists(Path.Combine(at, "remotes"))) return Path.Combine(at, "remotes");
        }
        return null;
    }
}
