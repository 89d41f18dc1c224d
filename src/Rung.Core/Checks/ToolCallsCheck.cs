using System.Collections.Immutable;
using System.Text.Json;
using Rung.Core.Checks.Json;

namespace Rung.Core.Checks;

/// <summary>
/// Every tool call names a declared tool, and its arguments are one JSON object (empty ones count as <c>{}</c>) that follows the tool's own parameter
/// schema when <paramref name="schemas"/> is there.
/// </summary>
internal sealed class ToolCallsCheck(bool required, ToolSchemas? schemas) : Check
{
    public override string Name => "tool_calls";

    public override bool NeedsContext => schemas is not null;

    public override CheckResult Evaluate(Answer answer)
    {
        var calls = answer.ToolCalls.IsDefault ? [] : answer.ToolCalls;
        var declared = answer.DeclaredTools.IsDefault ? [] : answer.DeclaredTools;
        if (required && calls.IsEmpty) return CheckResult.Fail("The answer calls no tool; at least one call was expected.");

        for (var i = 0; i < calls.Length; i++)
        {
            if ((Fault(calls[i], declared) ?? schemas?.Fault(calls[i], answer.Context)) is { } fault) return CheckResult.Fail($"Tool call {i + 1} of {calls.Length}: {fault}");
        }
        return CheckResult.Pass;
    }

    private static string? Fault(ToolCall call, ImmutableArray<string> declared)
    {
        if (!declared.Contains(call.Name)) return $"the tool {Excerpt.Of(call.Name)} was not declared; {Declared(declared)}";

        var arguments = call.Arguments.Span;
        if (arguments.Trim(" \t\r\n"u8).IsEmpty) return null;
        if (!JsonParser.TryScan(arguments, "the text of its arguments", out var first, out var fault)) return fault;
        return first == JsonTokenType.StartObject ? null : $"its arguments are {Excerpt.Of(arguments)}; a JSON object was expected.";
    }

    private static string Declared(ImmutableArray<string> names) =>
        names.IsEmpty ? "the request declared no tools." : $"declared are: {JsonPhrase.List([.. names.Select(name => Excerpt.Bare(name))])}.";
}
