namespace Rung.Control.Laboratory;

/// <summary>How much traffic is simulated, how often, and how it is judged.</summary>
public sealed record LabTerms
{
    /// <summary>Runs of each scenario, at least 1.</summary>
    public int Runs { get; init; } = 200;
    /// <summary>What decides all chance: the same seed gives the same result, on any number of threads.</summary>
    public long Seed { get; init; } = 1;
    /// <summary>Virtual days of a run, at least 1; null: 7 for a rollout, 30 for the control loop.</summary>
    public int? Days { get; init; }
    /// <summary>Mean calls a day.</summary>
    public int CallsPerDay { get; init; } = 20_000;
    /// <summary>Share of the calls that get a verdict, 0 to 1.</summary>
    public double Judged { get; init; } = 0.5;
    /// <summary>Mean calls of a session, at least 1.</summary>
    public double CallsPerSession { get; init; } = 4;
    /// <summary>
    /// How much the calls of a session hang together: the chance that a call goes as its session goes, 0 to 1. Two calls of a session then correlate by its square.
    /// </summary>
    public double SessionPull { get; init; } = 0.5;
    /// <summary>How far the traffic of the busiest hour lies above the mean, as a part of it, 0 to 1; the quietest lies as far below.</summary>
    public double Rhythm { get; init; } = 0.5;
    /// <summary>Mean time until a call's verdict is there.</summary>
    public TimeSpan VerdictDelay { get; init; } = TimeSpan.FromMinutes(20);
    /// <summary>How many runs go on at once.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>What of it makes no sense; null when all does.</summary>
    public string? Fault() => this switch
    {
        { Runs: < 1 or > 1_000_000 } => "Runs are 1 to 1,000,000.",
        { Days: < 1 or > 365 } => "Virtual days are 1 to 365.",
        { CallsPerDay: < 10 or > 10_000_000 } => "Calls a day are 10 to 10,000,000.",
        { Judged: not (>= 0 and <= 1) } => "The share that is judged lies between 0 and 1.",
        { CallsPerSession: not (>= 1 and <= 50) } => "Calls of a session are 1 to 50.",
        { SessionPull: not (>= 0 and <= 1) } => "The pull of a session lies between 0 and 1.",
        { Rhythm: not (>= 0 and <= 1) } => "The daily rhythm lies between 0 (none) and 1.",
        { Threads: < 1 or > 1024 } => "Threads are 1 to 1,024.",
        _ => null,
    };
}
