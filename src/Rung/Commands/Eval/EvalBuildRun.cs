using System.CommandLine;
using Rung.Commands.Policy;
using Rung.Control.Evals;
using Rung.Control.Evals.Sets;
using Rung.Control.Evals.Sets.Reading;
using Rung.Control.Evals.Sets.References;
using Rung.Core.Policies;
using Rung.Recorded;
using Rung.Serving;
using Rung.Storage.Content;
using Rung.Storage.Reports;

namespace Rung.Commands.Eval;

/// <summary>One <c>rung eval build</c>.</summary>
internal sealed class EvalBuildRun(EvalBuildOptions options, ParseResult parsed, TimeProvider clock, TextReader? terminal, OpenAsker openAsker, Func<Stream> openInput)
{
    private readonly TextWriter _output = parsed.InvocationConfiguration.Output;
    private readonly TextWriter _error = parsed.InvocationConfiguration.Error;
    private readonly string _data = parsed.GetRequiredValue(options.Data);
    private readonly bool _json = parsed.GetValue(options.Json);

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        if (parsed.GetValue(options.Answers) is { } answers) return await AnswerAsync(answers, cancellationToken);
        var files = parsed.GetValue(options.From) is { Length: > 0 } from ? from : null;
        if (files is null && !ContentStore.Exists(_data)) return NothingCaptured();
        var name = options.NameOf(parsed);
        await using var store = EvalStore.Open(_data, clock);
        using var turn = RunTurn.Take(_data, $"build-{name}");

        // 1. The policy says which tier is the reference, and who may see what.
        var policy = await PolicyAsync(cancellationToken);
        string[] models = policy is null ? [] : [.. policy.Models.Where(model => policy.ReferenceTier.Pool.Contains(model.Index)).OrderByDescending(model => model.Index == policy.BaselineModel.Index).ThenBy(model => model.Index).Select(model => model.Name)];

        // 2. A build that was stopped goes on with the calls that it saw, so that it samples the same ones; with other reference models it is another build.
        var key = options.Key(parsed, name, models);
        var build = await store.FindEvalBuildAsync(key, cancellationToken);
        var begunAt = build?.BegunAt ?? clock.GetUtcNow();

        // 3. What there is.
        EvalPopulation population;
        if (files is not null) population = ReadFiles(files, cancellationToken);
        else if (!Window(begunAt, out var since, out var until)) return ExitCode.Usage;
        else population = await ReadCapturesAsync(store, policy, since, until, cancellationToken);
        TellBad(population);
        if (population.Exported is { } exported) return await KeepExportedAsync(store, exported, population, cancellationToken);
        if (population.Rows.Count == 0) return NothingCaptured();

        // 4. The rows.
        var tag = TagOf(population);
        var sample = EvalDraw.From(population, options.Sampling(parsed), cancellationToken);

        // 5. The references.
        await using var opened = policy is null || options.Mode(parsed) is not (ReferenceMode.Auto or ReferenceMode.Frontier) ? null : openAsker(policy, _data, clock);
        var terms = new ReferenceTerms
        {
            Mode = options.Mode(parsed), Tag = tag ?? "", Concurrency = parsed.GetValue(options.Concurrency), MaxNanoUsd = options.MaxNanoUsd(parsed),
            Models = models,
        };
        var filling = new ReferenceFilling(store, opened?.Asker, terms);
        var plan = filling.Plan(sample, build);
        if (policy is null && terms.Mode is ReferenceMode.Auto or ReferenceMode.Captured && plan.Without > 0)
            Lines.Write(_error, "rung: ", $"There is no policy {parsed.GetRequiredValue(options.Policy)}: no tier is known to be the reference, and nobody is asked. Name one with --policy.");
        if (plan.ToAsk.Count > 0)
        {
            if (tag is null) throw new EvalException($"{plan.ToAsk.Count:#,0} rows need a reference, and no job is named whose route and pins hold for the questions.", "Name it with --tag, or ask nobody: --references given.");
            if (Refusal(plan, terms, opened!) is { } refused) return refused;
            build = await store.BeginEvalBuildAsync(key, name, tag, begunAt, cancellationToken);
        }
        else if (options.Mode(parsed) == ReferenceMode.Frontier && plan.Kept == 0) throw new EvalException("There is no policy whose reference tier could be asked.", "Name it with --policy.");
        var progress = new EvalBuildProgress(_error, terminal is not null, clock);
        ReferenceOutcome outcome;
        try
        {
            outcome = await filling.FillAsync(sample, plan, build, (done, spent) => progress.Report($"reference {done:#,0} of {plan.ToAsk.Count:#,0}, {Output.Usd(spent)}"), cancellationToken);
        }
        catch (OperationCanceledException)
        {
            progress.Clear();
            Lines.Write(_error, "rung: ", "Stopped. What was answered is kept: the same command goes on from there.");
            throw;
        }
        finally
        {
            progress.Clear();
        }
        if (!outcome.IsComplete && !(parsed.GetValue(options.AllowMissing) && outcome.OverCap == 0)) return Incomplete(outcome, plan);

        // 6. The version.
        var profile = EvalInputs.ProfileOf(population.Rows.Select(row => row.Request));
        var set = await store.AddEvalSetAsync(new EvalSetDraft
        {
            Name = name, Tag = tag, MadeBy = options.MadeBy(parsed), Seed = parsed.GetValue(options.Seed), Profile = profile.ToJson(), Simulated = population.Simulated, Rows = outcome.Rows,
        }, key, cancellationToken);
        var report = new EvalBuildReport(set, population, sample, plan, outcome, options.Sampling(parsed));
        if (_json) Output.WriteJson(_output, report.ToJson());
        else report.Write(_output);
        return ExitCode.Ok;
    }

    private bool Window(DateTimeOffset now, out DateTimeOffset? since, out DateTimeOffset? until)
    {
        (since, until) = (null, now);
        foreach (var option in (Option<string?>[])[options.Since, options.Until])
        {
            if (parsed.GetValue(option) is not { } text) continue;
            if (!ReportQuery.TryParseInstant(text, now, out var instant))
            {
                Output.Fail(_error, $"{option.Name} \"{text}\" is no time.", "Write a span back from now (7d, 24h, 90m, 2w) or an ISO date or time (2026-11-22, 2026-11-22T08:00Z).");
                return false;
            }
            if (option == options.Since) since = instant;
            else until = instant;
        }
        if (since is null || since < until) return true;
        Output.Fail(_error, "--since is not before --until.", "Turn them round, or leave one out.");
        return false;
    }

    // Null: there is none, and none is needed.
    private async Task<PolicySnapshot?> PolicyAsync(CancellationToken cancellationToken)
    {
        var path = parsed.GetRequiredValue(options.Policy);
        var mode = options.Mode(parsed);
        if (mode is ReferenceMode.None or ReferenceMode.Given && parsed.GetValue(options.From) is { Length: > 0 }) return null;
        var isNamed = parsed.GetResult(options.Policy) is { Implicit: false };
        if (!isNamed && path == PolicyFile.DefaultPath && !File.Exists(path))
        {
            if (mode == ReferenceMode.Frontier) throw new EvalException($"There is no policy {path} whose reference tier could be asked.", "Name it with --policy.");
            return null; // Said below, if it makes a difference.
        }
        return (await new PolicyFinder(_data, clock).FindAsync(path, cancellationToken)).Snapshot;
    }

    private EvalPopulation ReadFiles(string[] files, CancellationToken cancellationToken)
    {
        using var input = files.Contains("-") ? openInput() : null;
        return EvalFiles.Read(new EvalFileOptions
        {
            Paths = files, Tag = parsed.GetValue(options.Tag), SourcePrefix = parsed.GetValue(options.Source), Seed = parsed.GetValue(options.Seed), StandardInput = input,
            RecordedTools = tools => RecordedTools.Read(tools)?.ToJsonString(),
        }, cancellationToken);
    }

    private async Task<EvalPopulation> ReadCapturesAsync(ContentStore store, PolicySnapshot? policy, DateTimeOffset? since, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        var progress = new EvalBuildProgress(_error, terminal is not null, clock);
        try
        {
            return await CaptureRows.ReadAsync(store, new CaptureQuery { Tag = parsed.GetValue(options.Tag), Since = since, Until = until }, policy?.ReferenceTier.Name, parsed.GetValue(options.Seed),
                read => progress.Report($"{read:#,0} captured calls read"), cancellationToken);
        }
        finally
        {
            progress.Clear();
        }
    }

    // The job of the set: what the command line says, else what all rows say.
    private string? TagOf(EvalPopulation population)
    {
        if (parsed.GetValue(options.Tag) is { } tag) return tag;
        if (parsed.GetValue(options.Source) is { } source) return EvalBuildOptions.Slug(source);
        var said = population.Rows.Select(row => row.Tag).Distinct().ToArray();
        if (said.Length > 1) throw new EvalException($"The rows are about several jobs: {string.Join(", ", said.Select(one => one ?? "none").Order(StringComparer.Ordinal).Take(5))}.", "Choose one with --tag, and build a set for each.");
        return said[0];
    }

    private async Task<int> KeepExportedAsync(ContentStore store, EvalSetFile file, EvalPopulation population, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(options.Size) is not null || options.Mode(parsed) is not (ReferenceMode.Auto or ReferenceMode.Given))
            throw new EvalException("An exported set is read back as it is: it has its rows, parts, weights and references.", "Leave out --size and --references.");
        var profile = file.Profile ?? EvalInputs.ProfileOf(file.Rows.Select(row => row.Request)).ToJson();
        var set = await store.AddEvalSetAsync(new EvalSetDraft
        {
            Name = parsed.GetValue(options.Set) ?? file.Name ?? options.NameOf(parsed), Tag = parsed.GetValue(options.Tag) ?? file.Tag, MadeBy = options.MadeBy(parsed), Seed = file.Seed, Profile = profile,
            Simulated = file.Simulated, Rows = file.Rows,
        }, cancellationToken);
        var sentence = file.Hash == set.Hash ? "the hash that it had when it was exported"
            : file.Hash is null ? "the file does not say which hash it had"
            : file.Removed > 0 ? $"another hash than it had ({Lines.Short(file.Hash)}): {Lines.Count(file.Removed, "row")} had been removed before it was exported"
            : $"another hash than it had ({Lines.Short(file.Hash)}): the file was changed, or rows of it could not be read";
        if (_json) Output.WriteJson(_output, new { Set = EvalStore.Json(set), ExportedHash = file.Hash, SameHash = file.Hash == set.Hash, BadLines = population.Bad });
        else Lines.Write(_output, "", $"{EvalStore.NameOf(set)}: {Lines.Count(set.Rows, "row")}, {sentence} ({Lines.Short(set.Hash)}).");
        return ExitCode.Ok;
    }

    private async Task<int> AnswerAsync(string path, CancellationToken cancellationToken)
    {
        await using var store = EvalGuard.Open(_data, clock);
        var set = await EvalStore.FindAsync(store, parsed.GetValue(options.Set)!, cancellationToken);
        var rows = await store.ReadEvalRowsAsync(set.Name, set.Version, cancellationToken);
        using var input = path == "-" ? openInput() : null;
        var answers = PersonAnswers.Read(path, input);
        var answered = answers.ApplyTo(rows, parsed.GetValue(options.By));
        foreach (var fault in answers.Faults.Take(5)) _error.WriteLine($"rung: {fault}");
        if (answers.Faults.Count > 5) _error.WriteLine($"rung: {answers.Faults.Count - 5:#,0} more lines could not be used.");
        if (answers.UnknownIds.Count > 0) Lines.Write(_error, "rung: ", $"{Lines.Count(answers.UnknownIds.Count, "answer")} to rows that {EvalStore.NameOf(set)} does not have, the first {answers.UnknownIds[0]}.");
        if (answers.UnknownIds.Count == answers.Count) return Output.Fail(_error, "No answer is to a row of this set.", $"See its rows: rung eval show {EvalStore.NameOf(set)} --rows 10");
        var next = await store.AddEvalSetAsync(new EvalSetDraft
        {
            Name = set.Name, Tag = set.Tag, MadeBy = options.MadeBy(parsed), Seed = set.Seed, Profile = set.Profile, Simulated = set.Simulated,
            Rows = [.. answered.Select((row, position) => row with { Position = position })],
        }, cancellationToken);
        var used = answers.Count - answers.UnknownIds.Count;
        if (_json) Output.WriteJson(_output, new { Set = EvalStore.Json(next), Answers = used, UnknownIds = answers.UnknownIds, BadLines = answers.Faults.Count });
        else Lines.Write(_output, "", $"{EvalStore.NameOf(next)}: {Lines.Count(used, "reference")} by people, in {Lines.Count(next.Rows, "row")} ({Lines.Short(next.Hash)}).");
        return ExitCode.Ok;
    }

    // What asking would cost, before a cent is spent. Null: go on.
    private int? Refusal(ReferencePlan plan, ReferenceTerms terms, OpenedAsker opened)
    {
        var models = string.Join(" or ", terms.Models);
        var already = plan.Kept > 0 ? $" {Lines.Count(plan.Kept, "row")} of this build were asked about before ({Output.Usd(plan.SpentNanoUsd)}): they are not asked about again." : "";
        Lines.Write(_error, "rung: ", $"{Lines.Count(plan.ToAsk.Count, "reference")} to be asked of {models}: at most about {Output.Usd(plan.EstimateNanoUsd)}"
            + $"{(plan.UnknownPrices > 0 ? $", and {Lines.Count(plan.UnknownPrices, "question")} whose price is unknown" : "")}.{already}");
        foreach (var model in terms.Models.Where(opened.ModelsWithoutKey.Contains)) _error.WriteLine($"rung: WARNING  model {model} has no key: it cannot be asked.");
        if (terms.Models.All(opened.ModelsWithoutKey.Contains)) return Output.Fail(_error, "No model of the reference tier has a key.", "Set the environment variable or the file that the policy names for it.");
        if (terms.MaxNanoUsd is { } most)
        {
            if (plan.UnknownPrices > 0) return Output.Fail(_error, "A cap cannot be kept where a price is unknown.", "Give the model a price (rung prices list), or leave out --max-usd and confirm.");
            if (plan.SpentNanoUsd + plan.EstimateNanoUsd > most) Lines.Write(_error, "rung: ", $"That may be more than --max-usd {Output.Usd(most)}: it stops before that, and goes on when the command is given again with more.");
            return null;
        }
        if (parsed.GetValue(options.Yes)) return null;
        if (terminal is null) return Output.Fail(_error, "Nothing was asked: nobody is there to confirm the cost.", "Add --max-usd with a cap, or --yes; or ask nobody: --references given, captured or none.");
        _error.Write("Ask? [y/N] ");
        _error.Flush();
        if (terminal.ReadLine()?.Trim().ToLowerInvariant() is "y" or "yes") return null;
        _error.WriteLine("Nothing was asked, and nothing was stored.");
        return ExitCode.Faults;
    }

    private int Incomplete(ReferenceOutcome outcome, ReferencePlan plan)
    {
        var missing = outcome.Failed + outcome.OverCap;
        Lines.Write(_error, "rung: ", $"The set is not stored yet: {Lines.Count(missing, "reference")} of {plan.ToAsk.Count + plan.Kept:#,0} are missing"
            + $" ({(outcome.OverCap > 0 ? $"{outcome.OverCap:#,0} for the cap" : "")}{(outcome is { OverCap: > 0, Failed: > 0 } ? ", " : "")}{(outcome.Failed > 0 ? $"{outcome.Failed:#,0} failed" : "")})."
            + $" {outcome.Asked:#,0} answers are kept; {Output.Usd(outcome.CostNanoUsd)} were spent.");
        foreach (var reason in outcome.FailureReasons) Lines.Write(_error, "      ", reason);
        Lines.Write(_error, "      ", outcome.OverCap > 0 ? "Give the same command again with a higher --max-usd: it goes on, and pays no row twice."
            : "Give the same command again to ask only these again, or add --allow-missing to store the set without them.");
        if (_json) Output.WriteJson(_output, new { Set = (object?)null, Asked = outcome.Asked, outcome.Failed, outcome.OverCap, CostUsd = Output.UsdNumber(outcome.CostNanoUsd), outcome.UnknownPriceAttempts });
        return ExitCode.Faults;
    }

    private int NothingCaptured() => Output.Fail(_error, $"No captured calls of tag {parsed.GetValue(options.Tag)} are in {_data}{(parsed.GetValue(options.Since) is null && parsed.GetValue(options.Until) is null ? "" : " of that time")}.",
        "Content is kept only where the policy says so: give the tag a capture (docs/capture.md), or take rows from a file with --from.");

    private void TellBad(EvalPopulation population)
    {
        if (population.Bad > 0) _error.WriteLine($"rung: {Lines.Count(population.Bad, "row")} could not be used:");
        foreach (var example in population.BadExamples) Lines.Write(_error, "      ", example);
        if (population.Bad > population.BadExamples.Count) _error.WriteLine($"      … {population.Bad - population.BadExamples.Count:#,0} more");
        foreach (var (why, count) in population.LeftOut) _error.WriteLine($"rung: left out: {count:#,0} {why}");
    }
}
