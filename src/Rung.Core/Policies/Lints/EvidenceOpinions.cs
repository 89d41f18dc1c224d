using System.Collections.Immutable;
using Rung.Core.Policies.Reading;

namespace Rung.Core.Policies.Lints;

/// <summary>Which of the linter's opinions are about what proved a tier.</summary>
public static class EvidenceOpinions
{
    /// <summary>The codes of these opinions.</summary>
    public static ImmutableArray<string> Codes { get; } =
    [
        LintCatalogue.NoEvidence.Code, LintCatalogue.ThresholdUnproved.Code, LintCatalogue.CertificateVoid.Code, LintCatalogue.NoCertificate.Code, LintCatalogue.CertificateStale.Code,
        LintCatalogue.StatedGap.Code, LintCatalogue.EvalOld.Code, LintCatalogue.EvalModelChanged.Code, LintCatalogue.EvalVoid.Code, LintCatalogue.EvalDrift.Code, LintCatalogue.EvalJudge.Code,
    ];

    /// <summary>Those about one tag, in their order.</summary>
    /// <param name="lints">What the linter said of the policy.</param>
    /// <param name="tag">The tag.</param>
    public static ImmutableArray<PolicyLint> Of(ImmutableArray<PolicyLint> lints, string tag)
    {
        ArgumentNullException.ThrowIfNull(tag);
        var path = PolicyPath.Of("tags", tag);
        return [.. lints.Where(lint => Codes.Contains(lint.Code) && lint.Path.StartsWith(path, StringComparison.Ordinal) && (lint.Path.Length == path.Length || lint.Path[path.Length] is '.' or '['))];
    }
}
