using System.Text.Json;

namespace Rung.Control.Imports;

/// <summary>A format of logs that can be read. Has no state; what must be remembered between records and files is in its reader.</summary>
internal interface ILogFormat
{
    /// <summary>The word for <c>--format</c> and for <see cref="ImportedCall.Source"/>.</summary>
    string Name { get; }

    /// <summary>What it is, for people: <c>LiteLLM spend logs</c>.</summary>
    string Title { get; }

    /// <summary>Whether the beginning of a file looks like this format. Formats are asked in the order of <see cref="LogFormats.All"/>; the first yes counts.</summary>
    bool Recognises(in LogSample sample);

    /// <summary>A reader for one run over any number of files.</summary>
    ILogReader CreateReader(ImportContext context);
}

/// <summary>Reads the records of one format. One thread.</summary>
internal interface ILogReader
{
    /// <summary>A file begins.</summary>
    void BeginFile(LogFile file);

    /// <summary>One record of it.</summary>
    /// <exception cref="LogRecordException">The record cannot be used; it is counted, and the next one is read. <see cref="JsonException"/>,
    /// <see cref="FormatException"/> and <see cref="InvalidOperationException"/> of a JSON element of another kind count as the same.</exception>
    void Read(in LogRecord record, IImportSink sink);

    /// <summary>The file has ended, whole or broken.</summary>
    void EndFile(IImportSink sink);

    /// <summary>Every file has been read: what was held back comes now.</summary>
    void Complete(IImportSink sink);
}

/// <summary>Takes what a reader finds.</summary>
internal interface IImportSink
{
    /// <summary>A call, or a sum of calls. One whose key was seen before is counted as a duplicate and dropped here.</summary>
    void Add(ImportedCall call);

    /// <summary>Something in the log that is deliberately not imported.</summary>
    void Leave(LeftOut reason, int count = 1);

    /// <summary>A part of a record cannot be used; the rest of it was.</summary>
    /// <param name="message">What is wrong, without content.</param>
    void Fault(string message);

    /// <summary>What the reader of a report should know of the log as a whole, and that is the fault of no record.</summary>
    /// <param name="message">A sentence, without content.</param>
    void Note(string message);
}

/// <summary>Why something of a log is no call of its own.</summary>
public enum LeftOut
{
    /// <summary>The same call again.</summary>
    Duplicate,
    /// <summary>A record that is no model call: a tool, a chain, a log line of another kind.</summary>
    NoModelCall,
    /// <summary>A parent that repeats the usage of its children.</summary>
    RepeatsChildren,
    /// <summary>A copy of another session's history.</summary>
    Replayed,
    /// <summary>An answer that the tool made up itself, without a model.</summary>
    Synthetic,
    /// <summary>A call that has not ended yet.</summary>
    Unfinished,
    /// <summary>A sum whose single calls are imported, too.</summary>
    SumOfCalls,
}

/// <summary>What a reader may know of the run.</summary>
internal sealed record ImportContext
{
    /// <summary>Columns and fields that the user has named; null when none.</summary>
    public ColumnMapping? Mapping { get; init; }
}

/// <summary>A record that cannot be used. The message names the trouble and the place in the record, and quotes no content.</summary>
internal sealed class LogRecordException(string message) : Exception(message);

/// <summary>A file that is being read.</summary>
/// <param name="Path">Its path, or <c>-</c> for standard input.</param>
/// <param name="Length">Its length in bytes as stored; null when unknown.</param>
internal sealed record LogFile(string Path, long? Length);

/// <summary>What a file consists of.</summary>
internal enum LogShape
{
    /// <summary>JSON: lines, one document after the other, an array of records, or pages with an array in <c>data</c>, <c>results</c> or the like.</summary>
    Json,
    /// <summary>Comma- or semicolon- or tab-separated values with a header.</summary>
    Csv,
    /// <summary>Neither: protocol buffers.</summary>
    Binary,
}

/// <summary>The beginning of a file.</summary>
internal readonly ref struct LogSample
{
    /// <summary>The file.</summary>
    public required LogFile File { get; init; }
    /// <summary>What it consists of.</summary>
    public required LogShape Shape { get; init; }
    /// <summary>The first records of a JSON file, at most 20, those of a page or of an array already taken out of it; empty for another shape.</summary>
    public IReadOnlyList<JsonElement> Records { get; init; }
    /// <summary>The header of a CSV file, in its order, without a byte order mark; empty for another shape.</summary>
    public IReadOnlyList<string> Columns { get; init; }
    /// <summary>Columns that the user has named; null when none.</summary>
    public ColumnMapping? Mapping { get; init; }
    /// <summary>Whether the file was named itself, rather than found in a folder.</summary>
    public bool IsNamed { get; init; }
    /// <summary>The first bytes (at most 64 KiB, unpacked).</summary>
    public ReadOnlySpan<byte> Start { get; init; }
}

/// <summary>One record of a file. Valid during the call that hands it over.</summary>
internal readonly ref struct LogRecord
{
    /// <summary>Line in the file on which it begins, from 1; of a binary file the number of the record.</summary>
    public required long Line { get; init; }
    /// <summary>The record as JSON text in UTF-8, or as bytes; empty for a row of values.</summary>
    public ReadOnlyMemory<byte> Bytes { get; init; }
    /// <summary>What it consists of.</summary>
    public required LogShape Shape { get; init; }
    /// <summary>The row of a CSV file; null for another shape.</summary>
    public CsvRow? Row { get; init; }

    /// <summary>Parses the record. The caller disposes of the document.</summary>
    public JsonDocument Parse() => JsonDocument.Parse(Bytes);
}
