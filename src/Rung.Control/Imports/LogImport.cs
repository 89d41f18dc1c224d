using System.Text.Json;
using Rung.Control.Imports.Reading;

namespace Rung.Control.Imports;

/// <summary>
/// Reads logs: finds the files, recognises their formats, hands every call over once. Streams; what grows with the input is eight to sixteen bytes a call,
/// to know those that come again.
/// </summary>
public sealed class LogImport
{
    /// <summary>How many bytes are read between two reports of progress.</summary>
    private const long ProgressStep = 1 << 20;

    private readonly LogImportOptions _options;
    private readonly Action<ImportedCall> _take;
    private readonly Action<ImportProgress>? _progress;
    private readonly Dictionary<ILogFormat, ILogReader> _readers = [];
    private readonly SeenKeys _seen = new();
    private readonly long[] _leftOut = new long[Enum.GetValues<LeftOut>().Length];
    private readonly List<ImportedFile> _files = [];
    private readonly List<string> _notes = [];
    private long _calls;
    private long _buckets;
    private long _records;

    private LogImport(LogImportOptions options, Action<ImportedCall> take, Action<ImportProgress>? progress)
    {
        _options = options;
        _take = take;
        _progress = progress;
    }

    /// <summary>Reads everything, on the caller's thread; unpacking runs ahead on another.</summary>
    /// <param name="options">What to read.</param>
    /// <param name="take">Gets every call and every sum of calls, once.</param>
    /// <param name="progress">Is told how far it is, about once a megabyte; null for nobody.</param>
    /// <param name="cancellationToken">Stops it between two records.</param>
    /// <exception cref="ArgumentException">The format is none that Rung reads.</exception>
    /// <exception cref="FileNotFoundException">A path that was named does not exist, or a pattern finds nothing.</exception>
    public static LogImportResult Run(LogImportOptions options, Action<ImportedCall> take, Action<ImportProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(take);
        return Run(options, LogFormats.All, take, progress, cancellationToken);
    }

    /// <summary>The same with other formats.</summary>
    internal static LogImportResult Run(
        LogImportOptions options, IReadOnlyList<ILogFormat> formats, Action<ImportedCall> take, Action<ImportProgress>? progress, CancellationToken cancellationToken) =>
        new LogImport(options, take, progress).Run(formats, cancellationToken);

    private LogImportResult Run(IReadOnlyList<ILogFormat> formats, CancellationToken cancellationToken)
    {
        if (_options.Format is { } name)
        {
            formats = [formats.FirstOrDefault(format => format.Name == name)
                ?? throw new ArgumentException($"There is no format \"{name}\". Formats: {string.Join(", ", formats.Select(format => format.Name))}.", nameof(formats))];
        }
        var found = LogFiles.Find(_options.Paths);
        long? total = found.All(file => file.Length is not null) ? found.Sum(file => file.Length!.Value) : null;
        var others = 0;
        var before = 0L;
        ImportSink? last = null;
        foreach (var file in found)
        {
            var imported = new ImportedFile { Path = _options.NameOf?.Invoke(file.Path) ?? file.Path };
            var sink = new ImportSink(this, imported);
            try
            {
                Read(file, imported, sink, formats, before, total, cancellationToken);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                imported.Problem = e.Message;
            }
            before += imported.Bytes;
            if (imported.Format is null && imported.Problem is null && !file.IsNamed)
            {
                others++;
                continue;
            }
            if (imported is { Format: null, Bytes: 0 }) imported.Problem ??= "It is empty.";
            if (imported.Format is null) imported.Problem ??= $"It is of no format that Rung reads: {string.Join(", ", formats.Select(format => format.Name))}. Name its format with --format, or its columns with --mapping.";
            _files.Add(imported);
            last = sink;
        }
        if (last is not null)
        {
            foreach (var reader in _readers.Values) reader.Complete(last);
        }
        return new LogImportResult
        {
            Files = _files, OtherFiles = others, Calls = _calls, Buckets = _buckets, Notes = _notes,
            LeftOut = Enum.GetValues<LeftOut>().Where(reason => _leftOut[(int)reason] > 0).ToDictionary(reason => reason, reason => _leftOut[(int)reason]),
        };
    }

    private void Read(FoundFile file, ImportedFile imported, ImportSink sink, IReadOnlyList<ILogFormat> formats, long before, long? total, CancellationToken cancellationToken)
    {
        using var opened = LogStream.Open(file.Path, _options.StandardInput, _options.MostUnpackedBytes);
        using var source = opened.ToRecords();
        var described = new LogFile(file.Path, file.Length);
        if (Recognise(formats, source, described, file.IsNamed) is not { } format)
        {
            imported.Bytes = file.Length ?? opened.BytesRead;
            return;
        }
        imported.Format = format.Name;
        if (!_readers.TryGetValue(format, out var reader)) _readers[format] = reader = format.CreateReader(new ImportContext { Mapping = _options.Mapping });
        reader.BeginFile(described);
        var told = 0L;
        while (source.TryNext(out var record))
        {
            imported.Records++;
            _records++;
            sink.Line = record.Line;
            try
            {
                reader.Read(record, sink);
            }
            // The last line of a file that is being written is not a fault of the file.
            catch (Exception e) when (IsFault(e) && source.IsLastAndOpen)
            {
                imported.EndsInside = true;
                imported.Records--;
            }
            catch (Exception e) when (IsFault(e))
            {
                imported.Fault(record.Line, e is JsonException ? "It is no JSON." : e.Message);
            }
            if (opened.BytesRead - told < ProgressStep && (imported.Records & 0xFFF) != 0) continue;
            cancellationToken.ThrowIfCancellationRequested();
            told = opened.BytesRead;
            _progress?.Invoke(new ImportProgress(imported.Path, before + told, total, _records, _calls));
        }
        imported.EndsInside |= source.EndsInside;
        foreach (var (line, message) in source.Faults) imported.Fault(line, message);
        imported.Bytes = file.Length ?? opened.BytesRead;
        sink.Line = 0;
        reader.EndFile(sink);
        _progress?.Invoke(new ImportProgress(imported.Path, before + imported.Bytes, total, _records, _calls));
    }

    private static bool IsFault(Exception e) => e is LogRecordException or JsonException or FormatException or InvalidOperationException or OverflowException or KeyNotFoundException;

    private ILogFormat? Recognise(IReadOnlyList<ILogFormat> formats, RecordSource source, LogFile file, bool isNamed)
    {
        if (formats.Count == 1) return formats[0];
        var documents = source.Peek(20);
        try
        {
            var sample = new LogSample
            {
                File = file, Shape = source.Shape, Records = [.. documents.Select(document => document.RootElement)], Columns = source.Columns, Start = source.Start,
                Mapping = _options.Mapping, IsNamed = isNamed,
            };
            foreach (var format in formats)
            {
                if (format.Recognises(sample)) return format;
            }
            return null;
        }
        finally
        {
            foreach (var document in documents) document.Dispose();
        }
    }

    /// <summary>Counts what one file's reader finds, and hands over what is new.</summary>
    private sealed class ImportSink(LogImport run, ImportedFile file) : IImportSink
    {
        public long Line { get; set; }

        public void Add(ImportedCall call)
        {
            if (!run._seen.Add(call.Source, call.Key))
            {
                Leave(LeftOut.Duplicate);
                return;
            }
            if (call.Granularity == ImportGranularity.Bucket) run._buckets++;
            else run._calls++;
            run._take(call);
        }

        public void Leave(LeftOut reason, int count = 1) => run._leftOut[(int)reason] += count;

        public void Fault(string message) => file.Fault(Line, message);

        public void Note(string message) => run._notes.Add(message);
    }
}
