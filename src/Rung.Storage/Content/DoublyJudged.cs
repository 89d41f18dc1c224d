namespace Rung.Storage.Content;

/// <summary>What a score says. Stored: never renumber.</summary>
public enum JudgeScale : byte
{
    /// <summary>How good an answer is: 0 to 1.</summary>
    Grade = 1,
    /// <summary>Whether it is better than the reference: 1 better, 0.5 a tie, 0 worse.</summary>
    Preference = 2,
}

/// <summary>One answer that a judge and a person have both judged.</summary>
public sealed record DoublyJudged
{
    /// <summary>The job.</summary>
    public required string Tag { get; init; }
    /// <summary>The run whose answer it is.</summary>
    public required string Run { get; init; }
    /// <summary>The row.</summary>
    public required string RowId { get; init; }
    /// <summary>Whose answer it is: the policy's name of the model.</summary>
    public required string Candidate { get; init; }
    /// <summary>The policy's name of the judge's model.</summary>
    public required string Model { get; init; }
    /// <summary>The person, as reviews name them, or <c>labels</c>.</summary>
    public required string Reviewer { get; init; }
    /// <summary>What both scores say.</summary>
    public required JudgeScale Scale { get; init; }
    /// <summary>The judge's score, 0 to 1.</summary>
    public required double Judge { get; init; }
    /// <summary>The person's, 0 to 1.</summary>
    public required double Human { get; init; }
    /// <summary>Inverse of the chance with which people were shown it, up to a factor; above 0.</summary>
    public double Weight { get; init; } = 1;
    /// <summary>When the two were put side by side, UTC.</summary>
    public required DateTimeOffset At { get; init; }
    /// <summary>The captured call that the row is; null when it is none.</summary>
    public string? CallId { get; init; }
    /// <summary>Session of that call; null when none.</summary>
    public string? Session { get; init; }
    /// <summary>User of that call; null when none.</summary>
    public string? User { get; init; }
}
