using System.Buffers.Binary;
using System.Text.Json;
using Google.Protobuf;

namespace Rung.Control.Tests.Imports.Otlp;

/// <summary>Writes OTLP's JSON as the binary message that says the same.</summary>
internal static class OtlpBinary
{
    public static byte[] Of(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Message(output =>
        {
            foreach (var resource in document.RootElement.GetProperty("resourceSpans").EnumerateArray()) Field(output, 1, Resource(resource));
        });
    }

    public static byte[] WithFourByteSize(byte[] message)
    {
        var framed = new byte[message.Length + 4];
        BinaryPrimitives.WriteInt32BigEndian(framed, message.Length);
        message.CopyTo(framed, 4);
        return framed;
    }

    public static byte[] WithVarintSize(byte[] message) => Message(output => output.WriteBytes(ByteString.CopyFrom(message)));

    private static byte[] Resource(JsonElement resource) => Message(output =>
    {
        if (resource.TryGetProperty("resource", out var described)) Field(output, 1, Message(inner => Attributes(inner, 1, described)));
        foreach (var scope in resource.GetProperty("scopeSpans").EnumerateArray())
        {
            Field(output, 2, Message(inner =>
            {
                foreach (var span in scope.GetProperty("spans").EnumerateArray()) Field(inner, 2, Span(span));
            }));
        }
    });

    private static byte[] Span(JsonElement span) => Message(output =>
    {
        Field(output, 1, Convert.FromHexString(span.GetProperty("traceId").GetString()!));
        Field(output, 2, Convert.FromHexString(span.GetProperty("spanId").GetString()!));
        if (span.GetProperty("parentSpanId").GetString() is { Length: > 0 } parent) Field(output, 4, Convert.FromHexString(parent));
        Text(output, 5, span.GetProperty("name").GetString()!);
        Fixed64(output, 7, ulong.Parse(span.GetProperty("startTimeUnixNano").GetString()!));
        Fixed64(output, 8, ulong.Parse(span.GetProperty("endTimeUnixNano").GetString()!));
        Attributes(output, 9, span);
        if (span.TryGetProperty("events", out var events))
        {
            foreach (var happened in events.EnumerateArray())
            {
                Field(output, 11, Message(inner =>
                {
                    Fixed64(inner, 1, ulong.Parse(happened.GetProperty("timeUnixNano").GetString()!));
                    Text(inner, 2, happened.GetProperty("name").GetString()!);
                    Attributes(inner, 3, happened);
                }));
            }
        }
        if (span.TryGetProperty("status", out var status) && status.TryGetProperty("code", out var code))
        {
            Field(output, 15, Message(inner =>
            {
                Text(inner, 2, "message");
                inner.WriteTag(3, WireFormat.WireType.Varint);
                inner.WriteInt32(code.GetInt32());
            }));
        }
        // Flags, and a field of a later version.
        output.WriteTag(16, WireFormat.WireType.Fixed32);
        output.WriteFixed32(1);
        Text(output, 99, "unknown");
    });

    private static void Attributes(CodedOutputStream output, int field, JsonElement owner)
    {
        if (!owner.TryGetProperty("attributes", out var attributes)) return;
        foreach (var attribute in attributes.EnumerateArray()) Field(output, field, Entry(attribute));
    }

    private static byte[] Entry(JsonElement entry) => Message(output =>
    {
        Text(output, 1, entry.GetProperty("key").GetString()!);
        Field(output, 2, Value(entry.GetProperty("value")));
    });

    private static byte[] Value(JsonElement value) => Message(output =>
    {
        foreach (var member in value.EnumerateObject())
        {
            switch (member.Name)
            {
                case "stringValue": Text(output, 1, member.Value.GetString()!); break;
                case "boolValue":
                    output.WriteTag(2, WireFormat.WireType.Varint);
                    output.WriteBool(member.Value.GetBoolean());
                    break;
                case "intValue":
                    output.WriteTag(3, WireFormat.WireType.Varint);
                    output.WriteInt64(long.Parse(member.Value.GetString()!));
                    break;
                case "doubleValue":
                    output.WriteTag(4, WireFormat.WireType.Fixed64);
                    output.WriteDouble(member.Value.GetDouble());
                    break;
                case "arrayValue":
                    Field(output, 5, Message(inner =>
                    {
                        foreach (var item in member.Value.GetProperty("values").EnumerateArray()) Field(inner, 1, Value(item));
                    }));
                    break;
                case "kvlistValue":
                    Field(output, 6, Message(inner =>
                    {
                        foreach (var item in member.Value.GetProperty("values").EnumerateArray()) Field(inner, 1, Entry(item));
                    }));
                    break;
            }
        }
    });

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes)) write(output);
        return bytes.ToArray();
    }

    private static void Field(CodedOutputStream output, int number, byte[] message)
    {
        output.WriteTag(number, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(message));
    }

    private static void Text(CodedOutputStream output, int number, string text)
    {
        output.WriteTag(number, WireFormat.WireType.LengthDelimited);
        output.WriteString(text);
    }

    private static void Fixed64(CodedOutputStream output, int number, ulong value)
    {
        output.WriteTag(number, WireFormat.WireType.Fixed64);
        output.WriteFixed64(value);
    }
}
