using Google.Protobuf;

namespace Rung.Control.Imports.Otlp;

/// <summary>Trace exports in OTLP's binary form.</summary>
internal sealed class OtlpProtobufFormat : ILogFormat
{
    public string Name => "otlp-protobuf";

    public string Title => "OpenTelemetry traces (OTLP protocol buffers)";

    /// <summary>Looks for a resource's or a scope's message behind the size that may stand before it: of none, of four bytes or of a varint.</summary>
    public bool Recognises(in LogSample sample)
    {
        if (sample.Shape != LogShape.Binary) return false;
        var start = sample.Start;
        if (BeginsWithResource(start)) return true;
        if (start.Length > 5 && BeginsWithResource(start[4..])) return true;
        var size = 0;
        while (size < 5 && size < start.Length && start[size] >= 0x80) size++;
        return start.Length > size + 1 && BeginsWithResource(start[(size + 1)..]);
    }

    public ILogReader CreateReader(ImportContext context) => new OtlpReader();

    // Field 1 (resource_spans), in it field 1 or 2 (resource, scope_spans) that is no longer than it.
    private static bool BeginsWithResource(ReadOnlySpan<byte> bytes)
    {
        if (!TryField(bytes, out var field, out var length, out var rest) || field != 1) return false;
        return TryField(rest, out field, out var inner, out _) && field is 1 or 2 && inner < length;
    }

    private static bool TryField(ReadOnlySpan<byte> bytes, out int field, out long length, out ReadOnlySpan<byte> rest)
    {
        field = 0;
        length = 0;
        rest = default;
        if (bytes.Length < 2 || (bytes[0] & 7) != (int)WireFormat.WireType.LengthDelimited || bytes[0] >= 0x80) return false;
        field = bytes[0] >> 3;
        for (var at = 1; at < bytes.Length && at <= 5; at++)
        {
            length |= (long)(bytes[at] & 0x7F) << (7 * (at - 1));
            if (bytes[at] >= 0x80) continue;
            rest = bytes[(at + 1)..];
            return true;
        }
        return false;
    }
}
