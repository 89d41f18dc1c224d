using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;

namespace Rung.Control.Imports.Otlp;

/// <summary>Ids of traces and spans: hex in any case, as OTLP's JSON has them; base64, as plain proto3 JSON has them; bytes.</summary>
internal static class SpanIds
{
    /// <summary>The id of a trace; 0, which is no id, for what cannot be read.</summary>
    public static UInt128 Trace(ReadOnlySpan<byte> text)
    {
        if (text.Length is > 0 and <= 32 && UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id)) return id;
        Span<byte> bytes = stackalloc byte[18];
        return text.Length == 24 && Base64.DecodeFromUtf8(text, bytes, out _, out var written) == OperationStatus.Done && written == 16 ? BinaryPrimitives.ReadUInt128BigEndian(bytes) : 0;
    }

    /// <summary>The id of a span; 0, which is no id, for what cannot be read.</summary>
    public static ulong Span(ReadOnlySpan<byte> text)
    {
        if (text.Length is > 0 and <= 16 && ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id) && !(text.Length == 12 && text[^1] == '=')) return id;
        Span<byte> bytes = stackalloc byte[9];
        return text.Length == 12 && Base64.DecodeFromUtf8(text, bytes, out _, out var written) == OperationStatus.Done && written == 8 ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : 0;
    }

    /// <summary>A trace's id in hex, lower case.</summary>
    public static string Text(UInt128 trace) => trace.ToString("x32", CultureInfo.InvariantCulture);

    /// <summary>The key of a call: both ids.</summary>
    public static string Key(string trace, ulong span) => string.Create(49, (trace, span), static (target, ids) =>
    {
        ids.trace.CopyTo(target);
        target[32] = '-';
        ids.span.TryFormat(target[33..], out _, "x16", CultureInfo.InvariantCulture);
    });
}
