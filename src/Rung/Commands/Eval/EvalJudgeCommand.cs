using System.CommandLine;
using Microsoft.Extensions.Logging;
using Rung.Commands.Policy;
using Rung.Control.Evals;
using Rung.Control.Evals.Judging;
using Rung.Control.Evals.Judging.Simulation;
using Rung.Control.Evals.Scoring;
using Rung.Core.Policies;
using Rung.Evals;
using Rung.Gateway.Dispatch;
using Rung.Serving;
using Rung.Storage;
using Rung.Storage.Content;

namespace Rung.Commands.Eval;

/// <summary><c>rung eval judge</c>: how far a judge's word can be trusted.</summary>
internal static class EvalJudgeCommand
{
    // What the simulation promises of prediction-powered intervals at 95 %.
    private const double LeastCoverage = 0.93;

    public static Command Create(TimeProvider clock)
    {
        var options = new EvalJudgeOptions();
        var command = new Command("judge", "Judge the judge: its agreement with people, its leanings, its anchors. Exit code 1 when it may not open a gate, or has drifted.");
        foreach (var option in options.All) command.Options.Add(option);
        command.SetAction((parsed, cancellationToken) =>
        {
            var error = parsed.InvocationConfiguration.Error;
            if (options.Fault(parsed) is { } fault) return Task.FromResult(Output.Fail(error, fault.Message, fault.Fix));
            return EvalGuard.RunAsync(error, () =>
            {
                if (parsed.GetValue(options.Simulate) is { } leanings) return Task.FromResult(Simulate(options, parsed, leanings, clock, cancellationToken));
                return parsed.GetValue(options.Run) is { } run
                    ? RunAsync(options, parsed, run, clock, cancellationToken)
                    : AnchorsAsync(options, parsed, parsed.GetValue(options.Tag)!, clock, cancellationToken);
            });
        });
        return command;
    }

    private static async Task<int> RunAsync(EvalJudgeOptions options, ParseResult parsed, string id, TimeProvider clock, CancellationToken cancellationToken)
    {
        var data = parsed.GetRequiredValue(options.Data);
        var policy = (await new PolicyFinder(data, clock).FindAsync(parsed.GetRequiredValue(options.Policy), cancellationToken)).Snapshot;
        await using var store = Open(data, clock);
        var run = await store.FindEvalRunAsync(id, cancellationToken) ?? throw new EvalException($"There is no run {id} in {data}.", "rung eval run and rung eval report print the ids of runs.");
        var labels = parsed.GetValue(options.Labels) is { } file ? HumanLabel.ReadAll(await File.ReadAllLinesAsync(file, cancellationToken), file) : [];
        var report = await new JudgeReview(store, clock).ReportAsync(run, RouteOf(policy, run.Tag).Eval, labels, ModelFamilies.Among(policy), cancellationToken);
        var output = parsed.InvocationConfiguration.Output;
        if (parsed.GetValue(options.Json)) Output.WriteJson(output, report);
        else EvalJudgeTable.Write(output, report);
        return report.Trust.MayOpenGate ? ExitCode.Ok : ExitCode.Faults;
    }

    private static async Task<int> AnchorsAsync(EvalJudgeOptions options, ParseResult parsed, string tag, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);

        // 1. The anchors: those of the file are added to those that are stored.
        var data = parsed.GetRequiredValue(options.Data);
        var policy = (await new PolicyFinder(data, clock).FindAsync(parsed.GetRequiredValue(options.Policy), cancellationToken)).Snapshot;
        if (!policy.Tags.TryGetValue(tag, out var route)) throw new EvalException($"The policy has no tag {tag}.", $"It has: {string.Join(", ", policy.Tags.Keys.Order(StringComparer.Ordinal).Take(8))}.");
        var added = parsed.GetValue(options.Anchors) is { } file ? AnchorItem.ReadAll(await File.ReadAllLinesAsync(file, cancellationToken), file) : [];
        await using var store = added.Count > 0 ? ContentStore.Open(data, ContentKey.Read(Environment.GetEnvironmentVariable(ContentKey.Variable)), clock) : Open(data, clock);
        if (added.Count > 0) await store.AddAnchorsAsync(tag, [.. added.Select(item => item.ToStored())], cancellationToken);
        var items = (await store.ReadAnchorsAsync(tag, cancellationToken)).Select(anchor => AnchorItem.Read(anchor.Item)).OfType<AnchorItem>().ToList();
        if (items.Count == 0) throw new EvalException($"There are no anchors of {tag} in {data}.", "Add some: --anchors FILE");

        // 2. The judge is asked.
        await using var ledger = Ledger.Open(data, clock);
        using var log = LoggerFactory.Create(_ => { }); // What fails is told by the report.
        using var caller = new ModelCaller(policy, new ModelCallerOptions
        {
            Append = ledger.AppendAsync, ReadSecret = Secrets.Read, Clock = clock, Chance = Random.Shared.NextDouble, Log = log,
        });
        var test = AnchorTest.Of(route, policy, new ScoringWorld { Asker = new GatewayAsker(caller), Seed = (ulong)parsed.GetValue(options.Seed), Session = $"anchors.{tag}" });
        await error.WriteLineAsync($"rung: {Lines.Count(items.Count, "anchor")} for the judge {route.Eval.Judge}");
        var progress = new Pace(error, clock, "anchors");
        var run = await test.RunAsync(items, clock, done => progress.Report(done, items.Count), cancellationToken);

        // 3. What it said is kept, and compared with what it said before.
        run = run with { Id = await store.AddAnchorRunAsync(run, cancellationToken) };
        var standing = AnchorStanding.Of(run, await store.ReadAnchorRunsAsync(tag, cancellationToken), route.Eval.Confidence);
        if (parsed.GetValue(options.Json)) Output.WriteJson(output, standing);
        else EvalJudgeTable.Write(output, standing, route.Eval.Confidence);
        return standing.Drift.IsAlarm ? ExitCode.Faults : ExitCode.Ok;
    }

    private static int Simulate(EvalJudgeOptions options, ParseResult parsed, string text, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        var repetitions = parsed.GetValue(options.Repetitions);
        var progress = new Pace(error, clock, "runs");
        var rows = parsed.GetValue(options.Rows);
        var simulation = JudgeSimulation.Run(
            JudgeLeanings.Parse(text), rows, parsed.GetValue(options.Labelled) ?? rows / 4, repetitions, parsed.GetValue(options.Seed), confidence: 0.95, done => progress.Report(done, repetitions), cancellationToken);
        if (parsed.GetValue(options.Json)) Output.WriteJson(output, simulation);
        else EvalJudgeTable.Write(output, simulation);
        return simulation.Quality.All(quality => quality.Coverage >= LeastCoverage) ? ExitCode.Ok : ExitCode.Faults;
    }

    private static Route RouteOf(PolicySnapshot policy, string tag) => policy.Tags.TryGetValue(tag, out var route) ? route : policy.Default;

    private static ContentStore Open(string data, TimeProvider clock)
    {
        if (!ContentStore.Exists(data)) throw new EvalException($"There is no content in {data}: no run, and no anchor.", "Name the data directory with --data.");
        return ContentStore.Open(data, ContentKey.Read(Environment.GetEnvironmentVariable(ContentKey.Variable)), clock);
    }

    /// <summary>Says every two seconds how far something is.</summary>
    private sealed class Pace(TextWriter error, TimeProvider clock, string what)
    {
        private static readonly TimeSpan s_line = TimeSpan.FromSeconds(2);
        private long _last = clock.GetTimestamp();

        public void Report(int done, int all)
        {
            if (done == all || clock.GetElapsedTime(_last) < s_line) return;
            _last = clock.GetTimestamp();
            error.WriteLine($"rung: {done:N0} of {all:N0} {what}");
        }
    }
}
