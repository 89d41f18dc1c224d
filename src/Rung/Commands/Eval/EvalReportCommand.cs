using System.CommandLine;
using Rung.Commands.Policy;
using Rung.Control.Evals;
using Rung.Control.Evals.Judging;
using Rung.Control.Evals.Runs;
using Rung.Core.Guarantees;
using Rung.Storage.Content;
using Spectre.Console;

namespace Rung.Commands.Eval;

/// <summary><c>rung eval report</c>: what a stored run says, again; without a run, the list of them.</summary>
internal static class EvalReportCommand
{
    public static Command Create(TimeProvider clock)
    {
        var run = new Argument<string>("run") { Description = "The run's id, or the beginning of it (default: list the runs).", HelpName = "RUN", Arity = ArgumentArity.ZeroOrOne };
        var data = PolicyCommand.DataOption();
        var policy = PolicyCommand.PolicyOption("With --write-evidence, the policy file.");
        var margin = new Option<double?>("--margin") { Description = "Decide by this margin instead of the run's, 0.001 to 0.5.", HelpName = "X" };
        var confidence = new Option<double?>("--confidence") { Description = "Decide by this confidence instead of the run's, 0.5 to 0.999.", HelpName = "C" };
        var content = new Option<bool>("--show-content") { Description = "Show answers and reasons in the examples of failures." };
        var markdown = new Option<bool>("--markdown") { Description = "Print Markdown." };
        var write = new Option<bool>("--write-evidence") { Description = "Write the result beside the policy, as rung eval run does." };
        var tier = new Option<string>("--set-tier") { Description = "With --write-evidence: also move the tag to this tier.", HelpName = "TIER" };
        var json = PolicyCommand.JsonOption();
        var command = new Command("report", "Print what a stored run says; without a run, list the runs.") { run, data, policy, margin, confidence, content, markdown, write, tier, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            if (parsed.GetValue(margin) is { } least && !(least is >= 0.001 and <= 0.5)) return Task.FromResult(Output.Fail(error, "--margin is 0.001 to 0.5.", "Three points of a hundred are 0.03."));
            if (parsed.GetValue(confidence) is { } sure && !(sure is > 0.5 and <= 0.999)) return Task.FromResult(Output.Fail(error, "--confidence lies above 0.5 and is at most 0.999.", "Usual is 0.95."));
            return EvalGuard.RunAsync(error, async () =>
            {
                await using var store = EvalGuard.Open(parsed.GetRequiredValue(data), clock);
                var runs = await store.ListEvalRunsAsync(cancellationToken);
                if (parsed.GetValue(run) is not { } wanted)
                {
                    List(output, runs, parsed.GetValue(json));
                    return ExitCode.Ok;
                }
                var found = Find(runs, wanted);
                var terms = EvalRunPlan.Parse(found.Plan).Terms;
                terms = terms with { Margin = parsed.GetValue(margin) ?? terms.Margin, Confidence = parsed.GetValue(confidence) ?? terms.Confidence };
                var report = await new EvalRunReporter(store, new StoredJudges(store, clock)).ReportAsync(found, parsed.GetValue(content), terms, cancellationToken);
                EvidenceWriter.Written? written = null;
                if (parsed.GetValue(write))
                {
                    var named = new PolicyFinder(parsed.GetRequiredValue(data), clock).FromFile(parsed.GetRequiredValue(policy));
                    var set = (await store.FindEvalSetAsync(found.SetName, found.SetVersion, cancellationToken))!;
                    written = EvidenceWriter.Write(report, set, named, parsed.GetValue(tier), DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime));
                }
                if (parsed.GetValue(json)) Output.WriteJson(output, EvalReportJson.Of(report, written));
                else if (parsed.GetValue(markdown)) EvalReportMarkdown.Write(output, report);
                else EvalReportTable.Write(output, report);
                if (!parsed.GetValue(json)) foreach (var line in written?.Lines ?? []) Lines.Write(parsed.GetValue(markdown) ? error : output, "", line);
                return report.IsWhole && report.Candidates.Any(candidate => candidate.Decision == EvalDecision.Eligible) ? ExitCode.Ok : ExitCode.Faults;
            });
        });
        return command;
    }

    /// <summary>A run by its id, or by a beginning that only one has.</summary>
    private static EvalRun Find(IReadOnlyList<EvalRun> runs, string wanted)
    {
        if (runs.FirstOrDefault(run => run.Id == wanted) is { } exact) return exact;
        var begun = runs.Where(run => run.Id.StartsWith(wanted, StringComparison.Ordinal)).ToList();
        if (begun.Count == 1) return begun[0];
        throw new EvalException(begun.Count == 0 ? $"There is no run {wanted}." : $"{begun.Count:N0} runs begin with {wanted}.", "The runs: rung eval report");
    }

    private static void List(TextWriter output, IReadOnlyList<EvalRun> runs, bool asJson)
    {
        var plans = runs.Select(run => (Run: run, Plan: EvalRunPlan.Parse(run.Plan))).ToList();
        if (asJson)
        {
            Output.WriteJson(output, new
            {
                Runs = plans.Select(one => new
                {
                    Run = one.Run.Id, one.Run.Tag, Set = $"{one.Run.SetName}@{one.Run.SetVersion}", Part = one.Run.Part?.ToString().ToLowerInvariant() ?? "all",
                    Candidates = one.Plan.Candidates.Select(candidate => candidate.Name), one.Run.BegunAt, one.Run.EndedAt,
                }),
            });
            return;
        }
        if (plans.Count == 0)
        {
            output.WriteLine("No eval has been run yet: rung eval run --set SET --candidates NAMES");
            return;
        }
        var table = new Table { Border = TableBorder.Simple };
        foreach (var head in (string[])["run", "tag", "set", "candidates", "begun", "state"]) table.AddColumn(new TableColumn(head));
        foreach (var (run, plan) in plans)
        {
            table.AddRow([.. ((string[])[run.Id, run.Tag, $"{run.SetName}@{run.SetVersion}", string.Join(", ", plan.Candidates.Select(candidate => candidate.Name)), Lines.Time(run.BegunAt), run.EndedAt is null ? "not at its end" : "whole"])
                .Select(text => Markup.Escape(Lines.Clean(text)))]);
        }
        PlainTable.Write(output, table);
    }
}
