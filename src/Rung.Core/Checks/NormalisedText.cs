using System.Text;

namespace Rung.Core.Checks;

/// <summary>The form in which answers of one word are compared when their dress does not matter: <c>" Billing." </c> is <c>billing</c>.</summary>
internal static class NormalisedText
{
    private const string Opening = "\"'`“‘«";
    private const string Closing = "\"'`”’»";

    /// <summary>
    /// Lower-cases, folds runs of white space to one blank, trims, and takes off surrounding quotes and final full stops until none is
    /// left, so that normalising twice changes nothing.
    /// </summary>
    public static string Of(string text)
    {
        var folded = Fold(text).AsSpan();
        for (var before = -1; before != folded.Length;)
        {
            before = folded.Length;
            folded = folded.Trim();
            if (folded.EndsWith('.')) folded = folded[..^1];
            if (IsQuoted(folded)) folded = folded[1..^1];
        }
        return folded.ToString();
    }

    private static bool IsQuoted(ReadOnlySpan<char> text) =>
        text.Length >= 2 && Opening.IndexOf(text[0]) is >= 0 and var pair && Closing[pair] == text[^1];

    private static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        var blank = false;
        foreach (var character in text)
        {
            if (char.IsWhiteSpace(character))
            {
                blank = true;
                continue;
            }
            if (blank) folded.Append(' ');
            blank = false;
            folded.Append(char.ToLowerInvariant(character));
        }
        return folded.ToString();
    }
}
