using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;

namespace Rung.Control.Imports.Otlp;

/// <summary>
/// Reads OTLP's JSON straight from the bytes: export requests, single resources, scopes and spans, and arrays of them. Unknown members are skipped, and so is a
/// member whose value is of another kind than the protocol says.
/// </summary>
internal sealed class OtlpJson(ISpanTarget target)
{
    private readonly ArrayBufferWriter<byte> _structured = new();
    private Utf8JsonWriter? _writer;

    /// <summary>Reads one record.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    /// <exception cref="LogRecordException">It is JSON, but nothing of OTLP.</exception>
    public void Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { AllowTrailingCommas = true, MaxDepth = 128 });
        if (!reader.Read()) throw new LogRecordException("The record is empty.");
        var known = false;
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) known |= ReadTop(ref reader);
        }
        else
        {
            known = ReadTop(ref reader);
        }
        if (!known) throw new LogRecordException("There is neither resourceSpans nor resourceLogs in it.");
        while (reader.Read())
        {
            // Rest of a broken record: reading on finds the fault.
        }
    }

    private bool ReadTop(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return false;
        }
        var start = reader;
        var known = false;
        var any = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            any = true;
            if (reader.ValueTextEquals("resourceSpans"u8) || reader.ValueTextEquals("resourceLogs"u8))
            {
                known = true;
                if (!EntersArray(ref reader)) continue;
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) ReadResource(ref reader);
            }
            else if (reader.ValueTextEquals("scopeSpans"u8) || reader.ValueTextEquals("scopeLogs"u8) || reader.ValueTextEquals("instrumentationLibrarySpans"u8))
            {
                // The object is itself what stands in a list of resources.
                reader = start;
                ReadResource(ref reader);
                return true;
            }
            else if (reader.ValueTextEquals("spans"u8) || reader.ValueTextEquals("logRecords"u8))
            {
                reader = start;
                BeginResource();
                ReadScope(ref reader);
                return true;
            }
            else if (reader.ValueTextEquals("traceId"u8))
            {
                reader = start;
                BeginResource();
                ReadSpan(ref reader);
                return true;
            }
            else
            {
                SkipValue(ref reader);
            }
        }
        return known || !any; // An empty request is a good one.
    }

    private void BeginResource()
    {
        target.ResourceDraft.Begin();
        target.EndResource();
    }

    private void ReadResource(ref Utf8JsonReader reader)
    {
        if (!IsObject(ref reader)) return;
        var start = reader;
        var told = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("resource"u8) && !told)
            {
                ReadResourceAttributes(ref reader);
                told = true;
            }
            else if (reader.ValueTextEquals("scopeSpans"u8) || reader.ValueTextEquals("scopeLogs"u8) || reader.ValueTextEquals("instrumentationLibrarySpans"u8))
            {
                // Members of an object have no order: the resource may come behind its spans.
                if (!told) FindResource(start);
                told = true;
                if (!EntersArray(ref reader)) continue;
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) ReadScope(ref reader);
            }
            else
            {
                SkipValue(ref reader);
            }
        }
    }

    private void FindResource(Utf8JsonReader ahead)
    {
        BeginResource();
        while (ahead.Read() && ahead.TokenType == JsonTokenType.PropertyName)
        {
            if (ahead.ValueTextEquals("resource"u8))
            {
                ReadResourceAttributes(ref ahead);
                return;
            }
            SkipValue(ref ahead);
        }
    }

    private void ReadResourceAttributes(ref Utf8JsonReader reader)
    {
        target.ResourceDraft.Begin();
        reader.Read();
        if (IsObject(ref reader))
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("attributes"u8)) ReadAttributes(ref reader, target.ResourceDraft);
                else SkipValue(ref reader);
            }
        }
        target.EndResource();
    }

    private void ReadScope(ref Utf8JsonReader reader)
    {
        if (!IsObject(ref reader)) return;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("spans"u8))
            {
                if (!EntersArray(ref reader)) continue;
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) ReadSpan(ref reader);
            }
            else if (reader.ValueTextEquals("logRecords"u8))
            {
                if (!EntersArray(ref reader)) continue;
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) ReadLog(ref reader);
            }
            else
            {
                SkipValue(ref reader);
            }
        }
    }

    private void ReadSpan(ref Utf8JsonReader reader)
    {
        if (!IsObject(ref reader))
        {
            target.Refuse("A span is no object.");
            return;
        }
        var draft = target.Draft;
        draft.Begin();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan;
            if (name.SequenceEqual("attributes"u8)) ReadAttributes(ref reader, draft);
            else if (name.SequenceEqual("traceId"u8)) draft.TraceId = IsText(ref reader) ? SpanIds.Trace(reader.ValueSpan) : 0;
            else if (name.SequenceEqual("spanId"u8)) draft.SpanId = IsText(ref reader) ? SpanIds.Span(reader.ValueSpan) : 0;
            else if (name.SequenceEqual("parentSpanId"u8)) draft.ParentId = IsText(ref reader) ? SpanIds.Span(reader.ValueSpan) : 0;
            else if (name.SequenceEqual("name"u8)) draft.SetName(ReadText(ref reader, draft));
            else if (name.SequenceEqual("startTimeUnixNano"u8)) draft.Start = ReadNanos(ref reader);
            else if (name.SequenceEqual("endTimeUnixNano"u8)) draft.End = ReadNanos(ref reader);
            else if (name.SequenceEqual("events"u8)) ReadEvents(ref reader);
            else if (name.SequenceEqual("status"u8)) ReadStatus(ref reader, draft);
            else SkipValue(ref reader);
        }
        target.EndSpan();
    }

    private void ReadLog(ref Utf8JsonReader reader)
    {
        if (!IsObject(ref reader)) return;
        var draft = target.Draft;
        draft.Begin();
        var body = default((int Offset, int Length));
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("attributes"u8)) ReadAttributes(ref reader, draft);
            else if (reader.ValueTextEquals("timeUnixNano"u8)) draft.Start = ReadNanos(ref reader);
            else if (reader.ValueTextEquals("observedTimeUnixNano"u8)) draft.End = ReadNanos(ref reader);
            else if (reader.ValueTextEquals("eventName"u8)) body = ReadText(ref reader, draft);
            else if (reader.ValueTextEquals("body"u8)) body = ReadBody(ref reader, draft, body);
            else SkipValue(ref reader);
        }
        draft.SetName(body);
        target.EndLog();
    }

    private static (int Offset, int Length) ReadBody(ref Utf8JsonReader reader, SpanDraft draft, (int Offset, int Length) known)
    {
        reader.Read();
        if (!IsObject(ref reader)) return known;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("stringValue"u8)) known = known.Length == 0 ? ReadText(ref reader, draft) : Skipped(ref reader, known);
            else SkipValue(ref reader);
        }
        return known;
    }

    private static T Skipped<T>(ref Utf8JsonReader reader, T value)
    {
        SkipValue(ref reader);
        return value;
    }

    private void ReadEvents(ref Utf8JsonReader reader)
    {
        if (!EntersArray(ref reader)) return;
        var ordinal = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (!IsObject(ref reader)) continue;
            var draft = target.EventDraft;
            draft.Begin();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("attributes"u8)) ReadAttributes(ref reader, draft);
                else if (reader.ValueTextEquals("name"u8)) draft.SetName(ReadText(ref reader, draft));
                else if (reader.ValueTextEquals("timeUnixNano"u8)) draft.Start = ReadNanos(ref reader);
                else SkipValue(ref reader);
            }
            target.EndEvent(ordinal++);
        }
    }

    private static void ReadStatus(ref Utf8JsonReader reader, SpanDraft draft)
    {
        reader.Read();
        if (!IsObject(ref reader)) return;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!reader.ValueTextEquals("code"u8))
            {
                SkipValue(ref reader);
                continue;
            }
            reader.Read();
            if (reader.TokenType == JsonTokenType.Number) draft.StatusCode = reader.TryGetInt32(out var code) ? code : 0;
            // Not by the letter of OTLP, but what plain proto3 JSON writes.
            else if (reader.TokenType == JsonTokenType.String) draft.StatusCode = reader.ValueTextEquals("STATUS_CODE_ERROR"u8) ? 2 : 0;
            else reader.Skip();
        }
    }

    private void ReadAttributes(ref Utf8JsonReader reader, SpanDraft draft)
    {
        if (!EntersArray(ref reader)) return;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (!IsObject(ref reader)) continue;
            var attribute = default(AttributeTarget);
            var late = default(Utf8JsonReader);
            var (isKnown, isLate) = (false, false);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("key"u8))
                {
                    if (IsText(ref reader)) attribute = reader.ValueIsEscaped ? default : AttributeNames.Find(reader.ValueSpan);
                    isKnown = true;
                }
                else if (reader.ValueTextEquals("value"u8) && !isKnown)
                {
                    late = reader;
                    isLate = true;
                    SkipValue(ref reader);
                }
                else if (reader.ValueTextEquals("value"u8) && attribute.IsWanted && draft.Wants(attribute))
                {
                    ReadValue(ref reader, draft, attribute);
                }
                else
                {
                    SkipValue(ref reader);
                }
            }
            if (isLate && attribute.IsWanted && draft.Wants(attribute)) ReadValue(ref late, draft, attribute);
        }
    }

    private void ReadValue(ref Utf8JsonReader reader, SpanDraft draft, in AttributeTarget attribute)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
        {
            draft.SetText(attribute, Copy(ref reader, draft));
            return;
        }
        if (!IsObject(ref reader)) return;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("stringValue"u8))
            {
                if (IsText(ref reader)) draft.SetText(attribute, Copy(ref reader, draft));
            }
            else if (reader.ValueTextEquals("intValue"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var whole)) draft.SetWhole(attribute, whole);
                else if (reader.TokenType == JsonTokenType.Number) draft.SetReal(attribute, reader.GetDouble());
                else if (reader.TokenType == JsonTokenType.String && Utf8Parser.TryParse(reader.ValueSpan, out whole, out var used) && used == reader.ValueSpan.Length) draft.SetWhole(attribute, whole);
                else reader.Skip();
            }
            else if (reader.ValueTextEquals("doubleValue"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.Number) draft.SetReal(attribute, reader.GetDouble());
                else if (reader.TokenType == JsonTokenType.String && double.TryParse(reader.ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out var real)) draft.SetReal(attribute, real);
                else reader.Skip();
            }
            else if (reader.ValueTextEquals("boolValue"u8))
            {
                reader.Read();
                if (reader.TokenType is JsonTokenType.True or JsonTokenType.False) draft.SetTruth(attribute, reader.TokenType == JsonTokenType.True);
                else reader.Skip();
            }
            else if (reader.ValueTextEquals("arrayValue"u8) || reader.ValueTextEquals("kvlistValue"u8))
            {
                var isArray = reader.ValueTextEquals("arrayValue"u8);
                _structured.ResetWrittenCount();
                _writer ??= new Utf8JsonWriter(_structured, new JsonWriterOptions { SkipValidation = true, Encoder = StructuredValue.Encoder });
                _writer.Reset(_structured);
                StructuredValue.Write(ref reader, _writer, isArray);
                _writer.Flush();
                draft.SetJson(attribute, draft.Keep(_structured.WrittenSpan));
            }
            else
            {
                SkipValue(ref reader);
            }
        }
    }

    private static (int Offset, int Length) ReadText(ref Utf8JsonReader reader, SpanDraft draft) => IsText(ref reader) ? Copy(ref reader, draft) : default;

    private static (int Offset, int Length) Copy(ref Utf8JsonReader reader, SpanDraft draft)
    {
        var room = draft.Room(reader.ValueSpan.Length);
        if (reader.ValueIsEscaped)
        {
            try
            {
                return draft.Kept(reader.CopyString(room));
            }
            catch (InvalidOperationException)
            {
                // Half of a surrogate pair, as cutting a text leaves it. One attribute is not worth the record.
                return default;
            }
        }
        reader.ValueSpan.CopyTo(room);
        return draft.Kept(reader.ValueSpan.Length);
    }

    // Nanoseconds, as a string by the protocol, as a number by many exporters.
    private static long ReadNanos(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType is JsonTokenType.String or JsonTokenType.Number)
        {
            if (Utf8Parser.TryParse(reader.ValueSpan, out ulong nanos, out var used) && used == reader.ValueSpan.Length) return nanos <= long.MaxValue ? (long)nanos : 0;
            return double.TryParse(reader.ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && real is > 0 and < 9e18 ? (long)real : 0;
        }
        reader.Skip();
        return 0;
    }

    /// <summary>Moves from a name to its value; false, with the value skipped, when it is no text.</summary>
    private static bool IsText(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String) return true;
        reader.Skip();
        return false;
    }

    private static bool IsObject(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.StartObject) return true;
        reader.Skip();
        return false;
    }

    private static bool EntersArray(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartArray) return true;
        reader.Skip();
        return false;
    }

    private static void SkipValue(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }
}
