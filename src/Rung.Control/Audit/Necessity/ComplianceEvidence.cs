namespace Rung.Control.Audit;

/// <summary>Signs of data that a rule may cover, and from when on they keep a site where it is.</summary>
internal static class ComplianceEvidence
{
    private static readonly (DataSigns Sign, string InWords)[] Sensitive =
    [
        (DataSigns.Secret, "keys or passwords"), (DataSigns.Health, "words of medical records"), (DataSigns.Card, "card numbers"),
        (DataSigns.BankAccount, "bank account numbers"), (DataSigns.NationalId, "national identity numbers"),
    ];

    /// <summary>Why a person must look first; null when there is no such sign.</summary>
    public static string? Of(SiteStatistics site, AuditAssumptions assumptions)
    {
        var seen = Sensitive
            .Select(kind => (kind.Sign, kind.InWords, Calls: site.Data.Where(pair => pair.Key.HasFlag(kind.Sign)).Sum(pair => pair.Value)))
            .Where(kind => kind.Calls > 0 && (kind.Sign == DataSigns.Secret || kind.Calls * 1000 >= Math.Max(1, site.ContentSeen) * assumptions.Sensitive))
            .Select(kind => $"{kind.InWords} in {Figures.Number(kind.Calls)}")
            .ToList();
        return seen.Count == 0 ? null : $"Signs of sensitive data: {string.Join(", ", seen)} of {Figures.Number(site.ContentSeen)} calls looked at. A person must say which models may see it before this site moves.";
    }
}
