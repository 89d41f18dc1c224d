using System.CommandLine;
using Rung.Commands.Policy;
using Rung.Control.Laboratory;
using Rung.Core.Prices;
using Rung.Core.Rollouts;
using Rung.Serving;

namespace Rung.Commands;

/// <summary><c>rung simulate</c>: the real engine, guards and control laws in virtual time, over simulated traffic with a script.</summary>
internal static class SimulateCommand
{
    private const string OwnName = "the laboratory's own policy";

    public static Command Create(TimeProvider clock)
    {
        var options = new SimulateOptions();
        var command = new Command("simulate", "Try rollouts, guards and the control loop in virtual time, over simulated traffic with a script.");
        foreach (var option in options.All) command.Options.Add(option);
        command.SetAction((parsed, cancellationToken) => PolicyCommand.GuardAsync(parsed.InvocationConfiguration.Error, () => RunAsync(options, parsed, clock, cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(SimulateOptions options, ParseResult parsed, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);

        // 1. What is asked for.
        IReadOnlyList<LabScenario> scenarios;
        RolloutPlan plan;
        var terms = options.Terms(parsed, Environment.ProcessorCount);
        try
        {
            scenarios = options.Scenarios(parsed);
            plan = options.Plan(parsed);
        }
        catch (FormatException unreadable)
        {
            return Output.Fail(error, unreadable.Message);
        }
        if (terms.Fault() is { } fault) return Output.Fail(error, fault, "rung simulate --help names the options.");
        if (scenarios.Any(scenario => scenario.Event == LabEvent.Recorded) && parsed.GetValue(options.Recorded) is null)
            return Output.Fail(error, "The scenario 'recorded' needs recorded outcomes.", "Name them: --recorded FILE (see docs/recorded.md).");

        // 2. The policies.
        var (policy, candidate) = await PoliciesAsync(options, parsed, clock, cancellationToken);
        var recorded = await SimulateRecording.ReadAsync(parsed.GetValue(options.Recorded), parsed.GetValue(options.RecordedCurrent), parsed.GetValue(options.RecordedCandidate), cancellationToken);
        Simulator laboratory;
        try
        {
            laboratory = new Simulator(terms, policy, candidate, parsed.GetValue(options.Tag), plan) { Recorded = recorded };
        }
        catch (ArgumentException unusable)
        {
            return Output.Fail(error, unusable.Message.Split(" (Parameter", 2)[0], "Name a tag of the policy: --tag TAG");
        }

        // 3. The runs.
        var began = clock.GetTimestamp();
        var reports = new List<LabReport>();
        foreach (var scenario in scenarios)
        {
            var progress = new SimulateProgress(error, clock, scenario, terms.Runs);
            try
            {
                reports.Add(laboratory.Run(scenario, progress.Done, cancellationToken));
            }
            catch (InvalidOperationException impossible)
            {
                return Output.Fail(error, $"{scenario.Words}: {impossible.Message}", "Name another tag or policy: --tag TAG, --policy FILE");
            }
        }
        var result = new SimulateReport(laboratory, terms, (policy.Name, candidate.Name), reports, clock.GetElapsedTime(began));
        if (parsed.GetValue(options.Json)) Output.WriteJson(output, result.ToJson());
        else SimulateTable.Write(output, result);
        return ExitCode.Ok;
    }

    private static async Task<(LabPolicy Policy, LabPolicy Candidate)> PoliciesAsync(SimulateOptions options, ParseResult parsed, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (named, other) = (parsed.GetValue(options.Policy), parsed.GetValue(options.Candidate));
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        if (named is null)
        {
            if (other is not null) throw new PolicyUnusableException("--candidate names a policy beside the one in force, which is missing.", "Name both: --policy FILE --candidate FILE");
            return (Own(isCandidate: false), Own(isCandidate: true));
        }
        var finder = new PolicyFinder(parsed.GetRequiredValue(options.Data), clock);
        var policy = Of(await finder.FindAsync(named, cancellationToken));
        return (policy, other is null ? policy : Of(await finder.FindAsync(other, cancellationToken)));

        LabPolicy Own(bool isCandidate)
        {
            var name = isCandidate ? $"{OwnName}, another model" : OwnName;
            return new(name, LabPolicy.SmallText(isCandidate), text => PolicyFile.Compile(name, text, _ => null, PriceBook.Embedded, today).Compilation.Snapshot);
        }

        LabPolicy Of(NamedPolicy found)
        {
            _ = found.Snapshot; // Says its faults.
            var (file, prices) = (found.File, PricesFile.ReadEffective(named: null, parsed.GetRequiredValue(options.Data)));
            return new(found.Name, file.Text, text => PolicyFile.Compile(found.Name, text, name => file.Files.TryGetValue(name, out var bytes) ? bytes : (ReadOnlyMemory<byte>?)null, prices, today)
                .Compilation.Snapshot);
        }
    }
}
