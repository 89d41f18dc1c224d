using System.Security.Cryptography;
using Rung.Core.Guarantees;
using Rung.Core.Learning;
using Rung.Core.Policies;

namespace Rung.Commands;

/// <summary>Tells a recording that a trained verifier has learned from: on those rows its scores are better than they will ever be again.</summary>
internal static class TrainingRows
{
    /// <summary>Names and hashes of files.</summary>
    public static async Task<IReadOnlyList<CertifiedFile>> HashAsync(IEnumerable<string> paths, CancellationToken cancellationToken)
    {
        var files = new List<CertifiedFile>();
        foreach (var path in paths)
        {
            await using var stream = File.OpenRead(path);
            files.Add(new CertifiedFile(Path.GetFileName(path), Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken))));
        }
        return files;
    }

    /// <summary>The verifiers of some checks that were trained on one of these files, and on which. Files are compared, not rows: a copy with other bytes is not found.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="texts">The checks as texts; verifiers inside other checks count too.</param>
    /// <param name="outcomes">Hashes of the outcome files. Files of answers do not count: several sets of rows may share one.</param>
    public static IEnumerable<(string Verifier, string File)> Seen(PolicySnapshot policy, IReadOnlyCollection<string> texts, IReadOnlyList<CertifiedFile> outcomes) =>
        from named in policy.TrainedVerifiers.OrderBy(one => one.Key, StringComparer.Ordinal)
        where texts.Any(text => text.Contains($"verifier {named.Key} (", StringComparison.Ordinal))
        let origin = (named.Value.Verifier as TrainedVerifier)?.Provenance
        where origin is not null
        from file in origin.Files
        where outcomes.Any(one => one.Sha256 == file.Sha256)
        select (named.Key, file.Name);

    /// <summary>Says on standard error which verifiers know the rows that they are about to be tried on.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="texts">The checks that are tried, as texts.</param>
    /// <param name="outcomes">Paths of the outcome files.</param>
    /// <param name="error">Where it is said.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static async Task WarnAsync(PolicySnapshot policy, IReadOnlyCollection<string> texts, IReadOnlyList<string> outcomes, TextWriter error, CancellationToken cancellationToken)
    {
        if (policy.TrainedVerifiers.Count == 0) return;
        foreach (var (verifier, file) in Seen(policy, texts, await HashAsync(outcomes, cancellationToken)))
        {
            await error.WriteLineAsync($"rung: verifier {verifier} was trained on {file}: on these rows it does better than on new ones,");
            await error.WriteLineAsync("      and quality, climbs and cost are too good to be true. Honest figures: rung calibrate --cross-fit 5");
        }
    }
}
