namespace Rung.Core.Checks;

/// <summary>Finds quotations in a text: between straight or typographic double quotes or guillemets, within one paragraph.</summary>
internal static class Quotations
{
    private const string Opening = "\"“„«";
    private const int LeastWords = 3;
    private const int LeastCharacters = 12;

    // Longer than any quotation: an opening mark without its other half.
    private const int Longest = 4000;

    /// <summary>The quotations that are long enough to be looked up, in order. Single quotes are apostrophes too often to count.</summary>
    public static List<string> In(string text, int most)
    {
        var found = new List<string>();
        for (var at = 0; at < text.Length && found.Count < most; at++)
        {
            var mark = Opening.IndexOf(text[at]);
            if (mark < 0 || IsInches(text, at)) continue;
            var end = End(text, at + 1, text[at]);
            if (end < 0) continue;
            var inside = text[(at + 1)..end].Trim();
            if (IsLongEnough(inside)) found.Add(inside);
            at = end;
        }
        return found;
    }

    private static int End(string text, int from, char opening)
    {
        var limit = Math.Min(text.Length, from + Longest);
        for (var i = from; i < limit; i++)
        {
            if (text[i] == '\n' && i + 1 < text.Length && text[i + 1] is '\n' or '\r') return -1; // A quotation ends with its paragraph.
            if (opening switch { '"' => text[i] == '"', '“' => text[i] is '”' or '"', '„' => text[i] is '“' or '”', _ => text[i] == '»' }) return i;
        }
        return -1;
    }

    /// <summary>A straight mark behind a digit, as in 5" pipes, opens nothing.</summary>
    private static bool IsInches(string text, int at) => text[at] == '"' && at > 0 && char.IsAsciiDigit(text[at - 1]);

    private static bool IsLongEnough(string inside)
    {
        if (inside.Length >= LeastCharacters) return true;
        var words = 0;
        for (var i = 0; i < inside.Length; i++) words += !char.IsWhiteSpace(inside[i]) && (i == 0 || char.IsWhiteSpace(inside[i - 1])) ? 1 : 0;
        return words >= LeastWords;
    }
}
