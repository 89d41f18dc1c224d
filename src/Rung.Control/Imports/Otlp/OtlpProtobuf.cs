using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Google.Protobuf;

namespace Rung.Control.Imports.Otlp;

/// <summary>Reads OTLP's binary export requests (<c>ExportTraceServiceRequest</c>, <c>TracesData</c>), by field number and without generated code. Unknown fields are skipped.</summary>
/// <remarks>Field numbers: opentelemetry-proto, <c>trace/v1/trace.proto</c> and <c>common/v1/common.proto</c>.</remarks>
internal sealed class OtlpProtobuf(ISpanTarget target)
{
    private readonly ArrayBufferWriter<byte> _structured = new();
    private Utf8JsonWriter? _writer;

    /// <summary>Reads one message.</summary>
    /// <exception cref="FormatException">It is no such message.</exception>
    public void Read(ReadOnlyMemory<byte> message)
    {
        if (!MemoryMarshal.TryGetArray(message, out var bytes)) bytes = new ArraySegment<byte>(message.ToArray());
        try
        {
            var fields = new ProtobufFields(bytes);
            while (fields.Next())
            {
                if (fields.IsMessage(1)) ReadResource(fields.Message());
                else fields.Skip();
            }
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidDataException)
        {
            throw new FormatException($"It is no OTLP message: {e.Message}", e);
        }
    }

    private void ReadResource(ArraySegment<byte> message)
    {
        // The resource is field 1 and the scopes are field 2, but fields have no order.
        target.ResourceDraft.Begin();
        var fields = new ProtobufFields(message);
        while (fields.Next())
        {
            if (fields.IsMessage(1)) ReadAttributes(fields.Message(), target.ResourceDraft, number: 1);
            else fields.Skip();
        }
        target.EndResource();

        fields = new ProtobufFields(message);
        while (fields.Next())
        {
            if (fields.IsMessage(2)) ReadScope(fields.Message());
            else fields.Skip();
        }
    }

    private void ReadScope(ArraySegment<byte> message)
    {
        var fields = new ProtobufFields(message);
        while (fields.Next())
        {
            if (fields.IsMessage(2)) ReadSpan(fields.Message());
            else fields.Skip();
        }
    }

    private void ReadSpan(ArraySegment<byte> message)
    {
        var draft = target.Draft;
        draft.Begin();
        var ordinal = 0;
        var fields = new ProtobufFields(message);
        while (fields.Next())
        {
            if (fields.IsMessage(9)) ReadAttribute(fields.Message(), draft);
            else if (fields.IsMessage(1)) draft.TraceId = fields.Message() is { Count: 16 } id ? BinaryPrimitives.ReadUInt128BigEndian(id) : 0;
            else if (fields.IsMessage(2)) draft.SpanId = fields.Message() is { Count: 8 } id ? BinaryPrimitives.ReadUInt64BigEndian(id) : 0;
            else if (fields.IsMessage(4)) draft.ParentId = fields.Message() is { Count: 8 } id ? BinaryPrimitives.ReadUInt64BigEndian(id) : 0;
            else if (fields.IsMessage(5)) draft.SetName(draft.Keep(fields.Message()));
            else if (fields.IsFixed64(7)) draft.Start = Nanos(fields.Fixed64());
            else if (fields.IsFixed64(8)) draft.End = Nanos(fields.Fixed64());
            else if (fields.IsMessage(11)) ReadEvent(fields.Message(), ordinal++);
            else if (fields.IsMessage(15)) ReadStatus(fields.Message(), draft);
            else fields.Skip();
        }
        target.EndSpan();
    }

    private void ReadEvent(ArraySegment<byte> message, int ordinal)
    {
        var draft = target.EventDraft;
        draft.Begin();
        var fields = new ProtobufFields(message);
        while (fields.Next())
        {
            if (fields.IsFixed64(1)) draft.Start = Nanos(fields.Fixed64());
            else if (fields.IsMessage(2)) draft.SetName(draft.Keep(fields.Message()));
            else if (fields.IsMessage(3)) ReadAttribute(fields.Message(), draft);
            else fields.Skip();
        }
        target.EndEvent(ordinal);
    }

    private static void ReadStatus(ArraySegment<byte> message, SpanDraft draft)
    {
        var fields = new ProtobufFields(message);
        while (fields.Next())
        {
            if (fields.IsVarint(3)) draft.StatusCode = (int)fields.Whole();
            else fields.Skip();
        }
    }

    private void ReadAttributes(ArraySegment<byte> message, SpanDraft draft, int number)
    {
        var fields = new ProtobufFields(message);
        while (fields.Next())
        {
            if (fields.IsMessage(number)) ReadAttribute(fields.Message(), draft);
            else fields.Skip();
        }
    }

    private void ReadAttribute(ArraySegment<byte> message, SpanDraft draft)
    {
        var key = ArraySegment<byte>.Empty;
        var value = ArraySegment<byte>.Empty;
        var fields = new ProtobufFields(message);
        while (fields.Next())
        {
            if (fields.IsMessage(1)) key = fields.Message();
            else if (fields.IsMessage(2)) value = fields.Message();
            else fields.Skip();
        }
        var attribute = AttributeNames.Find(key);
        if (value.Count > 0 && attribute.IsWanted && draft.Wants(attribute)) ReadValue(value, draft, attribute);
    }

    private void ReadValue(ArraySegment<byte> message, SpanDraft draft, in AttributeTarget attribute)
    {
        var fields = new ProtobufFields(message);
        while (fields.Next())
        {
            if (fields.IsMessage(1)) draft.SetText(attribute, draft.Keep(fields.Message()));
            else if (fields.IsVarint(2)) draft.SetTruth(attribute, fields.Whole() != 0);
            else if (fields.IsVarint(3)) draft.SetWhole(attribute, fields.Whole());
            else if (fields.IsFixed64(4)) draft.SetReal(attribute, fields.Real());
            else if (fields.IsMessage(5) || fields.IsMessage(6))
            {
                _structured.ResetWrittenCount();
                _writer ??= new Utf8JsonWriter(_structured, new JsonWriterOptions { SkipValidation = true, Encoder = StructuredValue.Encoder });
                _writer.Reset(_structured);
                StructuredValue.Write(fields.Message(), _writer, fields.Number == 5);
                _writer.Flush();
                draft.SetJson(attribute, draft.Keep(_structured.WrittenSpan));
            }
            else
            {
                fields.Skip();
            }
        }
    }

    private static long Nanos(ulong nanos) => nanos <= long.MaxValue ? (long)nanos : 0;
}
