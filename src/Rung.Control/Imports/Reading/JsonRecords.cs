using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Rung.Control.Imports.Reading;

/// <summary>
/// Cuts JSON into records: lines; documents one after the other; the elements of an array; the elements of a page (an object whose <c>data</c> is an array
/// and that has no <c>usage</c> of its own); the elements of a large <c>resourceSpans</c>, each in an object of its own. Never holds more than a record.
/// </summary>
internal sealed class JsonRecords : RecordSource
{
    // An object that is larger is read member by member.
    private const int WholeObjectBytes = 4 * 1024 * 1024;

    private static readonly SearchValues<byte> s_behindValue = SearchValues.Create(",]} \t\r\n"u8);

    private readonly RecordBuffer _buffer;
    private readonly bool _isLines;
    private readonly Queue<byte[]> _unpacked = new();
    private long _unpackedLine;
    private long _line = 1;
    private bool _inArray;
    private bool _inObject; // Of a large object: between its members.
    private byte[]? _wrap; // Of a large object: the member whose elements are given, as "name":[ with a brace before it.
    private bool _inMember;

    public JsonRecords(RecordBuffer buffer)
    {
        _buffer = buffer;
        Start = buffer.Unread[..Math.Min(buffer.Unread.Length, 64 * 1024)].ToArray();
        SkipBlanks();
        _isLines = BeginsWithALine();
    }

    public override LogShape Shape => LogShape.Json;

    protected override bool TryCut(out LogRecord record)
    {
        record = default;
        if (_unpacked.TryDequeue(out var part))
        {
            record = new LogRecord { Line = _unpackedLine, Bytes = part, Shape = LogShape.Json };
            return true;
        }
        return _isLines ? TryLine(out record) : TryValue(out record);
    }

    /// <summary>A first line that is a whole object, and behind it nothing or another object: JSON lines.</summary>
    private bool BeginsWithALine()
    {
        if (!_buffer.Fill(1) || _buffer.Unread[0] == '[') return false;
        if (_buffer.Unread[0] != '{') return true; // A broken first line: it is counted, and the next ones are read.
        int end;
        var looked = 0;
        while ((end = _buffer.Unread[looked..].IndexOf((byte)'\n')) < 0)
        {
            looked = _buffer.Unread.Length;
            if (looked > WholeObjectBytes) return false;
            if (!_buffer.More()) return EndOfValue(_buffer.Unread) is var whole && (whole == 0 || whole == _buffer.Unread.TrimEnd(" \t\r"u8).Length); // One line is all there is.
        }
        end += looked;
        var line = _buffer.Unread[..end].TrimEnd(" \t\r"u8);
        var value = EndOfValue(line);
        // A line that ends inside a value is broken, unless the value is one that is spread over lines.
        return value > 0 ? value == line.Length : line is [.., not ((byte)'{' or (byte)'[' or (byte)',')];
    }

    private bool TryLine(out LogRecord record)
    {
        record = default;
        while (true)
        {
            var looked = 0;
            int end;
            while ((end = _buffer.Unread[looked..].IndexOf((byte)'\n')) < 0)
            {
                looked = _buffer.Unread.Length;
                if (looked > RecordBuffer.MaxRecordBytes) break;
                if (!_buffer.More()) break;
            }
            if (end < 0 && looked > RecordBuffer.MaxRecordBytes)
            {
                Fault(_line, $"It is longer than {RecordBuffer.MaxRecordBytes / (1024 * 1024)} MiB.");
                if (!SkipLine()) return false;
                continue;
            }
            var isLast = end < 0;
            var length = isLast ? _buffer.Unread.Length : end + looked;
            if (isLast && length == 0) return false;
            var line = _buffer.Take(0, length);
            _buffer.Skip(isLast ? length : length + 1);
            var number = _line++;
            var text = Trim(line);
            if (text.IsEmpty) continue;
            IsLastAndOpen = isLast;
            if (Unpack(text, number)) return TryCut(out record);
            record = new LogRecord { Line = number, Bytes = text, Shape = LogShape.Json };
            return true;
        }
    }

    /// <summary>Goes behind the end of a line that is too long to be held; false when the file ends before it.</summary>
    private bool SkipLine()
    {
        _line++;
        int end;
        while ((end = _buffer.Unread.IndexOf((byte)'\n')) < 0)
        {
            _buffer.Skip(_buffer.Unread.Length);
            if (!_buffer.More()) return false;
        }
        _buffer.Skip(end + 1);
        return true;
    }

    private bool TryValue(out LogRecord record)
    {
        record = default;
        while (true)
        {
            SkipBlanks();
            if (!_buffer.Fill(1)) return End();
            var first = _buffer.Unread[0];
            if (_inMember ? first == ']' : _inArray && first == ']')
            {
                _buffer.Skip(1);
                if (_inMember) _inMember = false;
                else _inArray = false;
                continue;
            }
            if (_inObject && !_inMember)
            {
                if (!NextMember()) return End();
                continue;
            }
            if (!_inArray && !_inMember && first == '[')
            {
                _buffer.Skip(1);
                _inArray = true;
                continue;
            }
            if (first is not ((byte)'{' or (byte)'['))
            {
                if (!SkipGarbage()) return End();
                continue;
            }
            if (!TryWhole(out var length))
            {
                if (first == '{' && !_inMember && !_inArray && !_buffer.Unread.IsEmpty)
                {
                    _buffer.Skip(1);
                    _inObject = true;
                    continue;
                }
                EndsInside = true;
                return false;
            }
            var value = _buffer.Take(0, length);
            _buffer.Skip(length);
            var line = _line;
            _line += value.Span.Count((byte)'\n');
            IsLastAndOpen = false;
            if (_inMember && _wrap is not null)
            {
                record = new LogRecord { Line = line, Bytes = (byte[])[.. _wrap, .. value.Span, (byte)']', (byte)'}'], Shape = LogShape.Json };
                return true;
            }
            if (!_inArray && !_inMember && Unpack(value, line)) return TryCut(out record);
            record = new LogRecord { Line = line, Bytes = value, Shape = LogShape.Json };
            return true;
        }
    }

    private bool End()
    {
        EndsInside |= _inArray || _inObject || _inMember;
        return false;
    }

    /// <summary>Brings a whole value into the buffer; false when it is too large for that (at the top), or the file ends inside it.</summary>
    private bool TryWhole(out int length)
    {
        var most = _inArray || _inMember ? RecordBuffer.MaxRecordBytes : WholeObjectBytes;
        var scan = new ValueScan();
        while (true)
        {
            length = scan.Go(_buffer.Unread);
            if (length > 0) return true;
            if (_buffer.Unread.Length > most)
            {
                if (!_inArray && !_inMember) return false;
                throw new InvalidDataException($"The record on line {_line} is larger than {RecordBuffer.MaxRecordBytes / (1024 * 1024)} MiB.");
            }
            if (!_buffer.More())
            {
                if (!_inArray && !_inMember) _buffer.Skip(_buffer.Unread.Length);
                return false;
            }
        }
    }

    /// <summary>Inside a large object: goes to the next member; enters it when its elements are records, else skips its value.</summary>
    private bool NextMember()
    {
        if (_buffer.Unread[0] == '}')
        {
            _buffer.Skip(1);
            _inObject = false;
            return true;
        }
        if (_buffer.Unread[0] != '"') return SkipGarbage();
        if (TextToken() is not { } name) return false;
        SkipBlanks();
        if (!_buffer.Fill(1) || _buffer.Unread[0] != ':') return false;
        _buffer.Skip(1);
        SkipBlanks();
        if (!_buffer.Fill(1)) return false;
        if (_buffer.Unread[0] == '[' && name is "resourceSpans" or "resource_spans" or "resourceLogs" or "data")
        {
            _buffer.Skip(1);
            _inMember = true;
            _wrap = name == "data" ? null : [.. "{\""u8, .. Encoding.UTF8.GetBytes(name), .. "\":["u8];
            return true;
        }
        return SkipValue();
    }

    private string? TextToken()
    {
        var at = 1;
        while (true)
        {
            var end = _buffer.Unread[at..].IndexOf((byte)'"');
            if (end >= 0)
            {
                var name = Encoding.UTF8.GetString(_buffer.Unread[1..(at + end)]);
                _buffer.Skip(at + end + 1);
                return name;
            }
            at = _buffer.Unread.Length;
            if (at > 64 * 1024 || !_buffer.More()) return null;
        }
    }

    private bool SkipValue()
    {
        var scan = new ValueScan();
        while (true)
        {
            var length = scan.Go(_buffer.Unread);
            if (length > 0)
            {
                _line += _buffer.Unread[..length].Count((byte)'\n');
                _buffer.Skip(length);
                return true;
            }
            if (_buffer.Unread.Length > RecordBuffer.MaxRecordBytes) throw new InvalidDataException($"A value near line {_line} is larger than {RecordBuffer.MaxRecordBytes / (1024 * 1024)} MiB.");
            if (!_buffer.More()) return false;
        }
    }

    /// <summary>Text between values that is none: goes on at the next line.</summary>
    private bool SkipGarbage()
    {
        Fault(_line, "There is no JSON value.");
        while (true)
        {
            var end = _buffer.Unread.IndexOf((byte)'\n');
            if (end >= 0)
            {
                _buffer.Skip(end + 1);
                _line++;
                return true;
            }
            _buffer.Skip(_buffer.Unread.Length);
            if (!_buffer.More()) return false;
        }
    }

    /// <summary>Takes the records out of an array or a page; false when the value is a record itself.</summary>
    private bool Unpack(ReadOnlyMemory<byte> value, long line)
    {
        var isArray = value.Span[0] == '[';
        if (!isArray && value.Span[..Math.Min(value.Length, 512)].IndexOf("\"data\""u8) < 0 && value.Span[^Math.Min(value.Length, 512)..].IndexOf("\"data\""u8) < 0) return false;
        try
        {
            using var document = JsonDocument.Parse(value);
            var root = document.RootElement;
            if (!isArray)
            {
                if (root.TryGetProperty("usage", out _) || !root.TryGetProperty("data", out root) || root.ValueKind != JsonValueKind.Array) return false;
            }
            foreach (var element in root.EnumerateArray()) _unpacked.Enqueue(Encoding.UTF8.GetBytes(element.GetRawText()));
            _unpackedLine = line;
            return true;
        }
        catch (JsonException)
        {
            return false; // Whoever reads the record will say so.
        }
    }

    private void SkipBlanks()
    {
        while (true)
        {
            var text = _buffer.Unread;
            var blanks = text.IndexOfAnyExcept(" \t\r\n,"u8);
            var skipped = blanks < 0 ? text.Length : blanks;
            _line += text[..skipped].Count((byte)'\n');
            _buffer.Skip(skipped);
            if (blanks >= 0 || !_buffer.More()) return;
        }
    }

    private static ReadOnlyMemory<byte> Trim(ReadOnlyMemory<byte> line)
    {
        var text = line.Span;
        var start = text.IndexOfAnyExcept(" \t\r\0"u8);
        if (start < 0) return default;
        return line[start..(text.LastIndexOfAnyExcept(" \t\r\0"u8) + 1)];
    }

    private static int EndOfValue(ReadOnlySpan<byte> text)
    {
        var scan = new ValueScan();
        return scan.Go(text);
    }

    /// <summary>Finds the end of a JSON value, going on where it stopped when more bytes have come.</summary>
    private struct ValueScan
    {
        private int _at;
        private int _depth;
        private bool _inText;

        /// <summary>Length of the value; 0 when it has not ended yet.</summary>
        public int Go(ReadOnlySpan<byte> text)
        {
            while (_at < text.Length)
            {
                if (_inText)
                {
                    var end = text[_at..].IndexOfAny((byte)'"', (byte)'\\');
                    if (end < 0)
                    {
                        _at = text.Length;
                        return 0;
                    }
                    _at += end;
                    if (text[_at] == '\\')
                    {
                        if (_at + 1 >= text.Length) return 0; // What is escaped has not come yet.
                        _at += 2;
                        continue;
                    }
                    _inText = false;
                    _at++;
                    if (_depth == 0) return _at;
                    continue;
                }
                if (_depth == 0 && _at > 0)
                {
                    // A number or a word ends before what cannot belong to it.
                    var rest = text[_at..].IndexOfAny(s_behindValue);
                    if (rest >= 0) return _at + rest;
                    _at = text.Length;
                    return 0;
                }
                var next = _depth == 0 ? 0 : text[_at..].IndexOfAny("\"{}[]"u8);
                if (next < 0)
                {
                    _at = text.Length;
                    return 0;
                }
                _at += next;
                switch (text[_at++])
                {
                    case (byte)'"': _inText = true; break;
                    case (byte)'{' or (byte)'[': _depth++; break;
                    case (byte)'}' or (byte)']':
                        if (--_depth <= 0) return _at;
                        break;
                }
            }
            return 0;
        }
    }
}
