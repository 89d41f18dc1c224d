namespace Rung.Control.Imports;

/// <summary>Every format that Rung reads.</summary>
internal static class LogFormats
{
    /// <summary>The formats, in the order in which they are asked whether a file is theirs: the surer ones first.</summary>
    public static IReadOnlyList<ILogFormat> All { get; } =
    [
        new Otlp.OtlpFormat(),
        new Otlp.OtlpProtobufFormat(),
        new LiteLlm.LiteLlmFormat(),
        new Langfuse.LangfuseFormat(),
        new Helicone.HeliconeFormat(),
        new TensorZero.TensorZeroFormat(),
        new Bifrost.BifrostFormat(),
        new OpenRouter.OpenRouterFormat(),
        // Asked last: it takes whatever has usual column names.
        new Generic.TableFormat(),
    ];
}
