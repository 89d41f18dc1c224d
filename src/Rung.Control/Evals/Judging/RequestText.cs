using System.Text;
using Rung.Control.Evals.Scoring;

namespace Rung.Control.Evals.Judging;

/// <summary>A request as a judge gets to see it: its messages with their roles, and the names of its tools.</summary>
internal static class RequestText
{
    public static string Of(ReadOnlyMemory<byte> request)
    {
        var messages = MessageReading.Messages(request, out var tools);
        var text = string.Join("\n\n", messages.Select(message => $"[{message.Role}]\n{message.Text}"));
        return tools.IsEmpty ? text : $"{text}\n\n[tools that could be called]\n{Encoding.UTF8.GetString(tools.Span)}";
    }
}
