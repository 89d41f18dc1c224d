using System.CommandLine;
using Rung.Commands.Policy;
using Rung.Core.Policies;
using Rung.Recorded;
using Rung.Replay;

namespace Rung.Commands.Replay;

/// <summary><c>rung replay</c>: what a policy would have made of recorded outcomes or of logged traffic, and whether that is acceptable.</summary>
internal static class ReplayCommand
{
    public static Command Create(TimeProvider clock)
    {
        var options = new ReplayOptions();
        var command = new Command("replay", "Decide recorded calls again under a policy: accuracy, cost and climbs against another policy or what was. Exit code 1 when a --fail-if holds.");
        foreach (var option in options.All) command.Options.Add(option);
        command.SetAction((parsed, cancellationToken) =>
        {
            var error = parsed.InvocationConfiguration.Error;
            if (options.Fault(parsed) is { } fault) return Task.FromResult(Output.Fail(error, fault.Message, fault.Fix));
            return PolicyCommand.GuardAsync(error, async () =>
            {
                try
                {
                    return await RunAsync(options, parsed, clock, cancellationToken);
                }
                catch (GateException wrong)
                {
                    return Output.Fail(error, wrong.Message, wrong.Fix);
                }
                catch (OutsideNeededException outside)
                {
                    return Output.Fail(error, outside.Message, "Such checks can be tried through a gateway only: rung serve, rung upstream and rung drive --gateway.");
                }
            });
        });
        return command;
    }

    private static async Task<int> RunAsync(ReplayOptions options, ParseResult parsed, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);

        // 1. The conditions and the policies: what is wrong with them is said before anything is read.
        Gate[] gates = [.. (parsed.GetValue(options.FailIf) ?? []).Select(GateReader.Read)];
        var isLedger = parsed.GetValue(options.Ledger) || parsed.GetValue(options.Imported);
        var against = parsed.GetValue(options.Against);
        if (!isLedger && against is null && gates.FirstOrDefault(gate => gate.IsRelative) is { } relative)
            return Output.Fail(error, $"\"{relative}\" compares, and nothing is named to compare with.", "Add --against POLICY.yaml, or --against reference for every call at the reference model.");
        var finder = new PolicyFinder(parsed.GetRequiredValue(options.Data), clock);
        var policy = await finder.FindAsync(parsed.GetRequiredValue(options.Policy), cancellationToken);
        var other = against is null or ReplayOptions.Reference ? null : await finder.FindAsync(against, cancellationToken);
        var (a, b) = (policy.Snapshot, other?.Snapshot);

        // 2. Every call under both.
        var sampling = new ReplaySampling(parsed.GetValue(options.Confidence), parsed.GetValue(options.Resamples), unchecked((ulong)parsed.GetValue(options.Seed)));
        var replay = isLedger
            ? await LedgerReplayRun.RunAsync(options, parsed, a, b, clock, sampling, cancellationToken)
            : await OutcomesAsync(options, parsed, a, b, clock, cancellationToken);

        // 3. Figures and conditions.
        var report = ReportOf(replay, sampling, gates, new ReplayedPolicy(policy.Name, a.Hash, $"the policy {policy.Name}"), AgainstOf(other, b, a, against, isLedger));

        // 4. Out.
        if (parsed.GetValue(options.Decisions) is { } file) ReplayDecisions.Write(file, replay.Rows);
        if (parsed.GetValue(options.Json)) Output.WriteJson(output, report);
        else if (parsed.GetValue(options.Markdown)) ReplayMarkdown.Write(output, report);
        else ReplayTable.Write(output, report);
        return report.Passed ? ExitCode.Ok : ExitCode.Faults;
    }

    private static async Task<ReplayedTraffic> OutcomesAsync(ReplayOptions options, ParseResult parsed, PolicySnapshot a, PolicySnapshot? b, TimeProvider clock, CancellationToken cancellationToken)
    {
        var error = parsed.InvocationConfiguration.Error;
        var files = parsed.GetValue(options.Outcomes)!;
        var drive = new DriveOptions { Gateway = new Uri("http://127.0.0.1"), Tag = parsed.GetValue(options.Tag), TagFromSource = parsed.GetValue(options.TagFromSource), Limit = parsed.GetValue(options.Limit) };
        var recorded = await RecordedOutcomes.ReadAsync(files, parsed.GetValue(options.Responses) ?? [], new RecordedReading { StandIns = true }, cancellationToken);
        UpstreamCommand.ReportReading(recorded, error, withStandIns: false);
        foreach (var snapshot in b is null ? [a] : new[] { a, b })
        {
            var routes = snapshot.Tags.Values.Where(route => drive.TagFromSource || route.Name == drive.Tag);
            await TrainingRows.WarnAsync(snapshot, [.. routes.SelectMany(route => route.CheckTexts)], files, error, cancellationToken);
        }
        var at = clock.GetUtcNow();
        var rows = new OutcomeReplay(recorded, drive, at).Run(a, b);
        return new ReplayedTraffic
        {
            Source = new ReplaySource("outcomes", [.. files.Select(file => Path.GetFileName(file))], rows.Count, new Dictionary<string, int>(), null, null),
            Rows = rows,
            Assumptions = OutcomeAssumptions.Of(recorded, rows, a, b, at),
        };
    }

    private static ReplayReport ReportOf(ReplayedTraffic replay, ReplaySampling sampling, Gate[] gates, ReplayedPolicy policy, ReplayedPolicy against)
    {
        var all = replay.WithQuality(ReplaySummary.Of(tag: null, replay.Rows, sampling), _ => true);
        ReplayScope[] tags =
        [
            .. replay.Rows.GroupBy(row => row.Tag, StringComparer.Ordinal)
                .Select(group => replay.WithQuality(ReplaySummary.Of(group.Key, [.. group], sampling), tag => tag == group.Key))
                .OrderByDescending(scope => Math.Abs(scope.Change.CostUsd?.Value ?? 0)).ThenByDescending(scope => scope.Calls).ThenBy(scope => scope.Tag, StringComparer.Ordinal),
        ];
        return new ReplayReport
        {
            Policy = policy,
            Against = against,
            Source = replay.Source,
            Sampling = sampling,
            All = all,
            Tags = tags,
            Assumptions = [.. replay.Assumptions, .. Interval(sampling, all, replay.Source)],
            Conditions = [.. gates.Select(gate => GateVerdict.Of(gate, all, tags))],
        };
    }

    private static IEnumerable<string> Interval(ReplaySampling sampling, ReplayScope all, ReplaySource source)
    {
        if (sampling.Resamples == 0) yield return "No intervals were asked for (--resamples 0).";
        else
        {
            yield return $"Intervals in brackets hold {sampling.Confidence * 100:0.##} % of {sampling.Resamples:N0} bootstrap resamples of {all.Groups:N0} groups of calls "
                + $"({(source.Kind == "outcomes" ? "near-identical prompts" : "sessions")} stay together; seed {sampling.Seed}). Both sides meet the same resamples.";
        }
    }

    private static ReplayedPolicy AgainstOf(NamedPolicy? named, PolicySnapshot? other, PolicySnapshot a, string? against, bool isLedger)
    {
        if (named is not null) return new ReplayedPolicy(named.Name, other!.Hash, $"the policy {named.Name}");
        return isLedger && against is null
            ? new ReplayedPolicy("recorded", null, "what was really done")
            : new ReplayedPolicy(ReplayOptions.Reference, null, $"{a.BaselineModel.Name} for every call");
    }
}
