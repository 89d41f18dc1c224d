using Rung.Core.Checks.Arithmetic;
using Rung.Core.Checks.Json;

namespace Rung.Core.Checks;

/// <summary>Finds the number that an answer ends in: after <c>####</c>, in <c>\boxed{}</c>, after "answer is", else the last one.</summary>
internal static class AnswerNumber
{
    private static readonly string[] Marks = ["####", @"\boxed{", "answer is", "answer:"];

    /// <summary>Finds it. Currency, thousands separators and percent signs do not count: <c>$1,200.00</c> is 1200.</summary>
    public static bool TryFind(ReadOnlySpan<char> text, out JsonNumber number)
    {
        foreach (var mark in Marks)
        {
            var at = text.LastIndexOf(mark, StringComparison.OrdinalIgnoreCase);
            if (at >= 0 && TryFind(text[(at + mark.Length)..], last: false, out number)) return true;
        }
        return TryFind(text, last: true, out number);
    }

    private static bool TryFind(ReadOnlySpan<char> text, bool last, out JsonNumber number)
    {
        number = default;
        var found = false;
        for (var at = 0; at < text.Length;)
        {
            var isInside = at > 0 && (char.IsLetterOrDigit(text[at - 1]) || text[at - 1] == '_');
            var length = isInside ? 0 : NumberText.LengthAt(text, at);
            if (length == 0)
            {
                at++;
                continue;
            }
            var digits = NumberText.Plain(text.Slice(at, length));
            var isNegative = at > 0 && text[at - 1] is '-' or '−' && (at == 1 || !char.IsLetterOrDigit(text[at - 2]));
            found |= JsonNumber.TryParse(isNegative ? "-" + digits : digits, out number);
            if (found && !last) return true;
            at += length;
        }
        return found;
    }
}
