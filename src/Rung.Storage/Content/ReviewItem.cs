namespace Rung.Storage.Content;

/// <summary>What an item of a review shows. Stored: add at the end, never renumber.</summary>
public enum ReviewSource : byte
{
    /// <summary>A captured call: its served answer, beside the one before it where it climbed.</summary>
    Call = 1,
    /// <summary>The reference answer of a row of an eval set.</summary>
    Row = 2,
    /// <summary>A candidate's answer of a run, beside the reference.</summary>
    Run = 3,
}

/// <summary>Which part of the design an item was drawn by. Stored: never renumber.</summary>
public enum ReviewPart : byte
{
    /// <summary>Every one of the frame had the same chance.</summary>
    Uniform = 1,
    /// <summary>Drawn for being uncertain or disputed; not in the uniform part.</summary>
    Targeted = 2,
}

/// <summary>One item that people look at: where its content is, and how it was drawn. Holds no content.</summary>
public sealed record ReviewItem
{
    /// <summary>Id: <c>v-</c> and 16 hexadecimal digits, the same whenever the same thing is planned in the same scope.</summary>
    public required string Id { get; init; }
    /// <summary>What it shows.</summary>
    public required ReviewSource Source { get; init; }
    /// <summary>The job.</summary>
    public required string Tag { get; init; }
    /// <summary>Where it was drawn from: <c>2026-W48</c>, <c>set intent@2</c>.</summary>
    public required string Scope { get; init; }
    /// <summary>The call, or the call that the row came from; null when none.</summary>
    public string? CallId { get; init; }
    /// <summary>Session of that call; null when none.</summary>
    public string? Session { get; init; }
    /// <summary>User of that call; null when none.</summary>
    public string? User { get; init; }
    /// <summary>When that call began, UTC; null when unknown.</summary>
    public DateTimeOffset? StartedAt { get; init; }
    /// <summary>From when on its content is gone, UTC; null when that is not known.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
    /// <summary>Name of the eval set; null for a call.</summary>
    public string? Set { get; init; }
    /// <summary>Version of the set; 0 for a call.</summary>
    public int SetVersion { get; init; }
    /// <summary>Row of the set; null for a call.</summary>
    public string? RowId { get; init; }
    /// <summary>The run; null when none.</summary>
    public string? Run { get; init; }
    /// <summary>The model that is judged: of a run the candidate; null when the content names it.</summary>
    public string? Candidate { get; init; }
    /// <summary>Which part of the design.</summary>
    public required ReviewPart Part { get; init; }
    /// <summary>Why the targeted part likes it, in words without content; null when it has no reason to.</summary>
    public string? Why { get; init; }
    /// <summary>Probability of being drawn by the uniform part, above 0, at most 1.</summary>
    public required double UniformInclusion { get; init; }
    /// <summary>Probability of being drawn by the targeted part, 0 to 1.</summary>
    public required double TargetedInclusion { get; init; }
    /// <summary>Probability with which its content was kept in the first place, above 0, at most 1.</summary>
    public double CapturedAt { get; init; } = 1;
    /// <summary>How many people are to judge it.</summary>
    public required int Reviewers { get; init; }
    /// <summary>Whether the judged answer stands on the right.</summary>
    public bool IsFlipped { get; init; }
    /// <summary>Place in the random order of its plan.</summary>
    public required long Shuffle { get; init; }
    /// <summary>Verdicts in force.</summary>
    public int Verdicts { get; init; }
    /// <summary>Whether its content is gone: nobody can judge it any more.</summary>
    public bool IsWithdrawn { get; init; }

    /// <summary>Probability of being drawn by either part: the two are independent.</summary>
    public double Inclusion => 1 - ((1 - UniformInclusion) * (1 - TargetedInclusion));
    /// <summary>Probability of being kept and drawn.</summary>
    public double SampledAt => Inclusion * CapturedAt;
}
