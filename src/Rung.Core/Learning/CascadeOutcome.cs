namespace Rung.Core.Learning;

/// <summary>
/// What a cascade of two models knows, after the fact, of one query: the score it would have decided on, and what either model's answer was worth and
/// cost. A cascade that keeps the weak answer pays the weak model; one that climbs pays both.
/// </summary>
/// <param name="KeepScore">The score of the weak answer, 0 to 1: the cascade keeps answers whose score is at least its threshold.</param>
/// <param name="WeakQuality">Grade of the weak model's answer, 0 to 1.</param>
/// <param name="StrongQuality">Grade of the strong model's answer, 0 to 1.</param>
/// <param name="WeakCostNanoUsd">What the weak answer cost, its verifiers included, in nano-USD.</param>
/// <param name="StrongCostNanoUsd">What the strong answer cost, in nano-USD.</param>
/// <param name="Group">Queries of one group (near-identical prompts) stay on one side of any split; the query's own id when it stands alone.</param>
public readonly record struct CascadeOutcome(
    double KeepScore, double WeakQuality, double StrongQuality, long WeakCostNanoUsd, long StrongCostNanoUsd, string Group);
