namespace Rung.Control.Evals.Judging;

/// <summary>One question to a judge, and how its verdict is read.</summary>
internal sealed record JudgeQuestion
{
    /// <summary>The instructions.</summary>
    public required string Instructions { get; init; }
    /// <summary>What is judged, between fences.</summary>
    public required string Material { get; init; }
    /// <summary>The verdict's form as a JSON schema, for models that can be held to one.</summary>
    public required string Schema { get; init; }
    /// <summary>The form in one line, for a judge that missed it.</summary>
    public required string Form { get; init; }
    /// <summary>Reads a verdict, strictly; null for anything else.</summary>
    public required Func<ReadOnlyMemory<byte>, Verdict?> Read { get; init; }
}

/// <summary>What a judge said.</summary>
/// <param name="Score">By a rubric the grade; of two answers 1 when the first is better, 0 when the second is, 0.5 when neither is.</param>
/// <param name="Reason">Why, in short; null when no reason was given.</param>
internal sealed record Verdict(double Score, string? Reason);
