using Rung.Control.Imports.Anthropic;
using Rung.Control.Imports.Bifrost;
using Rung.Control.Imports.ClaudeCode;
using Rung.Control.Imports.Codex;
using Rung.Control.Imports.DeepSeek;
using Rung.Control.Imports.Generic;
using Rung.Control.Imports.Helicone;
using Rung.Control.Imports.Langfuse;
using Rung.Control.Imports.LiteLlm;
using Rung.Control.Imports.OpenAi;
using Rung.Control.Imports.OpenRouter;
using Rung.Control.Imports.Otlp;
using Rung.Control.Imports.TensorZero;

namespace Rung.Control.Imports;

/// <summary>Every format that Rung reads.</summary>
internal static class LogFormats
{
    /// <summary>The formats, in the order in which they are asked whether a file is theirs: the surer ones first.</summary>
    public static IReadOnlyList<ILogFormat> All { get; } =
    [
        new OtlpFormat(),
        new OtlpProtobufFormat(),
        new ClaudeCodeFormat(),
        new CodexFormat(),
        new OpenAiBatchFormat(),
        new AnthropicBatchFormat(),
        new OpenAiUsageFormat(),
        new AnthropicUsageFormat(),
        new DeepSeekFormat(),
        new LiteLlmFormat(),
        new LangfuseFormat(),
        new HeliconeFormat(),
        new TensorZeroFormat(),
        new BifrostFormat(),
        new OpenRouterFormat(),
        // Any object with a model and usage is one: behind every format that has more than that.
        new OpenAiCompletionsFormat(),
        // Asked last: it takes whatever has usual column names.
        new TableFormat(),
    ];
}
