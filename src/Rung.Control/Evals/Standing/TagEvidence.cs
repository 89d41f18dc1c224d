using System.Collections.Immutable;
using Rung.Core.Guarantees;
using Rung.Core.Policies;
using Rung.Core.Policies.Lints;

namespace Rung.Control.Evals.Standing;

/// <summary>What kind of evidence a tag has for its tier.</summary>
public enum EvidenceKind : byte
{
    /// <summary>It needs none: it runs on the reference tier, or above it.</summary>
    NotNeeded = 0,
    /// <summary>None is named.</summary>
    None = 1,
    /// <summary>The policy itself says that it is missing, and what would get it.</summary>
    StatedGap = 2,
    /// <summary>A path, a link or words that Rung does not read.</summary>
    Words = 3,
    /// <summary>What an eval found.</summary>
    Eval = 4,
    /// <summary>A certificate of a threshold.</summary>
    Certificate = 5,
}

/// <summary>A policy with what it includes and what the linter says of it: what evidence is judged by.</summary>
/// <param name="Policy">The policy in force.</param>
/// <param name="Files">The files that it includes, by their path as written.</param>
/// <param name="Lints">Every opinion on it.</param>
public sealed record JudgedPolicy(PolicySnapshot Policy, ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> Files, ImmutableArray<PolicyLint> Lints);

/// <summary>What proved the tier of one tag, how old that is, and what the linter says of it.</summary>
public sealed record TagEvidence
{
    /// <summary>The tag.</summary>
    public required string Tag { get; init; }
    /// <summary>Its tier.</summary>
    public required string Tier { get; init; }
    /// <summary>Who answers for it; null when not stated.</summary>
    public string? Owner { get; init; }
    /// <summary>What kind of evidence it is.</summary>
    public required EvidenceKind Kind { get; init; }
    /// <summary>As the policy writes it; null when none is named.</summary>
    public string? Named { get; init; }
    /// <summary>What the policy says that is missing; null when it does not.</summary>
    public EvidenceGap? Gap { get; init; }
    /// <summary>The certificate; null when it is none.</summary>
    public Certificate? Certificate { get; init; }
    /// <summary>What an eval found; null when it is none.</summary>
    public EvalEvidence? Eval { get; init; }
    /// <summary>The day that it was made, UTC; null when it does not say.</summary>
    public DateOnly? Date { get; init; }
    /// <summary>Days since then; null when it does not say.</summary>
    public int? AgeDays { get; init; }
    /// <summary>For how many days evidence of the tag holds. Certificates have no such limit: they hold while the rule and the models are the same.</summary>
    public int? MaxAgeDays { get; init; }
    /// <summary>The threshold that the policy has now; null when it has none.</summary>
    public double? Threshold { get; init; }
    /// <summary>What the linter says of it, in its order; empty when it has nothing against it.</summary>
    public ImmutableArray<PolicyLint> Findings { get; init; } = [];

    /// <summary>
    /// Whether something that Rung has read proves the tier, and the linter has nothing against it that matters: no warning about an eval, nothing about a certificate. A path or words that
    /// it cannot read may be true, and are not counted.
    /// </summary>
    public bool Holds => Kind switch
    {
        EvidenceKind.NotNeeded => true,
        EvidenceKind.Eval => !Findings.Any(finding => finding.Severity >= LintSeverity.Warning),
        EvidenceKind.Certificate => Findings.IsEmpty,
        _ => false,
    };

    /// <summary>Whether evidence is named that Rung does not read, and the linter has no warning about it.</summary>
    public bool IsTakenOnTrust => Kind == EvidenceKind.Words && !Findings.Any(finding => finding.Severity >= LintSeverity.Warning);

    /// <summary>Of every tag: those with a finding first, then those that need evidence, then the others, each by name.</summary>
    /// <param name="judged">The policy in force.</param>
    /// <param name="today">Today, UTC.</param>
    public static IReadOnlyList<TagEvidence> Of(JudgedPolicy judged, DateOnly today)
    {
        ArgumentNullException.ThrowIfNull(judged);
        return
        [
            .. judged.Policy.Tags.Values.Select(route => Of(judged, route, today))
                .OrderBy(tag => !tag.Findings.IsEmpty ? 0 : tag.Kind != EvidenceKind.NotNeeded ? 1 : 2).ThenBy(tag => tag.Tag, StringComparer.Ordinal),
        ];
    }

    private static TagEvidence Of(JudgedPolicy judged, Route route, DateOnly today)
    {
        var bytes = route.Evidence is { } named && judged.Files.TryGetValue(named, out var found) ? found : ReadOnlyMemory<byte>.Empty;
        var eval = !bytes.IsEmpty && EvalEvidenceFile.IsOne(bytes) ? EvalEvidenceFile.Read(bytes, out _) : null;
        var certificate = !bytes.IsEmpty && eval is null ? CertificateFile.Read(bytes, out _) : null;
        var date = eval?.Date ?? certificate?.Date;
        return new TagEvidence
        {
            Tag = route.Name, Tier = route.Tier.Name, Owner = route.Owner, Named = route.Evidence, Gap = route.EvidenceGap, Certificate = certificate, Eval = eval, Date = date,
            Kind = certificate is not null ? EvidenceKind.Certificate : eval is not null ? EvidenceKind.Eval : route.Evidence is not null ? EvidenceKind.Words
                : route.Tier.Index >= judged.Policy.ReferenceTier.Index ? EvidenceKind.NotNeeded : route.EvidenceGap is not null ? EvidenceKind.StatedGap : EvidenceKind.None,
            AgeDays = date is { } day ? today.DayNumber - day.DayNumber : null, MaxAgeDays = eval is null ? null : route.Eval.MaxAgeDays,
            Threshold = CascadeRule.Of(route, out _)?.Threshold, Findings = EvidenceOpinions.Of(judged.Lints, route.Name),
        };
    }
}
