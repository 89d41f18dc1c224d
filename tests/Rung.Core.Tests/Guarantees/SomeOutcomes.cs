using Rung.Core.Learning;

namespace Rung.Core.Tests.Guarantees;

/// <summary>Queries of a population that is known to the last digit.</summary>
internal static class SomeOutcomes
{
    private const double StrongIsRight = 0.9;

    /// <summary>
    /// The score is uniform on [0, 1]; the weak answer is right with a probability of its score, the strong one with 0.9, independently of each other. The strong
    /// model costs twenty times as much.
    /// </summary>
    public static CascadeOutcome[] Draw(int count, Random chance) => [.. Enumerable.Range(0, count).Select(i =>
    {
        var score = chance.NextDouble();
        return new CascadeOutcome(score, chance.NextDouble() < score ? 1 : 0, chance.NextDouble() < StrongIsRight ? 1 : 0, 100, 2000, $"q{i}");
    })];

    /// <summary>The loss of the whole population at a threshold: the integral of 0.9 − s from the threshold to 1.</summary>
    public static double TrueLoss(double threshold) => (StrongIsRight * (1 - threshold)) - ((1 - (threshold * threshold)) / 2);

    /// <summary>One query.</summary>
    public static CascadeOutcome Row(double score, double weak, double strong, string group) => new(score, weak, strong, 100, 2000, group);
}
