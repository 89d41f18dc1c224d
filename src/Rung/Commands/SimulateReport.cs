using Rung.Control.Laboratory;

namespace Rung.Commands;

/// <summary>What <c>rung simulate</c> found, with what it was asked.</summary>
/// <param name="Laboratory">The laboratory, for its tag and plan.</param>
/// <param name="Terms">The traffic.</param>
/// <param name="Policies">Names of the policy in force and of the candidate.</param>
/// <param name="Scenarios">One report a scenario, in the order asked.</param>
/// <param name="WallTime">How long it took.</param>
internal sealed record SimulateReport(
    Simulator Laboratory, LabTerms Terms, (string Current, string Candidate) Policies, IReadOnlyList<LabReport> Scenarios, TimeSpan WallTime)
{
    /// <summary>Virtual time that passed, all runs together.</summary>
    public TimeSpan VirtualTime => TimeSpan.FromTicks(Scenarios.Sum(report => report.VirtualTime.Ticks));

    /// <summary>Virtual seconds in a second.</summary>
    public double Speed => VirtualTime / (WallTime > TimeSpan.Zero ? WallTime : TimeSpan.FromTicks(1));

    /// <summary>For <c>--json</c>. Everything but the two figures of wall time is the same for the same seed.</summary>
    public object ToJson() => new
    {
        Simulated = true,
        Policy = Policies.Current,
        Candidate = Policies.Candidate,
        Laboratory.Tag,
        Terms.Runs, Terms.Seed, Terms.CallsPerDay, Terms.Judged, Terms.CallsPerSession, Terms.SessionPull, Terms.Rhythm,
        Plan = new
        {
            StagesPercent = Laboratory.Plan.Stages.Select(share => share / 100.0),
            MinDays = Laboratory.Plan.MinTime.TotalDays, Laboratory.Plan.MinSample, Laboratory.Plan.Alpha,
            Guards = Laboratory.Plan.Guards.Select(guard => new { guard.Metric, guard.Margin, CapUsd = guard.CapNanoUsd is { } cap ? Output.UsdNumber(cap) : (decimal?)null }),
        },
        Recorded = Laboratory.Recorded is { } scores ? new { scores.Source, Prompts = scores.Count, scores.CurrentMean, scores.CandidateMean } : null,
        Scenarios = Scenarios.Select(report => new
        {
            Scenario = report.Scenario.Words, report.Scenario.Says, report.Runs, report.Days, VirtualDays = report.VirtualTime.TotalDays, report.Rollout, report.Control,
        }),
        VirtualDays = VirtualTime.TotalDays,
        WallSeconds = WallTime.TotalSeconds,
        Speed,
    };
}
