using System.Buffers.Binary;

namespace Rung.Control.Imports.Reading;

/// <summary>
/// The messages of a file of protocol buffers. Each record is a message whose field 1 is repeated (an OTLP export request): a file that is one such message is
/// cut at its fields 1; a file of many has the size of each before it, as four bytes (the OpenTelemetry Collector's) or as a varint.
/// </summary>
internal sealed class ProtobufRecords : RecordSource
{
    private enum Framing
    {
        OneMessage,
        FourByteSize,
        VarintSize,
    }

    private const byte FieldOne = 0x0A; // Field 1, length-delimited.
    private readonly RecordBuffer _buffer;
    private readonly Framing _framing;
    private long _number;

    public ProtobufRecords(RecordBuffer buffer)
    {
        _buffer = buffer;
        Start = buffer.Unread[..Math.Min(buffer.Unread.Length, 64 * 1024)].ToArray();
        _framing = FramingOf(Start);
    }

    public override LogShape Shape => LogShape.Binary;

    protected override bool TryCut(out LogRecord record)
    {
        record = default;
        if (!_buffer.Fill(1)) return false;
        _buffer.Fill(16);
        var (header, size) = HeaderOf(_buffer.Unread);
        if (header == 0 || size > RecordBuffer.MaxRecordBytes || !_buffer.Fill(header + (int)size))
        {
            EndsInside = true;
            if (header == 0 || size > RecordBuffer.MaxRecordBytes) Fault(_number + 1, "There is no OTLP message here.");
            _buffer.Skip(_buffer.Unread.Length);
            return false;
        }
        var bytes = _framing == Framing.OneMessage ? _buffer.Take(0, header + (int)size) : _buffer.Take(header, (int)size);
        _buffer.Skip(header + (int)size);
        record = new LogRecord { Line = ++_number, Bytes = bytes, Shape = LogShape.Binary };
        return true;
    }

    private (int Header, long Size) HeaderOf(ReadOnlySpan<byte> start)
    {
        if (_framing == Framing.FourByteSize) return start.Length < 4 ? (0, 0) : (4, BinaryPrimitives.ReadUInt32BigEndian(start));
        var tag = 0;
        if (_framing == Framing.OneMessage)
        {
            if (start[0] != FieldOne) return (0, 0);
            tag = 1;
        }
        var (length, size) = Varint(start[tag..]);
        return length == 0 ? (0, 0) : (tag + length, size);
    }

    private static Framing FramingOf(ReadOnlySpan<byte> start)
    {
        // A message of field 1 whose first field is field 1 or 2 of a ResourceSpans.
        if (start.Length > 2 && start[0] == FieldOne && Varint(start[1..]) is (> 0, _) and var whole && start.Length > 1 + whole.Length && start[1 + whole.Length] is 0x0A or 0x12) return Framing.OneMessage;
        if (start.Length > 5 && start[4] == FieldOne && BinaryPrimitives.ReadUInt32BigEndian(start) <= RecordBuffer.MaxRecordBytes) return Framing.FourByteSize;
        return Varint(start) is (> 0, _) and var size && start.Length > size.Length && start[size.Length] == FieldOne ? Framing.VarintSize : Framing.OneMessage;
    }

    private static (int Length, long Value) Varint(ReadOnlySpan<byte> bytes)
    {
        long value = 0;
        for (var i = 0; i < Math.Min(bytes.Length, 9); i++)
        {
            value |= (long)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] < 0x80) return (i + 1, value);
        }
        return (0, 0);
    }
}
