using System.Text;

namespace Rung.Core.Learning.Features;

/// <summary>
/// Finds calculations in prose and in calculator annotations and recomputes them: <c>3 sprints * 60 meters = 180</c>, <c>$40 + $24 = $64</c>,
/// <c>60% of 5 = 3</c>. Units between the numbers are skipped. What does not parse is no equation: nothing is guessed.
/// </summary>
internal static class EquationReader
{
    private const int MaxEquations = 200;
    private const int MaxSide = 48;

    private enum Kind : byte { Number, Operator, Open, Close, Word, Equals, Break }

    private readonly record struct Token(Kind Kind, char Sign, TextNumber Number, int Start, int End);

    /// <summary>The equations of a text, in order.</summary>
    /// <param name="text">The text.</param>
    /// <param name="numbers">Its numbers.</param>
    public static List<Equation> Find(string text, List<TextNumber> numbers)
    {
        var found = new List<Equation>();
        if (text.IndexOf('=') < 0) return found;
        var tokens = Tokens(text, numbers);
        for (var i = 0; i < tokens.Count && found.Count < MaxEquations; i++)
        {
            if (tokens[i].Kind == Kind.Equals && Read(text, tokens, i) is { } equation) found.Add(equation);
        }
        return found;
    }

    private static Equation? Read(string text, List<Token> tokens, int equals)
    {
        if (!TryLeft(tokens, equals, out var left, out var value)) return null;
        var annotated = IsAnnotated(text, tokens[equals].Start);
        var operators = new StringBuilder();
        var operands = new List<double>();
        var hasPercent = false;
        foreach (var token in left)
        {
            if (token.Kind == Kind.Operator) operators.Append(token.Sign);
            if (token.Kind != Kind.Number) continue;
            operands.Add(token.Number.Value);
            hasPercent |= token.Number.IsPercent;
        }
        Equation Of(double right, bool isRight, bool isRounded, int end) => new(value, right, annotated, isRight, isRounded, [.. operands], operators.ToString(), hasPercent, end);

        var right = Right(tokens, equals, out var end);
        if (right is not { } stated) return Of(double.NaN, isRight: true, isRounded: false, end);

        var exact = TextNumber.Same(value, stated.Value) || (stated.IsPercent && TextNumber.Same(value * 100, stated.Value));
        // A percentage is a share to one writer and a number to the next: 20/50*100% = 40%.
        if (!exact && hasPercent && TryEvaluate(left, percent: false, out var plain)) exact = TextNumber.Same(plain, stated.Value);
        var rounded = exact || IsRounding(value, stated) || (stated.IsPercent && IsRounding(value * 100, stated));
        return Of(stated.Value, rounded, rounded && !exact, end);
    }

    private static bool IsRounding(double value, TextNumber stated) => Math.Abs(value - stated.Value) <= 1.0001 * Math.Pow(10, -stated.Decimals)
        && Math.Abs(value - stated.Value) <= Math.Max(0.0051, 0.02 * Math.Abs(value)) && !double.IsInteger(value);

    // Backwards from the equals sign to the first thing that cannot belong to a calculation, then the longest end of it that parses.
    private static bool TryLeft(List<Token> tokens, int equals, out ReadOnlySpan<Token> left, out double value)
    {
        var start = equals;
        while (start > 0 && equals - start < MaxSide && tokens[start - 1].Kind is not (Kind.Equals or Kind.Break)) start--;
        var side = Compact(tokens, start, equals);
        for (var i = 0; i + 2 < side.Length; i++)
        {
            if (side[i].Kind is not (Kind.Number or Kind.Open) && side[i] is not { Kind: Kind.Operator, Sign: '-' }) continue;
            left = side.AsSpan(i);
            if (HasOperator(left) && TryEvaluate(left, percent: true, out value)) return true;
        }
        left = default;
        value = 0;
        return false;
    }

    private static bool HasOperator(ReadOnlySpan<Token> side)
    {
        foreach (var token in side)
        {
            if (token.Kind == Kind.Operator) return true;
        }
        return false;
    }

    // Words are units, and so is what a quantity is divided by when it is a word: "60 meters/sprint".
    private static Token[] Compact(List<Token> tokens, int start, int end)
    {
        var kept = new Token[end - start];
        var count = 0;
        for (var i = start; i < end; i++)
        {
            var token = tokens[i];
            var isUnit = token is { Kind: Kind.Operator, Sign: '/' } && i + 1 < end && tokens[i + 1].Kind == Kind.Word;
            if (token.Kind != Kind.Word && !isUnit) kept[count++] = token;
        }
        return kept[..count];
    }

    private static TextNumber? Right(List<Token> tokens, int equals, out int end)
    {
        end = tokens[equals].End;
        for (var i = equals + 1; i < tokens.Count && i <= equals + 3; i++)
        {
            if (tokens[i].Kind == Kind.Word && i == equals + 1) continue;
            if (tokens[i].Kind != Kind.Number) return null;
            end = tokens[i].End;
            // "= 3 + 4 = 7": the middle is a calculation of its own, not a stated result.
            var next = i + 1 < tokens.Count ? tokens[i + 1].Kind : Kind.Break;
            return next is Kind.Operator ? null : tokens[i].Number;
        }
        return null;
    }

    private static bool IsAnnotated(string text, int at)
    {
        var open = text.LastIndexOf("<<", at, Math.Min(at + 1, 80), StringComparison.Ordinal);
        return open >= 0 && text.IndexOf(">>", open, at - open, StringComparison.Ordinal) < 0;
    }

    private static List<Token> Tokens(string text, List<TextNumber> numbers)
    {
        var tokens = new List<Token>();
        var next = 0;
        for (var i = 0; i < text.Length;)
        {
            while (next < numbers.Count && numbers[next].End <= i) next++;
            if (next < numbers.Count && i >= Unsigned(numbers[next], text))
            {
                var number = numbers[next];
                var at = Unsigned(number, text);
                tokens.Add(new Token(Kind.Number, ' ', number with { Value = Math.Abs(number.Value), Start = at }, at, number.End));
                i = number.End + (number.IsPercent ? 1 : 0);
                continue;
            }
            var c = text[i];
            if (char.IsLetter(c))
            {
                var end = i;
                while (end < text.Length && (char.IsLetter(text[end]) || text[end] == '\'')) end++;
                tokens.Add(WordToken(text, tokens, i, end));
                i = end;
                continue;
            }
            if (Symbol(text, i) is { } symbol) tokens.Add(symbol);
            i++;
        }
        return tokens;
    }

    private static int Unsigned(TextNumber number, string text) => number.Start + (char.IsAsciiDigit(text[number.Start]) || text[number.Start] == '.' ? 0 : 1);

    private static Token WordToken(string text, List<Token> tokens, int start, int end)
    {
        var word = text.AsSpan(start, end - start);
        var afterNumber = tokens.Count > 0 && tokens[^1].Kind is Kind.Number or Kind.Close or Kind.Word;
        var isTimes = word is "x" or "X" or "times" || (word is "of" && tokens.Count > 0 && tokens[^1] is { Kind: Kind.Number, Number.IsPercent: true });
        if (isTimes && afterNumber) return new Token(Kind.Operator, '*', default, start, end);
        return new Token(word is "and" or "so" or "is" or "because" or "then" or "if" ? Kind.Break : Kind.Word, ' ', default, start, end);
    }

    private static Token? Symbol(string text, int i)
    {
        var kind = text[i] switch
        {
            '+' or '-' or '*' or '/' or '×' or '÷' or '−' or '·' or '–' => Kind.Operator,
            '(' or '[' => Kind.Open,
            ')' or ']' => Kind.Close,
            '=' or '≈' => Kind.Equals,
            '\n' or ':' or ';' or '?' or '!' or '<' or '>' or ',' => Kind.Break,
            '.' when i + 1 >= text.Length || char.IsWhiteSpace(text[i + 1]) => Kind.Break,
            _ => (Kind)255,
        };
        if (kind == (Kind)255) return null;
        var sign = text[i] switch { '×' or '·' => '*', '÷' => '/', '−' or '–' => '-', _ => text[i] };
        return new Token(kind, sign, default, i, i + 1);
    }

    private static bool TryEvaluate(ReadOnlySpan<Token> side, bool percent, out double value)
    {
        var at = 0;
        return TrySum(side, ref at, percent, depth: 0, out value) && at == side.Length && double.IsFinite(value);
    }

    private static bool TrySum(ReadOnlySpan<Token> side, ref int at, bool percent, int depth, out double value)
    {
        var negative = at < side.Length && side[at] is { Kind: Kind.Operator, Sign: '-' };
        if (negative) at++;
        if (!TryProduct(side, ref at, percent, depth, out value)) return false;
        if (negative) value = -value;
        while (at < side.Length && side[at] is { Kind: Kind.Operator, Sign: '+' or '-' } sign)
        {
            at++;
            if (!TryProduct(side, ref at, percent, depth, out var term)) return false;
            value += sign.Sign == '+' ? term : -term;
        }
        return true;
    }

    private static bool TryProduct(ReadOnlySpan<Token> side, ref int at, bool percent, int depth, out double value)
    {
        if (!TryFactor(side, ref at, percent, depth, out value)) return false;
        while (at < side.Length && side[at] is { Kind: Kind.Operator, Sign: '*' or '/' } sign)
        {
            at++;
            if (!TryFactor(side, ref at, percent, depth, out var factor)) return false;
            value = sign.Sign == '*' ? value * factor : value / factor;
        }
        return true;
    }

    private static bool TryFactor(ReadOnlySpan<Token> side, ref int at, bool percent, int depth, out double value)
    {
        value = 0;
        if (at >= side.Length) return false;
        var token = side[at++];
        if (token.Kind == Kind.Number)
        {
            value = percent && token.Number.IsPercent ? token.Number.Value / 100 : token.Number.Value;
            return true;
        }
        if (token.Kind != Kind.Open || depth > 8 || !TrySum(side, ref at, percent, depth + 1, out value)) return false;
        return at < side.Length && side[at++].Kind == Kind.Close;
    }
}
