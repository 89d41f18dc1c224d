namespace Rung.Replay;

/// <summary>Mean verdicts by tag and model, drawn towards the model's mean and that towards the mean of all: what a verdict is predicted from.</summary>
/// <remarks>
/// The verdict that is predicted is left out of its own prediction, so that an estimate that corrects predictions by residuals does not correct itself away.
/// Shrinkage by pseudo-counts, as the posterior mean of a beta prior (A. Gelman et al., Bayesian Data Analysis, 3rd ed., § 2.4).
/// </remarks>
internal sealed class VerdictTable
{
    /// <summary>How many verdicts the mean above is worth.</summary>
    private const double PriorWeight = 10;

    private readonly Dictionary<(string? Tag, string Model), (double Sum, int Count)> byTag = [];
    private readonly Dictionary<string, (double Sum, int Count)> byModel = new(StringComparer.Ordinal);
    /// <summary>A model that was never drawn for a tag had no chance there when its absence is less likely than this.</summary>
    private const double LeastChanceOfAbsence = 0.001;

    private readonly HashSet<(string? Tag, string Model)> chances = [];
    private readonly Dictionary<((string, string) Pool, string Model), (double Sum, int Count)> shares = [];
    private readonly Dictionary<((string, string) Pool, string? Tag), int> draws = [];
    private readonly (double Sum, int Count) all;

    /// <summary>Adds up verdicts.</summary>
    public VerdictTable(IReadOnlyList<LoggedVerdicts.Sample> samples)
    {
        foreach (var sample in samples)
        {
            byTag[(sample.Tag, sample.Model)] = Plus(byTag.GetValueOrDefault((sample.Tag, sample.Model)), sample.Reward);
            byModel[sample.Model] = Plus(byModel.GetValueOrDefault(sample.Model), sample.Reward);
            all = Plus(all, sample.Reward);
            if (sample.Chance >= 1) continue;
            chances.Add((sample.Tag, sample.Model));
            if (sample.Asked.Pool is not { } pool) continue;
            shares[(pool, sample.Model)] = Plus(shares.GetValueOrDefault((pool, sample.Model)), sample.Chance);
            draws[(pool, sample.Tag)] = draws.GetValueOrDefault((pool, sample.Tag)) + 1;
        }
    }

    /// <summary>
    /// Whether a model had a chance on a call that chance decided: it was drawn for the tag at some time, or for other tags from the same pool, and the tag has so few
    /// calls that it may have been missed. A pin or a need that takes it from a tag shows as an absence that is too long for that.
    /// </summary>
    public bool HadChance(LoggedVerdicts.Sample sample, string model)
    {
        if (chances.Contains((sample.Tag, model))) return true;
        return sample.Asked.Pool is { } pool && shares.TryGetValue((pool, model), out var share)
            && Math.Pow(1 - (share.Sum / share.Count), draws[(pool, sample.Tag)]) >= LeastChanceOfAbsence;
    }

    /// <summary>The verdict to expect of a model on a call, 0 to 1, from all other verdicts.</summary>
    /// <param name="sample">The call.</param>
    /// <param name="model">The model, as the log names it; null for one that the log does not know.</param>
    public double Predict(LoggedVerdicts.Sample sample, string? model)
    {
        var isOwn = model == sample.Model;
        var overall = Minus(all, sample.Reward);
        var prior = overall.Count > 0 ? Math.Clamp(overall.Sum / overall.Count, 0, 1) : 0.5;
        if (model is null) return prior;
        var ofModel = Of(byModel.GetValueOrDefault(model), isOwn, sample.Reward);
        var middle = (ofModel.Sum + PriorWeight * prior) / (ofModel.Count + PriorWeight);
        var ofTag = Of(byTag.GetValueOrDefault((sample.Tag, model)), isOwn, sample.Reward);
        return Math.Clamp((ofTag.Sum + PriorWeight * middle) / (ofTag.Count + PriorWeight), 0, 1);
    }

    private static (double Sum, int Count) Of((double Sum, int Count) sums, bool isOwn, double reward) => isOwn ? Minus(sums, reward) : sums;

    private static (double Sum, int Count) Plus((double Sum, int Count) sums, double reward) => (sums.Sum + reward, sums.Count + 1);

    private static (double Sum, int Count) Minus((double Sum, int Count) sums, double reward) => (sums.Sum - reward, sums.Count - 1);
}
