using System.Text.Json;

namespace Rung.Commands.Checking;

/// <summary>
/// The documents that a schema may refer to, from files. A document is known by its absolute <c>$id</c>; one without by the end of an address: the file
/// <c>common/address.json</c> of a folder answers to every address whose path ends so, the longest such end first.
/// </summary>
internal sealed class SchemaBundle
{
    private const int MaxFiles = 5_000;
    /// <summary>Largest file that is looked into, in bytes: that of a schema.</summary>
    private const int MaxFileBytes = 4 * 1024 * 1024;

    private readonly Dictionary<string, byte[]> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, byte[]> _byPath = new(StringComparer.Ordinal);

    /// <summary>Files in folders that are not JSON, or too large: they were left out.</summary>
    public int Unreadable { get; private set; }

    /// <summary>The last address that was asked for and is not here; null when there was none.</summary>
    public Uri? Missed { get; private set; }

    /// <summary>Reads files, and every <c>.json</c> file under folders.</summary>
    /// <exception cref="InvalidDataException">A file is no JSON, or two documents have one <c>$id</c>.</exception>
    public static SchemaBundle Read(IReadOnlyList<string> places)
    {
        var bundle = new SchemaBundle();
        foreach (var place in places)
        {
            if (!Directory.Exists(place))
            {
                if (!File.Exists(place)) throw new FileNotFoundException($"There is no file or folder {place}.");
                if (!bundle.TryAdd(place, Path.GetFileName(place), out var fault)) throw new InvalidDataException($"{place} {fault}.");
                continue;
            }
            var files = Directory.EnumerateFiles(place, "*.json", SearchOption.AllDirectories).Take(MaxFiles + 1).Order(StringComparer.Ordinal).ToList();
            if (files.Count > MaxFiles) throw new InvalidDataException($"{place} has more than {MaxFiles} .json files; name the folder of the schemas alone.");
            foreach (var file in files)
            {
                if (!bundle.TryAdd(file, Path.GetRelativePath(place, file).Replace('\\', '/'), out _)) bundle.Unreadable++;
            }
        }
        return bundle;
    }

    /// <summary>The document of an address, or null.</summary>
    public ReadOnlyMemory<byte>? Find(Uri uri)
    {
        if (_byId.TryGetValue(Plain(uri), out var named)) return named;
        var path = Uri.UnescapeDataString(uri.IsAbsoluteUri ? uri.AbsolutePath : uri.OriginalString).TrimStart('/');
        while (path.Length > 0)
        {
            if (_byPath.TryGetValue(path, out var document)) return document;
            path = path.IndexOf('/') is >= 0 and var slash ? path[(slash + 1)..] : "";
        }
        Missed = uri;
        return null;
    }

    private bool TryAdd(string file, string path, out string? fault)
    {
        fault = new FileInfo(file).Length > MaxFileBytes ? $"is larger than {MaxFileBytes} bytes" : null;
        if (fault is not null) return false;
        var bytes = File.ReadAllBytes(file);
        try
        {
            using var document = JsonDocument.Parse(bytes);
            if (document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("$id", out var id)
                && id.ValueKind == JsonValueKind.String && Uri.TryCreate(id.GetString(), UriKind.Absolute, out var uri))
            {
                if (_byId.TryAdd(Plain(uri), bytes)) return true;
                throw new InvalidDataException($"{file} has the $id {uri}, which another document of the bundle has, too.");
            }
        }
        catch (JsonException e)
        {
            fault = $"is not JSON: {e.Message}";
            return false;
        }
        if (!_byPath.TryAdd(path, bytes)) throw new InvalidDataException($"{file} and another document of the bundle are both called {path}; give them an $id.");
        return true;
    }

    private static string Plain(Uri uri) => uri.AbsoluteUri.Split('#')[0];
}
