using System.CommandLine;
using Microsoft.Extensions.Logging;
using Rung.Commands.Policy;
using Rung.Control.Evals;
using Rung.Control.Evals.Judging;
using Rung.Control.Evals.Runs;
using Rung.Control.Evals.Scoring;
using Rung.Core.Guarantees;
using Rung.Evals;
using Rung.Gateway.Dispatch;
using Rung.Serving;
using Rung.Storage;
using Rung.Storage.Content;

namespace Rung.Commands.Eval;

/// <summary><c>rung eval run</c>: candidates over the rows of a set, with the decision whether they are good enough.</summary>
internal static class EvalRunCommand
{
    public static Command Create(TimeProvider clock)
    {
        var options = new EvalRunOptions();
        var command = new Command("run", "Run candidate models over an eval set, and decide which are not worse than the reference. Exit code 1 when none is eligible.");
        foreach (var option in options.All) command.Options.Add(option);
        command.SetAction((parsed, cancellationToken) =>
        {
            var error = parsed.InvocationConfiguration.Error;
            if (options.Fault(parsed) is { } fault) return Task.FromResult(Output.Fail(error, fault.Message, fault.Fix));
            return EvalGuard.RunAsync(error, () => RunAsync(options, parsed, clock, cancellationToken));
        });
        return command;
    }

    private static async Task<int> RunAsync(EvalRunOptions options, ParseResult parsed, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);

        // 1. Policy, set, terms.
        var data = parsed.GetRequiredValue(options.Data);
        var named = await new PolicyFinder(data, clock).FindAsync(parsed.GetRequiredValue(options.Policy), cancellationToken);
        var policy = named.Snapshot;
        await using var store = EvalGuard.Open(data, clock);
        var set = await EvalStore.FindAsync(store, parsed.GetRequiredValue(options.Set), cancellationToken);
        var (tag, route) = EvalRunPlanner.RouteOf(policy, set, parsed.GetValue(options.Tag), error);
        var terms = options.TermsOf(parsed, route.Eval);

        // 2. Who asks, and who grades.
        await using var ledger = Ledger.Open(data, clock);
        using var log = LoggerFactory.Create(_ => { }); // What fails is told by the report, not by a log between its lines.
        using var caller = new ModelCaller(policy, new ModelCallerOptions
        {
            Append = ledger.AppendAsync, ReadSecret = Secrets.Read, Clock = clock, Chance = Random.Shared.NextDouble, Log = log,
        });
        var gateway = new GatewayAsker(caller);
        var asker = new RunAsker(gateway, store, clock);
        var scorer = Scorers.Of(terms, route, policy, new ScoringWorld { Asker = asker, RunCommand = gateway.RunAsync, Seed = (ulong)parsed.GetValue(options.Seed) });
        var plan = EvalRunPlanner.Plan(options, parsed, named, set, tag, route, terms, scorer);
        var runner = new EvalRunner(store, asker, scorer, async (id, token) => (await ledger.FindCallAsync(id, token))?.CostNanoUsd, clock);
        var rows = runner.Gradable(plan, await store.ReadEvalRowsAsync(set.Name, set.Version, cancellationToken));
        var run = await runner.IdAsync(plan, parsed.GetValue(options.Fresh), cancellationToken);
        using var turn = RunTurn.Take(data, run);

        // 3. What it would cost, before anything is spent.
        var limits = new RunLimits
        {
            Concurrency = parsed.GetValue(options.Concurrency), PerMinute = parsed.GetValue(options.Rate), RetryFailed = parsed.GetValue(options.RetryFailed),
            MostNanoUsd = parsed.GetValue(options.MaxUsd) is { } usd ? (long)(usd * 1_000_000_000m) : null,
        };
        var progress = new RunProgressLine(error, !Console.IsErrorRedirected, clock);
        await AnnounceAsync(runner, plan, run, rows, limits, caller, error, cancellationToken);

        // 4. The run, and what it says.
        var end = await runner.RunAsync(plan, run, rows, limits, progress.Report, cancellationToken);
        progress.Clear();
        if (end == RunEnd.CapReached)
            await error.WriteLineAsync($"rung: stopped at {Output.Usd(await runner.SpentAsync(run, cancellationToken))}: the next question could cost more than --max-usd {parsed.GetValue(options.MaxUsd)}. The same command with a higher cap goes on");
        var report = await new EvalRunReporter(store, new StoredJudges(store, clock)).ReportAsync(
            (await store.FindEvalRunAsync(run, cancellationToken))!, parsed.GetValue(options.ShowContent), terms: null, cancellationToken);
        var written = parsed.GetValue(options.WriteEvidence) ? EvidenceWriter.Write(report, set, named, parsed.GetValue(options.SetTier), DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime)) : null;
        if (parsed.GetValue(options.Json))
        {
            Output.WriteJson(output, EvalReportJson.Of(report, written));
        }
        else
        {
            EvalReportTable.Write(output, report);
            foreach (var line in written?.Lines ?? []) Lines.Write(output, "", line);
        }
        return report.IsWhole && report.Candidates.Any(candidate => candidate.Decision == EvalDecision.Eligible) ? ExitCode.Ok : ExitCode.Faults;
    }

    private static string Beside(EvalRunPlan plan, IReadOnlyList<EvalRow> rows) =>
        rows.Count(plan.AsksReference) is > 0 and var asked && plan.Candidates.All(candidate => candidate.Name != plan.ReferenceAsked!.Name)
            ? $", and {plan.ReferenceModel} of {plan.ReferenceTier} about the {asked:N0} whose reference it did not write" : "";

    private static async Task AnnounceAsync(
        EvalRunner runner, EvalRunPlan plan, string run, IReadOnlyList<EvalRow> rows, RunLimits limits, ModelCaller caller, TextWriter error, CancellationToken cancellationToken)
    {
        foreach (var model in caller.ModelsWithoutKey.Where(model => plan.Candidates.Append(plan.ReferenceAsked).Any(candidate => candidate?.Name == model)))
            throw new EvalException($"The key of {model} cannot be read.", "Set it as the policy says, or leave the model out.");
        var estimate = await runner.EstimateAsync(plan, run, rows, cancellationToken);
        if (limits.MostNanoUsd is not null && estimate.Unpriced.Count > 0)
            throw new EvalException($"The price of {string.Join(", ", estimate.Unpriced)} is unknown, so --max-usd cannot hold.", "Add a price to the model, or leave out --max-usd.");
        var spent = await runner.SpentAsync(run, cancellationToken);
        var cost = estimate.TotalNanoUsd is { } total ? $"at most about {Output.Usd(total)}" : $"an unknown amount, since {string.Join(", ", estimate.Unpriced)} has no price";
        var judged = estimate.JudgeNanoUsd is > 0 and var judge ? $" (of it {Output.Usd(judge)} for the judge {plan.Terms.Judge})" : "";
        await error.WriteLineAsync($"rung: run {run}: {rows.Count:N0} rows × {plan.Candidates.Count:N0} candidates{Beside(plan, rows)}; {estimate.Questions:N0} answers to come, {cost}{judged}{(spent > 0 ? $"; {Output.Usd(spent)} spent before" : "")}");
        if (limits.MostNanoUsd is { } cap && estimate.TotalNanoUsd + spent > cap)
            await error.WriteLineAsync($"rung: that may be more than --max-usd {cap / 1e9m:0.####}: it stops there, and can go on");
    }
}
