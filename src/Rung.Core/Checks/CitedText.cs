using System.Text;

namespace Rung.Core.Checks;

/// <summary>The form in which a citation is looked up: case, white space, the form of quotes and of dashes do not count.</summary>
internal static class CitedText
{
    private static readonly string[] Ellipses = ["[…]", "[...]", "(...)", "…", "..."];

    /// <summary>Normalises a text.</summary>
    public static string Of(string text)
    {
        var folded = new StringBuilder(text.Length);
        var blank = false;
        foreach (var character in text)
        {
            if (char.IsWhiteSpace(character))
            {
                blank = folded.Length > 0;
                continue;
            }
            if (blank) folded.Append(' ');
            blank = false;
            folded.Append(character switch
            {
                '“' or '”' or '„' or '«' or '»' or '‟' => '"',
                '‘' or '’' or '‚' or '‛' or '`' => '\'',
                '–' or '—' or '−' or '‐' or '‑' => '-',
                _ => char.ToLowerInvariant(character),
            });
        }
        return folded.ToString();
    }

    /// <summary>Whether a quotation occurs: its parts between ellipses, one behind the other. Punctuation at the end of a part is the quoting sentence's.</summary>
    public static bool Quotes(string given, string quotation)
    {
        var from = 0;
        foreach (var part in quotation.Split(Ellipses, StringSplitOptions.RemoveEmptyEntries))
        {
            var wanted = Of(part).Trim(' ', '.', ',', ';', ':', '!', '?');
            if (wanted.Length == 0) continue;
            var at = given.IndexOf(wanted, from, StringComparison.Ordinal);
            if (at < 0) return false;
            from = at + wanted.Length;
        }
        return true;
    }

    /// <summary>Whether an id occurs by itself: <c>doc-1</c> does not occur in <c>doc-12</c>.</summary>
    public static bool Names(string given, string id)
    {
        var wanted = Of(id);
        if (wanted.Length == 0) return false;
        for (var at = given.IndexOf(wanted, StringComparison.Ordinal); at >= 0; at = given.IndexOf(wanted, at + 1, StringComparison.Ordinal))
        {
            var end = at + wanted.Length;
            var isWhole = !(at > 0 && char.IsLetterOrDigit(wanted[0]) && char.IsLetterOrDigit(given[at - 1]))
                && !(end < given.Length && char.IsLetterOrDigit(wanted[^1]) && char.IsLetterOrDigit(given[end]));
            if (isWhole) return true;
        }
        return false;
    }
}
