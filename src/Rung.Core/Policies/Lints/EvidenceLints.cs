using Rung.Core.Guarantees;
using Rung.Core.Policies.Compiling;
using Rung.Core.Policies.Documents;
using Rung.Core.Policies.Reading;

namespace Rung.Core.Policies.Lints;

/// <summary>Opinions on evidence: whether there is one that is worth something where a person reads the answers, and whether it holds for what the policy does now.</summary>
internal static class EvidenceLints
{
    public static void Judge(PolicyDocument document, PolicySnapshot snapshot, EvidenceFiles evidence, DateOnly asOf, PolicyObservations observed, LintList lints)
    {
        foreach (var tag in document.Tags)
        {
            var route = snapshot.Tags[tag.Name];
            if (route.Tier.Index >= snapshot.ReferenceTier.Index) continue;
            var path = PolicyPath.Of("tags", tag.Name);
            // An eval bounds the answers of the tier's own models: whatever checks and climbs add, it needs no certificate beside it.
            if (route.Evidence is { } eval && evidence[eval] is { } found && EvalEvidenceFile.IsOne(found)) EvalEvidenceLints.Judge(snapshot, route, eval, found, path, asOf, observed, lints);
            else if (route.Evidence is { } named && evidence[named] is { } bytes) JudgeFile(snapshot, route, named, bytes, path, lints);
            else if (route is { UserVisible: true, Checks.IsEmpty: false }) Missing(route, path, lints);
        }
    }

    /// <summary>The models of a route's cascade as a certificate names them: the first of its rung, and the first of the rung that a climb reaches.</summary>
    public static (Model Weak, Model? Strong) ModelsOf(PolicySnapshot snapshot, Route route) =>
        (First(snapshot, route.Tier), route.Escalation is { } up ? First(snapshot, up.To) : null);

    private static Model First(PolicySnapshot snapshot, Tier tier) =>
        snapshot.Models.Where(model => tier.Pool.Contains(model.Index)).OrderBy(model => model.Priority).ThenBy(model => model.Index).First();

    private static void JudgeFile(PolicySnapshot snapshot, Route route, string file, ReadOnlyMemory<byte> bytes, string path, LintList lints)
    {
        var fix = $"Run rung calibrate --tag {route.Name} again, and take its threshold.";
        if (CertificateFile.Read(bytes, out var fault) is not { } certificate)
        {
            // Other JSON may be evidence of another kind; where a person reads the answers it is no certificate all the same.
            if (route.UserVisible) lints.Add(LintCatalogue.CertificateVoid, path, "evidence", $"{Quotation.Of(file)} does not certify tag {route.Name}: {fault}", fix);
            return;
        }
        var (weak, strong) = ModelsOf(snapshot, route);
        foreach (var objection in certificate.Objections(route, weak, strong))
            lints.Add(route.UserVisible ? LintCatalogue.CertificateVoid : LintCatalogue.CertificateStale, path, "evidence", $"{Quotation.Of(file)} does not certify tag {route.Name}: {objection}", fix);
    }

    private static void Missing(Route route, string path, LintList lints) =>
        lints.Add(LintCatalogue.NoCertificate, path, route.Evidence is null ? "user_visible" : "evidence",
            $"People read what {route.Tier.Name} answers for {route.Name}, and {(route.Evidence is null ? "no evidence is named" : "its evidence is no certificate")}.",
            $"Run rung calibrate --tag {route.Name}, and name the certificate that it writes in evidence.");
}
