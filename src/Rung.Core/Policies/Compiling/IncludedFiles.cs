using Rung.Core.Policies.Documents;
using Rung.Core.Policies.Reading;

namespace Rung.Core.Policies.Compiling;

/// <summary>Reads the files that a policy names, each once, and remembers them: they are part of its hash.</summary>
internal sealed class IncludedFiles(PolicySource source, PolicyDocument document, FaultList faults)
{
    private readonly SortedDictionary<string, ReadOnlyMemory<byte>> files = new(StringComparer.Ordinal);

    /// <summary>Every file that was read, by its path as written, in ordinal order.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> All => files;

    /// <summary>Reads one; null with a fault in the list when it cannot be used.</summary>
    /// <param name="file">Path as written.</param>
    /// <param name="path">Where in the policy it is named.</param>
    /// <param name="what">What it is, with the article: <c>A schema</c>.</param>
    /// <param name="example">A good path.</param>
    /// <param name="mostBytes">Largest size.</param>
    public ReadOnlyMemory<byte>? Load(string file, string path, string what, string example, int mostBytes)
    {
        var place = document.PlaceOf(path);
        if (!IsInside(file))
        {
            faults.Add(place, path, $"{what} must lie in the folder of the policy or below it.", $"Use a relative path with forward slashes and without \"..\": {example}.");
            return null;
        }
        if (!files.TryGetValue(file, out var bytes))
        {
            if (source.ReadFile(file) is not { } read)
            {
                faults.Add(place, path, $"The file \"{Quotation.Of(file)}\" was not found.", "Paths are relative to the folder of the policy: check the name, or add the file.");
                return null;
            }
            files[file] = bytes = read;
        }
        if (bytes.Length <= mostBytes) return bytes;
        faults.Add(place, path, $"The file \"{Quotation.Of(file)}\" has {bytes.Length} bytes; at most {mostBytes} are allowed.", "Use a smaller file.");
        return null;
    }

    /// <summary>Reads one that need not be there: null without a fault when there is none, or when it lies elsewhere or is too large.</summary>
    public ReadOnlyMemory<byte>? LoadIfThere(string file, int mostBytes)
    {
        if (files.TryGetValue(file, out var known)) return known;
        if (!IsInside(file) || source.ReadFile(file) is not { } read || read.Length > mostBytes) return null;
        files[file] = read;
        return read;
    }

    private static bool IsInside(string file) =>
        !file.Contains('\\') && !file.Contains(':') && !file.StartsWith('/') && !file.Split('/').Contains("..");
}
