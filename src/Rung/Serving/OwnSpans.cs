using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rung.Gateway.Recording;

namespace Rung.Serving;

/// <summary>
/// Leaves out of an export what a gateway of Rung emitted: the ledger has those calls already, whole. Such spans come in when a gateway exports to
/// itself, or through a collector that sends everything on.
/// </summary>
internal static class OwnSpans
{
    private static readonly byte[] s_name = System.Text.Encoding.UTF8.GetBytes(GatewayTelemetry.SourceName);

    /// <summary>The export without them; the same memory when there are none, which is nearly always.</summary>
    /// <exception cref="FormatException">The body cannot be decoded.</exception>
    public static ReadOnlyMemory<byte> Remove(ReadOnlyMemory<byte> body, bool isJson)
    {
        if (body.Span.IndexOf(s_name) < 0) return body;
        return isJson ? RemoveFromJson(body) : RemoveFromProtobuf(body.Span);
    }

    private static ReadOnlyMemory<byte> RemoveFromJson(ReadOnlyMemory<byte> body)
    {
        try
        {
            var export = JsonNode.Parse(body.Span);
            if (export?["resourceSpans"] is not JsonArray resources) return body;
            foreach (var resource in resources)
            {
                if (resource?["scopeSpans"] is JsonArray scopes) scopes.RemoveAll(scope => scope?["scope"]?["name"]?.GetValueKind() == JsonValueKind.String && (string?)scope["scope"]!["name"] == GatewayTelemetry.SourceName);
            }
            return JsonSerializer.SerializeToUtf8Bytes(export);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException) // Not JSON; an object is wanted; a key twice.
        {
            throw new FormatException("The body is not JSON as OTLP defines it.", e);
        }
    }

    // ExportTraceServiceRequest.resource_spans = 1, ResourceSpans.scope_spans = 2, ScopeSpans.scope = 1, InstrumentationScope.name = 1.
    private static ReadOnlyMemory<byte> RemoveFromProtobuf(ReadOnlySpan<byte> export)
    {
        var kept = new ArrayBufferWriter<byte>(export.Length);
        while (!export.IsEmpty)
        {
            var field = Next(ref export, out var number, out var content);
            if (number != 1 || content.IsEmpty)
            {
                kept.Write(field);
                continue;
            }
            var resource = RemoveFromResource(content);
            WriteNumber(kept, (1 << 3) | LengthDelimited);
            WriteNumber(kept, (ulong)resource.Length);
            kept.Write(resource);
        }
        return kept.WrittenMemory;
    }

    private static ReadOnlySpan<byte> RemoveFromResource(ReadOnlySpan<byte> resource)
    {
        var kept = new ArrayBufferWriter<byte>(resource.Length);
        while (!resource.IsEmpty)
        {
            var field = Next(ref resource, out var number, out var content);
            if (number != 2 || !IsOwn(content)) kept.Write(field);
        }
        return kept.WrittenSpan;
    }

    private static bool IsOwn(ReadOnlySpan<byte> scopeSpans)
    {
        while (!scopeSpans.IsEmpty)
        {
            Next(ref scopeSpans, out var number, out var scope);
            if (number != 1) continue;
            while (!scope.IsEmpty)
            {
                Next(ref scope, out var inner, out var name);
                if (inner == 1) return name.SequenceEqual(s_name);
            }
        }
        return false;
    }

    private const int LengthDelimited = 2;

    /// <summary>One field: all of its bytes, its number, and the content of one that has a length.</summary>
    private static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> message, out ulong number, out ReadOnlySpan<byte> content)
    {
        var rest = message;
        var tag = ReadNumber(ref rest);
        number = tag >> 3;
        content = default;
        switch (tag & 7)
        {
            case 0: ReadNumber(ref rest); break;
            case 1: rest = Skip(rest, 8); break;
            case 5: rest = Skip(rest, 4); break;
            case LengthDelimited:
                var length = ReadNumber(ref rest);
                var after = Skip(rest, length);
                content = rest[..(int)length];
                rest = after;
                break;
            default: throw new FormatException("The body is no protocol buffer as OTLP defines it.");
        }
        var field = message[..(message.Length - rest.Length)];
        message = rest;
        return field;
    }

    private static ReadOnlySpan<byte> Skip(ReadOnlySpan<byte> rest, ulong count) =>
        count <= (ulong)rest.Length ? rest[(int)count..] : throw new FormatException("The body ends in the middle of a field.");

    private static ulong ReadNumber(ref ReadOnlySpan<byte> rest)
    {
        ulong number = 0;
        for (var i = 0; i < rest.Length && i < 10; i++)
        {
            number |= (ulong)(rest[i] & 0x7F) << (7 * i);
            if (rest[i] >= 0x80) continue;
            rest = rest[(i + 1)..];
            return number;
        }
        throw new FormatException("The body ends in the middle of a number.");
    }

    private static void WriteNumber(ArrayBufferWriter<byte> to, ulong value)
    {
        var room = to.GetSpan(10);
        var length = 0;
        for (; value >= 0x80; value >>= 7) room[length++] = (byte)(value | 0x80);
        room[length++] = (byte)value;
        to.Advance(length);
    }
}
