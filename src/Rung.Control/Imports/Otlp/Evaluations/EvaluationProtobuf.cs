using System.Runtime.InteropServices;
using System.Text;
using Google.Protobuf;

namespace Rung.Control.Imports.Otlp.Evaluations;

/// <summary>Finds evaluations in OTLP's binary export requests, of traces and of logs. Unknown fields are passed over.</summary>
/// <remarks>Field numbers: opentelemetry-proto, <c>trace/v1/trace.proto</c>, <c>logs/v1/logs.proto</c>, <c>common/v1/common.proto</c>. A resource, its scopes and
/// their spans or records have the same numbers in both; a span and a record do not.</remarks>
internal static class EvaluationProtobuf
{
    /// <exception cref="FormatException">It is no such message.</exception>
    public static void Read(ReadOnlyMemory<byte> body, bool isLogs, EvaluationDraft draft)
    {
        if (!MemoryMarshal.TryGetArray(body, out var bytes)) bytes = new ArraySegment<byte>(body.ToArray());
        try
        {
            Each(bytes, 1, resource =>
            {
                draft.Resource.Clear();
                Each(resource, 1, told => Each(told, 1, attribute => ReadAttribute(attribute, draft.Resource)));
                Each(resource, 2, scope => Each(scope, 2, item =>
                {
                    if (isLogs) ReadLog(item, draft);
                    else ReadSpan(item, draft);
                }));
            });
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidDataException)
        {
            throw new FormatException($"It is no OTLP message: {e.Message}", e);
        }
    }

    private static void Each(ArraySegment<byte> message, int number, Action<ArraySegment<byte>> read)
    {
        var fields = new ProtobufFields(message);
        while (fields.Next())
        {
            if (fields.IsMessage(number)) read(fields.Message());
            else fields.Skip();
        }
    }

    // Attributes may come behind the events, so there are two passes; nearly every span has no event, and then one is enough.
    private static void ReadSpan(ArraySegment<byte> span, EvaluationDraft draft)
    {
        draft.Span.Clear();
        (draft.Trace, draft.SpanId) = ("", "");
        var hasEvents = false;
        var fields = new ProtobufFields(span);
        while (fields.Next())
        {
            if (fields.IsMessage(9)) ReadAttribute(fields.Message(), draft.Span);
            else if (fields.IsMessage(1)) draft.Trace = Convert.ToHexStringLower(fields.Message());
            else if (fields.IsMessage(2)) draft.SpanId = Convert.ToHexStringLower(fields.Message());
            else
            {
                hasEvents |= fields.IsMessage(11);
                fields.Skip();
            }
        }
        if (!hasEvents) return;
        var ordinal = 0;
        Each(span, 11, message => ReadEvent(message, ordinal++, draft));
    }

    private static void ReadEvent(ArraySegment<byte> message, int ordinal, EvaluationDraft draft)
    {
        draft.Event.Clear();
        draft.Nanos = 0;
        string? name = null;
        var fields = new ProtobufFields(message);
        while (fields.Next())
        {
            if (fields.IsFixed64(1)) draft.Nanos = fields.Fixed64();
            else if (fields.IsMessage(2)) name = Encoding.UTF8.GetString(fields.Message());
            else if (fields.IsMessage(3)) ReadAttribute(fields.Message(), draft.Event);
            else fields.Skip();
        }
        draft.EndEvent(name, ordinal);
    }

    private static void ReadLog(ArraySegment<byte> message, EvaluationDraft draft)
    {
        draft.Span.Clear();
        draft.Event.Clear();
        (draft.Trace, draft.SpanId) = ("", "");
        var (time, observed) = (0UL, 0UL);
        string? name = null;
        var fields = new ProtobufFields(message);
        while (fields.Next())
        {
            if (fields.IsFixed64(1)) time = fields.Fixed64();
            else if (fields.IsFixed64(11)) observed = fields.Fixed64();
            else if (fields.IsMessage(6)) ReadAttribute(fields.Message(), draft.Event);
            else if (fields.IsMessage(9)) draft.Trace = Convert.ToHexStringLower(fields.Message());
            else if (fields.IsMessage(10)) draft.SpanId = Convert.ToHexStringLower(fields.Message());
            else if (fields.IsMessage(12)) name = Encoding.UTF8.GetString(fields.Message());
            else fields.Skip();
        }
        draft.Nanos = time > 0 ? time : observed;
        draft.EndLog(string.IsNullOrEmpty(name) ? null : name);
    }

    private static void ReadAttribute(ArraySegment<byte> message, EvaluationAttributes attributes)
    {
        var (key, value) = ("", ArraySegment<byte>.Empty);
        var fields = new ProtobufFields(message);
        while (fields.Next())
        {
            if (fields.IsMessage(1)) key = Encoding.UTF8.GetString(fields.Message());
            else if (fields.IsMessage(2)) value = fields.Message();
            else fields.Skip();
        }
        if (value.Count == 0 || !EvaluationAttributes.Wants(key)) return;
        fields = new ProtobufFields(value);
        while (fields.Next())
        {
            if (fields.IsMessage(1)) attributes.Set(key, Encoding.UTF8.GetString(fields.Message()));
            else if (fields.IsVarint(2)) attributes.Set(key, fields.Whole() != 0 ? "true" : "false");
            else if (fields.IsVarint(3)) attributes.Set(key, fields.Whole());
            else if (fields.IsFixed64(4)) attributes.Set(key, fields.Real());
            else fields.Skip();
        }
    }
}
