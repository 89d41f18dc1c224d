using System.Text.Json.Serialization;

namespace Rung.Recorded;

/// <summary>What a drive found. Printed as JSON by <c>rung drive --json</c>: the names here, in snake_case, are that format.</summary>
internal sealed record DriveReport
{
    /// <summary>The gateway, without <c>/v1</c>.</summary>
    public required string Gateway { get; init; }
    /// <summary>The tag of the calls; null when each row's source was its tag.</summary>
    public required string? Tag { get; init; }
    /// <summary>Whether answers were streamed.</summary>
    public required bool Streamed { get; init; }
    /// <summary>Whether it was stopped before its end. Everything below is about the calls that had ended.</summary>
    public required bool Interrupted { get; init; }
    /// <summary>Prompts that were to be sent.</summary>
    public required int Prompts { get; init; }
    /// <summary>Calls that ended.</summary>
    public required int Calls { get; init; }
    /// <summary>Calls that ended in an answer.</summary>
    public required int Answered { get; init; }
    /// <summary>Calls that ended in an error, by what it was.</summary>
    public required IReadOnlyDictionary<string, int> Errors { get; init; }

    /// <summary>Sum of the grades; where grades are 0 and 1, the number of right answers.</summary>
    public required double Correct { get; init; }
    /// <summary><see cref="Correct"/> over all calls, 0 to 1: an error or an ungraded answer counts as wrong. Null without calls.</summary>
    public required double? Accuracy { get; init; }
    /// <summary><see cref="Correct"/> over the answered calls, 0 to 1; null when none was answered.</summary>
    public required double? AccuracyAnswered { get; init; }
    /// <summary>Answers graded as the recorded answer that they equal.</summary>
    public required int GradedAsRecorded { get; init; }
    /// <summary>Answers graded by their last number or letter.</summary>
    public required int GradedByGold { get; init; }
    /// <summary>Answers without a grade.</summary>
    public required int Ungraded { get; init; }

    /// <summary>Answered calls by the model that answered.</summary>
    public required IReadOnlyDictionary<string, int> CallsByModel { get; init; }
    /// <summary>Answered calls by the rung that answered; empty when the gateway names none.</summary>
    public required IReadOnlyDictionary<string, int> CallsByTier { get; init; }
    /// <summary>Attempts of all calls; null when the gateway does not say.</summary>
    public required int? Attempts { get; init; }
    /// <summary>Attempts by model; null when they were not asked for.</summary>
    public required IReadOnlyDictionary<string, int>? AttemptsByModel { get; init; }
    /// <summary>Calls with at least one escalation; null when the gateway does not say.</summary>
    public required int? Escalations { get; init; }

    /// <summary>
    /// Answered calls that climbed to a model which gave no answer, and so got the one that had failed: a recording that lacks the answers of a rung makes a
    /// cascade look cheap and bad. Null when the attempts are not known.
    /// </summary>
    public required int? ClimbsWithoutAnswer { get; init; }

    /// <summary>What the calls cost, in nano-USD; null when the gateway priced none.</summary>
    [JsonIgnore]
    public long? CostNanoUsd { get; init; }
    /// <summary>What they would have cost at the reference tier, in nano-USD; null when the gateway gave no baseline.</summary>
    [JsonIgnore]
    public long? BaselineNanoUsd { get; init; }
    /// <summary>Cost in US dollars, exact.</summary>
    public decimal? CostUsd => Usd(CostNanoUsd);
    /// <summary>Baseline in US dollars, exact.</summary>
    public decimal? BaselineUsd => Usd(BaselineNanoUsd);
    /// <summary>Baseline less cost, in US dollars; negative when routing cost more than it saved.</summary>
    public decimal? SavingUsd => BaselineUsd - CostUsd;
    /// <summary>Saving in per cent of the baseline; null without a baseline.</summary>
    public double? SavedPct => BaselineNanoUsd is > 0 and { } baseline && CostNanoUsd is { } cost ? 100.0 * (baseline - cost) / baseline : null;
    /// <summary>Answered calls whose cost is unknown: they are not in <see cref="CostUsd"/>.</summary>
    public required int CallsWithoutCost { get; init; }
    /// <summary>Answered calls without a baseline: they are not in <see cref="BaselineUsd"/>.</summary>
    public required int CallsWithoutBaseline { get; init; }

    /// <summary>How long answered calls took, in milliseconds; null when none was answered.</summary>
    public required DriveLatency? LatencyMs { get; init; }
    /// <summary>From the first call to the end of the last, in seconds.</summary>
    public required double WallSeconds { get; init; }
    /// <summary>Calls a second over that time.</summary>
    public required double CallsPerSecond { get; init; }

    /// <summary>What each recorded model would have done with the same calls alone, best first.</summary>
    public required IReadOnlyList<AlwaysModel> Always { get; init; }

    private static decimal? Usd(long? nanoUsd) => nanoUsd / 1_000_000_000m;
}

/// <summary>How long calls took, in milliseconds.</summary>
/// <param name="P50">Median (nearest rank).</param>
/// <param name="P95">95th percentile (nearest rank).</param>
/// <param name="Mean">Mean.</param>
internal sealed record DriveLatency(double P50, double P95, double Mean);

/// <summary>A reference point: one recorded model for every call.</summary>
/// <param name="Model">The model, as recorded.</param>
/// <param name="Accuracy">Mean grade over the prompts that have one, 0 to 1.</param>
/// <param name="Correct">Sum of those grades.</param>
/// <param name="Prompts">Prompts that have a grade.</param>
/// <param name="CostNanoUsd">What its answers cost, in nano-USD; null unless all have a price.</param>
internal sealed record AlwaysModel(string Model, double Accuracy, double Correct, int Prompts, [property: JsonIgnore] long? CostNanoUsd)
{
    /// <summary>What its answers cost, in US dollars, exact; null unless all have a price.</summary>
    public decimal? CostUsd => CostNanoUsd / 1_000_000_000m;
}
