namespace Rung.Tests.Traces;

/// <summary>Writes OTLP exports as JSON.</summary>
internal static class JsonExport
{
    public static string Request(params string[] resourceSpans) => $$"""{"resourceSpans":[{{string.Join(",", resourceSpans)}}]}""";

    public static string Resource(string service, params string[] scopeSpans) =>
        $$$"""{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"{{{service}}}"}}]},"scopeSpans":[{{{string.Join(",", scopeSpans)}}}]}""";

    public static string Scope(string name, params string[] spans) => $$$"""{"scope":{"name":"{{{name}}}"},"spans":[{{{string.Join(",", spans)}}}]}""";

    /// <summary>One chat call of a model.</summary>
    public static string Chat(string trace, string span, DateTimeOffset start, string model, long input, long output, string prompt = "") => $$$"""
        {"traceId":"{{{trace}}}","spanId":"{{{span}}}","parentSpanId":"","name":"chat {{{model}}}","kind":3,
         "startTimeUnixNano":"{{{ProtobufExport.Nanos(start)}}}","endTimeUnixNano":"{{{ProtobufExport.Nanos(start.AddSeconds(2))}}}",
         "attributes":[{"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},{"key":"gen_ai.provider.name","value":{"stringValue":"openai"}},
          {"key":"gen_ai.response.model","value":{"stringValue":"{{{model}}}"}},{"key":"gen_ai.usage.input_tokens","value":{"intValue":"{{{input}}}"}},
          {"key":"gen_ai.usage.output_tokens","value":{"intValue":"{{{output}}}"}},
          {"key":"gen_ai.input.messages","value":{"stringValue":"[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"{{{prompt}}}\"}]}]"}}],
         "status":{"code":0}}
        """;
}
