namespace Rung.Recorded;

/// <summary>A line that could not be read.</summary>
/// <param name="File">The file, as it was named.</param>
/// <param name="Line">Number of the line, from 1.</param>
/// <param name="Message">What is wrong with it.</param>
internal sealed record RecordedLineFault(string File, int Line, string Message);

/// <summary>Real models' real answers to a set of prompts, graded: what the recorded upstream answers from and what a drive is graded by.</summary>
internal sealed class RecordedOutcomes
{
    private readonly IReadOnlyDictionary<UInt128, RecordedRow> _byPrompt;
    private readonly HashSet<string> _known;

    internal RecordedOutcomes(IReadOnlyList<RecordedRow> rows, IReadOnlyDictionary<UInt128, RecordedRow> byPrompt)
    {
        Rows = rows;
        _byPrompt = byPrompt;
        _known = rows.SelectMany(row => row.Outcomes).Select(outcome => outcome.Model).ToHashSet(StringComparer.Ordinal);
        Models = [.. _known.Order(StringComparer.Ordinal)];
    }

    /// <summary>Every prompt once, in the order of the files; every row when duplicates were kept.</summary>
    public IReadOnlyList<RecordedRow> Rows { get; }
    /// <summary>Every model, in ordinal order.</summary>
    public IReadOnlyList<string> Models { get; }
    /// <summary>Rows whose prompt had been seen before: only models that the first row lacked were taken from them.</summary>
    public required int Duplicates { get; init; }
    /// <summary>Recorded responses whose id or model no row has.</summary>
    public required int UnmatchedResponses { get; init; }
    /// <summary>Answers that are stand-ins, because only their grade was kept; 0 unless stand-ins were asked for.</summary>
    public int StandIns { get; init; }
    /// <summary>The first lines that could not be read, at most <see cref="RecordedOutcomesBuilder.MaxFaultsKept"/>.</summary>
    public required IReadOnlyList<RecordedLineFault> Faults { get; init; }
    /// <summary>How many lines could not be read.</summary>
    public required int FaultCount { get; init; }

    /// <summary>The row of a prompt, found by its text; null when it was not recorded.</summary>
    public RecordedRow? Find(string prompt) => Find(PromptKey.Of(prompt));

    /// <summary>The row of a prompt, found by its key; null when it was not recorded.</summary>
    public RecordedRow? Find(UInt128 key) => _byPrompt.GetValueOrDefault(key);

    /// <summary>Whether any row has the model.</summary>
    public bool Knows(string model) => _known.Contains(model);

    /// <summary>
    /// Reads outcome files and the answers that belong to them: files named <c>responses*.jsonl</c> or <c>responses*.jsonl.gz</c> in the same folder,
    /// and those named in <paramref name="responses"/>.
    /// </summary>
    /// <exception cref="InvalidDataException">Not one outcome could be read.</exception>
    /// <exception cref="IOException">A file is missing or cannot be opened.</exception>
    public static Task<RecordedOutcomes> ReadAsync(IReadOnlyList<string> outcomes, IReadOnlyList<string> responses, CancellationToken cancellationToken) =>
        ReadAsync(outcomes, responses, new RecordedReading(), cancellationToken);

    /// <summary>The same, with a say in how rows are read.</summary>
    /// <exception cref="InvalidDataException">Not one outcome could be read.</exception>
    /// <exception cref="IOException">A file is missing or cannot be opened.</exception>
    public static async Task<RecordedOutcomes> ReadAsync(
        IReadOnlyList<string> outcomes, IReadOnlyList<string> responses, RecordedReading reading, CancellationToken cancellationToken)
    {
        var builder = new RecordedOutcomesBuilder(reading);
        foreach (var path in outcomes)
        {
            await using var stream = JsonLines.Open(path);
            await builder.AddOutcomesAsync(stream, path, FolderOf(path), cancellationToken);
        }

        foreach (var path in ResponsesBeside(outcomes, responses))
        {
            await using var stream = JsonLines.Open(path);
            await builder.AddResponsesAsync(stream, path, FolderOf(path), cancellationToken);
        }
        foreach (var path in responses)
        {
            await using var stream = JsonLines.Open(path);
            await builder.AddResponsesAsync(stream, path, scope: null, cancellationToken);
        }
        return builder.Build();
    }

    /// <summary>The files of answers that lie beside outcome files and were not named.</summary>
    public static IReadOnlyList<string> ResponsesBeside(IReadOnlyList<string> outcomes, IReadOnlyList<string> responses)
    {
        var named = responses.Select(Path.GetFullPath).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. outcomes.Select(FolderOf).Distinct(StringComparer.Ordinal)
                .SelectMany(folder => Directory.EnumerateFiles(folder, "responses*").Where(IsJsonLines).Order(StringComparer.Ordinal))
                .Where(path => !named.Contains(path)),
        ];
    }

    private static string FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path))!;

    private static bool IsJsonLines(string path) =>
        path.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".jsonl.gz", StringComparison.OrdinalIgnoreCase);
}
