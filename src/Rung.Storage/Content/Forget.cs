namespace Rung.Storage.Content;

/// <summary>What is to be deleted: content that matches everything that is given. At least one is.</summary>
public sealed record ForgetRequest
{
    /// <summary>One call.</summary>
    public string? CallId { get; init; }
    /// <summary>A session.</summary>
    public string? Session { get; init; }
    /// <summary>An end user.</summary>
    public string? User { get; init; }
    /// <summary>Calls that began before.</summary>
    public DateTimeOffset? Before { get; init; }
    /// <summary>A tag.</summary>
    public string? Tag { get; init; }
    /// <summary>Why: it stays as a note, without saying who.</summary>
    public required string Reason { get; init; }
}

/// <summary>What was deleted.</summary>
public sealed record ForgetReport
{
    /// <summary>Captured calls.</summary>
    public int Captures { get; init; }
    /// <summary>Rows of eval sets.</summary>
    public int EvalRows { get; init; }
    /// <summary>Answers and verdicts of runs on these rows.</summary>
    public int RunAnswers { get; init; }
    /// <summary>Items of reviews.</summary>
    public int Reviews { get; init; }
    /// <summary>Comments and replaced texts of feedback.</summary>
    public int Comments { get; init; }
    /// <summary>Calls in the ledger whose user and session were taken out.</summary>
    public int LedgerCalls { get; init; }
    /// <summary>Versions of sets that lost rows, as <c>name@version</c>.</summary>
    public IReadOnlyList<string> Sets { get; init; } = [];
}
