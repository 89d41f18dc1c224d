namespace Rung.Control.Audit;

/// <summary>What the requests of a site, and their place in a run, tell of the job.</summary>
internal static class RequestEvidence
{
    public static IEnumerable<Finding> Of(SiteStatistics site, int minimum)
    {
        if (Mostly(site.AtZeroTemperature, 0.9, minimum))
            yield return new Finding(NecessityClass.Mechanical, 1, $"{Figures.Of(site.AtZeroTemperature)} calls ask for temperature 0");
        if (Mostly(site.AsksForStructure, 0.9, minimum))
            yield return new Finding(NecessityClass.Mechanical, 1, $"{Figures.Of(site.AsksForStructure)} calls ask for JSON or a schema");
        if (Mostly(site.WithHistory, 0.5, minimum))
            yield return new Finding(NecessityClass.InstructionFollowing, 1, $"{Figures.Of(site.WithHistory)} calls carry earlier answers");
        if (Mostly(site.WithTools, 0.5, minimum) && AnswerEvidence.Known(site) >= minimum && AnswerEvidence.Shape(site, OutputShape.ToolCalls) is { Value: >= 0.05 and <= 0.95 } calls)
            yield return new Finding(NecessityClass.InstructionFollowing, 1, $"it chooses between tools and text itself: {Figures.Of(calls)} answers are tool calls");
        foreach (var finding in Position(site, minimum)) yield return finding;
        if (Mostly(site.Validated, 0.5, minimum))
            yield return new Finding(NecessityClass.Unknown, 1, $"{Figures.Of(site.Validated)} calls are followed by a step that checks{Names(site)}");
    }

    /// <summary>Whether a share is known well enough and large.</summary>
    public static bool Mostly(Share share, double least, int minimum) => share.Known >= minimum && share.Value >= least;

    // Of a run with one call its position says nothing: it is the first and the last.
    private static IEnumerable<Finding> Position(SiteStatistics site, int minimum)
    {
        if (site.FirstOfRun.Known < minimum || site.LastOfRun.Known < minimum) yield break;
        if (site.FirstOfRun.Value >= 0.8 && site.LastOfRun.Value < 0.2)
            yield return new Finding(NecessityClass.Planning, 2, $"{Figures.Of(site.FirstOfRun)} calls begin a run, and others follow");
        if (site.LastOfRun.Value >= 0.8 && site.FirstOfRun.Value < 0.5 && AnswerEvidence.Known(site) >= minimum && AnswerEvidence.Shape(site, OutputShape.Text).Value >= 0.5)
            yield return new Finding(NecessityClass.Judgement, 2, $"{Figures.Of(site.LastOfRun)} calls end a run with text: probably the answer that a person reads");
    }

    private static string Names(SiteStatistics site) => site.Validators.IsDefaultOrEmpty ? "" : $" ({string.Join(", ", site.Validators.Select(OneLine.Of))})";
}
