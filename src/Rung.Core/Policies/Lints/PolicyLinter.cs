using System.Collections.Immutable;
using Rung.Core.Policies.Compiling;
using Rung.Core.Policies.Documents;

namespace Rung.Core.Policies.Lints;

/// <summary>Holds a compiled policy against the opinions of <see cref="LintCatalogue"/>.</summary>
internal static class PolicyLinter
{
    /// <summary>Every lint of a policy, in order of place.</summary>
    public static ImmutableArray<PolicyLint> Lint(PolicyDocument document, PolicySnapshot snapshot, EvidenceFiles evidence, DateOnly asOf, PolicyObservations observed)
    {
        var lints = new LintList(document);
        ModelLints.Judge(snapshot, asOf, lints);
        LadderLints.Judge(document, snapshot, asOf, lints);
        RouteLints.Judge(document, snapshot, lints);
        VerifierLints.Judge(document, snapshot, lints);
        PinLints.Judge(snapshot, lints);
        CaptureLints.Judge(document, snapshot, lints);
        ControlLints.Judge(document, snapshot, lints);
        EvidenceLints.Judge(document, snapshot, evidence, asOf, observed, lints);
        return lints.InOrder();
    }
}
