using Rung.Control.Imports.Bifrost;
using Rung.Control.Imports.Generic;
using Rung.Control.Imports.Helicone;
using Rung.Control.Imports.Langfuse;
using Rung.Control.Imports.LiteLlm;
using Rung.Control.Imports.OpenRouter;
using Rung.Control.Imports.TensorZero;

namespace Rung.Control.Imports;

/// <summary>Every format that Rung reads.</summary>
internal static class LogFormats
{
    /// <summary>The formats, in the order in which they are asked whether a file is theirs: the surer ones first.</summary>
    public static IReadOnlyList<ILogFormat> All { get; } =
    [
        new LiteLlmFormat(),
        new LangfuseFormat(),
        new HeliconeFormat(),
        new TensorZeroFormat(),
        new BifrostFormat(),
        new OpenRouterFormat(),
        // Asked last: it takes whatever has usual column names.
        new TableFormat(),
    ];
}
