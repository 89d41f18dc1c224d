using System.Buffers;
using System.Text.RegularExpressions;

namespace Rung.Core.Redaction;

/// <summary>Values that stand behind a name of a secret: <c>api_key = "…"</c>, <c>password: …</c>, <c>…;Password=…;</c>, <c>?access_token=…</c>.</summary>
internal static class SecretAssignments
{
    private const int LongestValue = 1024;
    private const long MostScanned = 1_000_000;

    private static readonly Regex s_name = new(
        @"api[_\-. ]?key|apikey|access[_\-. ]?key|account[_\-. ]?key|private[_\-. ]?key|secret[_\-. ]?key|signing[_\-. ]?key|encryption[_\-. ]?key|shared[_\-. ]?access|client[_\-. ]?secret|secret|auth[_\-. ]?token|access[_\-. ]?token|refresh[_\-. ]?token|session[_\-. ]?token|id[_\-. ]?token|token|pass[_\-. ]?word|passwd|\bpwd|pass[_\-. ]?phrase|passcode|\bpw\b|storage[_\-. ]?key|master[_\-. ]?key|deploy[_\-. ]?key|hmac[_\-. ]?key|webhook[_\-. ]?key|app[_\-]key|passwort|kennwort|contraseña|mot de passe|\bsenha|wachtwoord|пароль|hasło|lösenord|parola|şifre|heslo|salasana|adgangskode|mật khẩu|パスワード|密码|密碼|비밀번호|(?:\b|[_\-])pass\b|phpsessid|sessionid|connect\.sid|x-amz-signature|x-amz-security-token|cookie: ?[a-z0-9_.\-]+|credential|[?&]sig|[?&]key|x-api-key|authorization",
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private static readonly HashSet<string> s_foreign =
        new(["пароль", "hasło", "lösenord", "parola", "şifre", "heslo", "salasana", "adgangskode", "mật khẩu", "パスワード", "密码", "密碼", "비밀번호"], StringComparer.OrdinalIgnoreCase);

    private static readonly SearchValues<char> s_variable = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

    /// <exception cref="RedactionException">It would take too long.</exception>
    public static void Find(ReadOnlySpan<char> text, List<Blot> found)
    {
        long scanned = 0;
        foreach (var match in s_name.EnumerateMatches(text))
        {
            var name = text.Slice(match.Index, match.Length);
            if (!Value(text, match.Index + match.Length, out var start, out var end, out var isQuoted))
            {
                Bare(text, match.Index, match.Index + match.Length, found);
                continue;
            }
            // Names in values in values: nobody writes so, and looking at each would take long. Then nothing is known about the text.
            scanned += end - start;
            if (scanned > MostScanned + text.Length * 8L) throw new RedactionException("A text is made of names of secrets within one another.");
            if (IsSecret(name, text[start..end], isQuoted)) found.Add(new Blot(start, end, SecretFinder.Kind));
        }
    }

    /// <summary>Whether a value that stands under a name in a document is a secret.</summary>
    public static bool IsSecret(string name, string value)
    {
        if (value.Length is < 6 or > LongestValue || value.AsSpan().ContainsAny(' ', '\n')) return false;
        foreach (var match in s_name.EnumerateMatches(name))
        {
            // The name ends in it: "password" and "db_password", but not "password_hint".
            if (match.Index + match.Length >= name.Length - 1 && IsSecret(name.AsSpan(match.Index, match.Length), value, isQuoted: true)) return true;
        }
        return false;
    }

    // name, perhaps the rest of a longer name, a quote, a sign, a quote, the value.
    private static bool Value(ReadOnlySpan<char> text, int at, out int start, out int end, out bool isQuoted)
    {
        (start, end, isQuoted) = (0, 0, false);
        var rest = 0;
        while (at < text.Length && rest < 24 && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '_' or '-'))
        {
            at++;
            rest++;
        }
        while (at < text.Length && text[at] is '"' or '\'' or '`' or ']' or ')' or '*') at++;
        at = Blank(text, at);
        if (at >= text.Length) return false;
        if (text[at] is '=' or ':' or '>' or '|')
        {
            while (at < text.Length && text[at] is '=' or ':' or '>' or '|') at++;
        }
        else if (text[at..].StartsWith("is ", StringComparison.OrdinalIgnoreCase) || text[at..].StartsWith("lautet ", StringComparison.OrdinalIgnoreCase) || text[at..].StartsWith("ist ", StringComparison.OrdinalIgnoreCase)
            || text[at..].StartsWith("es ", StringComparison.OrdinalIgnoreCase)) at = text[at..].IndexOf(' ') + at;
        else if (text[at..].StartsWith("to ", StringComparison.Ordinal)) at += 2;
        else return false;
        while (at < text.Length && text[at] == '*') at++; // **Password:** …
        at = Blank(text, at);
        if (at + 1 < text.Length && text[at] == '[' && text[at + 1] is '"' or '\'') at++;
        if (at < text.Length && text[at] == ':') at = Blank(text, at + 1); // "is: …"
        if (at >= text.Length) return false;
        if (text[at] is '"' or '\'' or '`')
        {
            isQuoted = true;
            var quote = text[at++];
            var close = text[at..Math.Min(text.Length, at + LongestValue)].IndexOf(quote);
            (start, end) = (at, close < 0 ? Unquoted(text, at) : at + close);
        }
        else
        {
            (start, end) = (at, Unquoted(text, at));
        }
        return end - start >= 6;
    }

    private static int Blank(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length && text[at] is ' ' or '\t' or '\n') at++;
        return at;
    }

    private static int Unquoted(ReadOnlySpan<char> text, int at)
    {
        var end = at;
        while (end < text.Length && end - at < LongestValue && !char.IsWhiteSpace(text[end]) && text[end] is not ('"' or '\'' or '`' or ',' or ';' or '<' or '>' or ')' or ']' or '}')) end++;
        if (text[at..end].IndexOf('&') is > 0 and var next && text[at..end][next..].Contains('=')) end = at + next;
        while (end > at && text[end - 1] is '.' or ':') end--;
        return end;
    }

    private static bool IsSecret(ReadOnlySpan<char> name, ReadOnlySpan<char> value, bool isQuoted)
    {
        if (value.Length < 6 || SecretFinder.IsMasked(value) || value[0] == '$' && IsVariable(value) || value[0] is '{' or '<' or '(' or '[' || value[0] == '%' && !IsEncoded(value) || !isQuoted && IsReference(value)) return false;
        if (value.StartsWith("process.", StringComparison.Ordinal) || value.StartsWith("os.", StringComparison.Ordinal) || value.IndexOfAny('(', '{') >= 0 && !isQuoted) return false;
        var isPassword = name.Contains("pass", StringComparison.OrdinalIgnoreCase) || name.Contains("pwd", StringComparison.OrdinalIgnoreCase)
            || name.Contains("kennwort", StringComparison.OrdinalIgnoreCase) || name.Contains("contrase", StringComparison.OrdinalIgnoreCase)
            || name.Contains("senha", StringComparison.OrdinalIgnoreCase) || name.Contains("wachtwoord", StringComparison.OrdinalIgnoreCase);
        var isCommon = name.EndsWith("pass", StringComparison.OrdinalIgnoreCase) && name.Length <= 5; // So are counts of tests called.
        isPassword |= name.Equals("pw", StringComparison.OrdinalIgnoreCase) || s_foreign.Contains(name.ToString());
        if (isQuoted && value.Contains(' ') && !isPassword) return false;
        var shape = Shape.Of(value);
        if (isCommon && (shape.Letters < 2 || shape.Digits == 0)) return false;
        if (isPassword) return !value.Contains(' ') && (shape.Digits > 0 && shape.Digits < value.Length || shape.Other > 0 && shape.Letters > 0 && !IsWords(value) || shape.Upper > 0 && shape.Lower > 0 && value[1..].ContainsAnyInRange('A', 'Z'));
        if (shape.Letters == 0 || shape.Digits == 0 && value.Length < 20) return false;
        if (name.StartsWith("cookie", StringComparison.OrdinalIgnoreCase)) return value.Length >= 16 && shape.Digits >= 2 && shape.Entropy >= 3.2;
        var isToken = name.EndsWith("token", StringComparison.OrdinalIgnoreCase) && name.Length == 5 || name.Length <= 4 || name is "credential" or "authorization";
        return isToken
            ? value.Length >= 16 && shape.Digits >= 2 && shape.Entropy >= 3.2 && shape.Other <= value.Length / 6
            : value.Length >= 8 && shape.Digits >= 1 && shape.Entropy >= 2.2 && shape.Other <= value.Length / 4 || value.Length >= 20 && shape.Entropy >= 3.8 && shape.Upper > 1 && shape.Lower > 1;
    }

    /// <summary>Whether a word that stands where a password belongs is one.</summary>
    public static bool IsPassword(ReadOnlySpan<char> word) => word.Length >= 6 && IsSecret("password", word, isQuoted: false) && word.ContainsAnyExceptInRange('0', '9');

    // --api-key 83b8…, set aws_secret_access_key hDnq…: nothing but a space between, so the value must look drawn by lot.
    private static void Bare(ReadOnlySpan<char> text, int name, int at, List<Blot> found)
    {
        if (at >= text.Length || text[at] is not (' ' or '\t')) return;
        var start = Blank(text, at);
        if (start < text.Length && text[start] is '"' or '\'') start++;
        var end = Unquoted(text, start);
        var value = text[start..end];
        var isFlag = name > 1 && text[name - 1] == '-';
        var shape = Shape.Of(value);
        if (value.Length >= 16 && shape.Digits >= 3 && shape.Letters >= 3 && shape.Other <= value.Length / 8 && shape.Entropy >= 3 && value.IndexOf("://", StringComparison.Ordinal) < 0
            || value.Length >= 8 && shape is { Digits: >= 2, Upper: >= 1, Lower: >= 2 } && text[name..at].StartsWith("password", StringComparison.OrdinalIgnoreCase) && IsPassword(value)
            || isFlag && text[name..at].Contains("pass", StringComparison.OrdinalIgnoreCase) && shape.Digits > 0 && IsPassword(value)) found.Add(new Blot(start, end, SecretFinder.Kind));
    }

    // options.Password, newPassword, self._pwd: code that says where the value is.
    private static bool IsReference(ReadOnlySpan<char> value)
    {
        foreach (var unit in value)
        {
            if (!char.IsAsciiLetter(unit) && unit is not ('.' or '_')) return false;
        }
        return value.Contains('.') || value.Contains("pass", StringComparison.OrdinalIgnoreCase) || value.Contains("pwd", StringComparison.OrdinalIgnoreCase);
    }

    // $NAME, ${name}, $(command).
    private static bool IsVariable(ReadOnlySpan<char> value) => value.Length < 2 || value[1] is '{' or '(' || !value[1..].ContainsAnyExcept(s_variable);

    // %41 is a character; %NAME% and %s stand for something.
    private static bool IsEncoded(ReadOnlySpan<char> value) => value is ['%', var high, var low, ..] && char.IsAsciiHexDigit(high) && char.IsAsciiHexDigit(low) && value[^1] != '%';

    // reset-password, must_be_set: words, no password.
    private static bool IsWords(ReadOnlySpan<char> value)
    {
        foreach (var unit in value)
        {
            if (!char.IsLetter(unit) && unit is not ('-' or '_' or '.' or '/' or '\'')) return false;
        }
        return true;
    }

    private readonly record struct Shape(int Letters, int Upper, int Lower, int Digits, int Other, double Entropy)
    {
        public static Shape Of(ReadOnlySpan<char> value)
        {
            int upper = 0, lower = 0, digits = 0;
            Span<int> counts = stackalloc int[128];
            foreach (var unit in value)
            {
                if (char.IsUpper(unit)) upper++;
                else if (char.IsLetter(unit)) lower++;
                else if (char.IsAsciiDigit(unit)) digits++;
                counts[unit & 127]++;
            }
            var entropy = 0.0; // Bits a character (Shannon 1948) of its own distribution.
            foreach (var count in counts)
            {
                if (count == 0) continue;
                var share = (double)count / value.Length;
                entropy -= share * Math.Log2(share);
            }
            return new Shape(upper + lower, upper, lower, digits, value.Length - upper - lower - digits, entropy);
        }
    }
}
