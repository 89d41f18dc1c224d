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

    /// <summary>Largest document; the compiler's own limit is a little lower and says more.</summary>
    private const long DocumentBytes = 4 * 1024 * 1024;

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Largest file that a policy may include.</summary>
    private const long IncludeBytes = 4 * 1024 * 1024;

    /// <summary>Reads and compiles a policy. Paths that it names are relative to its own folder.</summary>
    /// <exception cref="IOException">The document itself cannot be read.</exception>
    public static PolicyFile Read(string path, PriceBook prices, DateOnly asOf)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no policy file {path}.", path);
        var text = Decode(path, ReadRegular(path, DocumentBytes));
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

    /// <summary>
    /// Reads a file of a believable size. Pipes and devices have no length: they are refused, since reading them could wait for ever or never end.
    /// </summary>
    private static byte[] ReadRegular(string path, long limit)
    {
        // A link that is named without a folder would be resolved to a name without one, and that is not found.
        var whole = System.IO.Path.GetFullPath(path);
        var file = new FileInfo(File.ResolveLinkTarget(whole, returnFinalTarget: true)?.FullName ?? whole);
        if (!file.Exists || file.Length == 0) throw new IOException($"{path} is empty, or no regular file.");
        if (file.Length > limit) throw new IOException($"{path} has {file.Length:#,0} bytes; at most {limit:#,0} are read.");
        var bytes = new byte[file.Length];
        using var stream = file.OpenRead();
        return bytes[..stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }

    private static string Decode(string path, byte[] bytes)
    {
        try
        {
            return s_strict.GetString(bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes.AsSpan(3) : bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new IOException($"{path} is not valid UTF-8 (near byte {e.Index + 1:#,0}). Save it as UTF-8.", e);
        }
    }

    private static ReadOnlyMemory<byte>? ReadInclude(string path)
    {
        try
        {
            return ReadRegular(path, IncludeBytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null; // The compiler says, with line and column, that the file cannot be read.
        }
    }
}
