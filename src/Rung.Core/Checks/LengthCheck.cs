using System.Text;
using System.Text.Unicode;

namespace Rung.Core.Checks;

/// <summary>The answer's length in Unicode code points lies within bounds. Invalid bytes count as the replacement characters they would become.</summary>
internal sealed class LengthCheck(int? min, int? max) : Check
{
    public override string Name => "length";

    public override CheckResult Evaluate(Answer answer)
    {
        var length = CodePoints(answer.Content.Span);
        if (length < min) return CheckResult.Fail($"The answer has {length} characters; at least {min} were expected.");
        if (length > max) return CheckResult.Fail($"The answer has {length} characters; at most {max} were expected.");
        return CheckResult.Pass;
    }

    public override AnswerWatch? Watch() => max is { } most ? new LengthWatch(min ?? 0, most) : null;

    private static int CodePoints(ReadOnlySpan<byte> text)
    {
        var count = 0;
        if (Utf8.IsValid(text))
        {
            foreach (var unit in text) count += (unit & 0b1100_0000) == 0b1000_0000 ? 0 : 1; // All but continuation bytes.
            return count;
        }
        for (; !text.IsEmpty; count++)
        {
            Rune.DecodeFromUtf8(text, out _, out var used);
            text = text[used..];
        }
        return count;
    }
}
