using System.Text;
using Rung.Core.Checks.Json;

namespace Rung.Core.Checks;

/// <summary>What of an answer is compared with others: equal keys are answers that agree.</summary>
internal static class AgreeKey
{
    private const int MostCalls = 64;

    /// <summary>The key; null when the answer has none, with the reason.</summary>
    public static object? Of(Answer answer, AgreeBy by, out string? fault)
    {
        fault = null;
        switch (by)
        {
            case AgreeBy.Number:
                if (AnswerNumber.TryFind(Encoding.UTF8.GetString(answer.Content.Span), out var number)) return number;
                fault = "The answer holds no number; end it with the result alone.";
                return null;
            case AgreeBy.Json:
                return JsonParser.TryParse(answer.Content.Span, "The answer", out var value, out fault) ? value : null;
            case AgreeBy.ToolCalls:
                return Calls(answer, out fault);
            default:
                var text = NormalisedText.Of(Encoding.UTF8.GetString(answer.Content.Span));
                fault = text.Length == 0 ? "The answer is empty." : null;
                return fault is null ? text : null;
        }
    }

    private static CallSet? Calls(Answer answer, out string? fault)
    {
        fault = null;
        var calls = answer.ToolCalls.IsDefault ? [] : answer.ToolCalls;
        var set = new Dictionary<(string, JsonValue), int>();
        if (calls.Length > MostCalls) fault = $"The answer makes {calls.Length} tool calls; at most {MostCalls} can be compared.";
        for (var i = 0; i < calls.Length && fault is null; i++)
        {
            var arguments = calls[i].Arguments.Span.Trim(" \t\r\n"u8);
            if (!JsonParser.TryParse(arguments.IsEmpty ? "{}"u8 : arguments, "the text of its arguments", out var value, out var reason))
                fault = $"Tool call {i + 1} of {calls.Length}: {reason}";
            else
                set[(calls[i].Name, value)] = set.GetValueOrDefault((calls[i].Name, value)) + 1;
        }
        return fault is null ? new CallSet(set) : null;
    }

    /// <summary>Tool calls without their order, repeated ones counted: parallel calls have none that means anything.</summary>
    private sealed class CallSet(Dictionary<(string Name, JsonValue Arguments), int> calls)
    {
        private readonly Dictionary<(string Name, JsonValue Arguments), int> calls = calls;

        public override bool Equals(object? obj) =>
            obj is CallSet other && calls.Count == other.calls.Count && calls.All(call => other.calls.GetValueOrDefault(call.Key) == call.Value);

        public override int GetHashCode() => calls.Count;
    }
}
