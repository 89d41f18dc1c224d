namespace Rung.Storage.Content;

/// <summary>One run: the candidates' answers to the rows of a set, and their grades.</summary>
public sealed record EvalRun
{
    /// <summary>Id: <c>r-</c> and 12 hexadecimal digits of what is run; begun afresh, <c>-2</c>, <c>-3</c> behind it.</summary>
    public required string Id { get; init; }
    /// <summary>Name of the set.</summary>
    public required string SetName { get; init; }
    /// <summary>Its version.</summary>
    public required int SetVersion { get; init; }
    /// <summary>Its hash, 64 hexadecimal digits.</summary>
    public required string SetHash { get; init; }
    /// <summary>The job that it is about.</summary>
    public required string Tag { get; init; }
    /// <summary>The part of the set; null: all of it.</summary>
    public EvalPart? Part { get; init; }
    /// <summary>Seed of every random choice.</summary>
    public long Seed { get; init; }
    /// <summary>JSON: candidates, terms, how it was asked for. The store does not look into it.</summary>
    public required string Plan { get; init; }
    /// <summary>When it began, UTC.</summary>
    public required DateTimeOffset BegunAt { get; init; }
    /// <summary>When its last row was graded, UTC; null: it is not at its end.</summary>
    public DateTimeOffset? EndedAt { get; init; }
}

/// <summary>How a candidate's answer came. Stored: add at the end, never renumber.</summary>
public enum EvalAnswerStatus : byte
{
    /// <summary>A whole answer.</summary>
    Answered = 1,
    /// <summary>Every attempt failed.</summary>
    Failed = 2,
    /// <summary>A pin keeps the row away from the model.</summary>
    Forbidden = 3,
    /// <summary>The model cannot take the row.</summary>
    DoesNotFit = 4,
}

/// <summary>One candidate's answer to one row, and its grade.</summary>
public sealed record EvalRunAnswer
{
    /// <summary>The policy's name of the model.</summary>
    public required string Candidate { get; init; }
    /// <summary>The row.</summary>
    public required string RowId { get; init; }
    /// <summary>How it came.</summary>
    public required EvalAnswerStatus Status { get; init; }
    /// <summary>The question's call in the ledger; null when nothing was sent.</summary>
    public string? CallId { get; init; }
    /// <summary>When it came, UTC.</summary>
    public DateTimeOffset AnsweredAt { get; init; }
    /// <summary>How long it took, in microseconds.</summary>
    public long LatencyMicros { get; init; }
    /// <summary>Known cost of every attempt, in nano-USD.</summary>
    public long CostNanoUsd { get; init; }
    /// <summary>Attempts whose price is unknown.</summary>
    public int UnknownPriceAttempts { get; init; }
    /// <summary>What the same tokens would have cost at the reference tier, in nano-USD; null when unknown.</summary>
    public long? BaselineNanoUsd { get; init; }
    /// <summary>Input tokens of the answering attempt.</summary>
    public long InputTokens { get; init; }
    /// <summary>Output tokens of it.</summary>
    public long OutputTokens { get; init; }
    /// <summary>Attempts made.</summary>
    public int Attempts { get; init; }
    /// <summary>The model's name and version as the upstream reported it; null when it reported none.</summary>
    public string? UpstreamModel { get; init; }
    /// <summary>Finish reason; null when none came.</summary>
    public string? FinishReason { get; init; }
    /// <summary>Why there is no answer, in words without content; null when there is one.</summary>
    public string? Why { get; init; }
    /// <summary>The message, JSON, UTF-8; empty when there is none, or when it was not read.</summary>
    public ReadOnlyMemory<byte> Message { get; init; }
    /// <summary>Its grade; null: not graded yet, or there is nothing to grade.</summary>
    public EvalRunGrade? Grade { get; init; }
}

/// <summary>The grade of one answer.</summary>
public sealed record EvalRunGrade
{
    /// <summary>0 to 1; null when it could not be graded.</summary>
    public double? Score { get; init; }
    /// <summary>Of the reference on the same scale; null: it is right by definition.</summary>
    public double? ReferenceScore { get; init; }
    /// <summary>Kind of the failure; null when it is right.</summary>
    public string? Kind { get; init; }
    /// <summary>Short reason; null when there is none, or when it was not read.</summary>
    public string? Reason { get; init; }
    /// <summary>What grading cost, in nano-USD.</summary>
    public long CostNanoUsd { get; init; }
    /// <summary>Attempts of the judge whose price is unknown.</summary>
    public int UnknownPriceAttempts { get; init; }
    /// <summary>What each question to a judge said, JSON, UTF-8; empty when none was asked, or when it was not read.</summary>
    public ReadOnlyMemory<byte> Verdicts { get; init; }
}

/// <summary>What a question of a run was for. Stored: never renumber.</summary>
public enum EvalStage : byte
{
    /// <summary>A candidate's answer.</summary>
    Answer = 1,
    /// <summary>Its grade, where that asks a judge.</summary>
    Grade = 2,
}

/// <summary>A question that was under way when it was last heard of.</summary>
/// <param name="Candidate">The candidate.</param>
/// <param name="RowId">The row.</param>
/// <param name="Stage">What it was for.</param>
/// <param name="CallId">The call in the ledger, where it got that far.</param>
/// <param name="Lost">It was cut off.</param>
/// <param name="CostNanoUsd">What it cost, where the ledger knows; null: it may have cost something, or nothing.</param>
public sealed record EvalFlight(string Candidate, string RowId, EvalStage Stage, string CallId, bool Lost, long? CostNanoUsd);
