using System.Text;

namespace Rung.Tests.Traces;

/// <summary>Writes OTLP exports as protocol buffers, by the numbers of the published definition.</summary>
internal static class ProtobufExport
{
    public static byte[] Request(params byte[][] resourceSpans) => [.. resourceSpans.SelectMany(resource => Field(1, resource))];

    public static byte[] Resource(string service, params byte[][] scopeSpans) =>
        [.. Field(1, Field(1, Attribute("service.name", Text(service)))), .. scopeSpans.SelectMany(scope => Field(2, scope))];

    public static byte[] Scope(string name, params byte[][] spans) => [.. Field(1, Field(1, Encoding.UTF8.GetBytes(name))), .. spans.SelectMany(span => Field(2, span))];

    /// <summary>One chat call of a model.</summary>
    public static byte[] Chat(string trace, string span, DateTimeOffset start, string model, long input, long output) =>
    [
        .. Field(1, Convert.FromHexString(trace)), .. Field(2, Convert.FromHexString(span)), .. Field(5, Encoding.UTF8.GetBytes($"chat {model}")), .. Number(6, 3),
        .. Fixed(7, Nanos(start)), .. Fixed(8, Nanos(start.AddSeconds(2))),
        .. Field(9, Attribute("gen_ai.operation.name", Text("chat"))), .. Field(9, Attribute("gen_ai.provider.name", Text("openai"))),
        .. Field(9, Attribute("gen_ai.response.model", Text(model))), .. Field(9, Attribute("gen_ai.usage.input_tokens", Number(3, (ulong)input))),
        .. Field(9, Attribute("gen_ai.usage.output_tokens", Number(3, (ulong)output))),
    ];

    public static byte[] Field(int number, byte[] bytes) => [.. Varint(((ulong)number << 3) | 2), .. Varint((ulong)bytes.Length), .. bytes];

    public static ulong Nanos(DateTimeOffset instant) => (ulong)(instant - DateTimeOffset.UnixEpoch).Ticks * 100;

    public static byte[] Attribute(string key, byte[] value) => [.. Field(1, Encoding.UTF8.GetBytes(key)), .. Field(2, value)];

    public static byte[] Text(string text) => Field(1, Encoding.UTF8.GetBytes(text));

    public static byte[] Number(int number, ulong value) => [.. Varint((ulong)number << 3), .. Varint(value)];

    public static byte[] Fixed(int number, ulong value) => [.. Varint(((ulong)number << 3) | 1), .. BitConverter.GetBytes(value)];

    private static IEnumerable<byte> Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7) yield return (byte)(value | 0x80);
        yield return (byte)value;
    }
}
