namespace Rung.Control.Imports;

/// <summary>Every format that Rung reads.</summary>
internal static class LogFormats
{
    /// <summary>The formats, in the order in which they are asked whether a file is theirs: the surer ones first.</summary>
    public static IReadOnlyList<ILogFormat> All { get; } =
    [
        new Otlp.OtlpFormat(),
        new Otlp.OtlpProtobufFormat(),
    ];
}
