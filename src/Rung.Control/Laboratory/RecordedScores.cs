namespace Rung.Control.Laboratory;

/// <summary>Scores of two recorded models on the same prompts, which stand in for simulated quality.</summary>
public sealed class RecordedScores
{
    /// <summary>Takes them.</summary>
    /// <param name="current">The current model's score of each prompt, 0 to 1.</param>
    /// <param name="candidate">The candidate's, of the same prompts in the same order.</param>
    /// <param name="source">What they are, for people.</param>
    /// <exception cref="ArgumentException">There are none, or not as many of one as of the other.</exception>
    public RecordedScores(IReadOnlyList<double> current, IReadOnlyList<double> candidate, string source)
    {
        ArgumentNullException.ThrowIfNull(current);
        ArgumentNullException.ThrowIfNull(candidate);
        if (current.Count == 0 || current.Count != candidate.Count) throw new ArgumentException("Two models need scores of the same prompts, at least one.", nameof(candidate));
        (Current, Candidate, Source) = ([.. current], [.. candidate], source);
    }

    /// <summary>What they are, for people.</summary>
    public string Source { get; }
    /// <summary>How many prompts there are.</summary>
    public int Count => Current.Length;
    /// <summary>Mean score of the current model.</summary>
    public double CurrentMean => Current.Average();
    /// <summary>Mean score of the candidate.</summary>
    public double CandidateMean => Candidate.Average();

    internal double[] Current { get; }
    internal double[] Candidate { get; }
}
