using Rung.Control.Imports.Anthropic;
using Rung.Control.Imports.ClaudeCode;
using Rung.Control.Imports.Codex;
using Rung.Control.Imports.DeepSeek;
using Rung.Control.Imports.OpenAi;

namespace Rung.Control.Imports;

/// <summary>Every format that Rung reads.</summary>
internal static class LogFormats
{
    /// <summary>The formats, in the order in which they are asked whether a file is theirs: the surer ones first.</summary>
    public static IReadOnlyList<ILogFormat> All { get; } =
    [
        new Otlp.OtlpFormat(),
        new Otlp.OtlpProtobufFormat(),
        new ClaudeCodeFormat(),
        new CodexFormat(),
        new OpenAiBatchFormat(),
        new AnthropicBatchFormat(),
        new OpenAiUsageFormat(),
        new AnthropicUsageFormat(),
        new DeepSeekFormat(),
        // Any object with a model and usage is one: behind every format that has more than that.
        new OpenAiCompletionsFormat(),
    ];
}
