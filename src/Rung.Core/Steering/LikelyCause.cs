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

/// <summary>A revision that changed the route or what its models cost, with its first call.</summary>
/// <param name="Number">The revision.</param>
/// <param name="Previous">The one before; 0 when it is not known.</param>
/// <param name="Route">Whether it changed what answers.</param>
/// <param name="Prices">What it changed of the prices of models on the route, in words; null for nothing.</param>
/// <param name="Began">The first call after it; null before there is one.</param>
internal readonly record struct RouteRevision(long Number, long Previous, bool Route, string? Prices, DateTimeOffset? Began)
{
    /// <summary>What of it may be behind an alert of this kind, in words; null for nothing: a price changes what calls cost, and nothing else.</summary>
    public string? ChangeFor(Alerts.AlertKind kind) => (Route, kind == Alerts.AlertKind.CostCeiling ? Prices : null) switch
    {
        (true, { } prices) => $"this route and {prices}",
        (true, null) => "this route",
        (false, var prices) => prices,
    };
}
