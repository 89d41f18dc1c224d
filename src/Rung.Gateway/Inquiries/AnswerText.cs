using System.Buffers;
using System.Text;
using Rung.Core.Checks;

namespace Rung.Gateway.Inquiries;

/// <summary>An answer as a verifier or a program gets to see it: its text, then its tool calls, one a line.</summary>
internal static class AnswerText
{
    public static ReadOnlyMemory<byte> Of(Answer answer)
    {
        if (answer.ToolCalls.IsEmpty) return answer.Content;
        var text = new ArrayBufferWriter<byte>(answer.Content.Length + 256);
        text.Write(answer.Content.Span);
        foreach (var call in answer.ToolCalls)
        {
            if (text.WrittenCount > 0) text.Write("\n"u8);
            text.Write(Encoding.UTF8.GetBytes(call.Name));
            text.Write("("u8);
            text.Write(call.Arguments.Span);
            text.Write(")"u8);
        }
        return text.WrittenMemory;
    }
}
