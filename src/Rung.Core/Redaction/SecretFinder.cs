namespace Rung.Core.Redaction;

/// <summary>
/// Keys, tokens and passwords: those of well-known forms by their beginnings, private keys, JSON web tokens, passwords in addresses, and values that stand behind
/// a name such as <c>api_key =</c>.
/// </summary>
internal static class SecretFinder
{
    public const string Kind = "secret";

    private const int LongestKey = 16 * 1024;

    public static void Find(ReadOnlySpan<char> text, List<Blot> found)
    {
        foreach (var form in SecretForm.All) Beginning(text, form, found);
        PrivateKeys(text, found);
        WebTokens(text, found);
        Passwords(text, found);
        BotTokens(text, found);
        SecretShapes.Find(text, found);
        SecretAssignments.Find(text, found);
    }

    private static void Beginning(ReadOnlySpan<char> text, SecretForm form, List<Blot> found)
    {
        for (var at = 0; ;)
        {
            var next = text[at..].IndexOf(form.Beginning, StringComparison.Ordinal);
            if (next < 0) return;
            at += next;
            var end = at + form.Beginning.Length;
            if (!form.IsBare && IsGlued(text, at))
            {
                at = end;
                continue;
            }
            var start = end;
            while (end < text.Length && form.Holds(text[end])) end++;
            while (end > start && text[end - 1] is '.' or '-' or ',') end--; // The sentence, not the key.
            var body = text[start..end];
            if (body.Length >= form.Least && (form.Exact == 0 || body.Length == form.Exact) && (!form.MustBeMixed || IsMixed(body)) && !IsMasked(body))
                found.Add(new Blot(at, end, Kind));
            at = Math.Max(end, at + 1);
        }
    }

    private static void PrivateKeys(ReadOnlySpan<char> text, List<Blot> found)
    {
        for (var at = 0; at < text.Length;)
        {
            var next = text[at..].IndexOf("-----BEGIN ", StringComparison.Ordinal);
            if (next < 0) return;
            at += next;
            var head = text[at..Math.Min(text.Length, at + 80)];
            var close = head[11..].IndexOf("-----", StringComparison.Ordinal);
            if (close < 0 || head[11..(11 + close)].IndexOf("PRIVATE KEY", StringComparison.Ordinal) < 0)
            {
                at += 11;
                continue;
            }
            var rest = text[at..Math.Min(text.Length, at + LongestKey)];
            var end = rest.IndexOf("-----END ", StringComparison.Ordinal);
            var foot = end < 0 ? -1 : rest[(end + 9)..].IndexOf("-----", StringComparison.Ordinal);
            var length = foot < 0 ? rest.Length : end + 9 + foot + 5; // A key without an end goes on to the end of what there is.
            found.Add(new Blot(at, at + length, Kind));
            at += length;
        }
    }

    // Header and payload of a JSON web token begin with {" in base 64 (RFC 7519, RFC 4648, section 5).
    private static void WebTokens(ReadOnlySpan<char> text, List<Blot> found)
    {
        for (var at = 0; ;)
        {
            var next = text[at..].IndexOf("eyJ", StringComparison.Ordinal);
            if (next < 0) return;
            at += next;
            var end = at;
            var dots = 0;
            while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '-' or '_' or '=' or '.'))
            {
                if (text[end] == '.') dots++;
                end++;
            }
            while (end > at && text[end - 1] == '.')
            {
                end--;
                dots--;
            }
            if (dots >= 1 && end - at >= 30) found.Add(new Blot(at, end, Kind));
            at = end;
        }
    }

    // scheme://user:password@host: the password and the name before it.
    private static void Passwords(ReadOnlySpan<char> text, List<Blot> found)
    {
        for (var at = 0; ;)
        {
            var next = text[at..].IndexOf("://", StringComparison.Ordinal);
            if (next < 0) return;
            at += next + 3;
            var end = at;
            var last = -1;
            while (end < text.Length && end - at < 512 && !char.IsWhiteSpace(text[end]) && text[end] is not ('"' or '<' or '>' or '`'))
            {
                if (text[end] == '@') last = end;
                else if (last < 0 && text[end] == '/' && text[at..end].IndexOf(':') < 0) break;
                else if (last >= 0 && text[end] is '/' or '?' or '#') break;
                end++;
            }
            if (last > at && text[at..last].IndexOf(':') >= 0 && last + 1 < text.Length && !IsPlaceholder(text[at..last]) && !text[at..last].Contains("://", StringComparison.Ordinal))
                found.Add(new Blot(at, last, Kind));
        }
    }

    // 123456789:AA… (Telegram): the id of a bot and 35 characters.
    private static void BotTokens(ReadOnlySpan<char> text, List<Blot> found)
    {
        for (var at = 0; ;)
        {
            var next = text[at..].IndexOf(":AA", StringComparison.Ordinal);
            if (next < 0) return;
            at += next;
            var start = at;
            while (start > 0 && char.IsAsciiDigit(text[start - 1])) start--;
            var end = at + 1;
            while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '-' or '_')) end++;
            if (at - start is >= 8 and <= 10 && end - at - 1 is >= 34 and <= 36) found.Add(new Blot(start, end, Kind));
            at = end;
        }
    }

    private static bool IsGlued(ReadOnlySpan<char> text, int at) => at > 0 && char.IsAsciiLetterOrDigit(text[at - 1]);

    // user:password, {user}:{password}, $USER:$PASSWORD: an example that says what belongs there.
    private static bool IsPlaceholder(ReadOnlySpan<char> text)
    {
        var password = text[(text.IndexOf(':') + 1)..];
        return password.IsEmpty || password[0] is '$' or '{' or '<' or '%' or '[' || password is "password" or "pass" or "PASSWORD" || IsMasked(password);
    }

    /// <summary>Whether a value is blotted out already: <c>xxxx</c>, <c>****</c>, <c>…</c>.</summary>
    public static bool IsMasked(ReadOnlySpan<char> value)
    {
        foreach (var unit in value)
        {
            if (unit is not ('x' or 'X' or '*' or '.' or '-' or '_' or '…' or '•')) return false;
        }
        return true;
    }

    private static bool IsMixed(ReadOnlySpan<char> body)
    {
        int digits = 0, upper = 0, lower = 0;
        foreach (var unit in body)
        {
            if (char.IsAsciiDigit(unit)) digits++;
            else if (char.IsAsciiLetterUpper(unit)) upper++;
            else if (char.IsAsciiLetterLower(unit)) lower++;
        }
        return digits >= 3 || digits >= 1 && upper >= 1 || upper >= 3 && lower >= 3;
    }
}
