using System.Text.Json;

namespace Rung.Control.Imports.Reading;

/// <summary>The records of one file, one after the other.</summary>
internal abstract class RecordSource : IDisposable
{
    private readonly List<(byte[] Bytes, long Line)> _peeked = [];
    private int _given;
    private readonly List<(long Line, string Message)> _faults = [];

    /// <summary>What the file consists of.</summary>
    public abstract LogShape Shape { get; }
    /// <summary>Header of a CSV file; else empty.</summary>
    public virtual IReadOnlyList<string> Columns => [];
    /// <summary>The first bytes.</summary>
    public byte[] Start { get; protected init; } = [];
    /// <summary>Whether the record that was given last is the file's last and has no end (no line end behind it): it may be half written.</summary>
    public bool IsLastAndOpen { get; protected set; }
    /// <summary>Whether the file ended inside a record, which was not given.</summary>
    public bool EndsInside { get; protected set; }
    /// <summary>What could not even be cut into records.</summary>
    public IReadOnlyList<(long Line, string Message)> Faults => _faults;

    /// <summary>The first records that are JSON, parsed; they will be given all the same.</summary>
    public IReadOnlyList<JsonDocument> Peek(int count)
    {
        if (Shape != LogShape.Json) return [];
        var documents = new List<JsonDocument>();
        while (_peeked.Count < count && TryCut(out var record))
        {
            var bytes = record.Bytes.ToArray();
            _peeked.Add((bytes, record.Line));
            try
            {
                documents.Add(JsonDocument.Parse(bytes));
            }
            catch (JsonException)
            {
                // It will be counted when it is read.
            }
        }
        return documents;
    }

    /// <summary>The next record; false at the end.</summary>
    /// <exception cref="InvalidDataException">A record is larger than any record is.</exception>
    /// <exception cref="IOException">The file cannot be read on.</exception>
    public bool TryNext(out LogRecord record)
    {
        if (_given == _peeked.Count) return TryCut(out record);
        var (bytes, line) = _peeked[_given++];
        record = new LogRecord { Line = line, Bytes = bytes, Shape = LogShape.Json };
        if (_given == _peeked.Count) _peeked.Clear();
        if (_peeked.Count == 0) _given = 0;
        return true;
    }

    /// <summary>Lets go of what reading took; the stream is its owner's.</summary>
    public virtual void Dispose()
    {
    }

    /// <summary>Cuts the next record out of the bytes.</summary>
    protected abstract bool TryCut(out LogRecord record);

    /// <summary>Notes something that is no record.</summary>
    protected void Fault(long line, string message)
    {
        const int Most = 1000; // A file of garbage says the same thing over and over.
        if (_faults.Count < Most) _faults.Add((line, message));
    }
}
