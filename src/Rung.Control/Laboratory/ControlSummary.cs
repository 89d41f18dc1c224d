using System.Collections.Immutable;

namespace Rung.Control.Laboratory;

/// <summary>One run of the control loop.</summary>
internal readonly record struct ControlOutcome
{
    /// <summary>Demotions of the tag.</summary>
    public required int Demotions { get; init; }
    /// <summary>Those of them that nothing had called for: before the change, or where quality never changed.</summary>
    public required int FalseDemotions { get; init; }
    /// <summary>Virtual minutes from the change until it was noticed; null: never, or nothing changed.</summary>
    public int? MinutesToDetection { get; init; }
    /// <summary>Calls in that time.</summary>
    public long CallsToDetection { get; init; }
    /// <summary>Virtual minutes in which every alarm is false.</summary>
    public required int QuietMinutes { get; init; }
    /// <summary>Alarms in them, by kind.</summary>
    public required ImmutableArray<string> FalseAlarms { get; init; }
    /// <summary>How the way back ended; null when none was tried.</summary>
    public RolloutEnd? Return { get; init; }
    /// <summary>Virtual minutes from the repair to the whole traffic on the policy of before; null when it did not come to that.</summary>
    public int? MinutesToReturn { get; init; }
}

/// <summary>All runs of one scenario of the control loop.</summary>
public sealed record ControlSummary
{
    /// <summary>Runs in which the tag was demoted at least once.</summary>
    public required LabShare Demoted { get; init; }
    /// <summary>Runs with at least one demotion that nothing had called for.</summary>
    public required LabShare FalselyDemoted { get; init; }
    /// <summary>Runs in which the change was noticed: by a demotion, or by the alert that the change calls for; null where nothing changes.</summary>
    public required LabShare? Detected { get; init; }
    /// <summary>Virtual hours from the change until then.</summary>
    public required LabFigures? HoursToDetection { get; init; }
    /// <summary>Calls from the change until then.</summary>
    public required LabFigures? CallsToDetection { get; init; }
    /// <summary>Alarms in 30 virtual days in which nothing happens, mean over the runs.</summary>
    public required double FalseAlarmsPerMonth { get; init; }
    /// <summary>Virtual months in which nothing happened: what the figure above rests on.</summary>
    public required double QuietMonths { get; init; }
    /// <summary>Those alarms by kind.</summary>
    public required ImmutableSortedDictionary<string, int> FalseAlarms { get; init; }
    /// <summary>Runs in which the way back, a rollout, reached the whole traffic; null where none was tried.</summary>
    public required LabShare? Returned { get; init; }
    /// <summary>Virtual days from the repair until then.</summary>
    public required LabFigures? DaysToReturn { get; init; }

    internal static ControlSummary Of(IReadOnlyList<ControlOutcome> outcomes, LabScenario scenario)
    {
        var runs = outcomes.Count;
        var noticed = outcomes.Where(outcome => outcome.MinutesToDetection is not null).ToList();
        var months = outcomes.Sum(outcome => (double)outcome.QuietMinutes) / (30 * 1440);
        var alarms = outcomes.SelectMany(outcome => outcome.FalseAlarms).ToList();
        var isTried = outcomes.Any(outcome => outcome.Return is not null);
        return new()
        {
            Demoted = LabShare.Of(outcomes.Count(outcome => outcome.Demotions > 0), runs),
            FalselyDemoted = LabShare.Of(outcomes.Count(outcome => outcome.FalseDemotions > 0), runs),
            Detected = scenario.Event == LabEvent.Noise ? null : LabShare.Of(noticed.Count, runs),
            HoursToDetection = LabFigures.Of(noticed.Select(outcome => outcome.MinutesToDetection!.Value / 60.0)),
            CallsToDetection = LabFigures.Of(noticed.Select(outcome => (double)outcome.CallsToDetection)),
            FalseAlarmsPerMonth = months > 0 ? alarms.Count / months : 0,
            QuietMonths = months,
            FalseAlarms = alarms.GroupBy(kind => kind, StringComparer.Ordinal).ToImmutableSortedDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal),
            Returned = isTried ? LabShare.Of(outcomes.Count(outcome => outcome.Return == RolloutEnd.Completed), runs) : null,
            DaysToReturn = LabFigures.Of(outcomes.Where(outcome => outcome.MinutesToReturn is not null).Select(outcome => outcome.MinutesToReturn!.Value / 1440.0)),
        };
    }
}
