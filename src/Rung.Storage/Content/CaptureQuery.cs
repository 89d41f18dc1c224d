namespace Rung.Storage.Content;

/// <summary>Which captured calls to read: those that match everything that is given. Expired ones never match.</summary>
public sealed record CaptureQuery
{
    /// <summary>Calls of this tag; null: of any or none.</summary>
    public string? Tag { get; init; }
    /// <summary>Calls that began at this instant or later; null: from the first one.</summary>
    public DateTimeOffset? Since { get; init; }
    /// <summary>Calls that began before this instant; null: to the last one.</summary>
    public DateTimeOffset? Until { get; init; }
    /// <summary>Calls of this session; null: of any or none.</summary>
    public string? Session { get; init; }
    /// <summary>Calls of this end user; null: of any or none.</summary>
    public string? User { get; init; }
    /// <summary>At most so many, at least 1; null: all of them.</summary>
    public int? Limit { get; init; }
}

/// <summary>A captured call without its content: what a list shows.</summary>
public sealed record CaptureEntry
{
    /// <summary>The call in the ledger.</summary>
    public required string CallId { get; init; }
    /// <summary>When the call began, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }
    /// <summary>From when on it is to be gone, UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
    /// <summary>The tag that the client gave; null when none.</summary>
    public string? Tag { get; init; }
    /// <summary>The route that served it.</summary>
    public required string Route { get; init; }
    /// <summary>Data class of the call; null when none.</summary>
    public string? DataClass { get; init; }
    /// <summary>Probability with which it was sampled, above 0, at most 1.</summary>
    public required double SampledAt { get; init; }
    /// <summary>Number of the policy revision that decided.</summary>
    public long PolicyRevision { get; init; }
    /// <summary>Text pieces that were blotted out.</summary>
    public required int Redactions { get; init; }
    /// <summary>Whole answers that the call got.</summary>
    public required int Answers { get; init; }
    /// <summary>Request and answers, in bytes.</summary>
    public required long ContentBytes { get; init; }
}

/// <summary>What is kept of the calls of one tag.</summary>
/// <param name="Tag">The tag; null: calls without one.</param>
/// <param name="Calls">Calls.</param>
/// <param name="Answers">Whole answers that they got.</param>
/// <param name="ContentBytes">Requests and answers, in bytes.</param>
/// <param name="Redactions">Text pieces that were blotted out.</param>
/// <param name="Redacted">Calls in which something was blotted out.</param>
/// <param name="First">When the first one began, UTC.</param>
/// <param name="Last">When the last one began, UTC.</param>
/// <param name="NextExpiry">When the first of them expires, UTC.</param>
public sealed record CaptureSum(
    string? Tag, int Calls, int Answers, long ContentBytes, int Redactions, int Redacted, DateTimeOffset First, DateTimeOffset Last, DateTimeOffset NextExpiry);

/// <summary>A deletion on request, as it is noted.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="Reason">Why, in the words of whoever asked for it.</param>
/// <param name="Report">How much. Calls of the ledger and names of sets are not noted here.</param>
public sealed record ForgetNote(DateTimeOffset At, string Reason, ForgetReport Report);
