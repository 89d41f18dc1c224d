using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;

namespace Rung.Gateway.Inquiries;

/// <summary>The body of a question to a served verifier: the policy's JSON with the prompt and the answer in it.</summary>
internal static class BodyTemplate
{
    private const string Prompt = "{prompt}";
    private const string Answer = "{answer}";

    /// <summary>Fills in. One pass, so that a prompt which itself says <c>{answer}</c> stays as it is.</summary>
    /// <param name="template">JSON whose strings hold <c>{prompt}</c> and <c>{answer}</c>.</param>
    /// <param name="prompt">UTF-8.</param>
    /// <param name="answer">UTF-8.</param>
    public static ReadOnlyMemory<byte> Fill(string template, ReadOnlySpan<byte> prompt, ReadOnlySpan<byte> answer)
    {
        var body = new ArrayBufferWriter<byte>(template.Length + prompt.Length + answer.Length + 64);
        var rest = template.AsSpan();
        while (true)
        {
            var (nextPrompt, nextAnswer) = (rest.IndexOf(Prompt), rest.IndexOf(Answer));
            if (nextPrompt < 0 && nextAnswer < 0) break;
            var isPrompt = nextAnswer < 0 || nextPrompt >= 0 && nextPrompt < nextAnswer;
            Encoding.UTF8.GetBytes(rest[..(isPrompt ? nextPrompt : nextAnswer)], body);
            Escape(isPrompt ? prompt : answer, body);
            rest = rest[(isPrompt ? nextPrompt + Prompt.Length : nextAnswer + Answer.Length)..];
        }
        Encoding.UTF8.GetBytes(rest, body);
        return body.WrittenMemory;
    }

    /// <summary>As the inside of a JSON string. The relaxed encoder escapes all that JSON wants escaped; the receiver is no web page.</summary>
    private static void Escape(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> to)
    {
        while (!text.IsEmpty)
        {
            // A character needs at most six bytes for one; what did not fit comes next.
            var room = to.GetSpan(Math.Min(text.Length * 6 + 16, 64 * 1024));
            JavaScriptEncoder.UnsafeRelaxedJsonEscaping.EncodeUtf8(text, room, out var read, out var written);
            to.Advance(written);
            text = text[read..];
        }
    }
}
