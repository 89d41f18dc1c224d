using System.Globalization;
using Rung.Commands.Policy;
using Rung.Control.Laboratory;
using Rung.Core.Rollouts;

namespace Rung.Commands;

/// <summary>A simulation for people: at most 100 columns.</summary>
internal static class SimulateTable
{
    private const int MaxNames = 4;

    /// <summary>Writes it.</summary>
    public static void Write(TextWriter output, SimulateReport report)
    {
        var (terms, laboratory) = (report.Terms, report.Laboratory);
        Lines.Write(output, "", $"SIMULATED traffic and models; the engine, the guards and the control laws are the real ones. {terms.Runs:N0} runs a scenario, seed {terms.Seed}, "
            + $"{terms.CallsPerDay:N0} calls a day in sessions of {Number(terms.CallsPerSession)}, {Percent(terms.Judged)} judged. Policy: {report.Policies.Current}, tag {laboratory.Tag}.");
        if (laboratory.Recorded is { } scores)
        {
            Lines.Write(output, "", $"Recorded: {scores.Source}; {scores.Count:N0} prompts that both have answered, mean score {Number(scores.CurrentMean)} against {Number(scores.CandidateMean)}.");
        }
        var rollouts = report.Scenarios.Where(one => one.Rollout is not null).ToList();
        if (rollouts.Count > 0) Rollouts(output, report, rollouts);
        var controls = report.Scenarios.Where(one => one.Control is not null).ToList();
        if (controls.Count > 0) Controls(output, controls);
        output.WriteLine();
        Lines.Write(output, "", $"{report.VirtualTime.TotalDays:N0} virtual days in {report.WallTime.TotalSeconds:N1} s: {report.Speed:N0} times as fast as real time.");
    }

    private static void Rollouts(TextWriter output, SimulateReport report, List<LabReport> scenarios)
    {
        var plan = report.Laboratory.Plan;
        output.WriteLine();
        Lines.Write(output, "", $"Rollouts of {report.Policies.Candidate}: stages {string.Join(", ", plan.Stages.Select(share => Number(share / 100.0)))} %, at least {Number(plan.MinTime.TotalDays)} days, "
            + $"looked at every virtual minute, for {scenarios[0].Days} virtual days. Guards: {string.Join(", ", plan.Guards.Select(guard => $"{GuardWords.Of(guard.Metric)} {Number(guard.Margin)}"))}.");
        output.WriteLine();
        output.WriteLine($"{"",-20} {"whole",7} {"held",7} {"rolled",7}  rolled back at stage {"calls exposed",17} {"days to",7} {"t-test",7}");
        output.WriteLine($"{"scenario",-20} {"traffic",7} {"",7} {"back",7}  {string.Join(" ", plan.Stages[..^1].Take(3).Select(share => $"{Number(share / 100.0) + " %",6}")),-20} {"median / p95",17} {"whole",7} {"back",7}");
        foreach (var one in scenarios)
        {
            var rollout = one.Rollout!;
            output.WriteLine(($"{Name(one.Scenario.Words, 20),-20} {Percent(rollout.Completed),7} {Percent(rollout.Held),7} {Percent(rollout.RolledBack),7}  "
                + $"{string.Join(" ", rollout.Stages.Take(3).Select(stage => $"{Percent(stage.Rollbacks),6}")),-20} {Figures(rollout.CallsExposed),17} "
                + $"{(rollout.DaysToWhole is { } days ? Number(days.Median) : "-"),7} {Percent(rollout.TTest.RolledBack),7}").TrimEnd());
        }
        output.WriteLine();
        foreach (var one in scenarios) Lines.Write(output, "", $"{one.Scenario.Words}: {one.Scenario.Says} {Sentence(one.Rollout!)}");
        Lines.Write(output, "", "t-test: Welch's, over the calls, on the same data and metrics, looked at once a day and rolled back at p < 0.05: it is wrong more often with each look.");
    }

    private static string Sentence(RolloutSummary rollout)
    {
        var text = $"Rolled back: {Percent(rollout.RolledBack)} (between {Percent(rollout.RolledBack.Low)} and {Percent(rollout.RolledBack.High)})";
        if (rollout.DaysToRollback is { } days) text += $", after {Number(days.Median)} days (median)";
        if (rollout.BrokenGuards.Count > 0) text += $", by {Counts(rollout.BrokenGuards)}";
        if (rollout.OpenGuards.Count > 0) text += $"; held up by {Counts(rollout.OpenGuards)}";
        if (rollout.TTest.CallsExposed is { } exposed) text += $"; the t-test after {exposed.Median:N0} calls (median)";
        return $"{text}.";
    }

    private static void Controls(TextWriter output, List<LabReport> scenarios)
    {
        output.WriteLine();
        Lines.Write(output, "", $"The control loop, looked at every virtual minute, for {scenarios[0].Days} virtual days.");
        output.WriteLine();
        output.WriteLine($"{"",-22} {"demoted",8} {"falsely",8} {"noticed",8} {"hours to notice",16} {"calls to notice",17} {"false alarms",13}");
        output.WriteLine($"{"scenario",-22} {"",8} {"demoted",8} {"",8} {"median / p95",16} {"median / p95",17} {"a month",13}");
        foreach (var one in scenarios)
        {
            var control = one.Control!;
            output.WriteLine($"{Name(one.Scenario.Words),-22} {Percent(control.Demoted),8} {Percent(control.FalselyDemoted),8} {(control.Detected is { } found ? Percent(found) : "-"),8} "
                + $"{Figures(control.HoursToDetection, "N1"),16} {Figures(control.CallsToDetection),17} {Rate(control),13}");
        }
        output.WriteLine();
        foreach (var one in scenarios) Lines.Write(output, "", $"{one.Scenario.Words}: {one.Scenario.Says} {Sentence(one.Control!)}");
    }

    private static string Sentence(ControlSummary control)
    {
        var text = $"Falsely demoted: {Percent(control.FalselyDemoted)} (between {Percent(control.FalselyDemoted.Low)} and {Percent(control.FalselyDemoted.High)})";
        if (control.QuietMonths > 0) text += $"; {control.FalseAlarms.Values.Sum():N0} false alarms in {control.QuietMonths:N1} quiet virtual months";
        if (control.FalseAlarms.Count > 0) text += $" ({Counts(control.FalseAlarms)})";
        if (control.Returned is { } returned) text += $"; the way back reached the whole traffic in {Percent(returned)} of the runs";
        if (control.DaysToReturn is { } days) text += $", {Number(days.Median)} days after the repair (median)";
        return $"{text}.";
    }

    private static string Rate(ControlSummary control) => control.QuietMonths > 0 ? control.FalseAlarmsPerMonth.ToString("0.####", CultureInfo.InvariantCulture) : "-";

    private static string Counts(IReadOnlyDictionary<string, int> counts) =>
        string.Join(", ", counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Take(MaxNames).Select(pair => $"{pair.Key} {pair.Value:N0}"));

    private static string Figures(LabFigures? figures, string format = "N0") =>
        figures is null ? "-" : $"{figures.Median.ToString(format, CultureInfo.InvariantCulture)} / {figures.P95.ToString(format, CultureInfo.InvariantCulture)}";

    private static string Name(string words, int most = 22) => words.Length > most ? $"{words[..(most - 1)]}…" : words;

    private static string Percent(LabShare share) => Percent(share.Share);

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.#} %");

    private static string Number(double number) => number.ToString("0.###", CultureInfo.InvariantCulture);
}
