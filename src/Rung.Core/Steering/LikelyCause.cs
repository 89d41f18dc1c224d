namespace Rung.Core.Steering;

/// <summary>What may have caused a change, and the next command to run.</summary>
/// <param name="Words">In one sentence; null when nothing points to a cause.</param>
/// <param name="Next">The command.</param>
internal readonly record struct LikelyCause(string? Words, string Next)
{
    /// <summary>How long before the likely beginning of a change its cause may lie, and how long after: beginnings are estimates.</summary>
    public static readonly TimeSpan Before = TimeSpan.FromHours(6), After = TimeSpan.FromHours(1);

    /// <summary>Whether something that happened may be the cause of a change.</summary>
    public static bool Fits(DateTimeOffset happened, DateTimeOffset since) => happened >= since - Before && happened <= since + After;
}

/// <summary>A revision that changed the route, with its first call.</summary>
/// <param name="Number">The revision.</param>
/// <param name="Previous">The one before; 0 when it is not known.</param>
/// <param name="Began">Its first call; null before there is one.</param>
internal readonly record struct RouteRevision(long Number, long Previous, DateTimeOffset? Began);
