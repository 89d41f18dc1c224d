using System.Text.RegularExpressions;

namespace Rung.Core.Redaction;

/// <summary>
/// Addresses of e-mail: by their @ sign (also <c>%40</c>, and with one space on either side), and as people spell them out: <c>jo [at] example [dot] org</c>.
/// The host must end in a name of letters, so that versions of packages (<c>left-pad@1.2.3</c>) stay.
/// </summary>
internal static class EmailFinder
{
    private const string Kind = "email";
    private const int LongestLocal = 64;  // RFC 5321, 4.5.3.1.1.
    private const int LongestHost = 255; // RFC 5321, 4.5.3.1.2.

    private static readonly Regex s_spelt = new(
        @"[\p{L}0-9._%+\-]+ ?(?:[\[({<] ?(?:at|@|ät|arroba|chez) ?[\])}>]) ?[\p{L}0-9\-]+(?: ?(?:\.|[\[({<] ?(?:dot|punkt|punto|point|ponto|\.) ?[\])}>]| dot ) ?[\p{L}0-9\-]+)+|[a-z0-9._%+\-]+ at [a-z0-9\-]+(?: dot [a-z0-9\-]+)+",
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    public static void Find(ReadOnlySpan<char> text, List<Blot> found)
    {
        for (var at = 0; at < text.Length; at++)
        {
            var next = text[at..].IndexOfAny('@', '%');
            if (next < 0) break;
            at += next;
            var width = text[at] == '@' ? 1 : text[at..].StartsWith("%40", StringComparison.Ordinal) ? 3 : 0;
            if (width > 0 && Around(text, at, width) is { } blot) found.Add(blot);
        }
        if (!MaySpellOut(text)) return;
        foreach (var match in s_spelt.EnumerateMatches(text)) found.Add(new Blot(match.Index, match.Index + match.Length, Kind));
    }

    private static bool MaySpellOut(ReadOnlySpan<char> text) =>
        text.Contains("at", StringComparison.OrdinalIgnoreCase) && (text.Contains("dot", StringComparison.OrdinalIgnoreCase) || text.IndexOfAny("[({<") >= 0)
        || text.Contains("[@", StringComparison.Ordinal) || text.Contains("(@", StringComparison.Ordinal)
        || text.Contains("arroba", StringComparison.OrdinalIgnoreCase) || text.Contains("ät", StringComparison.OrdinalIgnoreCase);

    private static Blot? Around(ReadOnlySpan<char> text, int at, int width)
    {
        var isSpaced = at >= 2 && text[at - 1] == ' ' && at + width + 1 < text.Length && text[at + width] == ' ';
        var start = Local(text, isSpaced ? at - 1 : at);
        if (start == (isSpaced ? at - 1 : at)) return null;
        var host = isSpaced ? at + width + 1 : at + width;
        var end = Host(text, host);
        return end > host ? new Blot(start, end, Kind) : null;
    }

    // Where the local part begins.
    private static int Local(ReadOnlySpan<char> text, int end)
    {
        if (end > 1 && text[end - 1] == '"')
        {
            var open = text[Math.Max(0, end - 1 - LongestLocal)..(end - 1)].LastIndexOf('"');
            return open < 0 ? end : Math.Max(0, end - 1 - LongestLocal) + open;
        }
        var start = end;
        var isWide = end > 0 && text[end - 1] >= '\u2E80'; // Where words are not set apart by spaces, they are part of it only when they stand at the sign.
        while (start > 0 && end - start < LongestLocal && IsLocal(text[start - 1], isWide)) start--;
        while (start < end && text[start] is '.' or '\'' or '/' or '=' or '?' or '&' or '*' or '{' or '|' or '`' or '!' or '~') start++;
        return start;
    }

    private static bool IsLocal(char unit, bool isWide) => unit < 128
        ? char.IsAsciiLetterOrDigit(unit) || unit is '.' or '_' or '-' or '+' or '%' or '\'' or '!' or '#' or '$' or '&' or '*' or '/' or '=' or '?' or '^' or '`' or '{' or '|' or '}' or '~'
        : (unit < '\u2E80' || isWide) && char.IsLetterOrDigit(unit);

    // Where the host ends; where it begins, when it is none.
    private static int Host(ReadOnlySpan<char> text, int start)
    {
        if (start < text.Length && text[start] == '[')
        {
            var close = text[start..Math.Min(text.Length, start + 48)].IndexOf(']');
            return close > 6 && text[start..(start + close)].IndexOfAny('.', ':') > 0 ? start + close + 1 : start;
        }
        var end = start;
        while (end < text.Length && end - start < LongestHost && (char.IsLetterOrDigit(text[end]) || text[end] is '-' or '.')) end++;
        while (end > start && text[end - 1] is '.' or '-') end--;
        // A sentence may go on behind it without a space: the last name that is one of letters ends the host.
        while (end > start)
        {
            var dot = text[start..end].LastIndexOf('.');
            if (dot <= 0) return start;
            if (IsTop(text[(start + dot + 1)..end])) return IsScale(text[start..end]) ? start : end;
            end = start + dot;
        }
        return start;
    }

    private static bool IsTop(ReadOnlySpan<char> name)
    {
        if (name.StartsWith("xn--", StringComparison.OrdinalIgnoreCase)) return true;
        if (name.Length < 2 || name.Length > 24) return false;
        foreach (var unit in name)
        {
            if (!char.IsLetter(unit)) return false;
        }
        return true;
    }

    // icon@2x.png
    private static bool IsScale(ReadOnlySpan<char> host) => host.Length > 3 && char.IsAsciiDigit(host[0]) && host[1] == 'x' && host[2] == '.';
}
