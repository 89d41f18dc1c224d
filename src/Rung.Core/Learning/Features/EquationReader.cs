using System.Runtime.InteropServices;

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

    // A number without its sign, or a sign, or a word.
    private readonly record struct Token(Kind Kind, char Sign, bool IsPercent, int Decimals, double Value, int Start, int End);

    /// <summary>The equations of a text, in order.</summary>
    /// <param name="text">The text.</param>
    /// <param name="numbers">Its numbers.</param>
    public static List<Equation> Find(string text, List<TextNumber> numbers)
    {
        var found = new List<Equation>();
        if (text.IndexOf('=') < 0) return found;
        var tokens = new List<Token>(64);
        var next = 0;
        for (var start = 0; start < text.Length;)
        {
            // A line end ends a calculation: lines without a sign of equality need no look.
            var length = text.AsSpan(start).IndexOf('\n');
            var end = length < 0 ? text.Length : start + length;
            if (text.AsSpan(start, end - start).ContainsAny('=', '≈'))
            {
                tokens.Clear();
                Tokenize(text, start, end, numbers, ref next, tokens);
                for (var i = 0; i < tokens.Count && found.Count < MaxEquations; i++)
                {
                    if (tokens[i].Kind == Kind.Equals && Read(text, CollectionsMarshal.AsSpan(tokens), i) is { } equation) found.Add(equation);
                }
            }
            start = end + 1;
        }
        return found;
    }

    private static Equation? Read(string text, ReadOnlySpan<Token> tokens, int equals)
    {
        Span<Token> room = stackalloc Token[MaxSide];
        var left = Left(tokens, equals, room, out var value);
        if (left.IsEmpty) return null;
        Span<char> operators = stackalloc char[MaxSide];
        Span<double> operands = stackalloc double[MaxSide];
        int operatorCount = 0, operandCount = 0;
        var hasPercent = false;
        foreach (ref readonly var token in left)
        {
            if (token.Kind == Kind.Operator) operators[operatorCount++] = token.Sign;
            if (token.Kind != Kind.Number) continue;
            operands[operandCount++] = token.Value;
            hasPercent |= token.IsPercent;
        }
        var equation = new Equation(value, double.NaN, IsAnnotated(text, tokens[equals].Start), IsRight: true, IsRounded: false, operands[..operandCount].ToArray(),
            operators[..operatorCount].ToString(), hasPercent);
        if (!TryRight(tokens, equals, out var stated)) return equation;

        var exact = TextNumber.Same(value, stated.Value) || (stated.IsPercent && TextNumber.Same(value * 100, stated.Value));
        // A percentage is a share to one writer and a number to the next: 20/50*100% = 40%.
        if (!exact && hasPercent && TryEvaluate(left, percent: false, out var plain)) exact = TextNumber.Same(plain, stated.Value);
        var rounded = exact || IsRounding(value, stated) || (stated.IsPercent && IsRounding(value * 100, stated));
        return equation with { Right = stated.Value, IsRight = rounded, IsRounded = rounded && !exact };
    }

    private static bool IsRounding(double value, Token stated) => Math.Abs(value - stated.Value) <= 1.0001 * Math.Pow(10, -stated.Decimals)
        && Math.Abs(value - stated.Value) <= Math.Max(0.0051, 0.02 * Math.Abs(value)) && !double.IsInteger(value);

    // Backwards from the equals sign to the first thing that cannot belong to a calculation, then the longest end of it that parses; empty without one.
    private static ReadOnlySpan<Token> Left(ReadOnlySpan<Token> tokens, int equals, Span<Token> room, out double value)
    {
        var start = equals;
        while (start > 0 && equals - start < MaxSide && tokens[start - 1].Kind is not (Kind.Equals or Kind.Break)) start--;
        ReadOnlySpan<Token> side = Compact(tokens[start..equals], room);
        for (var i = 0; i + 2 < side.Length; i++)
        {
            if (side[i].Kind is not (Kind.Number or Kind.Open) && side[i] is not { Kind: Kind.Operator, Sign: '-' }) continue;
            if (HasOperator(side[i..]) && TryEvaluate(side[i..], percent: true, out value)) return side[i..];
        }
        value = 0;
        return default;
    }

    private static bool HasOperator(ReadOnlySpan<Token> side)
    {
        foreach (ref readonly var token in side)
        {
            if (token.Kind == Kind.Operator) return true;
        }
        return false;
    }

    // Words are units, and so is what a quantity is divided by when it is a word: "60 meters/sprint".
    private static Span<Token> Compact(ReadOnlySpan<Token> side, Span<Token> kept)
    {
        var count = 0;
        for (var i = 0; i < side.Length; i++)
        {
            var isUnit = side[i] is { Kind: Kind.Operator, Sign: '/' } && i + 1 < side.Length && side[i + 1].Kind == Kind.Word;
            if (side[i].Kind != Kind.Word && !isUnit) kept[count++] = side[i];
        }
        return kept[..count];
    }

    private static bool TryRight(ReadOnlySpan<Token> tokens, int equals, out Token stated)
    {
        var at = equals + 1;
        if (at < tokens.Length && tokens[at].Kind == Kind.Word) at++;
        stated = at < tokens.Length ? tokens[at] : default;
        // "= 3 + 4 = 7": the middle is a calculation of its own, not a stated result.
        return at < tokens.Length && stated.Kind == Kind.Number && !(at + 1 < tokens.Length && tokens[at + 1].Kind == Kind.Operator);
    }

    private static bool IsAnnotated(string text, int at)
    {
        var open = text.LastIndexOf("<<", at, Math.Min(at + 1, 80), StringComparison.Ordinal);
        return open >= 0 && text.IndexOf(">>", open, at - open, StringComparison.Ordinal) < 0;
    }

    private static void Tokenize(string text, int start, int end, List<TextNumber> numbers, ref int next, List<Token> tokens)
    {
        for (var i = start; i < end;)
        {
            while (next < numbers.Count && numbers[next].End <= i) next++;
            if (next < numbers.Count && i >= Unsigned(numbers[next], text))
            {
                var number = numbers[next];
                tokens.Add(new Token(Kind.Number, ' ', number.IsPercent, number.Decimals, Math.Abs(number.Value), Unsigned(number, text), number.End));
                i = number.End + (number.IsPercent ? 1 : 0);
                continue;
            }
            var c = text[i];
            if (char.IsLetter(c))
            {
                var last = i;
                while (last < end && (char.IsLetter(text[last]) || text[last] == '\'')) last++;
                tokens.Add(WordToken(text, tokens, i, last));
                i = last;
                continue;
            }
            if (c != ' ' && Symbol(text, i) is { } symbol) tokens.Add(symbol);
            i++;
        }
    }

    private static int Unsigned(TextNumber number, string text) => number.Start + (char.IsAsciiDigit(text[number.Start]) || text[number.Start] == '.' ? 0 : 1);

    private static Token WordToken(string text, List<Token> tokens, int start, int end)
    {
        var word = text.AsSpan(start, end - start);
        var afterNumber = tokens.Count > 0 && tokens[^1].Kind is Kind.Number or Kind.Close or Kind.Word;
        var isTimes = word is "x" or "X" or "times" || (word is "of" && tokens.Count > 0 && tokens[^1] is { Kind: Kind.Number, IsPercent: true });
        if (isTimes && afterNumber) return new Token(Kind.Operator, '*', IsPercent: false, 0, 0, start, end);
        return new Token(word is "and" or "so" or "is" or "because" or "then" or "if" ? Kind.Break : Kind.Word, ' ', IsPercent: false, 0, 0, start, end);
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
        return new Token(kind, sign, IsPercent: false, 0, 0, i, i + 1);
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
            value = percent && token.IsPercent ? token.Value / 100 : token.Value;
            return true;
        }
        if (token.Kind != Kind.Open || depth > 8 || !TrySum(side, ref at, percent, depth + 1, out value)) return false;
        return at < side.Length && side[at++].Kind == Kind.Close;
    }
}
