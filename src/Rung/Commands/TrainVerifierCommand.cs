using System.Collections.Immutable;
using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using Rung.Commands.Policy;
using Rung.Control.Evals;
using Rung.Core.Learning;
using Rung.Core.Learning.Evaluation;
using Rung.Recorded;
using Rung.Storage;
using Rung.Storage.Content;

namespace Rung.Commands;

/// <summary><c>rung train verifier</c>: trains a verifier on graded answers, judges it out of fold, and writes its model file.</summary>
internal static class TrainVerifierCommand
{
    // More at once would hold a copy of the features each, for little.
    private const int MostThreads = 6;
    private static readonly JsonSerializerOptions s_line = new(Output.Json) { WriteIndented = false };

    public static Command Create(TimeProvider clock)
    {
        var outcomes = UpstreamCommand.OutcomesOption();
        outcomes.Required = false;
        var responses = UpstreamCommand.ResponsesOption();
        var ledger = new Option<bool>("--ledger") { Description = "Train from the ledger instead of recorded outcomes; needs --tag." };
        var eval = new Option<string>("--eval") { Description = "Instead of files: a stored eval run, or a set whose newest run is taken; its tune part.", HelpName = "SET|RUN" };
        var data = PolicyCommand.DataOption();
        var weak = new Option<string>("--weak") { Description = "The model whose answers are judged.", HelpName = "MODEL" };
        var strong = new Option<string>("--strong") { Description = "The model that climbing reaches.", HelpName = "MODEL" };
        var tag = new Option<string>("--tag") { Description = "Only rows of this source, TAG or TAG/…", HelpName = "TAG" };
        var label = new Option<string>("--label") { Description = "Field with the grade (default: correct, else score).", HelpName = "NAME" };
        var folds = new Option<int>("--folds") { Description = "Folds of the cross-validation, 2 to 20.", HelpName = "N", DefaultValueFactory = _ => 5 };
        var seed = new Option<ulong>("--seed") { Description = "Decides folds, trees and intervals.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var threads = new Option<int>("--threads") { Description = "Threads; the result is the same with any number.", HelpName = "N", DefaultValueFactory = _ => Math.Clamp(Environment.ProcessorCount, 1, MostThreads) };
        var model = new Option<string>("--out") { Description = "Write the model file.", HelpName = "MODEL.json" };
        var scores = new Option<string>("--scores") { Description = "Write every row's out-of-fold score, JSON Lines.", HelpName = "FILE" };
        var json = new Option<bool>("--json") { Description = "Print the report as JSON." };
        var command = new Command("verifier", "Train a verifier of a weak model's answers, and say whether a cascade pays.")
        {
            outcomes, responses, eval, data, ledger, weak, strong, tag, label, folds, seed, threads, model, scores, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var files = parsed.GetValue(outcomes) ?? [];
            if (parsed.GetValue(ledger)) return FromLedger(error, files.Length > 0, parsed.GetValue(tag));
            var (weakName, strongName, run) = (parsed.GetValue(weak), parsed.GetValue(strong), parsed.GetValue(eval));
            if (run is not null && (files.Length > 0 || parsed.GetValue(responses) is { Length: > 0 })) return Output.Fail(error, "--eval and --outcomes exclude each other.", "Leave one of them out.");
            if (run is not null && (parsed.GetValue(tag) is not null || parsed.GetValue(label) is not null))
                return Output.Fail(error, "A run of an eval has one tag and one grade: --tag and --label are for --outcomes.", "Leave them out.");
            if (run is null && files.Length == 0) return Output.Fail(error, "There is nothing to train on.", "Give a stored eval run: --eval RUN, or --outcomes FILE with --weak MODEL and --strong MODEL.");
            if (run is null && (weakName is null || strongName is null)) return Output.Fail(error, "A verifier is trained for a pair of models.", "Give --weak MODEL and --strong MODEL.");
            if (weakName is not null && weakName == strongName) return Output.Fail(error, "--weak and --strong name the same model.");
            if (parsed.GetValue(folds) is < 2 or > 20) return Output.Fail(error, "--folds must be from 2 to 20.");
            if (parsed.GetValue(threads) is < 1 or > 64) return Output.Fail(error, "--threads must be from 1 to 64.");
            // Training takes minutes: what cannot be written at its end is said before.
            foreach (var path in new[] { parsed.GetValue(model), parsed.GetValue(scores) }.OfType<string>())
            {
                if (Unwritable(path, [.. files, .. parsed.GetValue(responses) ?? []]) is { } reason) return Output.Fail(error, reason);
            }
            try
            {
                var source = run is not null
                    ? await FromEvalAsync(parsed.GetRequiredValue(data), run, weakName, strongName, error, clock, cancellationToken)
                    : await FromFilesAsync(files, parsed.GetValue(responses) ?? [], weakName!, strongName!, parsed.GetValue(tag), parsed.GetValue(label), error, cancellationToken);
                var request = new Request(source, parsed.GetValue(folds), parsed.GetValue(seed), parsed.GetValue(threads));
                var result = Train(request, error, clock, cancellationToken);
                var provenance = Provenance(request, result.Report, clock);
                if (parsed.GetValue(model) is { } path) await File.WriteAllBytesAsync(path, result.Verifier.Write(provenance), cancellationToken);
                if (parsed.GetValue(scores) is { } scoresPath) await WriteScoresAsync(scoresPath, result, cancellationToken);
                if (parsed.GetValue(json)) Output.WriteJson(output, TrainVerifierReport.Json(result.Report, provenance, source.Weak, source.Strong, parsed.GetValue(model)));
                else TrainVerifierReport.Write(output, result.Report, provenance, source.Weak, source.Strong, parsed.GetValue(model));
                return ExitCode.Ok;
            }
            catch (TrainingException e)
            {
                return Output.Fail(error, e.Message, e.Fix);
            }
            catch (EvalException e)
            {
                return Output.Fail(error, e.Problem, e.Fix);
            }
            catch (LedgerException e)
            {
                return Output.Fail(error, $"{e.Path}: {e.Problem}", e.Fix);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return ExitCode.Faults;
            }
            catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException or FormatException)
            {
                return Output.Fail(error, unusable.Message);
            }
        });
        return command;
    }

    /// <summary>The rows, and where they come from.</summary>
    private sealed record Source(IReadOnlyList<TrainingRow> Rows, string Weak, string Strong, string? Tag, string Label, ImmutableArray<TrainingFile> Files);

    private sealed record Request(Source Source, int Folds, ulong Seed, int Threads);

    // The ledger has tokens, costs and verdicts of calls, but no prompts and answers: there is nothing to build features from.
    private static int FromLedger(TextWriter error, bool hasOutcomes, string? tag)
    {
        if (hasOutcomes) return Output.Fail(error, "--ledger and --outcomes exclude each other.", "Leave one of them out.");
        if (tag is null) return Output.Fail(error, "--ledger needs the tag whose calls it learns from.", "Give --tag TAG.");
        return Output.Fail(
            error, $"The ledger cannot train a verifier for {tag}: it holds costs and verdicts of calls, but neither prompts nor answers.",
            "Run an eval and give it with --eval RUN, or graded answers of both models with --outcomes FILE --weak MODEL --strong MODEL; docs/recorded.md has the format.");
    }

    private static string? Unwritable(string path, string[] inputs)
    {
        var full = Path.GetFullPath(path);
        if (Array.Exists(inputs, input => Path.GetFullPath(input) == full)) return $"{path} is read from; it would be overwritten.";
        if (Directory.Exists(full)) return $"{path} is a folder.";
        return Directory.Exists(Path.GetDirectoryName(full)) ? null : $"There is no folder for {path}.";
    }

    private static async Task<Source> FromEvalAsync(string data, string run, string? weak, string? strong, TextWriter error, TimeProvider clock, CancellationToken cancellationToken)
    {
        var pairs = await GradedRuns.ReadAsync(data, clock, run, EvalPart.Tune, weak, strong, error, cancellationToken);
        return new Source(GradedRuns.ToTraining(pairs), pairs.WeakId, pairs.StrongId, Tag: null, "correct", [new TrainingFile(pairs.Name, pairs.Sha256)]);
    }

    private static async Task<Source> FromFilesAsync(
        string[] outcomes, string[] responses, string weak, string strong, string? tag, string? label, TextWriter error, CancellationToken cancellationToken)
    {
        var recorded = await RecordedOutcomes.ReadAsync(outcomes, responses, new RecordedReading { Label = label, KeepDuplicates = true }, cancellationToken);
        foreach (var fault in recorded.Faults) error.WriteLine($"rung: {fault.File}, line {fault.Line}: {fault.Message}");
        if (recorded.FaultCount > recorded.Faults.Count) error.WriteLine($"rung: {recorded.FaultCount - recorded.Faults.Count} more faulty lines");
        foreach (var name in new[] { weak, strong })
        {
            if (!recorded.Knows(name)) throw new TrainingException($"No row has the model {name}.", $"Models of these files: {Some(recorded.Models)}.");
        }

        var pair = RecordedPair.Of(recorded, weak, strong, tag);
        if (pair.OfTag == 0) throw new TrainingException($"No row has the source {tag}.", $"Sources of these files: {Some([.. recorded.Rows.Select(row => row.Source).Distinct(StringComparer.Ordinal)])}.");
        if (pair.Rows.Count == 0) throw new TrainingException($"Of {pair.OfTag} rows not one has a grade \"{label ?? "correct"}\" of both models.", "Check --label, --weak and --strong.");
        if (pair.Rows.Count < pair.OfTag) error.WriteLine($"rung: {pair.OfTag - pair.Rows.Count} of {pair.OfTag} rows have no grade of both models and are not used");

        var files = ImmutableArray.CreateBuilder<TrainingFile>();
        foreach (var path in (string[])[.. outcomes, .. responses, .. RecordedOutcomes.ResponsesBeside(outcomes, responses)])
        {
            await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            files.Add(new TrainingFile(Path.GetFileName(path), Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken))));
        }
        return new Source(pair.Rows, weak, strong, tag, label ?? "correct", files.ToImmutable());
    }

    private static VerifierTrainingResult Train(Request request, TextWriter error, TimeProvider clock, CancellationToken cancellationToken)
    {
        error.WriteLine($"rung: training on {request.Source.Rows.Count:N0} rows, {request.Folds} folds, seed {request.Seed}");
        var line = new TrainProgressLine(error, isTerminal: error == Console.Error && !Console.IsErrorRedirected, clock);
        try
        {
            return VerifierTraining.Train(request.Source.Rows, new TrainingOptions
            {
                Weak = request.Source.Weak,
                Strong = request.Source.Strong,
                Folds = request.Folds,
                Seed = request.Seed,
                Progress = line.Report,
                ForEach = (count, body) => Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = request.Threads, CancellationToken = cancellationToken }, body),
            });
        }
        finally
        {
            line.Clear();
        }
    }

    private static VerifierProvenance Provenance(Request request, VerifierReport report, TimeProvider clock) => new()
    {
        TrainedAt = clock.GetUtcNow(), Files = request.Source.Files, Tag = request.Source.Tag, Label = request.Source.Label,
        Rows = report.Rows, Folds = request.Folds, Seed = request.Seed, Metrics = TrainVerifierReport.Metrics(report),
    };

    private static async Task WriteScoresAsync(string path, VerifierTrainingResult result, CancellationToken cancellationToken)
    {
        await using var file = new StreamWriter(path);
        for (var i = 0; i < result.Ids.Length; i++)
        {
            var row = result.OutOfFold[i];
            var line = new { Id = result.Ids[i], Score = row.KeepScore, Weak = row.WeakQuality, Strong = row.StrongQuality };
            await file.WriteLineAsync(JsonSerializer.Serialize(line, s_line).AsMemory(), cancellationToken);
        }
    }

    private static string Some(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(12)) + (names.Count > 12 ? $" and {names.Count - 12} more" : "");
}
