namespace Rung.Storage.Content;

/// <summary>What was planned for one tag and one scope.</summary>
public sealed record ReviewPlan
{
    /// <summary>The job.</summary>
    public required string Tag { get; init; }
    /// <summary>What was drawn from: <c>2026-W48</c>, <c>set intent@2</c>.</summary>
    public required string Scope { get; init; }
    /// <summary>Decides who is drawn. The first planning of a scope fixes it: another seed would make another sample.</summary>
    public required long Seed { get; init; }
    /// <summary>Items that the design aims at.</summary>
    public required int Quota { get; init; }
    /// <summary>What there was to draw from at the newest planning.</summary>
    public required int Frame { get; init; }
    /// <summary>When it was planned first, UTC.</summary>
    public DateTimeOffset MadeAt { get; init; }
    /// <summary>When it was planned last, UTC.</summary>
    public DateTimeOffset PlannedAt { get; init; }
}

/// <summary>How far a plan is.</summary>
public sealed record ReviewProgress
{
    /// <summary>The plan.</summary>
    public required ReviewPlan Plan { get; init; }
    /// <summary>Items that were judged or can be; those whose content went before anybody judged them are not among them.</summary>
    public required int Items { get; init; }
    /// <summary>Items with at least one verdict.</summary>
    public required int Judged { get; init; }
    /// <summary>Items that have two reviewers or can still have them.</summary>
    public required int Double { get; init; }
    /// <summary>Of these, items with two verdicts or more.</summary>
    public required int DoubleJudged { get; init; }
    /// <summary>Items whose content went before anybody judged them.</summary>
    public required int Withdrawn { get; init; }
}

/// <summary>What planning changed.</summary>
/// <param name="Added">Items that are new in the queue.</param>
/// <param name="Known">Items that were there already.</param>
public sealed record ReviewPlanned(int Added, int Known);
