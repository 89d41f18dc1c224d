using System.Collections.Immutable;
using System.Text;
using Rung.Core.Policies;
using Rung.Core.Prices;

namespace Rung.Serving;

/// <summary>A policy as read from disk: its text, the files that it includes, and what compiling gave.</summary>
/// <param name="Path">Where the document is.</param>
/// <param name="Text">The document.</param>
/// <param name="Files">The files that it includes, by their path as written.</param>
/// <param name="Compilation">The snapshot, or the faults.</param>
internal sealed record PolicyFile(string Path, string Text, ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> Files, PolicyCompilation Compilation)
{
    /// <summary>Name of the policy file when a command names none.</summary>
    public const string DefaultPath = "rung.yaml";

    /// <summary>Largest file that a policy may include.</summary>
    private const long IncludeBytes = 4 * 1024 * 1024;

    /// <summary>Reads and compiles a policy. Paths that it names are relative to its own folder.</summary>
    /// <exception cref="IOException">The document itself cannot be read.</exception>
    public static PolicyFile Read(string path, PriceBook prices, DateOnly asOf)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no policy file {path}.", path);
        var text = File.ReadAllText(path, Encoding.UTF8);
        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
        return Compile(path, text, name => ReadInclude(System.IO.Path.Combine(folder, name)), prices, asOf);
    }

    /// <summary>Compiles a document whose files are at hand.</summary>
    public static PolicyFile Compile(string path, string text, Func<string, ReadOnlyMemory<byte>?> readFile, PriceBook prices, DateOnly asOf)
    {
        var files = ImmutableSortedDictionary.CreateBuilder<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        var compilation = PolicyCompiler.Compile(new PolicySource(path, text, Include), prices, asOf);
        return new PolicyFile(path, text, files.ToImmutable(), compilation);

        ReadOnlyMemory<byte>? Include(string name)
        {
            if (readFile(name) is not { } bytes) return null;
            files[name] = bytes;
            return bytes;
        }
    }

    private static ReadOnlyMemory<byte>? ReadInclude(string path)
    {
        try
        {
            return new FileInfo(path) is { Exists: true, Length: <= IncludeBytes } ? File.ReadAllBytes(path) : (ReadOnlyMemory<byte>?)null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // The compiler says, with line and column, that the file cannot be read.
        }
    }
}
