using System.Globalization;
using System.Text;
using Rung.Commands.Policy;
using Rung.Core.Guarantees;

namespace Rung.Commands;

/// <summary>Writes a certificate beside the policy, and what it certifies into the policy.</summary>
internal static class CalibrateFiles
{
    /// <summary>What was written.</summary>
    /// <param name="Certificate">Path of the certificate; null when there was no place for it.</param>
    /// <param name="PolicyEdited">Whether the policy file was edited.</param>
    /// <param name="Lines">What to tell.</param>
    public sealed record Written(string? Certificate, bool PolicyEdited, IReadOnlyList<string> Lines);

    /// <summary>Writes.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="rule">The rule that it is about.</param>
    /// <param name="policy">The policy, a file or a revision.</param>
    /// <param name="path">Where the certificate goes; null: <c>evidence/TAG.json</c> beside the policy file.</param>
    /// <param name="edit">Whether the policy file is to be edited.</param>
    public static Written Write(Certificate certificate, CascadeRule rule, NamedPolicy policy, string? path, bool edit)
    {
        if (policy.Revision is not null && path is null)
            return new Written(null, PolicyEdited: false, ["A revision has no folder: give --out FILE for the certificate, or calibrate the policy file."]);
        var folder = Path.GetDirectoryName(Path.GetFullPath(policy.Revision is null ? policy.Name : "rung.yaml"))!;
        path ??= Path.Combine(folder, "evidence", $"{certificate.Tag}.json");
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        Replace(path, CertificateFile.Write(certificate));

        var evidence = Path.GetRelativePath(folder, Path.GetFullPath(path)).Replace('\\', '/');
        var lines = new List<string> { $"certificate: {path}" };
        if (!edit)
        {
            lines.AddRange(ToPut(certificate, evidence));
            return new Written(path, PolicyEdited: false, lines);
        }
        string? problem = policy.Revision is not null ? "A revision is never edited." : evidence.StartsWith("../", StringComparison.Ordinal) ? "The certificate is not in the folder of the policy." : null;
        if (problem is null && CertifiedPolicy.Edit(policy.File.Text, certificate.Tag, rule.ScoredAt, certificate.Threshold, evidence, out problem) is { } text)
        {
            Replace(policy.Name, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false).GetBytes(text));
            lines.Add($"{policy.Name}: {(certificate.Threshold is { } least ? $"at_least: {Number(least)} and " : "")}evidence: {evidence} of tag {certificate.Tag} were written.");
            return new Written(path, PolicyEdited: true, lines);
        }
        lines.Add($"The policy was not edited. {problem}");
        lines.AddRange(ToPut(certificate, evidence));
        return new Written(path, PolicyEdited: false, lines);
    }

    private static IEnumerable<string> ToPut(Certificate certificate, string evidence)
    {
        yield return $"Put into tag {certificate.Tag} of the policy:";
        if (certificate.Threshold is { } least) yield return $"at_least: {Number(least)}";
        yield return $"evidence: {evidence}";
    }

    private static string Number(double threshold) => threshold.ToString("0.###", CultureInfo.InvariantCulture);

    /// <summary>One rename, so that a gateway that watches the file never sees half of it. A file that is a link stays one.</summary>
    private static void Replace(string path, byte[] bytes)
    {
        var target = File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path : path;
        var staged = $"{target}.{Environment.ProcessId}.tmp";
        File.WriteAllBytes(staged, bytes);
        File.Move(staged, target, overwrite: true);
    }
}
