namespace Rung.Control.Imports;

/// <summary>What to read.</summary>
public sealed record LogImportOptions
{
    /// <summary>Files, folders (with everything below them), patterns such as <c>logs/*.jsonl.gz</c>, and <c>-</c> for standard input.</summary>
    public required IReadOnlyList<string> Paths { get; init; }
    /// <summary>What <c>-</c> reads; null when there is none.</summary>
    public Stream? StandardInput { get; init; }
    /// <summary>Name of the format of every file; null: each file's is detected by its content.</summary>
    public string? Format { get; init; }
    /// <summary>Columns that the user has named; null when none.</summary>
    public ColumnMapping? Mapping { get; init; }

    /// <summary>What a file is called in the result, by its path: for copies of files that came under other names. Null: its path.</summary>
    public Func<string, string>? NameOf { get; init; }
    /// <summary>Most bytes that one file may have when unpacked, at least 1: of one that has more, nothing beyond is read, and it is said. Null: any number.</summary>
    public long? MostUnpackedBytes { get; init; }

    /// <summary>The formats by their names, with their titles for people.</summary>
    public static IReadOnlyList<(string Name, string Title)> Formats => [.. LogFormats.All.Select(format => (format.Name, format.Title))];
}

/// <summary>How far a run has come.</summary>
/// <param name="File">The file that is being read.</param>
/// <param name="BytesRead">Bytes read of all files, as stored.</param>
/// <param name="BytesTotal">Bytes of all files, as stored; null when one of them has no known length.</param>
/// <param name="Records">Records read.</param>
/// <param name="Calls">Calls found, those of buckets not counted.</param>
public readonly record struct ImportProgress(string File, long BytesRead, long? BytesTotal, long Records, long Calls);

/// <summary>A record that could not be used.</summary>
/// <param name="Line">Line of the file on which it begins, from 1.</param>
/// <param name="Message">What is wrong with it, without content.</param>
public sealed record ImportFault(long Line, string Message);

/// <summary>What became of one file.</summary>
public sealed class ImportedFile
{
    /// <summary>Faults of a file that are shown by example.</summary>
    public const int MostExamples = 5;

    private readonly List<ImportFault> _examples = [];

    /// <summary>The file, as it was found; <c>-</c> for standard input.</summary>
    public required string Path { get; init; }
    /// <summary>Name of its format; null when none was recognised.</summary>
    public string? Format { get; internal set; }
    /// <summary>Its bytes as stored.</summary>
    public long Bytes { get; internal set; }
    /// <summary>Records read.</summary>
    public long Records { get; internal set; }
    /// <summary>Records, or parts of them, that could not be used.</summary>
    public long Faults { get; private set; }
    /// <summary>The first of them.</summary>
    public IReadOnlyList<ImportFault> Examples => _examples;
    /// <summary>Whether it ends inside a record: it was being written, or was cut.</summary>
    public bool EndsInside { get; internal set; }
    /// <summary>Why it could not be read, or not to its end; null when it could.</summary>
    public string? Problem { get; internal set; }

    internal void Fault(long line, string message)
    {
        Faults++;
        if (_examples.Count < MostExamples) _examples.Add(new ImportFault(line, message));
    }
}

/// <summary>What a run has read.</summary>
public sealed record LogImportResult
{
    /// <summary>Every file that was looked at, in the order in which it was read.</summary>
    public required IReadOnlyList<ImportedFile> Files { get; init; }
    /// <summary>Files in folders that are of no format that Rung reads; they are not in <see cref="Files"/>.</summary>
    public required int OtherFiles { get; init; }
    /// <summary>Calls handed over.</summary>
    public required long Calls { get; init; }
    /// <summary>Sums of calls handed over.</summary>
    public required long Buckets { get; init; }
    /// <summary>What was deliberately not imported, by reason.</summary>
    public required IReadOnlyDictionary<LeftOut, long> LeftOut { get; init; }

    /// <summary>What must be known of the logs as a whole: a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Whether nothing came of any file, and that because none could be read. A record may be a whole export: one fault in it spoils nothing else.</summary>
    public bool NothingReadable => Calls == 0 && Buckets == 0
        && Files.All(file => file.Problem is not null || file.Format is null || (file.Records > 0 && file.Faults >= file.Records));
}
