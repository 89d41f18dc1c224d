namespace Rung.Core.Checks.Arithmetic;

/// <summary>Cuts one line into pieces: prose, Markdown and LaTeX as models mix them. Linear, and bounded in pieces.</summary>
internal ref struct MathLexer(ReadOnlySpan<char> line)
{
    /// <summary>Most pieces of a line; what follows is not looked at.</summary>
    public const int MostTokens = 4000;

    private readonly ReadOnlySpan<char> line = line;
    private readonly List<MathToken> tokens = [];
    private int at;
    private int lastEnd = -1;

    /// <summary>The pieces.</summary>
    public List<MathToken> Read()
    {
        SkipListMark();
        while (at < line.Length && tokens.Count < MostTokens) Next();
        return tokens;
    }

    private void SkipListMark()
    {
        while (at < line.Length && (char.IsWhiteSpace(line[at]) || line[at] == '>')) at++;
        var digits = NumberText.Digits(line[at..]);
        var end = at + digits;
        if (digits is > 0 and <= 3 && end + 1 < line.Length && line[end] is '.' or ')' && char.IsWhiteSpace(line[end + 1])) at = end + 1;
        else if (at + 1 < line.Length && line[at] is '-' or '*' or '+' or '•' && char.IsWhiteSpace(line[at + 1])) at++;
    }

    private void Next()
    {
        var character = line[at];
        if (char.IsWhiteSpace(character) || character is '$' or '€' or '£' or '¥' or '₹' or '&' or '`' or '~' or '\u200b') at++; // Neither white space nor currency nor markup says anything here.
        else if (NumberText.LengthAt(line, at) is > 0 and var length) Number(length);
        else if (char.IsLetter(character)) Word();
        else if (character == '\\') Command();
        else Sign(character);
    }

    private void Number(int length)
    {
        var end = at + length;
        var rest = line[end..];
        var plain = NumberText.Plain(line.Slice(at, length));
        var oddEnd = OddEnd(plain, rest);
        if (oddEnd > 0)
        {
            Add(MathKind.Opaque, end + oddEnd);
            return;
        }
        var point = plain.IndexOf('.');
        if (!Rational.TryParse(plain, out var value)) Add(MathKind.Opaque, end);
        else Add(new MathToken(MathKind.Number, at, end, at == lastEnd) { Value = value, Decimals = point < 0 ? 0 : plain.Length - point - 1 });
    }

    /// <summary>How much more belongs to what only looks like a number: a time, a version, a date, a hexadecimal or scientific number; else 0.</summary>
    private static int OddEnd(string plain, ReadOnlySpan<char> rest)
    {
        if (rest.Length < 2) return 0;
        if (rest[0] is ':' or '.' && char.IsAsciiDigit(rest[1])) return Run(rest, ".:");
        if (plain == "0" && rest[0] is 'x' or 'X' && char.IsAsciiHexDigit(rest[1]) && !char.IsAsciiDigit(rest[1])) return 2;
        if (plain == "0" && rest[0] is 'b' or 'B' or 'o' or 'O' && char.IsAsciiDigit(rest[1])) return 1 + NumberText.Digits(rest[1..]);
        if (rest[0] is '\'' or '’' && NumberText.Digits(rest[1..]) == 3) return Run(rest, "'’"); // 1'000, as in Switzerland.
        if (rest[0] is 'e' or 'E' && (char.IsAsciiDigit(rest[1]) || (rest.Length > 2 && rest[1] is '-' or '+' && char.IsAsciiDigit(rest[2])))) return 2 + NumberText.Digits(rest[2..]);
        return IsDate(plain, rest) ? Run(rest, "-/") : 0;
    }

    private static bool IsDate(string plain, ReadOnlySpan<char> rest)
    {
        var separator = rest[0];
        if (separator is not ('-' or '/')) return false;
        var middle = NumberText.Digits(rest[1..]);
        if (middle is 0 or > 2 || 1 + middle >= rest.Length || rest[1 + middle] != separator) return false;
        var last = NumberText.Digits(rest[(2 + middle)..]);
        return (plain.Length == 4 && last is 1 or 2) || (plain.Length <= 2 && last == 4);
    }

    private static int Run(ReadOnlySpan<char> rest, string separators)
    {
        var end = 0;
        while (end < rest.Length && (char.IsAsciiDigit(rest[end]) || (separators.Contains(rest[end]) && end + 1 < rest.Length && char.IsAsciiDigit(rest[end + 1])))) end++;
        return end;
    }

    private void Word()
    {
        var end = at + 1;
        while (end < line.Length && (char.IsLetterOrDigit(line[end]) || line[end] is '_' or '\'' or '’' || (line[end] == '-' && end + 1 < line.Length && char.IsLetter(line[end + 1])))) end++;
        var isTimes = line[at] is 'x' or 'X' && tokens.Count > 0 && FollowsNumber(at + 1);
        if (isTimes && (end == at + 1 || char.IsAsciiDigit(line[at + 1])))
        {
            Add(MathKind.Times, at + 1); // 3 x 60, and 3x60.
            return;
        }
        var text = line[at..end].ToString().ToLowerInvariant();
        switch (text)
        {
            case "times": Add(MathKind.Times, end); break;
            case "plus": Add(MathKind.Plus, end); break;
            case "minus": Add(MathKind.Minus, end); break;
            case "percent": Add(MathKind.Percent, end); break;
            case "divided" or "multiplied" when IsFollowedBy(end, "by", out var byEnd): Add(text == "divided" ? MathKind.Divide : MathKind.Times, byEnd); break;
            case "usd" or "eur" or "gbp" or "us" or "rs" or "inr" or "cad" or "aud" when FollowsNumber(end): at = end; break;
            default: Add(new MathToken(MathKind.Word, at, end, at == lastEnd) { Text = text }); break;
        }
    }

    private readonly bool FollowsNumber(int from)
    {
        while (from < line.Length && line[from] is ' ' or '$' or '€' or '£' or '.') from++;
        return from < line.Length && (char.IsAsciiDigit(line[from]) || line[from] == '(');
    }

    private readonly bool IsFollowedBy(int from, string word, out int end)
    {
        while (from < line.Length && line[from] == ' ') from++;
        end = from + word.Length;
        return line[from..].StartsWith(word, StringComparison.OrdinalIgnoreCase) && (end == line.Length || !char.IsLetterOrDigit(line[end]));
    }

    private void Command()
    {
        var letters = at + 1;
        while (letters < line.Length && char.IsAsciiLetter(line[letters])) letters++;
        if (letters == at + 1)
        {
            // \% counts, \\ ends a row, the rest is layout: \$ \, \( \[
            if (letters < line.Length && line[letters] == '%') Add(MathKind.Percent, letters + 1);
            else if (letters < line.Length && line[letters] == '\\') Add(MathKind.Other, letters + 1);
            else at = Math.Min(line.Length, letters + 1);
            return;
        }
        switch (line[(at + 1)..letters])
        {
            case "frac" or "dfrac" or "tfrac": Add(MathKind.Fraction, letters); break;
            case "times" or "cdot" or "ast": Add(MathKind.Times, letters); break;
            case "div": Add(MathKind.Divide, letters); break;
            case "approx" or "simeq" or "cong": Add(MathKind.Approximately, letters); break;
            case "left" or "right" or "boxed" or "quad" or "qquad" or "displaystyle" or "big" or "Big": at = letters; break;
            case "text" or "textbf" or "textit" or "mathrm" or "mathbf" or "textrm":
                var close = line[letters..].IndexOf('}');
                Add(new MathToken(MathKind.Word, at, close < 0 ? letters : letters + close + 1, at == lastEnd) { Text = "text" });
                break;
            default: Add(MathKind.Opaque, letters); break;
        }
    }

    private void Sign(char sign)
    {
        var next = at + 1 < line.Length ? line[at + 1] : '\0';
        var before = at > 0 ? line[at - 1] : '\0';
        switch (sign)
        {
            case '+': Add(MathKind.Plus, at + 1); break;
            case '-' or '−' or '–': Add(MathKind.Minus, at + 1); break;
            case '*' when next == '*': Stars(before); break;
            case '*' or '×' or '·' or '⋅' or '∙' or '∗': Add(MathKind.Times, at + 1); break;
            case '/' or '÷' or '∕': Add(MathKind.Divide, at + 1); break;
            case '^': Add(MathKind.Power, at + 1); break;
            case '²' or '³' when char.IsAsciiDigit(before) || before is ')' or '}':
                Add(MathKind.Power, at + 1);
                tokens.Add(new MathToken(MathKind.Number, at - 1, at, IsAttached: true) { Value = Rational.Of(sign == '²' ? 2 : 3) });
                break;
            case '%': Add(MathKind.Percent, at + 1); break;
            case '(' or '{': Add(MathKind.Open, at + 1); break;
            case ')' or '}': Add(MathKind.Close, at + 1); break;
            case '≈' or '≅' or '≃': Add(MathKind.Approximately, at + 1); break;
            case '=' when next == '=' || before is '!' or '<' or '>' or ':' or '=' || next == '>': Add(MathKind.Opaque, next is '=' or '>' ? at + 2 : at + 1); break;
            case '=': Add(MathKind.Equal, at + 1); break;
            case '¢' or '°' or '′' or '″': Add(new MathToken(MathKind.Word, at, at + 1, at == lastEnd) { Text = "unit" }); break;
            case '_' or '√' or '∑' or '∫' or '[' or ']' or '@' or '≠' or '½' or '¼' or '¾' or '⅓' or '⅔': Add(MathKind.Opaque, at + 1); break;
            default: Add(MathKind.Other, at + 1); break;
        }
    }

    /// <summary>Two stars are a power between two values (as programs write it), else bold type.</summary>
    private void Stars(char before)
    {
        var after = at + 2 < line.Length ? line[at + 2] : '\0';
        if ((char.IsAsciiDigit(before) || before == ')') && (char.IsAsciiDigit(after) || after is '(' or '-')) Add(MathKind.Power, at + 2);
        else at += 2;
    }

    private void Add(MathKind kind, int end) => Add(new MathToken(kind, at, end, at == lastEnd));

    private void Add(MathToken token)
    {
        tokens.Add(token);
        at = lastEnd = token.End;
    }
}
