using System.Text.Json;
using Rung.Control.Imports;
using Rung.Control.Imports.Reading;
using Rung.Storage.Content;

namespace Rung.Control.Evals.Sets.Reading;

/// <summary>
/// Reads files that a set can be made of: JSON lines, JSON, CSV, datasets of Langfuse, OpenAI evals, recorded outcomes, exported sets; gzipped or not. The format is
/// told by the content. A line that cannot be used is counted and shown by example, never silently lost.
/// </summary>
public static class EvalFiles
{
    private const int MostExamples = 5;

    /// <summary>Reads.</summary>
    /// <param name="options">What to read.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="EvalException">A file cannot be opened, or nothing in it can be used.</exception>
    public static EvalPopulation Read(EvalFileOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var run = new Run(options);
        try
        {
            foreach (var file in LogFiles.Find(options.Paths)) run.ReadFile(file.Path, cancellationToken);
        }
        catch (FileNotFoundException e)
        {
            throw new EvalException(e.Message, "Check the path.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EvalException(e.Message, "Check that the file is there, whole, and may be read.");
        }
        return run.Take();
    }

    private sealed class Run(EvalFileOptions options)
    {
        private readonly BoundedRows _rows = new(EvalPopulation.MostRows, options.Seed);
        private readonly List<string> _examples = [];
        private readonly SortedDictionary<string, int> _leftOut = new(StringComparer.Ordinal);
        private readonly List<string> _formats = [];
        private readonly List<EvalRow> _exported = [];
        private readonly HashSet<string> _exportedIds = new(StringComparer.Ordinal);
        private EvalSetFile? _first;
        private int _bad;
        private bool _isExport; // Of the file that is being read.

        public void ReadFile(string path, CancellationToken cancellationToken)
        {
            using var opened = LogStream.Open(path, options.StandardInput);
            using var source = opened.ToRecords();
            var name = path == "-" ? "stdin" : Path.GetFileName(path);
            if (source.Shape == LogShape.Binary) throw new EvalException($"{path} is neither JSON nor CSV.", "Name files of JSON lines, JSON or CSV, gzipped or not.");
            var format = EvalFormats.Of(source);
            _isExport = format == EvalFormat.Exported;
            var items = 0;
            try
            {
                while (source.TryNext(out var record))
                {
                    if ((++items & 0xFF) == 0) cancellationToken.ThrowIfCancellationRequested();
                    ReadRecord(record, name, format);
                }
            }
            catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
            {
                Bad(name, items + 1, $"The file breaks off: {e.Message}");
            }
            foreach (var (line, message) in source.Faults) Bad(name, line, message);
            if (source.EndsInside) Bad(name, null, "It ends inside a record.");
            _formats.Add($"{name}: {EvalFormats.Title(format)}");
        }

        public EvalPopulation Take()
        {
            var seen = _rows.Seen;
            if (seen == 0 && _exported.Count == 0)
            {
                var left = _leftOut.Count == 0 ? "" : $" Left out: {string.Join(", ", _leftOut.Select(entry => $"{entry.Value:#,0} {entry.Key}"))}.";
                var first = _examples.Count == 0 ? "" : $" First: {_examples[0]}";
                throw new EvalException($"No row could be read from {string.Join(", ", options.Paths)}.{left}{first}",
                    "A row needs \"messages\", \"prompt\" or \"input\"; a CSV file needs such a column.");
            }
            if (_exported.Count > 0 && seen > 0) throw new EvalException("An exported set cannot be mixed with other files: its parts and weights are its own.", "Read it alone, or read the other files into a set of their own.");
            return new EvalPopulation
            {
                Rows = _rows.Take(), Seen = seen + _exported.Count, Bad = _bad, BadExamples = _examples, LeftOut = _leftOut, Formats = _formats,
                Exported = _exported.Count == 0 ? null : (_first ?? new EvalSetFile()) with { Rows = _exported },
            };
        }

        private void ReadRecord(in LogRecord record, string name, EvalFormat format)
        {
            try
            {
                if (record.Row is { } row)
                {
                    Keep(EvalRowReader.OfColumns(row, name, record.Line));
                    return;
                }
                using var parsed = record.Parse();
                var json = parsed.RootElement;
                if (json.ValueKind != JsonValueKind.Object) throw new FormatException("It is no object.");
                if (_isExport) ReadExported(json, record.Line);
                else if (format == EvalFormat.Langfuse && MessageText.Array(json, "items") is { } items) Each(items, name, record.Line, format);
                else Keep(EvalRowReader.OfJson(json, name, record.Line, format, options));
            }
            catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or LogRecordException)
            {
                Bad(name, record.Line, e is JsonException ? "It is no JSON." : e.Message);
            }
        }

        private void Each(JsonElement items, string name, long line, EvalFormat format)
        {
            foreach (var item in items.EnumerateArray())
            {
                try
                {
                    Keep(EvalRowReader.OfJson(item, name, line, format, options));
                }
                catch (Exception e) when (e is FormatException or InvalidOperationException)
                {
                    Bad(name, line, e.Message);
                }
            }
        }

        private void ReadExported(JsonElement json, long line)
        {
            if (EvalSetFile.IsFirst(json))
            {
                if (_first is not null) throw new FormatException($"A second set begins here (line {line}); one set is read at a time.");
                _first = EvalSetFile.ReadFirst(json);
                return;
            }
            var row = EvalSetFile.ReadRow(json, _exported.Count);
            if (!_exportedIds.Add(row.Id)) throw new FormatException($"The id {row.Id} was there before.");
            _exported.Add(row);
        }

        private void Keep(EvalRowReading reading)
        {
            if (reading.LeftOut is { } why)
            {
                Leave(why);
                return;
            }
            var row = reading.Row!;
            if (options.Tag is { } wanted && row.Tag is { } said && said != wanted)
            {
                Leave("rows of another tag");
                return;
            }
            _rows.Add(row);
        }

        private void Leave(string why) => _leftOut[why] = _leftOut.GetValueOrDefault(why) + 1;

        private void Bad(string name, long? line, string message)
        {
            _bad++;
            if (_examples.Count < MostExamples) _examples.Add(line is null ? $"{name}: {message}" : $"{name}:{line}: {message}");
        }
    }
}
