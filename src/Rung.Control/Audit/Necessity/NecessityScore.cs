namespace Rung.Control.Audit;

/// <summary>Adds up the evidence on one site.</summary>
/// <remarks>
/// Every finding gives its points to one class, and the class with the most points wins, if it has at least <see cref="Least"/>. A more demanding class that
/// also has these and is at most one point behind wins instead: an expensive model too many costs money, a cheap one too many costs trust.
/// </remarks>
internal sealed record NecessityScore
{
    /// <summary>Fewest points with which a class is named.</summary>
    public const int Least = 3;

    /// <summary>The class.</summary>
    public required NecessityClass Class { get; init; }
    /// <summary>The evidence, that for the class first, then by weight.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }
    /// <summary>Points by class.</summary>
    public required IReadOnlyDictionary<NecessityClass, int> Points { get; init; }

    public static NecessityScore Of(CallSite site, AuditAssumptions assumptions)
    {
        List<Finding> findings =
        [
            .. AnswerEvidence.Of(site.Statistics, assumptions.MinimumCalls),
            .. RequestEvidence.Of(site.Statistics, assumptions.MinimumCalls),
            .. NameEvidence.Of(site),
        ];
        var points = findings.Where(finding => finding.For != NecessityClass.Unknown).GroupBy(finding => finding.For).ToDictionary(group => group.Key, group => group.Sum(finding => finding.Points));
        var necessity = Decide(points);
        return new NecessityScore
        {
            Class = necessity,
            Points = points,
            Findings = [.. findings.OrderByDescending(finding => finding.For == necessity).ThenByDescending(finding => finding.Points)],
        };
    }

    private static NecessityClass Decide(Dictionary<NecessityClass, int> points)
    {
        var most = points.Count == 0 ? 0 : points.Values.Max();
        return most < Least ? NecessityClass.Unknown : points.Where(pair => pair.Value >= Math.Max(Least, most - 1)).Max(pair => pair.Key);
    }
}
