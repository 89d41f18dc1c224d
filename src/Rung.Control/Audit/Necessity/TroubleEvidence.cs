namespace Rung.Control.Audit;

/// <summary>Signs that the model a job has now may already be too weak for it.</summary>
internal static class TroubleEvidence
{
    public static IEnumerable<Doubt> Of(SiteStatistics site, int minimum)
    {
        if (RequestEvidence.Mostly(site.AskedAgain, 0.1, minimum)) yield return new Doubt(true, $"{Figures.Of(site.AskedAgain)} calls ask the same again");
        else if (RequestEvidence.Mostly(site.AskedAgain, 0.03, minimum)) yield return new Doubt(false, $"{Figures.Of(site.AskedAgain)} calls ask the same again");
        if (RequestEvidence.Mostly(site.CorrectedByPeople, 0.05, minimum)) yield return new Doubt(true, $"people changed or rejected {Figures.Of(site.CorrectedByPeople)} answers");
        if (site.MeanVerdict is { } mean && mean < 0.7 && site.Verdicts >= minimum)
            yield return new Doubt(true, FormattableString.Invariant($"{Figures.Number(site.Verdicts)} judgements in the log give {mean:0.00} on average, of 1"));
        if (RequestEvidence.Mostly(site.Truncated, 0.05, minimum)) yield return new Doubt(false, $"{Figures.Of(site.Truncated)} answers were cut by a cap");
        if (RequestEvidence.Mostly(site.Failed, 0.05, minimum)) yield return new Doubt(false, $"{Figures.Of(site.Failed)} calls failed");
    }
}
