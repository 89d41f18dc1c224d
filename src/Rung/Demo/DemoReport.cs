namespace Rung.Demo;

/// <summary>What a demo showed: what <c>--json</c> prints. Every number is read from the ledger.</summary>
internal sealed record DemoReport
{
    /// <summary>Always true: the models are simulated.</summary>
    public bool Simulated { get; } = true;
    /// <summary>What is simulated and what is real.</summary>
    public required string Note { get; init; }
    /// <summary>The time that was asked for, in seconds.</summary>
    public required int Seconds { get; init; }
    /// <summary>The time that it took, in seconds.</summary>
    public required double WallSeconds { get; init; }
    /// <summary>Decides every prompt and every answer.</summary>
    public required long Seed { get; init; }
    /// <summary>How many times faster than simulated time the models answered: a latency times this is the simulated latency.</summary>
    public required double TimeScale { get; init; }
    /// <summary>Whether it was stopped: then the numbers are about the sessions that both phases finished.</summary>
    public required bool Interrupted { get; init; }
    /// <summary>Sessions, the same in both phases.</summary>
    public required int Sessions { get; init; }
    /// <summary>Calls of phase 1.</summary>
    public required int CallsBefore { get; init; }
    /// <summary>Calls of phase 2.</summary>
    public required int Calls { get; init; }
    /// <summary>Attempts of phase 2.</summary>
    public required int Attempts { get; init; }
    /// <summary>Attempts of phase 2 that climbed a rung.</summary>
    public required int Escalations { get; init; }
    /// <summary>Calls of either phase that ended in an error.</summary>
    public required int Errors { get; init; }
    /// <summary>Calls of either phase whose answer failed a check on the last rung too and was given all the same, marked as such.</summary>
    public required int Unverified { get; init; }
    /// <summary>What phase 2 cost: all attempts.</summary>
    public required decimal CostUsd { get; init; }
    /// <summary>What phase 1 cost: the same sessions, all on the frontier.</summary>
    public required decimal BaselineUsd { get; init; }
    /// <summary>What the ledger estimates that phase 2 would have cost at the reference tier: the tokens of each served answer at that price.</summary>
    public required decimal? BaselineEstimatedUsd { get; init; }
    /// <summary>Saved share of <see cref="BaselineUsd"/>, percent; null when phase 2 did not happen.</summary>
    public required double? SavedPct { get; init; }
    /// <summary>Median latency of a call in phase 1, in milliseconds of the demo's own time.</summary>
    public required double? P50MsBefore { get; init; }
    /// <summary>Median latency of a call in phase 2.</summary>
    public required double? P50MsAfter { get; init; }
    /// <summary>95th percentile of phase 1.</summary>
    public required double? P95MsBefore { get; init; }
    /// <summary>95th percentile of phase 2.</summary>
    public required double? P95MsAfter { get; init; }
    /// <summary>The bill, the tag that cost most before first. Its rows add up to the totals.</summary>
    public required IReadOnlyList<DemoTagRow> ByTag { get; init; }
    /// <summary>One call that climbed; null when none did.</summary>
    public required DemoEscalation? EscalationExample { get; init; }
    /// <summary>The models that were played.</summary>
    public required IReadOnlyList<DemoModelRow> Models { get; init; }
    /// <summary>What was kept; null when nothing was.</summary>
    public required DemoKept? Kept { get; init; }
}

/// <summary>The bill of one tag.</summary>
internal sealed record DemoTagRow
{
    /// <summary>The tag.</summary>
    public required string Tag { get; init; }
    /// <summary>The role of the agent that makes these calls.</summary>
    public required string? Role { get; init; }
    /// <summary>The rung where phase 2 starts; null when it made no such call.</summary>
    public required string? Tier { get; init; }
    /// <summary>Calls of phase 1.</summary>
    public required int CallsBefore { get; init; }
    /// <summary>Calls of phase 2.</summary>
    public required int Calls { get; init; }
    /// <summary>Attempts of phase 2.</summary>
    public required int Attempts { get; init; }
    /// <summary>Attempts of phase 2 that climbed.</summary>
    public required int Escalations { get; init; }
    /// <summary>Calls of phase 2 that climbed, percent.</summary>
    public required double EscalatedPct { get; init; }
    /// <summary>Calls of phase 2 by the rung that answered.</summary>
    public required IReadOnlyDictionary<string, int> AnsweredBy { get; init; }
    /// <summary>Cost of phase 1.</summary>
    public required decimal CostBeforeUsd { get; init; }
    /// <summary>Cost of phase 2.</summary>
    public required decimal CostAfterUsd { get; init; }
    /// <summary>Saved share, percent, negative for a loss; null when phase 2 made no such call.</summary>
    public required double? SavedPct { get; init; }
    /// <summary>95th percentile of the latency in phase 1, milliseconds of the demo's own time.</summary>
    public required double? P95MsBefore { get; init; }
    /// <summary>95th percentile of the latency in phase 2.</summary>
    public required double? P95MsAfter { get; init; }
}

/// <summary>A simulated model, as it was played.</summary>
/// <param name="Model">Its id.</param>
/// <param name="Tier">Its rung.</param>
/// <param name="PricedAs">The public model whose list price it has.</param>
/// <param name="FaultRate">Share of its answers that are wrong in form, 0 to 1.</param>
/// <param name="FirstTokenMs">Mean time to the first token, simulated milliseconds.</param>
/// <param name="TokensPerSecond">Mean speed after that, per simulated second.</param>
internal sealed record DemoModelRow(string Model, string Tier, string PricedAs, double FaultRate, double FirstTokenMs, int TokensPerSecond);

/// <summary>What a demo left behind, because it was asked to.</summary>
/// <param name="Data">The data directory, with the ledger of both phases.</param>
/// <param name="Policy">The policy of phase 2, as it ran.</param>
/// <param name="PhaseTwoSince">When phase 2 began, UTC.</param>
internal sealed record DemoKept(string Data, string Policy, DateTimeOffset? PhaseTwoSince);
