using Rung.Core.Policies;

namespace Rung.Core.Steering;

/// <summary>What is to be done about a tag whose quality is below its floor.</summary>
public enum SteeringStep : byte
{
    /// <summary>The route is moved to the next stronger tier at once.</summary>
    Demote = 1,
    /// <summary>It would be moved, but may not be: only the alert says so.</summary>
    Propose = 2,
    /// <summary>No tier is left to move it to, or the route cannot be moved by itself: a person must look.</summary>
    Tell = 3,
}

/// <summary>A decision of the law of steering.</summary>
public sealed record SteeringAction
{
    /// <summary>The tag.</summary>
    public required string Tag { get; init; }
    /// <summary>What to do.</summary>
    public required SteeringStep Step { get; init; }
    /// <summary>The tier that it is on.</summary>
    public required string From { get; init; }
    /// <summary>The tier that it is moved to, or would be; null when there is none.</summary>
    public string? To { get; init; }
    /// <summary>Number of the open rollout on this tag that must be rolled back first; null when there is none, or nothing is done.</summary>
    public long? RollBack { get; init; }
    /// <summary>What happened and what is done, in one sentence: the reason of the automatic revision, and the summary of the alert.</summary>
    public required string Summary { get; init; }
    /// <summary>The end of <see cref="Summary"/>: <c>demoted to mid</c>.</summary>
    public required string Outcome { get; init; }
    /// <summary>The reading that it was decided on.</summary>
    public required FloorReading Reading { get; init; }
}

/// <summary>A tag as the law of steering sees it.</summary>
/// <param name="Tag">The tag.</param>
/// <param name="Route">Its route in the policy in force.</param>
/// <param name="Floor">What is known of its floor, from calls on the policy in force; null when it has none.</param>
/// <param name="Rollout">Number of the open rollout that covers it; null when there is none.</param>
public sealed record TagStanding(string Tag, Route Route, FloorReading? Floor, long? Rollout);

/// <summary>A demotion that was made, by an automatic revision.</summary>
/// <param name="Tag">The tag.</param>
/// <param name="At">When, UTC.</param>
public sealed record PastDemotion(string Tag, DateTimeOffset At);

/// <summary>That nothing may be changed automatically.</summary>
/// <param name="By">Who said so.</param>
/// <param name="Why">Why.</param>
/// <param name="Until">When it ends by itself, UTC; null: when somebody ends it.</param>
public sealed record SteeringFreeze(string By, string Why, DateTimeOffset? Until)
{
    /// <summary>Whether it holds.</summary>
    public bool Holds(DateTimeOffset now) => Until is not { } until || now < until;
}

/// <summary>Whether the alerts of a tag are armed. Those of cost and of quality only are together.</summary>
/// <param name="IsArmed">Whether they are.</param>
/// <param name="Why">Why, in words.</param>
public sealed record Arming(bool IsArmed, string Why);
