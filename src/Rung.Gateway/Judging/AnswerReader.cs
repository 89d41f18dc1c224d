using System.Collections.Immutable;
using System.Text.Json;
using Rung.Core.Checks;

namespace Rung.Gateway.Judging;

/// <summary>Reads the choices of a reply as answers that checks can judge. Runs once per attempt of a checked route.</summary>
internal static class AnswerReader
{
    /// <summary>From a whole JSON reply.</summary>
    /// <returns>Null when it has no readable choice.</returns>
    public static List<Answer>? FromReply(ReadOnlyMemory<byte> reply, ImmutableArray<string> declaredTools, CallContext? context)
    {
        try
        {
            using var document = JsonDocument.Parse(reply, new JsonDocumentOptions { MaxDepth = 256 });
            if (!document.RootElement.TryGetProperty("choices", out var choices) || choices.ValueKind != JsonValueKind.Array) return null;
            var answers = new List<Answer>(choices.GetArrayLength());
            foreach (var choice in choices.EnumerateArray())
            {
                var draft = new AnswerDraft();
                if (choice.TryGetProperty("message", out var message)) draft.Add(message);
                draft.Finish(choice);
                answers.Add(draft.ToAnswer(declaredTools, context));
            }
            return answers.Count == 0 ? null : answers;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>From a whole held stream: the deltas of each choice put together, as a client would.</summary>
    /// <returns>Null when it has no readable choice.</returns>
    public static List<Answer>? FromStream(ReadOnlyMemory<byte> stream, ImmutableArray<string> declaredTools, CallContext? context)
    {
        var collected = new StreamedAnswer(long.MaxValue);
        collected.Append(stream);
        return collected.ToAnswers(declaredTools, context);
    }

    /// <summary>Names of the tools that a request declares, from the bytes of its <c>tools</c> field.</summary>
    public static ImmutableArray<string> DeclaredTools(ReadOnlyMemory<byte> tools)
    {
        if (tools.IsEmpty) return [];
        using var document = JsonDocument.Parse(tools, new JsonDocumentOptions { MaxDepth = 256 });
        if (document.RootElement.ValueKind != JsonValueKind.Array) return [];
        var names = ImmutableArray.CreateBuilder<string>();
        foreach (var tool in document.RootElement.EnumerateArray())
        {
            if (tool.ValueKind != JsonValueKind.Object) continue;
            foreach (var kind in (ReadOnlySpan<string>)["function", "custom"])
            {
                if (tool.TryGetProperty(kind, out var body) && body.ValueKind == JsonValueKind.Object
                    && body.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String) names.Add(name.GetString()!);
            }
        }
        return names.ToImmutable();
    }
}
