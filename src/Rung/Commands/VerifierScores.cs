using Rung.Commands.Policy;
using Rung.Core.Learning;
using Rung.Recorded;

namespace Rung.Commands;

/// <summary>Scores of recorded answers by verifiers that have not seen them.</summary>
internal static class VerifierScores
{
    /// <summary>Trains in folds, and scores each row by the model of a fold that it is not in. Rows whose other checks fail still climb always.</summary>
    /// <param name="recorded">The rows.</param>
    /// <param name="cascade">Whose.</param>
    /// <param name="folds">How many folds, 2 to 20.</param>
    /// <param name="seed">Decides the folds.</param>
    /// <param name="error">Where it says that it is at work.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="PolicyUnusableException">There are too few rows.</exception>
    public static IReadOnlyList<CascadeOutcome> CrossFitted(RecordedCascade recorded, TagCascade cascade, int folds, long seed, TextWriter error, CancellationToken cancellationToken)
    {
        error.WriteLine($"rung: training a verifier in {folds} folds of {recorded.Rows.Count:N0} rows");
        var rows = recorded.Rows.Select((row, i) => new TrainingRow
        {
            Id = recorded.Recorded[i].Id, WeakAnswer = recorded.WeakAnswers[i], WeakQuality = row.WeakQuality, StrongQuality = row.StrongQuality,
            WeakCostNanoUsd = recorded.CostsKnown ? row.WeakCostNanoUsd : null, StrongCostNanoUsd = recorded.CostsKnown ? row.StrongCostNanoUsd : null, Group = row.Group,
        }).ToArray();
        try
        {
            var trained = VerifierTraining.Train(rows, new TrainingOptions
            {
                Weak = cascade.Weak.UpstreamId, Strong = cascade.Strong.UpstreamId, Folds = folds, Seed = (ulong)seed, ForEach = (count, body) => Parallel.For(0, count, new ParallelOptions { CancellationToken = cancellationToken }, body),
            });
            return [.. recorded.Rows.Select((row, i) => row.KeepScore < 0 ? row : row with { KeepScore = trained.OutOfFold[i].KeepScore })];
        }
        catch (TrainingException few)
        {
            throw new PolicyUnusableException(few.Message, "Grade more rows, or calibrate with the verifier's own scores on rows that it was not trained on.");
        }
    }
}
