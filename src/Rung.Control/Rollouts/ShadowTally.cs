using System.Globalization;
using Rung.Core.Measurement;
using Rung.Core.Rollouts;

namespace Rung.Control.Rollouts;

/// <summary>What the copies of a shadow have cost and were judged.</summary>
/// <param name="Copies">Copies that were answered or failed.</param>
/// <param name="Failed">Of them, those that failed.</param>
/// <param name="CostNanoUsd">Their cost and that of judging them, nano-USD, where it is known.</param>
/// <param name="UnknownCosts">Copies, and questions to the judge, whose price is unknown.</param>
/// <param name="Judged">Comparisons by the judge.</param>
/// <param name="ScoreSum">Sum of their scores.</param>
internal sealed record ShadowTally(int Copies = 0, int Failed = 0, long CostNanoUsd = 0, int UnknownCosts = 0, int Judged = 0, double ScoreSum = 0)
{
    public ShadowTally With(in ObservedCall copy) => this with
    {
        Copies = Copies + 1, Failed = Failed + (copy.Failed ? 1 : 0), CostNanoUsd = CostNanoUsd + (copy.CostNanoUsd ?? 0), UnknownCosts = UnknownCosts + (copy.CostNanoUsd is null ? 1 : 0),
    };

    /// <summary>Adds a question to the judge: the same budget pays for it.</summary>
    public ShadowTally WithJudging(in ObservedCall question) => this with
    {
        CostNanoUsd = CostNanoUsd + (question.CostNanoUsd ?? 0), UnknownCosts = UnknownCosts + (question.CostNanoUsd is null ? 1 : 0),
    };

    public ShadowTally With(in ObservedVerdict verdict) => verdict.Signal == QualitySignal.Judge ? this with { Judged = Judged + 1, ScoreSum = ScoreSum + verdict.Score } : this;

    /// <summary>Whether it has said what it was to say: enough comparisons, or its money is spent.</summary>
    public bool IsOver(ShadowTerms terms) => Judged >= terms.Judgements || CostNanoUsd >= terms.MaxNanoUsd;

    public string Words(ShadowTerms terms)
    {
        var judged = Judged == 0 ? "none was judged" : string.Create(CultureInfo.InvariantCulture, $"{Judged:N0} of {terms.Judgements:N0} judged, mean score {ScoreSum / Judged:0.000}");
        var unknown = UnknownCosts == 0 ? "" : $", {UnknownCosts:N0} of unknown price";
        return string.Create(CultureInfo.InvariantCulture, $"{Copies:N0} copies ({Failed:N0} failed), {judged}, ${CostNanoUsd / 1e9:0.00} of ${terms.MaxNanoUsd / 1e9:0.00}{unknown}");
    }
}
