namespace Rung.Control.Evals.Sets;

/// <summary>A set as it was drawn, before it has references.</summary>
public sealed record EvalSample
{
    /// <summary>The rows, without references, by position; each with the source that it was made from.</summary>
    public required IReadOnlyList<DrawnRow> Rows { get; init; }
    /// <summary>The strata, the heaviest first.</summary>
    public required IReadOnlyList<EvalStratum> Strata { get; init; }
    /// <summary>Words that tell a cluster from the others, by its number minus 1; empty when there is one cluster. Content: to be shown, not to be stored.</summary>
    public IReadOnlyList<IReadOnlyList<string>> ClusterWords { get; init; } = [];
    /// <summary>Rows that are the same as another one, which stands for them.</summary>
    public int ExactDuplicates { get; init; }
    /// <summary>Rows that are nearly the same as another one, which stands for them.</summary>
    public int NearDuplicates { get; init; }
    /// <summary>Different rows that could be drawn.</summary>
    public int Different { get; init; }
    /// <summary>Calls that the rows stand for: the sum of their weights.</summary>
    public double Mass { get; init; }
    /// <summary>Groups that are kept together, of one row or more.</summary>
    public int Groups { get; init; }
    /// <summary>Rows of the largest.</summary>
    public int LargestGroup { get; init; }
    /// <summary>What whoever uses the set should know; sentences.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>One row that was drawn.</summary>
/// <param name="Row">The row, without a reference.</param>
/// <param name="Source">What it was made from.</param>
public sealed record DrawnRow(Rung.Storage.Content.EvalRow Row, EvalSourceRow Source);

/// <summary>One stratum.</summary>
/// <param name="Name">In words: outcome, cluster, length.</param>
/// <param name="Different">Different rows in it.</param>
/// <param name="Mass">Calls that they stand for.</param>
/// <param name="Rows">Rows drawn.</param>
public sealed record EvalStratum(string Name, int Different, double Mass, int Rows);
