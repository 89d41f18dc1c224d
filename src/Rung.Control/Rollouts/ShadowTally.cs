using System.Globalization;
using Rung.Core.Measurement;
using Rung.Core.Rollouts;

namespace Rung.Control.Rollouts;

/// <summary>What the copies of a shadow have cost and were judged.</summary>
/// <param name="Copies">Copies that were answered or failed.</param>
/// <param name="Failed">Of them, those that failed.</param>
/// <param name="CostNanoUsd">Cost of copies and their judging, nano-USD, where it is known.</param>
/// <param name="UnknownCosts">Calls of unknown price among them.</param>
/// <param name="Judged">Comparisons by the judge.</param>
/// <param name="ScoreSum">Sum of the candidate's scores: 1 where it was preferred, 0.5 a tie.</param>
/// <param name="SquareSum">Sum of their squares.</param>
internal sealed record ShadowTally(int Copies = 0, int Failed = 0, long CostNanoUsd = 0, int UnknownCosts = 0, int Judged = 0, double ScoreSum = 0, double SquareSum = 0)
{
    /// <summary>What a tie is worth.</summary>
    public const double Tie = 0.5;

    // Looked at once, when the shadow ends: one-sided 99 %.
    private const double Quantile = 2.326;

    public ShadowTally With(in ObservedCall call, bool isCopy) => this with
    {
        Copies = Copies + (isCopy ? 1 : 0), Failed = Failed + (isCopy && call.Failed ? 1 : 0), CostNanoUsd = CostNanoUsd + (call.CostNanoUsd ?? 0), UnknownCosts = UnknownCosts + (call.CostNanoUsd is null ? 1 : 0),
    };

    public ShadowTally With(in ObservedVerdict verdict) =>
        verdict.Signal == QualitySignal.Judge ? this with { Judged = Judged + 1, ScoreSum = ScoreSum + verdict.Score, SquareSum = SquareSum + (verdict.Score * verdict.Score) } : this;

    /// <summary>Whether no more copies are made: enough comparisons, its money is spent, or something had no price, so that nobody knows.</summary>
    public bool IsOver(ShadowTerms terms) => Judged >= terms.Judgements || CostNanoUsd >= ShadowTerms.SpentShare * terms.MaxNanoUsd || UnknownCosts > 0;

    /// <summary>Whether so much was judged that <see cref="IsWorse"/> can say something.</summary>
    public bool IsJudged => Judged >= ShadowTerms.LeastJudgements;

    /// <summary>Whether the judge clearly prefers the current policy: the upper bound of the candidate's mean score is below a tie by more than a margin.</summary>
    public bool IsWorse(double margin)
    {
        if (!IsJudged) return false;
        var mean = ScoreSum / Judged;
        var variance = Math.Max(0, (SquareSum - (ScoreSum * mean)) / (Judged - 1));
        return mean + (Quantile * Math.Sqrt(variance / Judged)) < Tie - margin;
    }

    public string Words(ShadowTerms terms)
    {
        var judged = Judged == 0 ? "none was judged" : string.Create(CultureInfo.InvariantCulture, $"{Judged:N0} of {terms.Judgements:N0} judged, mean score {ScoreSum / Judged:0.000} (0.5: as good)");
        var unknown = UnknownCosts == 0 ? "" : $", {UnknownCosts:N0} of unknown price";
        return string.Create(CultureInfo.InvariantCulture, $"{Copies:N0} copies ({Failed:N0} failed), {judged}, ${CostNanoUsd / 1e9:0.00} of ${terms.MaxNanoUsd / 1e9:0.00}{unknown}");
    }
}
