using Rung.Core.Policies.Documents;

namespace Rung.Core.Policies.Compiling;

/// <summary>The evidence that routes name and that is a JSON file beside the policy. Other evidence is words or a link, and nobody reads it.</summary>
internal sealed class EvidenceFiles
{
    private const int MostBytes = 1024 * 1024;

    private readonly Dictionary<string, ReadOnlyMemory<byte>> files = new(StringComparer.Ordinal);

    /// <summary>The bytes of a file; null when there is none.</summary>
    public ReadOnlyMemory<byte>? this[string path] => files.TryGetValue(path, out var bytes) ? bytes : (ReadOnlyMemory<byte>?)null;

    /// <summary>Reads them. They become part of the policy, as its schemas are: a rollback brings them back.</summary>
    public static EvidenceFiles Read(PolicyDocument document, IncludedFiles included)
    {
        var evidence = new EvidenceFiles();
        foreach (var path in document.Tags.Concat(document.Roles).Append(document.Default).Select(route => route.Evidence).OfType<string>())
        {
            if (LooksLikeOne(path) && included.LoadIfThere(path, MostBytes) is { } bytes) evidence.files[path] = bytes;
        }
        return evidence;
    }

    /// <summary>Whether evidence means a file that a certificate could be.</summary>
    public static bool LooksLikeOne(string evidence) => evidence.EndsWith(".json", StringComparison.Ordinal) && !evidence.Any(char.IsWhiteSpace);
}
