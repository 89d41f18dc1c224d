using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace Rung.Control.Imports.Reading;

/// <summary>The rows of a CSV file (RFC 4180; comma, semicolon, tab or bar, whichever the header has most of).</summary>
internal sealed class CsvRecords : RecordSource
{
    private readonly CsvParser _parser;
    private readonly CsvRow? _row;

    public CsvRecords(RecordBuffer buffer)
    {
        Start = buffer.Unread[..Math.Min(buffer.Unread.Length, 64 * 1024)].ToArray();
        _parser = new CsvParser(new StreamReader(new BufferStream(buffer)), new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = DelimiterOf(Start),
            BadDataFound = null,
            // An unclosed quote must not take the rest of the file for one value.
            MaxFieldSize = 16 * 1024 * 1024,
            IgnoreBlankLines = true,
            CacheFields = false,
        });
        if (Cut()) _row = new CsvRow([.. _parser.Record!.Select(name => name.Trim())]);
    }

    public override LogShape Shape => LogShape.Csv;

    public override IReadOnlyList<string> Columns => _row?.Columns ?? [];

    protected override bool TryCut(out LogRecord record)
    {
        record = default;
        if (_row is null || !Cut()) return false;
        _row.Values = _parser.Record!;
        record = new LogRecord { Line = _parser.RawRow, Row = _row, Shape = LogShape.Csv };
        return true;
    }

    public override void Dispose()
    {
        _parser.Dispose();
        base.Dispose();
    }

    private bool Cut()
    {
        try
        {
            return _parser.Read();
        }
        catch (MaxFieldSizeException e)
        {
            throw new InvalidDataException($"A value near line {_parser.RawRow} is larger than 16 MiB: a quote may not be closed.", e);
        }
    }

    private static string DelimiterOf(ReadOnlySpan<byte> start)
    {
        var end = start.IndexOf((byte)'\n');
        var header = end < 0 ? start : start[..end];
        var best = (byte)',';
        foreach (var candidate in ",;\t|"u8)
        {
            if (header.Count(candidate) > header.Count(best)) best = candidate;
        }
        return ((char)best).ToString();
    }

    /// <summary>What is left in a buffer, and behind it the stream.</summary>
    private sealed class BufferStream(RecordBuffer buffer) : ReadOnlyStream
    {
        public override int Read(Span<byte> target)
        {
            if (!buffer.Fill(1)) return 0;
            var count = Math.Min(target.Length, buffer.Unread.Length);
            buffer.Unread[..count].CopyTo(target);
            buffer.Skip(count);
            return count;
        }
    }
}
