namespace Rung.Control.Audit;

/// <summary>What the answers of a site tell of the job: their shape, how many different ones there are, their length.</summary>
internal static class AnswerEvidence
{
    private const int FewLabels = 50;

    /// <summary>Answers whose shape is known.</summary>
    public static long Known(SiteStatistics site) => site.Shapes.Where(pair => pair.Key != OutputShape.Unknown).Sum(pair => pair.Value);

    /// <summary>The share of answers of one shape, among those whose shape is known.</summary>
    public static Share Shape(SiteStatistics site, OutputShape shape) => new(site.Shapes.GetValueOrDefault(shape), Known(site));

    public static IEnumerable<Finding> Of(SiteStatistics site, int minimum)
    {
        var isLabels = false;
        if (Known(site) >= minimum)
        {
            var labels = Shape(site, OutputShape.Label);
            isLabels = labels.Value >= 0.9;
            if (isLabels) yield return Labels(site, labels);
            if (Json(site, minimum) is { } json) yield return json;
            if (Shape(site, OutputShape.ToolCalls) is { Value: >= 0.9 } tools)
                yield return new Finding(NecessityClass.InstructionFollowing, 2, $"{Figures.Of(tools)} answers are tool calls and no text");
            if (Shape(site, OutputShape.Code) is { Value: >= 0.5 } code)
                yield return new Finding(NecessityClass.InstructionFollowing, 2, $"{Figures.Of(code)} answers are mostly code");
            if (Shape(site, OutputShape.Text) is { Value: >= 0.8 } text) yield return Text(site, text);
        }
        // A label is short: that is no second piece of evidence.
        if (!isLabels && site.Output.Count >= minimum && Length(site) is { } length) yield return length;
        var (output, reasoning) = (site.Models.Sum(use => use.OutputTokens), site.Models.Sum(use => use.ReasoningTokens));
        if (output > 0 && site.Calls >= minimum && reasoning * 2 >= output)
            yield return new Finding(NecessityClass.Judgement, 1, $"{Figures.Percent((double)reasoning / output)} of {Figures.Number(output)} output tokens are reasoning");
    }

    private static Finding Labels(SiteStatistics site, Share labels)
    {
        var entropy = site.LabelEntropyBits is { } bits ? FormattableString.Invariant($" (entropy {bits:0.0} bits)") : "";
        return site.DistinctLabels is > 0 and <= FewLabels
            ? new Finding(NecessityClass.Mechanical, 3, $"{Figures.Of(labels)} answers are {(site.DistinctLabels == 1 ? "one and the same label" : $"one of {site.DistinctLabels} labels")}{entropy}")
            : new Finding(NecessityClass.InstructionFollowing, 1, $"{Figures.Of(labels)} answers are a few words, {(site.DistinctLabels >= 1000 ? "1,000 or more" : Figures.Number(site.DistinctLabels))} different ones{entropy}");
    }

    private static Finding? Json(SiteStatistics site, int minimum)
    {
        if (Shape(site, OutputShape.Json) is not { Value: >= 0.9 } json) return null;
        if (site.SameKeys is { Value: { } same } keys && keys.Known >= minimum)
        {
            if (same >= 0.9) return new Finding(NecessityClass.Mechanical, 2, $"{Figures.Of(json)} answers are JSON, {Figures.Percent(same)} of it with the same keys");
            if (same < 0.5) return new Finding(NecessityClass.InstructionFollowing, 1, $"{Figures.Of(json)} answers are JSON of changing form: only {Figures.Percent(same)} have the most frequent keys");
        }
        return new Finding(NecessityClass.Mechanical, 1, $"{Figures.Of(json)} answers are JSON");
    }

    private static Finding Text(SiteStatistics site, Share text) => site.Output.P50 >= 400
        ? new Finding(NecessityClass.Judgement, 1, $"{Figures.Of(text)} answers are free text, and long: half have at least {Figures.Number((long)site.Output.P50)} tokens")
        : new Finding(NecessityClass.InstructionFollowing, 1, $"{Figures.Of(text)} answers are free text");

    private static Finding? Length(SiteStatistics site) => site.Output switch
    {
        { P95: <= 40 } => new Finding(NecessityClass.Mechanical, 2, $"95 % of {Figures.Number(site.Output.Count)} answers have at most {Figures.Number((long)site.Output.P95)} tokens"),
        { P95: <= 150 } => new Finding(NecessityClass.Mechanical, 1, $"95 % of {Figures.Number(site.Output.Count)} answers have at most {Figures.Number((long)site.Output.P95)} tokens"),
        { P50: >= 1000 } => new Finding(NecessityClass.Judgement, 1, $"half of {Figures.Number(site.Output.Count)} answers have at least {Figures.Number((long)site.Output.P50)} tokens"),
        _ => null,
    };
}
