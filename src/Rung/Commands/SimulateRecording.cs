using Rung.Commands.Policy;
using Rung.Control.Laboratory;
using Rung.Recorded;

namespace Rung.Commands;

/// <summary>Recorded outcomes as the quality of two simulated arms.</summary>
internal static class SimulateRecording
{
    private static readonly string[] s_names = ["outcomes.jsonl.gz", "outcomes.jsonl"];

    /// <summary>Reads them; null when none are named.</summary>
    /// <param name="path">A file, or a folder with one of the usual names in it; null: none.</param>
    /// <param name="current">The model that plays the current policy; null: the best.</param>
    /// <param name="candidate">The one that plays the candidate; null: the best of the others.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="PolicyUnusableException">There is no such file or model, or no prompt that both have answered.</exception>
    public static async Task<RecordedScores?> ReadAsync(string? path, string? current, string? candidate, CancellationToken cancellationToken)
    {
        if (path is null) return null;
        var file = Directory.Exists(path) ? s_names.Select(name => Path.Combine(path, name)).FirstOrDefault(File.Exists) : path;
        if (file is null || !File.Exists(file)) throw new PolicyUnusableException($"There are no recorded outcomes at {path}.", $"Name a file, or a folder with {string.Join(" or ", s_names)}.");
        var outcomes = await RecordedOutcomes.ReadAsync([file], [], cancellationToken);

        // Alike on the same prompts: only what both have answered counts, and the best of all is found over what each has answered.
        var means = outcomes.Models.Select(model => (Model: model, Scores: outcomes.Rows.Select(row => row.Of(model)?.Score).OfType<double>().ToList()))
            .Where(one => one.Scores.Count > 0).OrderByDescending(one => one.Scores.Average()).Select(one => one.Model).ToList();
        var first = Known(current) ?? means.FirstOrDefault(model => model != candidate);
        var second = Known(candidate) ?? means.FirstOrDefault(model => model != first);
        if (first is null || second is null) throw new PolicyUnusableException($"{file} has grades of fewer than two models.", "Name another recording: --recorded FILE");
        var (ones, others) = (new List<double>(), new List<double>());
        foreach (var row in outcomes.Rows)
        {
            if (row.Of(first)?.Score is not { } one || row.Of(second)?.Score is not { } other) continue;
            ones.Add(one);
            others.Add(other);
        }
        if (ones.Count == 0) throw new PolicyUnusableException($"No prompt of {file} has grades of both {first} and {second}.", $"It has: {string.Join(", ", means.Take(8))}");
        return new RecordedScores(ones, others, $"{Path.GetFileName(file)}: {first} as the current policy, {second} as the candidate");

        string? Known(string? model) => model is null || means.Contains(model, StringComparer.Ordinal) ? model
            : throw new PolicyUnusableException($"{file} has no grades of {model}.", $"It has: {string.Join(", ", means.Take(8))}");
    }
}
